import { EventEmitter } from 'node:events';

import { DELETED, type Expected, json, type Logged, type Outcome, type Proposed } from './logged.js';
import { StreamRules } from './stream-rules.js';

/** What the server keeps: all events in order, of all streams. Outlives the stand-ins that serve it. */
export class Log {
  readonly events: Logged[] = [];
  /** The position that the next event gets. */
  end = 4_096n;
  readonly rules = new StreamRules(this);
  private readonly streams = new Map<string, Logged[]>();
  private readonly tombstones = new Set<string>();
  /** By id, and so only the last place where an id was written: the server's table is no better. */
  private readonly places = new Map<string, { stream: string; revision: bigint }>();
  private readonly growth = new EventEmitter().setMaxListeners(0);

  constructor() {
    // A real log is never empty: the server's own events come first.
    this.systemEvent();
  }

  stream(name: string): readonly Logged[] {
    return this.streams.get(name) ?? [];
  }

  isTombstoned(name: string): boolean {
    return this.tombstones.has(name);
  }

  onGrowth(listener: () => void): () => void {
    this.growth.on('grown', listener);
    return () => this.growth.off('grown', listener);
  }

  /** One of the events that the server writes of its own accord, and every reader of $all meets. */
  systemEvent(): void {
    this.write('$stats-127.0.0.1:2113', [
      { ...json({ 'proc-id': 1 }), id: crypto.randomUUID(), type: '$statsCollected' },
    ]);
  }

  append(stream: string, expected: Expected, proposed: readonly Proposed[]): Outcome {
    if (this.isTombstoned(stream)) return { kind: 'deleted' };
    const known = this.rules.check(stream, expected, proposed);
    if (known !== 'new') return known;
    const wasSoftDeleted = this.rules.isSoftDeleted(stream);
    const next = this.lastRevision(stream) + 1n;
    const first = this.end;
    const written = this.write(stream, proposed);
    this.rules.undelete(stream, wasSoftDeleted, next);
    return {
      kind: 'written',
      revision: this.lastRevision(stream),
      position: written.at(-1)?.position ?? first,
      first,
    };
  }

  /** Hides the stream's events; it may come back. */
  delete(stream: string, expected: Expected): Outcome {
    const refused = this.refusedDeletion(stream, expected);
    if (refused) return refused;
    const metastream = `$$${stream}`;
    if (this.lastRevision(stream) < 0n && this.lastRevision(metastream) < 0n)
      return { kind: 'wrongVersion', actual: -1n };
    return this.writeOne(metastream, {
      ...json(`{"$tb":${DELETED}}`),
      id: crypto.randomUUID(),
      type: '$metadata',
    });
  }

  /** Ends the stream for ever. */
  tombstone(stream: string, expected: Expected): Outcome {
    const refused = this.refusedDeletion(stream, expected);
    if (refused) return refused;
    this.tombstones.add(stream);
    return this.writeOne(stream, { ...json({}), id: crypto.randomUUID(), type: '$streamDeleted' }, DELETED);
  }

  lastRevision(stream: string): bigint {
    return this.stream(stream).at(-1)?.revision ?? -1n;
  }

  placeOf(id: string): { stream: string; revision: bigint } | undefined {
    return this.places.get(id);
  }

  write(stream: string, proposed: readonly Proposed[], revision = this.lastRevision(stream) + 1n): Logged[] {
    const events = this.streams.get(stream) ?? [];
    this.streams.set(stream, events);
    const written = proposed.map((event, index) => {
      const logged = {
        ...event,
        stream,
        revision: revision + BigInt(index),
        position: this.end,
        createdAt: Date.now(),
      };
      this.end += BigInt(96 + stream.length + event.type.length + event.data.length + event.metadata.length);
      this.places.set(event.id, { stream, revision: logged.revision });
      return logged;
    });
    events.push(...written);
    this.events.push(...written);
    this.growth.emit('grown');
    return written;
  }

  private writeOne(stream: string, event: Proposed, revision?: bigint): Outcome {
    const [written] = this.write(stream, [event], revision);
    return {
      kind: 'written',
      revision: written!.revision,
      position: written!.position,
      first: written!.position,
    };
  }

  private refusedDeletion(stream: string, expected: Expected): Outcome | null {
    if (this.isTombstoned(stream)) return { kind: 'deleted' };
    const outcome = this.rules.check(stream, expected, [{ ...json({}), id: crypto.randomUUID(), type: '' }]);
    return outcome === 'new' ? null : outcome;
  }
}
