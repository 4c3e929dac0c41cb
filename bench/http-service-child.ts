import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Argon2Hasher } from '../src/adapters/argon2-hasher.js';
import { Emails } from '../src/commands/emails.js';
import { hashOf, sessionToken } from '../src/commands/session-tokens.js';
import { SuspendAccountHandler } from '../src/commands/suspend-account.js';
import { ReinstateAccountHandler } from '../src/commands/reinstate-account.js';
import { readSettings } from '../src/config.js';
import { accountDecider } from '../src/domain/account/account.js';
import { acceptInvitation, confirmEmail, inviteStaff, register } from '../src/domain/account/registration.js';
import { signIn } from '../src/domain/account/sign-in.js';
import type { AccountDecision } from '../src/domain/account/state.js';
import { claimEmail, emailDecider } from '../src/domain/email/email.js';
import { Follower } from '../src/engine/follower.js';
import { LiveProjections } from '../src/engine/live-projections.js';
import { lagOf } from '../src/engine/projection-lag.js';
import { deriveKey } from '../src/engine/secrets.js';
import { Streams } from '../src/engine/streams.js';
import { Ids } from '../src/ports.js';
import { completeConfig } from '../src/secrets-file.js';
import { ServiceLog } from '../src/service-log.js';
import { startService, type Service } from '../src/service.js';
import { emailOf, PASSWORD } from './bench-people.js';

const ACCOUNTS = 512;

export interface Ready {
  readonly url: string;
  readonly officerToken: string;
  readonly accountIds: readonly string[];
}

export type Asked = 'do nothing' | 'do work' | 'begin' | 'measure' | 'stop';

export interface Told {
  /** 99th percentile since 'begin'. */
  readonly loopDelayMs: number;
  /** The furthest that a projection is behind, in seconds. */
  readonly lagSeconds: number;
}

const config = completeConfig(readSettings(), 'real');
const service = await startService(config, new ServiceLog(config.LOG_LEVEL));
const ready = await fill(service);
const loopDelay = monitorEventLoopDelay({ resolution: 5 });
loopDelay.enable();

const handlers = [service.app.get(SuspendAccountHandler), service.app.get(ReinstateAccountHandler)];
const working = handlers.map((handler) => handler.execute.bind(handler));

process.on('message', (asked: Asked) => void answer(asked));
process.send!(ready);

async function answer(asked: Asked): Promise<void> {
  if (asked === 'stop') {
    await service.close();
    process.disconnect();
    return;
  }
  if (asked === 'begin') loopDelay.reset();
  if (asked === 'do nothing') for (const handler of handlers) handler.execute = async () => nothing;
  if (asked === 'do work') handlers.forEach((handler, index) => (handler.execute = working[index]! as never));
  const told: Told = { loopDelayMs: loopDelay.percentile(99) / 1e6, lagSeconds: await lagSeconds() };
  process.send!(told);
}

const nothing = { state: null, revision: 0, position: null };

async function lagSeconds(): Promise<number> {
  const follower = service.app.get(Follower);
  const lags = service.app
    .get(LiveProjections)
    .states()
    .map(({ position }) => lagOf(follower, position, Date.now()));
  return Math.max(...(await Promise.all(lags)).map(({ seconds }) => seconds));
}

async function fill({ app, url }: Service): Promise<Ready> {
  const streams = app.get(Streams);
  const ids = app.get(Ids);
  const hasher = new Argon2Hasher(
    { memoryKiB: config.HASH_MEMORY_KIB, passes: config.HASH_PASSES },
    deriveKey(config.ADDRESS_KEY, 'pepper'),
  );
  const passwordHash = await hasher.hash(PASSWORD);
  const questions = { ids: ['first-pet', 'nickname', 'first-ship'], answersHash: passwordHash };
  const policy = 'portal-8';
  const emails = app.get(Emails);
  const context = () => {
    const commandId = ids.next();
    const actor = { kind: 'system' as const, id: 'bench', role: null };
    return { commandId, actor, correlationId: commandId, causationId: commandId };
  };
  const open = async (email: string, ...steps: ((linkId: string, emailKey: string) => AccountDecision)[]) => {
    const accountId = ids.next();
    const linkId = ids.next();
    const emailKey = emails.keyOf(email);
    await streams.decide(emailDecider, emailKey, claimEmail(accountId), context());
    for (const step of steps)
      await streams.decide(accountDecider, accountId, step(linkId, emailKey), context());
    return accountId;
  };
  const name = { givenName: 'Kim', familyName: 'Partner' };
  const accountIds = await Promise.all(
    Array.from({ length: ACCOUNTS }, (_, account) =>
      open(
        emailOf(account),
        (linkId, emailKey) =>
          register({ email: emailOf(account), emailKey, ...name, passwordHash, policy, questions, linkId }),
        (linkId) => confirmEmail(linkId, true),
      ),
    ),
  );
  const secret = ids.secret(32);
  const session = { id: ids.next(), tokenHash: hashOf(secret), expiresAt: Date.now() + 12 * 3_600_000 };
  const client = { address: '127.0.0.1', agent: 'bench' };
  const officerId = await open(
    'officer@bench.example',
    (linkId, emailKey) =>
      inviteStaff({ email: 'officer@bench.example', emailKey, ...name, role: 'specialist', linkId }),
    (linkId) => acceptInvitation(linkId, passwordHash, policy, questions),
    () => signIn({ passwordVersion: 1, matches: true, session, client }, { failuresMax: 5, lockMs: 900_000 }),
  );
  return { url, officerToken: sessionToken(officerId, secret), accountIds };
}
