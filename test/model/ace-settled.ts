import type { Envelope } from '../../src/engine/envelope.js';
import type { Who } from './ace-actions.js';
import { text, type AceFacts } from './ace-facts.js';

/** Once the reactions have seen everything, nothing is left half done. */
export function expectSettled(facts: AceFacts): void {
  for (const { id, status } of facts.applications) expect([id, status]).not.toEqual([id, 'Approved']);
  for (const [who, person] of facts.people) {
    if (person.synced && !person.erased) expect([who, person.broughtOver]).toEqual([who, true]);
  }
  expectDirectoryFollowed(facts);
}

/** A claim stands for a sync, or for one that waits until both accounts are in order. */
export function expectNoClaimLeft({ legacy, people }: AceFacts): void {
  for (const [name, { claimedBy, status }] of legacy) {
    const holder = claimedBy === null ? undefined : people.get(claimedBy as Who);
    if (holder?.erased || holder?.synced) expect(holder.synced?.legacy).toBe(name);
    else if (holder) expect(holder.suspended || status !== 'Active').toBe(true);
  }
}

/** Where the legacy portal has the last word, what an account may do is what it tells now. */
function expectDirectoryFollowed({ people, trade, legacy }: AceFacts): void {
  for (const [who, { synced, erased }] of people) {
    if (!synced || erased) continue;
    const { status, gives } = legacy.get(synced.legacy)!;
    for (const [number, { users, words }] of trade) {
      const word = words.get(who);
      if (!word || word.here) continue;
      const given = status === 'Active' ? gives.find((one) => one.number === number) : undefined;
      expect([who, number, users.get(who)]).toEqual([who, number, given && text(given.permissions)]);
    }
  }
}

/** No session goes on that began while its account owned what it was replaced at. */
export function expectSessionsEnded(log: readonly Envelope[]): void {
  const live = new Map<string, Set<unknown>>();
  const former = new Map<string, Set<unknown>>();
  for (const { stream, type, data } of log) {
    const who = stream.replace(/^account-/, '');
    const all = [live, former].map((sessions) => sessions.get(who) ?? new Set<unknown>());
    if (type === 'LoginSucceeded') live.set(who, all[0]!.add((data.session as { id: string }).id));
    if (type === 'SessionEnded') all.forEach((sessions) => sessions.delete(data.session));
    if (type === 'AccountSuspended' || type === 'PersonErased') all.forEach((sessions) => sessions.clear());
    if (type !== 'AccountOwnerReplaced' || data.from === undefined) continue;
    const from = data.from as string;
    former.set(from, new Set([...(former.get(from) ?? []), ...(live.get(from) ?? [])]));
  }
  for (const [who, sessions] of former) expect([who, ...sessions]).toEqual([who]);
}
