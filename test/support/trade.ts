import { CommandBus } from '@nestjs/cqrs';
import { OpenTradeAccount, type OpenedTradeAccount } from '../../src/commands/open-trade-account.js';
import type { LegacyAccess } from '../../src/domain/trade-account/access.js';
import { Ids } from '../../src/ports.js';
import type { Portal } from './portal.js';

/** What sync does with each trade account of the legacy portal: brings the account's part in it over. */
export async function broughtOver(
  portal: Portal,
  access: Partial<LegacyAccess> & Pick<LegacyAccess, 'accountId'>,
): Promise<string> {
  const input: LegacyAccess = {
    type: 'Importer',
    number: '12-3456789',
    companyName: 'Harbor Imports',
    isOwner: true,
    permissions: ['file', 'read'],
    ...access,
  };
  const commandId = portal.app.get(Ids).next();
  const command = new OpenTradeAccount(input, {
    commandId,
    actor: { kind: 'system', id: 'test', role: null },
    correlationId: commandId,
    causationId: commandId,
  });
  const { tradeAccountId } = await portal.app
    .get(CommandBus)
    .execute<OpenTradeAccount, OpenedTradeAccount>(command);
  return tradeAccountId;
}
