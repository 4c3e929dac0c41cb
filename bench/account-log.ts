import { createHash, randomUUID } from 'node:crypto';
import type { AccountEvent } from '../src/domain/account/events.js';
import type { Codec } from '../src/engine/codec.js';
import type { EventStore } from '../src/ports.js';

const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;

/** A partner's first days: ten events, every other one sealed. */
export function accountStory(account: number): AccountEvent[] {
  const at = START + account * 1_000;
  const session = { id: `session-${account}`, tokenHash: hash(account), expiresAt: at + 1_440 * MINUTE };
  const client = {
    address: `203.0.113.${account % 256}`,
    agent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0',
  };
  const policy = 'portal-8';
  const passwordHash = `$argon2id$v=19$m=19456,t=2,p=1$${hash(account)}$${hash(account + 1)}`;
  return [
    {
      type: 'AccountRegistered',
      data: {
        email: `person${account}@company${account % 5_000}.example`,
        emailKey: hash(-account),
        givenName: 'Kim',
        familyName: `Person ${account}`,
        passwordHash,
        policy,
        questions: { ids: ['first-pet', 'first-school', 'first-street'], answersHash: passwordHash },
        linkId: `link-${account}`,
        expiresAt: at + 2_880 * MINUTE,
      },
    },
    { type: 'EmailConfirmed', data: {} },
    { type: 'LoginFailed', data: { failures: 1, client } },
    { type: 'ResetRequested', data: { resetId: `reset-${account}` } },
    { type: 'LoginSucceeded', data: { session, methods: ['password'], aal: 1, client } },
    { type: 'SessionEnded', data: { session: session.id, cause: 'SignedOut' } },
    { type: 'LoginFailed', data: { failures: 1, client } },
    { type: 'ResetLinkExpired', data: { resetId: `reset-${account}` } },
    { type: 'PasswordRehashed', data: { passwordHash } },
    { type: 'RegistrationAttempted', data: {} },
  ];
}

/** How many accounts are at it at a time. */
const WINDOW = 1_000;
const EVENTS_A_VISIT = 2;

/** Appends the first events of so many accounts as visits of two events each, such as a failed sign-in and a request for a reset. Others
 *  come between the two, and everybody else between two visits of one account. Returns how many events that is. */
export async function appendAccounts(
  store: EventStore,
  codec: Codec,
  accounts: number,
  eventsEach: number,
): Promise<number> {
  const ids = Array.from({ length: accounts }, () => randomUUID());
  const stories = Array.from({ length: Math.min(accounts, WINDOW) }, (_, account) => accountStory(account));
  let count = 0;
  const append = async (id: string, revision: number, event: AccountEvent) => {
    const record = await codec.encode(event, metaOf(id, START + count++ * 10), `account-${id}`, randomUUID());
    await store.append(`account-${id}`, revision === 0 ? 'NoStream' : revision - 1, [record]);
  };
  for (let visit = 0; visit < eventsEach; visit += EVENTS_A_VISIT) {
    for (let from = 0; from < accounts; from += WINDOW) {
      const group = ids.slice(from, from + WINDOW);
      for (let revision = visit; revision < Math.min(visit + EVENTS_A_VISIT, eventsEach); revision += 1) {
        await Promise.all(group.map((id, index) => append(id, revision, stories[index]![revision]!)));
      }
    }
  }
  return count;
}

function metaOf(person: string, at: number) {
  const commandId = randomUUID();
  const actor = { kind: 'account', id: person, role: null } as const;
  return {
    at,
    actor,
    person,
    commandId,
    correlationId: commandId,
    causationId: commandId,
    clientKey: hash(at),
  };
}

const hash = (of: number): string => createHash('sha256').update(String(of)).digest('base64url');
