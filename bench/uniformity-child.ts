import { setTimeout as pause } from 'node:timers/promises';
import { Argon2Hasher } from '../src/adapters/argon2-hasher.js';
import { Emails } from '../src/commands/emails.js';
import { readSettings } from '../src/config.js';
import { accountDecider } from '../src/domain/account/account.js';
import type { AccountEvent } from '../src/domain/account/events.js';
import { claimEmail, emailDecider } from '../src/domain/email/email.js';
import { deriveKey } from '../src/engine/secrets.js';
import { Streams } from '../src/engine/streams.js';
import { EventStore, Ids } from '../src/ports.js';
import { completeConfig } from '../src/secrets-file.js';
import { ServiceLog } from '../src/service-log.js';
import { startService, type Service } from '../src/service.js';
import { PASSWORD } from './bench-people.js';
import { addressOf, situations, type Filled, type Situation } from './uniformity-people.js';

const DAY_MS = 86_400_000;

const config = completeConfig(readSettings(), 'real');
const service = await startService(config, new ServiceLog(config.LOG_LEVEL));
const store = service.app.get(EventStore);
const append = store.append.bind(store);

process.on('message', (asked: { readonly fill: number } | { readonly commitMs: number } | 'stop') => {
  void (async () => {
    if (asked === 'stop') {
      await service.close();
      process.disconnect();
    } else if ('fill' in asked) {
      await fill(service, asked.fill);
      process.send!({ url: service.url } satisfies Filled);
    } else {
      // What is written takes longer; what is not, does not.
      store.append = async (...request) => {
        if (asked.commitMs > 0) await pause(asked.commitMs);
        return append(...request);
      };
      process.send!({});
    }
  })();
});

/** For each round somebody new in each situation, so that every request has its first effect. */
async function fill({ app }: Service, rounds: number): Promise<void> {
  const streams = app.get(Streams);
  const emails = app.get(Emails);
  const ids = app.get(Ids);
  const context = () => {
    const commandId = ids.next();
    const actor = { kind: 'system' as const, id: 'bench', role: null };
    return { commandId, actor, correlationId: commandId, causationId: commandId };
  };
  const cost = { memoryKiB: config.HASH_MEMORY_KIB, passes: config.HASH_PASSES };
  const passwordHash = await new Argon2Hasher(cost, deriveKey(config.ADDRESS_KEY, 'pepper')).hash(PASSWORD);
  for (let round = 0; round < rounds; round += 1) {
    for (const situation of situations) {
      const email = addressOf(situation, round);
      const emailKey = emails.keyOf(email);
      const events = storyOf(situation, { email, emailKey, passwordHash });
      if (events.length === 0) continue;
      const accountId = ids.next();
      await streams.decide(emailDecider, emailKey, claimEmail(accountId), context());
      await streams.decide(accountDecider, accountId, () => events, context());
    }
  }
}

function storyOf(
  situation: Situation,
  person: { readonly email: string; readonly emailKey: string; readonly passwordHash: string },
): AccountEvent[] {
  const { passwordHash } = person;
  const questions = { ids: ['first-pet', 'nickname', 'first-ship'], answersHash: passwordHash };
  const names = { givenName: 'Kim', familyName: 'Partner', linkId: 'link' };
  const expiresAt = Date.now() + 2 * DAY_MS;
  const registered: AccountEvent = {
    type: 'AccountRegistered',
    data: { ...person, ...names, policy: 'portal-8', questions, expiresAt },
  };
  const confirmed: AccountEvent = { type: 'EmailConfirmed', data: {} };
  const later: Record<Situation, AccountEvent[]> = {
    unknown: [],
    'unknown-too': [],
    unconfirmed: [registered],
    known: [registered, confirmed],
    locked: [
      registered,
      confirmed,
      { type: 'AccountLocked', data: { cause: 'TooManyFailures', failures: 5, until: expiresAt } },
    ],
    suspended: [
      registered,
      confirmed,
      { type: 'AccountSuspended', data: { suspensionId: 's', cause: 'OfficerDecision', reason: 'Bench.' } },
    ],
  };
  return later[situation];
}
