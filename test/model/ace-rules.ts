import type { Envelope } from '../../src/engine/envelope.js';

type Data = Record<string, unknown>;
interface Told {
  readonly stream: string;
  readonly kind: string;
  readonly id: string;
  readonly type: string;
  readonly data: Data;
  readonly at: number;
}

/** What must be true of every log of this kind, whoever wrote it. `waitMs`: how long an owner may object. */
export function expectAceLawful(log: readonly Envelope[], waitMs: number): void {
  const events = log.map(({ stream, type, data, meta }): Told => {
    const hyphen = stream.indexOf('-');
    const [kind, id] = [stream.slice(0, hyphen), stream.slice(hyphen + 1)];
    return { stream, kind, id, type, data: data as Data, at: meta.at };
  });
  expectSyncedOnce(events);
  expectClaimsHeld(events);
  expectOneOwner(events);
  expectFormerOwnersOut(events);
  expectLastWordKept(events);
  expectDueProcess(events, waitMs);
  expectPlacesBounded(events);
}

/** A legacy account gives its access to one account, ever; and an account takes one, ever. */
function expectSyncedOnce(events: readonly Told[]): void {
  const synced = events.filter(({ type }) => type === 'LegacySynced');
  const legacy = synced.map(({ data }) => data.legacyAccountId);
  expect(legacy).toEqual([...new Set(legacy)]);
  const accounts = synced.map(({ id }) => id);
  expect(accounts).toEqual([...new Set(accounts)]);
}

/** One claim at a time; released only where its account can never be synced with it any more; and nobody syncs without one. */
function expectClaimsHeld(events: readonly Told[]): void {
  const claims = new Map<string, unknown>();
  const syncedWith = new Map<unknown, unknown>();
  const ended = new Set<unknown>();
  for (const { type, id, data } of events) {
    if (type === 'LegacyAccountClaimed') {
      expect(claims.get(id)).toBeUndefined();
      claims.set(id, data.accountId);
    }
    if (type === 'LegacySynced') {
      expect(claims.get(data.legacyAccountId as string)).toBe(id);
      syncedWith.set(id, data.legacyAccountId);
    }
    if (type === 'PersonErased') ended.add(id);
    if (type !== 'LegacyClaimReleased') continue;
    expect(claims.get(id)).toBe(data.accountId);
    const other = syncedWith.get(data.accountId);
    if (data.cause === 'AccountSyncedElsewhere') expect([undefined, id]).not.toContain(other);
    else {
      expect(ended).toContain(data.accountId);
      expect(other).not.toBe(id);
    }
    claims.delete(id);
  }
}

/** At every position: none until one is named, then one; only that one is replaced. */
function expectOneOwner(events: readonly Told[]): void {
  const owners = new Map<string, unknown>();
  for (const { type, id, data } of events) {
    if (type === 'TradeAccountOpened') {
      expect(owners.has(id)).toBe(false);
      owners.set(id, data.owner);
    }
    if (type === 'AccountOwnerNamed') {
      expect(owners.get(id)).toBeUndefined();
      owners.set(id, data.owner);
    }
    if (type === 'AccountOwnerReplaced') {
      expect(data.from).toBe(owners.get(id));
      expect(data.to).not.toBe(data.from);
      owners.set(id, data.to);
    }
  }
}

/** Who was replaced, or whose access was revoked here, has none from then on, unless somebody here grants it again. */
function expectFormerOwnersOut(events: readonly Told[]): void {
  const barred = new Set<string>();
  events.forEach(({ type, id, data }, index) => {
    const key = `${id} ${(data.accountId ?? data.from) as string}`;
    const isHere = data.legacyVersion === undefined;
    if (type === 'AccountOwnerReplaced' && data.from !== undefined) {
      expect(events[index + 1]).toMatchObject({
        id,
        type: 'UserAccessRevoked',
        data: { accountId: data.from },
      });
      barred.add(key);
    }
    if (type === 'UserAccessRevoked' && isHere) barred.add(key);
    if (type === 'UserAccessGranted' && isHere) barred.delete(key);
    if (type === 'UserAccessGranted') expect(barred).not.toContain(key);
  });
}

/** Once an account's access came over, the legacy portal says nothing where somebody here spoke since; and nothing older than before. */
function expectLastWordKept(events: readonly Told[]): void {
  const broughtOver = new Set<unknown>();
  const here = new Set<string>();
  const heard = new Map<string, number>();
  for (const { type, id, data } of events) {
    if (type === 'LegacyAccessBroughtOver') broughtOver.add(id);
    if (type !== 'UserAccessGranted' && type !== 'UserAccessRevoked') continue;
    const key = `${id} ${data.accountId as string}`;
    const version = data.legacyVersion as number | undefined;
    if (version === undefined) {
      here.add(key);
      continue;
    }
    expect(version).toBeGreaterThan(heard.get(key) ?? 0);
    heard.set(key, version);
    if (broughtOver.has(data.accountId)) expect(here).not.toContain(key);
    here.delete(key);
  }
}

/** An owner is replaced once for each application, which two reviewers without a part in it approved, for one account, and to which the owner agreed, or had the time to object and did not. */
function expectDueProcess(events: readonly Told[], waitMs: number): void {
  const replaced = new Set<unknown>();
  const of = (id: unknown) => events.filter((event) => event.kind === 'ownerReplacement' && event.id === id);
  events.forEach(({ type, id, data, at }, index) => {
    if (type !== 'AccountOwnerReplaced') return;
    expect(replaced).not.toContain(data.applicationId);
    replaced.add(data.applicationId);
    const past = of(data.applicationId).filter((event) => events.indexOf(event) < index);
    const submitted = past[0]!;
    expect(submitted.data).toMatchObject({ tradeAccountId: id });
    expect(submitted.data.from).toBe(data.from);
    const approvals = past.filter((event) => event.type === 'OwnerReplacementApproved');
    const reviewers = new Set(approvals.map((event) => event.data.reviewerId));
    expect(reviewers.size).toBe(2);
    expect(approvals.map((event) => event.data.to)).toEqual([data.to, data.to]);
    for (const one of [submitted.data.applicantId, data.from, data.to]) expect(reviewers).not.toContain(one);
    const said = past.findLast((event) => /OwnerConsented|OwnerObjected/.test(event.type))?.type;
    expect(said).not.toBe('OwnerObjected');
    if (said === undefined) expect(approvals[0]!.at).toBeGreaterThanOrEqual(submitted.at + waitMs);
    expect(at).toBeGreaterThanOrEqual(approvals[1]!.at);
  });
}

function expectPlacesBounded(events: readonly Told[]): void {
  const taken = new Map<string, Set<unknown>>();
  const tradeAccounts = new Set(events.filter(({ kind }) => kind === 'tradeAccount').map(({ id }) => id));
  for (const { type, id, data, kind } of events) {
    if (kind !== 'replacementPlaces') continue;
    const places = taken.get(id) ?? new Set();
    taken.set(id, places);
    if (type === 'ReplacementPlaceTaken') places.add(data.applicationId);
    else places.delete(data.applicationId);
    expect(places.size).toBeLessThanOrEqual(tradeAccounts.has(id) ? 5 : 20);
  }
}
