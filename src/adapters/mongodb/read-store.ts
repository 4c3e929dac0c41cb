import {
  type ParkedStream,
  type Position,
  ReadStore,
  StoreUnavailable,
  type ViewDocument,
  type ViewPage,
  type ViewRange,
  ViewReplaced,
  type ViewSpec,
  type ViewWrite,
} from '../../ports.js';
import { checkedKey, checkedKeys, checkedSpec, checkedWrites, VIEW_BATCH_MAX } from '../view-arguments.js';
import { checkedRange } from '../view-range.js';
import type { MongoConnection } from './connection.js';
import { ViewControls, type ViewPlace } from './view-control.js';
import { ViewDocuments } from './view-documents.js';

/** Views in MongoDB, a collection each. Readers ask each time which collection the view is; writers keep to the one that they have
 *  opened, and are told when it is no longer the view. */
export class MongoReadStore extends ReadStore {
  private readonly controls: ViewControls;
  private readonly held = new Map<string, ViewPlace>();
  private closed = false;

  constructor(private readonly connection: MongoConnection) {
    super();
    this.controls = new ViewControls(connection.database);
  }

  override async open(view: ViewSpec): Promise<void> {
    const { name, indexes } = checkedSpec(view);
    await this.attempt(async () => void this.held.set(name, await this.controls.make(name, indexes)));
  }

  override async load(view: string, keys: readonly string[]): Promise<Map<string, ViewDocument>> {
    checkedKeys(keys, VIEW_BATCH_MAX);
    return this.read(view, new Map<string, ViewDocument>(), (documents) => documents.load(keys));
  }

  override async save(view: string, writes: readonly ViewWrite[], checkpoint: Position): Promise<string[]> {
    checkedWrites(writes).forEach(({ position, readAt }) => checkPositions(position, readAt ?? ''));
    checkPositions(checkpoint);
    return this.attempt(async () => {
      const held = this.holding(view);
      const movedOn = await this.documentsOf(held).save(writes);
      if (movedOn.length > 0) await this.checkStanding(view, held);
      else if (!(await this.controls.advance(view, held.collection, checkpoint))) throw notStanding(view);
      return movedOn;
    });
  }

  override async checkpoint(view: string): Promise<Position | null> {
    checkedKey(view);
    const place = await this.attempt(() => this.controls.find(view));
    return place?.checkpoint || null;
  }

  override async get(view: string, key: string): Promise<ViewDocument | null> {
    checkedKey(key);
    return this.read(view, null, (documents) => documents.get(key));
  }

  override async range(view: string, range: ViewRange): Promise<ViewPage> {
    const checked = checkedRange(range);
    return this.read(view, { items: [], next: null }, (documents, { fields }) => {
      if (checked.field !== 'key' && !fields.includes(checked.field)) {
        throw new TypeError(`this view cannot be asked by ${checked.field}`);
      }
      return documents.range(checked);
    });
  }

  override async park(view: string, parked: ParkedStream): Promise<void> {
    checkedKey(parked.stream);
    await this.write(view, (documents) => documents.park(parked));
  }

  override async parked(view: string): Promise<ParkedStream[]> {
    return this.read(view, [], (documents) => documents.parked());
  }

  override async unpark(view: string, stream: string): Promise<void> {
    checkedKey(stream);
    await this.write(view, (documents) => documents.unpark(stream));
  }

  override async purgeDeleted(view: string, upTo: Position): Promise<void> {
    checkPositions(upTo);
    await this.write(view, (documents) => documents.purgeDeleted(upTo));
  }

  override async beginRebuild(view: string): Promise<string> {
    checkedKey(view);
    return this.attempt(async () => {
      const building = await this.controls.begin(view);
      if (!building) throw neverOpened(view);
      this.held.set(building.name, building);
      return building.name;
    });
  }

  override async completeRebuild(view: string, building: string): Promise<boolean> {
    [view, building].forEach(checkedKey);
    return this.attempt(async () => {
      const completed = await this.controls.complete(view, building);
      if (completed === null) throw neverOpened(building);
      if (completed === false) return false;
      this.held.set(view, completed);
      this.held.delete(building);
      return true;
    });
  }

  override async drop(view: string): Promise<void> {
    checkedKey(view);
    await this.attempt(() => this.controls.remove(view));
    this.held.delete(view);
  }

  override async ping(): Promise<void> {
    await this.attempt(() => this.connection.ping());
  }

  override async close(): Promise<void> {
    this.closed = true;
  }

  private read<T>(
    view: string,
    empty: T,
    work: (documents: ViewDocuments, place: ViewPlace) => Promise<T>,
  ): Promise<T> {
    checkedKey(view);
    return this.attempt(async () => {
      const place = await this.controls.find(view);
      return place ? work(this.documentsOf(place), place) : empty;
    });
  }

  private write(view: string, work: (documents: ViewDocuments) => Promise<void>): Promise<void> {
    return this.attempt(async () => {
      const held = this.holding(view);
      await this.checkStanding(view, held);
      await work(this.documentsOf(held));
    });
  }

  private holding(view: string): ViewPlace {
    const held = this.held.get(checkedKey(view));
    if (!held) throw neverOpened(view);
    return held;
  }

  private async checkStanding(view: string, { collection }: ViewPlace): Promise<void> {
    const standing = await this.controls.find(view);
    if (standing?.collection !== collection) throw notStanding(view);
  }

  private documentsOf({ collection, fields }: ViewPlace): ViewDocuments {
    return new ViewDocuments(this.connection.database, collection, fields);
  }

  private async attempt<T>(work: () => Promise<T>): Promise<T> {
    if (this.closed) throw new StoreUnavailable('the views are closed');
    return this.connection.attempt(work);
  }
}

const neverOpened = (name: string): StoreUnavailable =>
  new StoreUnavailable(`the view ${name} is not there: it was never opened, or dropped`);

// A copy, which has a point in its name, was given up; a view has another collection now, or none until it is opened again.
const notStanding = (name: string): Error =>
  name.includes('.') ? neverOpened(name) : new ViewReplaced(`${name} was replaced since it was opened here`);

/** They reach filters, and so must be nothing but text. */
function checkPositions(...positions: Position[]): void {
  for (const position of positions) {
    if (typeof position !== 'string') throw new TypeError('a position is text');
  }
}
