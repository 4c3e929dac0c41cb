import { accountDecider } from '../../src/domain/account/account.js';
import type { AccountEvent } from '../../src/domain/account/events.js';
import { Streams } from '../../src/engine/streams.js';
import { Ids } from '../../src/ports.js';
import * as past from '../domain/account/past.js';
import type { Portal } from './portal.js';

/** An account that was synced, as the log has it, without anybody having filled in anything. Its address. */
export async function syncedAccount(portal: Portal, name: string): Promise<string> {
  const email = `${name}@broker.example`;
  const accountId = portal.app.get(Ids).next();
  const events: AccountEvent[] = [
    {
      type: 'AccountRegistered',
      data: { ...past.registration, email, emailKey: `key-${name}`, expiresAt: portal.clock.now() + 1 },
    },
    past.emailConfirmed,
    past.legacySynced(`legacy-${name}`),
    past.legacyAccessBroughtOver(`legacy-${name}`),
    // Nobody is mailed about what this makes up.
    past.noticeSent(3),
  ];
  const context = {
    commandId: accountId,
    actor: { kind: 'system', id: 'test', role: null },
    correlationId: accountId,
    causationId: accountId,
  } as const;
  await portal.app.get(Streams).decide(accountDecider, accountId, () => events, context);
  return email;
}
