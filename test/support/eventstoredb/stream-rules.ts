import type { Log } from './log.js';
import { DELETED, type Expected, json, type Logged, type Outcome, type Proposed } from './logged.js';

interface Metadata {
  readonly $maxAge?: number;
  readonly $maxCount?: number;
  readonly $tb?: number;
}

/** What the server (22.10.5) makes of expected revisions, repeated ids and stream metadata. */
export class StreamRules {
  constructor(private readonly log: Log) {}

  /** 'new' when the events are to be written; else the answer. */
  check(stream: string, expected: Expected, proposed: readonly Proposed[]): Outcome | 'new' {
    const current = this.log.lastRevision(stream);
    const conflict: Outcome = { kind: 'wrongVersion', actual: current };
    if (expected === 'stream_exists') {
      if (this.isSoftDeleted(stream)) return { kind: 'deleted' };
      if (current < 0n && this.log.lastRevision(`$$${stream}`) < 0n) return conflict;
    }
    if (expected === 'any' || expected === 'stream_exists') {
      return this.repetition(stream, proposed, conflict) ?? 'new';
    }
    const revision = expected === 'no_stream' ? -1n : expected;
    if (revision > current) return conflict;
    if (revision === current) return 'new';
    const known = proposed.map((event, index) =>
      this.stands(stream, revision + 1n + BigInt(index), event.id),
    );
    if (known[0] === undefined) {
      return revision === -1n && this.isSoftDeleted(stream) ? 'new' : conflict;
    }
    return known.includes(undefined) ? conflict : answered(known.at(-1)!);
  }

  /** Null when the stream does not exist, or was deleted and has not come back. */
  visible(stream: string): readonly Logged[] | null {
    const events = this.log.stream(stream);
    const metadata = this.metadata(stream);
    if (events.length === 0 || this.isSoftDeleted(stream)) return null;
    const last = events.at(-1)!.revision;
    const firstByCount = metadata.$maxCount === undefined ? 0n : last - BigInt(metadata.$maxCount) + 1n;
    const firstByCut = BigInt(metadata.$tb ?? 0);
    const oldest = metadata.$maxAge === undefined ? 0 : Date.now() - metadata.$maxAge * 1_000;
    return events.filter(
      ({ revision, createdAt }) => revision >= firstByCount && revision >= firstByCut && createdAt >= oldest,
    );
  }

  isSoftDeleted(stream: string): boolean {
    // As a number, the greatest revision is rounded up.
    return BigInt(this.metadata(stream).$tb ?? 0) >= DELETED;
  }

  /** A soft-deleted stream that is written again comes back from its next revision on. */
  undelete(stream: string, wasSoftDeleted: boolean, next: bigint): void {
    if (wasSoftDeleted) this.cut(stream, next);
    const original = stream.startsWith('$$') ? stream.slice(2) : null;
    if (original && this.isSoftDeleted(original)) this.cut(original, this.log.lastRevision(original) + 1n);
  }

  private cut(stream: string, before: bigint): void {
    const metadata = { ...this.metadata(stream), $tb: Number(before) };
    this.log.write(`$$${stream}`, [{ ...json(metadata), id: crypto.randomUUID(), type: '$metadata' }]);
  }

  private metadata(stream: string): Metadata {
    if (stream.startsWith('$$')) return { $maxCount: 1 };
    const event = this.log.stream(`$$${stream}`).at(-1);
    return event ? (JSON.parse(Buffer.from(event.data).toString()) as Metadata) : {};
  }

  private repetition(stream: string, proposed: readonly Proposed[], conflict: Outcome): Outcome | null {
    const known = proposed.map(({ id }) => {
      const place = this.log.placeOf(id);
      return place?.stream === stream ? this.stands(stream, place.revision, id) : undefined;
    });
    if (known[0] === undefined) return null;
    return known.includes(undefined) ? conflict : answered(known.at(-1)!);
  }

  private stands(stream: string, revision: bigint, id: string): Logged | undefined {
    const event = this.log.stream(stream)[Number(revision)];
    return event?.id === id ? event : undefined;
  }
}

// The server looks up the last event's position only.
const answered = (last: Logged): Outcome => ({
  kind: 'written',
  revision: last.revision,
  position: last.position,
  first: last.position,
});
