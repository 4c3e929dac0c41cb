/**
 * What the service asks of the outside world. Abstract classes, so that one name is both type and injection token.
 * Each port has one contract suite in test/contracts, which every adapter passes.
 */

import type { LogoutTrouble } from './domain/legacy-account/events.js';
import type { LegacyProfile } from './domain/legacy-account/record.js';

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

/** A place in the log: opaque, and ordered as text. */
export type Position = string;

/** The revision of a stream's last event; the first event has 0. 'NoStream': the stream must be empty; 'Any': no check. */
export type ExpectedRevision = 'NoStream' | 'Any' | number;

/** An event as stored: JSON texts, already validated and sealed by the codec. `eventId` is a UUID. */
export interface EventRecord {
  readonly eventId: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

export interface RecordedEvent extends EventRecord {
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
}

export interface Appended {
  /** Of the last event written. */
  readonly revision: number;
  readonly position: Position;
}

/** The stream is not at the expected revision; nothing was written. `actual` is -1 for an empty stream. */
export class VersionConflict extends Error {
  override readonly name = 'VersionConflict';
  constructor(
    readonly stream: string,
    readonly expected: ExpectedRevision,
    readonly actual: number,
  ) {
    super(`${stream} is at revision ${actual}, not at ${expected}`);
  }
}

/** The store did not take the request; nothing was written or read. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** The store failed after it may have written: nobody knows before reading the stream. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}

/** The append is larger than any store takes (1 MiB in all, as EventStoreDB has it); nothing was written. */
export class AppendTooLarge extends Error {
  override readonly name = 'AppendTooLarge';
}

export const APPEND_BYTES_MAX = 1024 * 1024;

export abstract class EventStore {
  /** Appends all or none, in order, durably. The same first `eventId` again at the same numeric or 'NoStream' revision
   *  answers as the first time. Throws `VersionConflict`, `StoreUnavailable`, `OutcomeUnknown`, `AppendTooLarge`. */
  abstract append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventRecord[],
  ): Promise<Appended>;

  /** One page of a stream from `fromRevision` (inclusive), at most `limit` events; empty past its end or when there is none. */
  abstract readStream(stream: string, fromRevision: number, limit: number): Promise<RecordedEvent[]>;

  /** One page of the whole log after `after` (exclusive; null: from the start), at most `limit` events. Throws `RangeError` for
   *  what is no position of this log. */
  abstract readLog(after: Position | null, limit: number): Promise<RecordedEvent[]>;

  /** The log in order in non-empty batches, first what is there, then as it comes, until `signal` aborts (the loop then ends
   *  without an error). Reads no further ahead than one batch. Survives outages of the store by itself. */
  abstract follow(after: Position | null, signal: AbortSignal): AsyncIterable<RecordedEvent[]>;

  /** The position of the last event; null for an empty log. */
  abstract head(): Promise<Position | null>;

  /** Resolves when the store takes reads and writes. Throws `StoreUnavailable` otherwise. */
  abstract ping(): Promise<void>;

  /** Finishes appends in flight, then closes. Bounded to a few seconds. */
  abstract close(): Promise<void>;
}

/** A data key of one person as stored: wrapped by the master key named `masterKeyId`. */
export interface WrappedKey {
  readonly person: string;
  readonly masterKeyId: string;
  readonly wrapped: Uint8Array;
}

/** Persons are well-formed text of 1 to 500 characters without NUL. Everything throws `StoreUnavailable` when the store is away or
 *  closed: a change may then have been made, and is safe to repeat. */
export abstract class KeyStore {
  /** Stores the key unless the person has one, durably, and returns the one that holds. Returns null for an erased person,
   *  who never gets a key again. */
  abstract putIfAbsent(key: WrappedKey): Promise<WrappedKey | null>;

  /** As `putIfAbsent` for each, in their order; at most 1,000 keys a call. Where it throws, some may have been stored. */
  abstract putAllIfAbsent(keys: readonly WrappedKey[]): Promise<(WrappedKey | null)[]>;

  /** The keys that exist, by person; unknown and erased persons are left out. At most 1,000 persons a call. */
  abstract find(persons: readonly string[]): Promise<Map<string, WrappedKey>>;

  /** Destroys the person's key durably and for ever, and also bars an unknown person from getting one; true when there was a
   *  key. Twice is no error. */
  abstract destroy(person: string): Promise<boolean>;

  /** Persons erased so far, in pages of at most 1,000 ordered by name, after `after`. */
  abstract erased(after: string | null, limit: number): Promise<string[]>;

  /** A page of at most 1,000 keys ordered by person, for re-wrapping. */
  abstract list(after: string | null, limit: number): Promise<WrappedKey[]>;

  /** Replaces the wrapping of an existing key, durably; false when the person has none (any more). */
  abstract rewrap(key: WrappedKey): Promise<boolean>;

  abstract close(): Promise<void>;
}

/** A named read model and the top-level document fields it can be asked by. A name is lower-case words and digits joined by
 *  hyphens; a field is letters and digits, and not `key`. Fields are indexed where they hold a finite number, or well-formed text
 *  of at most 500 characters without NUL; a document where a field holds anything else is not found by that field. */
export interface ViewSpec {
  readonly name: string;
  readonly indexes: readonly string[];
}

/** A document, or what is left of a deleted one (`body: null`), with the position of the last event that it reflects. A key is
 *  well-formed text of 1 to 500 characters without NUL. A body is what JSON can hold. */
export interface ViewDocument {
  readonly key: string;
  readonly position: Position;
  readonly body: object | null;
}

/** `readAt` is the position of the document that the fold began from; null when there was none. */
export interface ViewWrite extends ViewDocument {
  readonly readAt: Position | null;
}

/** Documents where `field` is between `from` and `to` (both inclusive, of one type), or where the key is when `field` is 'key';
 *  ordered by field, then key. Text is ordered by code point, and numbers come before it; a bound finds its own type only.
 *  All that begins with `p`: from `p` to `p + '\u{10ffff}'`. */
export interface ViewRange {
  readonly field: string;
  readonly from?: string | number;
  readonly to?: string | number;
  readonly descending?: boolean;
  /** As the page before, of the same question, returned it in `next`. */
  readonly cursor?: string;
  /** 1 to 200. */
  readonly limit: number;
}

export interface ViewPage {
  readonly items: readonly { readonly key: string; readonly body: object }[];
  /** null on the last page. Holds the last item's key and field: as confidential as the items. */
  readonly next: string | null;
}

/** The cursor is none that this question has given. */
export class BadCursor extends Error {
  override readonly name = 'BadCursor';
}

/** An event that could not be folded. Its stream stays out of the view from there on until it is retried. */
export interface ParkedStream {
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  readonly cause: string;
  readonly parkedAt: Instant;
}

/** Another copy was put in the view's place (elsewhere, perhaps) since this store object opened it: open it again, and go on from
 *  the checkpoint that stands there. Nothing that counts was written. */
export class ViewReplaced extends Error {
  override readonly name = 'ViewReplaced';
}

/** Read models: documents by key, one checkpoint a view. Missing views are made, with their indexes, by `open`; only then are
 *  they written. A view that was never opened answers as an empty one. Everything throws `StoreUnavailable` when the store is
 *  away or closed, and `TypeError` or `RangeError` for arguments that break the rules of their type. */
export abstract class ReadStore {
  abstract open(view: ViewSpec): Promise<void>;

  /** Documents by key for a fold, deleted ones included. At most 20,000 keys a call. */
  abstract load(view: string, keys: readonly string[]): Promise<Map<string, ViewDocument>>;

  /** Writes each document whose stored position is still `readAt`, then the checkpoint, unless the stored one is further on.
   *  Returns the keys that had moved on and were left alone; the checkpoint is then not written. Not atomic across
   *  documents. At most 20,000 writes a call, one a key. Throws `ViewReplaced`. */
  abstract save(view: string, writes: readonly ViewWrite[], checkpoint: Position): Promise<string[]>;

  /** The position up to which the view reflects the log; null before its first event. */
  abstract checkpoint(view: string): Promise<Position | null>;

  /** A deleted document has `body: null`; null when there is nothing at all. */
  abstract get(view: string, key: string): Promise<ViewDocument | null>;

  /** One page of documents that exist. Throws `BadCursor`, and `TypeError` for a field that is not indexed. */
  abstract range(view: string, range: ViewRange): Promise<ViewPage>;

  /** Replaces what was parked of this stream before. */
  abstract park(view: string, parked: ParkedStream): Promise<void>;
  /** Ordered by stream. */
  abstract parked(view: string): Promise<ParkedStream[]>;
  abstract unpark(view: string, stream: string): Promise<void>;

  /** Forgets deleted documents whose position is at or before `upTo`. */
  abstract purgeDeleted(view: string, upTo: Position): Promise<void>;

  /** Begins an empty copy of an opened view, to be filled beside it. Returns the copy's name, which this store object (no
   *  other) takes in place of a view's. It is fast and not durable until it is complete; `drop` gives it up, and so does a
   *  crash or the next rebuild of the same view. */
  abstract beginRebuild(view: string): Promise<string>;

  /** Puts the copy, with what it has parked, in the view's place: durably, and in one step for all readers and writers. False,
   *  with nothing changed, while the copy's checkpoint is behind the view's: fold on and ask again. */
  abstract completeRebuild(view: string, building: string): Promise<boolean>;

  /** Forgets the view (or the unfinished copy) altogether. Twice is no error. */
  abstract drop(view: string): Promise<void>;

  abstract ping(): Promise<void>;
  abstract close(): Promise<void>;
}

/** Who has a lease. `beat` is new each time that it is taken, also by the same holder. */
export interface LeaseMark {
  readonly holder: string;
  readonly beat: string;
}

/** Leases by name, for work that one instance at a time should do. The store measures no time: whoever sees the same beat stand for
 *  longer than a lease lasts, by a clock of his own, may take it from a holder that is gone. A lease saves work; what must not
 *  happen twice is kept by the log. Everything throws `StoreUnavailable` when the store is away or closed. */
export abstract class Leases {
  /** Takes the lease where nobody has it, where `holder` has it already, or where its beat is still `staleBeat`. Returns how it
   *  stands then: the caller has it when that names him. */
  abstract take(name: string, holder: string, staleBeat: string | null): Promise<LeaseMark>;
  /** Gives the lease back; nothing changes where somebody else has it. */
  abstract release(name: string, holder: string): Promise<void>;
}

export const BLOB_BYTES_MAX = 32 * 1024 * 1024;

/** Sealed bytes named by the hash of what is stored. Everything throws `StoreUnavailable` when the store is away or closed, and
 *  `TypeError` for what is no name. */
export abstract class BlobStore {
  /** Stores the bytes durably and returns their name: the SHA-256 of them in lower-case hexadecimal. The same bytes again are
   *  no error. At most `BLOB_BYTES_MAX`, else `RangeError`. */
  abstract put(bytes: Uint8Array): Promise<string>;
  /** null when there is none of that name. */
  abstract get(name: string): Promise<Uint8Array | null>;
  /** Twice is no error. */
  abstract delete(name: string): Promise<void>;
  abstract close(): Promise<void>;
}

export abstract class Clock {
  abstract now(): Instant;
}

export abstract class Ids {
  /** A UUIDv7: new, and ordered by time. */
  abstract next(): string;
  /** Random bytes fit for secrets. */
  abstract secret(bytes: number): Uint8Array;
}

/** The hasher's queue is full: nothing was hashed. */
export class HasherBusy extends Error {
  override readonly name = 'HasherBusy';
}

/** Slow, salted hashes of low-entropy secrets, computed off the event loop through a bounded queue (`HasherBusy`). */
export abstract class SecretHasher {
  abstract hash(secret: string): Promise<string>;
  /** False for a wrong secret and for a hash that it cannot read. */
  abstract verify(hash: string, secret: string): Promise<boolean>;
  /** Costs what `verify` costs, and is always false: for accounts that must not be told from others. */
  abstract verifyDecoy(secret: string): Promise<false>;
  /** True when the hash was made with weaker parameters than today's. */
  abstract isOutdated(hash: string): boolean;
}

/** A mail as sent. `messageId` is deterministic, so that a mail sent again after a crash can be told. */
export interface Mail {
  readonly messageId: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** The server refused this mail for good (a 5xx answer): sending it again would not help. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused';
}

export abstract class Mailer {
  /** Resolves when the mail server took it. Throws `MailRefused`, or any other error for one worth retrying. */
  abstract send(mail: Mail): Promise<void>;
  abstract close(): Promise<void>;
}

export abstract class PasswordJudge {
  /** True for a password that is commonly used, or guessed within about a million tries, knowing `personal` words (names,
   *  address, company). Costs up to a few milliseconds. */
  abstract isGuessable(password: string, personal: readonly string[]): boolean;
}

/** This client did too much of one thing lately; nothing was done. */
export class TooManyRequests extends Error {
  override readonly name = 'TooManyRequests';
  constructor(readonly retryAfterMs: number) {
    super('too many requests from this client');
  }
}

/** Bounds what one client does in 15 minutes, over all accounts. Clients are named by keyed hashes. */
export abstract class ClientLimits {
  /** Counts a request that costs mail, or room for ever. Throws `TooManyRequests` when the client has used its allowance. */
  abstract spend(clientKey: string): Promise<void>;

  /** Runs an attempt, and counts it when it failed; one that throws counts nothing. Where more run at once than the client may
   *  still fail, the others wait: many guesses at the same moment get no further than one after the other. Throws
   *  `TooManyRequests`. */
  abstract attempt<T>(
    clientKey: string,
    work: () => Promise<T>,
    hasFailed: (result: T) => boolean,
  ): Promise<T>;
}

/** Compares passwords with their hashes as the legacy portal made them (argon2id, bcrypt, PBKDF2-SHA256, LDAP {SSHA}, {SSHA256}), and
 *  as they are made here. */
export abstract class LegacySecrets {
  /** Why nothing can be compared with the hash: its scheme is unknown, or its cost beyond bounds. null where it can. */
  abstract mistakeIn(hash: string): string | null;
  /** False for a wrong secret, and for no hash at all. Throws `HasherBusy`. */
  abstract verify(hash: string | undefined, secret: string): Promise<boolean>;
  /** A hash of a password that was chosen here. No import may bring one. Throws `HasherBusy`. */
  abstract hash(secret: string): Promise<string>;
}

/** The legacy portal did not answer in time, or not as agreed: nobody knows whether the password is right. */
export class LegacyPortalAway extends Error {
  override readonly name = 'LegacyPortalAway';
}

/** The legacy portal where it keeps the passwords: it resets them itself, and is asked to. */
export abstract class LegacyResetPortal {
  /** Resolves when it took the request, which also says nothing of whether there is such a user. Throws `LegacyPortalAway`. */
  abstract ask(legacyUserId: string): Promise<void>;
}

/** The legacy portal, which is asked where its directory is not imported. */
export abstract class LegacyPortal {
  /** The account whose password this is; null where user id and password do not belong together. Throws `LegacyPortalAway`. */
  abstract check(legacyUserId: string, legacyPassword: string): Promise<LegacyProfile | null>;
}

/** The way on which the legacy portal is told to end sessions (OpenID Connect Back-Channel Logout 1.0). */
export abstract class LegacyLogouts {
  /** Hands the token over, once; null: acknowledged. Throws `LegacyPortalAway` where it was not even tried, since the portal did not
   *  answer others just now. */
  abstract send(logoutToken: string): Promise<LogoutTrouble | null>;
}
