import { type Collection, type Db, ObjectId, type UpdateFilter } from 'mongodb';

import type { Instant, Position } from '../../ports.js';
import { isDuplicate } from './connection.js';
import { ViewDocuments } from './view-documents.js';

/** One collection of documents: that of a view, or of a copy of it that is being built. */
export interface ViewPlace {
  readonly collection: string;
  /** '' before the first event. */
  readonly checkpoint: Position;
  readonly fields: readonly string[];
}

interface Building extends ViewPlace {
  readonly name: string;
}

/** Says which collection is the view, so that a copy takes its place in one update of one document. */
interface ViewControl extends ViewPlace {
  readonly _id: string;
  /** The last time that a copy took its place. */
  readonly replacedAt: Instant;
  readonly building: Building | null;
}

/** No call takes as long as this: what nobody has been told of for so long is read and written by nobody any more. */
const FORGOTTEN_MS = 10 * 60_000;

/** Which views there are, and where. Names and fields are checked by the caller. */
export class ViewControls {
  private readonly controls: Collection<ViewControl>;

  constructor(private readonly database: Db) {
    this.controls = database.collection('views');
  }

  /** Makes the view, and its fields, where they are missing. */
  async make(view: string, fields: readonly string[]): Promise<ViewPlace> {
    const standing = (await this.controls.findOne({ _id: view })) ?? (await this.first(view, fields));
    const missing = fields.filter((field) => !standing.fields.includes(field));
    const place = { ...standing, fields: [...standing.fields, ...missing] };
    const documents = new ViewDocuments(this.database, place.collection, place.fields);
    await documents.make();
    if (missing.length > 0) {
      await documents.fillIn(missing);
      await this.controls.updateOne(
        { _id: view, collection: place.collection },
        { $set: { fields: place.fields } },
      );
    }
    await this.sweep(view);
    return place;
  }

  /** Of a view or of a copy; null when there is none. */
  async find(name: string): Promise<ViewPlace | null> {
    const control = await this.controls.findOne({ _id: viewOf(name) });
    if (name === viewOf(name)) return control;
    return control?.building?.name === name ? control.building : null;
  }

  /** Sets the checkpoint, unless the one there is further on; false when the collection is not the view (any more). */
  async advance(name: string, collection: string, checkpoint: Position): Promise<boolean> {
    const view = viewOf(name);
    const { matchedCount } =
      name === view
        ? await this.controls.updateOne({ _id: view, collection }, { $max: { checkpoint } })
        : await this.controls.updateOne({ _id: view, 'building.name': name }, {
            $max: { 'building.checkpoint': checkpoint },
          } as UpdateFilter<ViewControl>);
    return matchedCount === 1;
  }

  /** Begins a copy, and gives up the one before it; null when there is no such view. */
  async begin(view: string): Promise<Building | null> {
    const standing = await this.controls.findOne({ _id: view });
    if (!standing) return null;
    const id = newId();
    const { fields } = standing;
    const building = { name: copyOf(view, id), collection: collectionOf(view, id), checkpoint: '', fields };
    await this.documentsOf(building).make();
    const before = await this.controls.findOneAndUpdate(
      { _id: view },
      { $set: { building } },
      { returnDocument: 'before' },
    );
    if (before?.building) await this.documentsOf(before.building).drop();
    await this.sweep(view);
    return before && building;
  }

  /** Puts the copy in the view's place; false while it is behind, null when it was given up. */
  async complete(view: string, name: string): Promise<ViewPlace | false | null> {
    const control = await this.controls.findOne({ _id: view });
    // The answer of the call before was lost.
    if (control?.collection === collectionOf(view, idOf(name))) return control;
    if (control?.building?.name !== name) return null;
    const { collection, checkpoint, fields } = control.building;
    const { matchedCount } = await this.controls.updateOne(
      { _id: view, 'building.name': name, checkpoint: { $lte: checkpoint } },
      { $set: { collection, checkpoint, fields, replacedAt: Date.now(), building: null } },
    );
    return matchedCount === 1 && control.building;
  }

  async remove(name: string): Promise<void> {
    const view = viewOf(name);
    if (name !== view) {
      const before = await this.controls.findOneAndUpdate(
        { _id: view, 'building.name': name },
        { $set: { building: null } },
        { returnDocument: 'before' },
      );
      if (before?.building) await this.documentsOf(before.building).drop();
      return;
    }
    const before = await this.controls.findOneAndDelete({ _id: view });
    if (before) await this.documentsOf(before).drop();
    if (before?.building) await this.documentsOf(before.building).drop();
  }

  private async first(view: string, fields: readonly string[]): Promise<ViewControl> {
    const collection = collectionOf(view, newId());
    await new ViewDocuments(this.database, collection, fields).make();
    const control = { _id: view, collection, checkpoint: '', fields, replacedAt: 0, building: null };
    try {
      await this.controls.insertOne(control);
      return control;
    } catch (error) {
      // Made elsewhere meanwhile; the empty collection is swept away some time.
      const standing = isDuplicate(error) ? await this.controls.findOne({ _id: view }) : null;
      if (!standing) throw error;
      return standing;
    }
  }

  /** Removes what copies have replaced, and what a crash has left: not at once, since others may still be reading it, and would
   *  take it for an empty view. */
  private async sweep(view: string): Promise<void> {
    const made = await this.database.listCollections({}, { nameOnly: true }).toArray();
    const control = await this.controls.findOne({ _id: view });
    const before = Date.now() - FORGOTTEN_MS;
    if (!control || control.replacedAt > before) return;
    for (const { name } of made) {
      const [, owner, id, ...part] = name.split('.');
      if (owner !== view || !id || !ObjectId.isValid(id) || part.length > 0) continue;
      const used = name === control.collection || name === control.building?.collection;
      if (used || new ObjectId(id).getTimestamp().getTime() > before) continue;
      await new ViewDocuments(this.database, name, []).drop();
    }
  }

  private documentsOf({ collection, fields }: ViewPlace): ViewDocuments {
    return new ViewDocuments(this.database, collection, fields);
  }
}

/** Holds the time of its making. */
const newId = (): string => new ObjectId().toHexString();
const collectionOf = (view: string, id: string): string => `view.${view}.${id}`;
// A view's name has no point.
const copyOf = (view: string, id: string): string => `${view}.building-${id}`;
const viewOf = (name: string): string => name.split('.')[0]!;
const idOf = (copy: string): string => copy.slice(copy.lastIndexOf('-') + 1);
