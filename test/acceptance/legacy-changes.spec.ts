import type { LegacyRecord, LegacyTradeAccount } from '../../src/domain/legacy-account/record.js';
import { tradeAccountDecider } from '../../src/domain/trade-account/trade-account.js';
import { Streams } from '../../src/engine/streams.js';
import { TradeAccounts } from '../../src/commands/trade-accounts.js';
import { Ids } from '../../src/ports.js';
import { projected } from '../support/history.js';
import { importLegacy, legacyAccount, sync } from '../support/legacy.js';
import { MailedPortal } from '../support/mailed-portal.js';
import { partner, signedIn } from '../support/people.js';
import type { PortalClient } from '../support/portal-client.js';

const world = new MailedPortal();
const fresh = () => {
  const commandId = world.portal.app.get(Ids).next();
  const actor = { kind: 'system', id: 'test', role: null } as const;
  return { commandId, actor, correlationId: commandId, causationId: commandId };
};
const on = (number: string, permissions: string[], owner = false): LegacyTradeAccount => ({
  ...{ type: 'Importer', number, owner, permissions },
});

/** Somebody who synced this legacy account. */
async function trader(userId: string, more: Partial<LegacyRecord>): Promise<PortalClient> {
  await importLegacy(world.portal, legacyAccount(userId, more));
  const email = `${userId.toLowerCase()}@broker.example`;
  await partner(world.portal, email);
  const client = await signedIn(world.portal, email);
  if ((await sync(client, userId)).status !== 201) throw new Error('not synced');
  return client;
}

type Shown = { number: string; permissions: string[] }[];
async function shown(client: PortalClient): Promise<Record<string, string[]>> {
  await projected(world.portal);
  const { body } = await client.get('/api/v1/me/trade-accounts');
  return Object.fromEntries(
    (body.tradeAccounts as Shown).map(({ number, permissions }) => [number, permissions]),
  );
}

/** What follows an import comes by itself, and soon. */
async function becomes(client: PortalClient, expected: Record<string, string[]>): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (JSON.stringify(sorted(await shown(client))) === JSON.stringify(sorted(expected))) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(await shown(client)).toEqual(expected);
}
const sorted = (all: Record<string, string[]>) => Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1));

describe('Once users sync their account, what the legacy portal tells later', () => {
  it('changes what they may do at once', async () => {
    const ada = await trader('LATER1', { tradeAccounts: [on('71-A', ['Read']), on('71-B', ['Read'])] });
    expect(await shown(ada)).toEqual({ '71-A': ['Read'], '71-B': ['Read'] });
    const changed = [on('71-A', ['File', 'Read']), on('71-C', ['Read'])];
    await importLegacy(world.portal, legacyAccount('LATER1', { tradeAccounts: changed }));
    await becomes(ada, { '71-A': ['File', 'Read'], '71-C': ['Read'] });
  });

  it('takes everything from an account that is not active and in good standing, and gives it back after', async () => {
    const given = { tradeAccounts: [on('72-A', ['Read'])] };
    const ada = await trader('LATER2', given);
    await importLegacy(world.portal, legacyAccount('LATER2', { ...given, status: 'NotInGoodStanding' }));
    await becomes(ada, {});
    // The account here stays open.
    expect((await ada.get('/api/v1/me')).status).toBe(200);
    await importLegacy(world.portal, legacyAccount('LATER2', given));
    await becomes(ada, { '72-A': ['Read'] });
  });

  it('does not bring back what was taken away here', async () => {
    const given = { tradeAccounts: [on('73-A', ['Read']), on('73-B', ['Read'])] };
    const ada = await trader('LATER3', given);
    const { app } = world.portal;
    const accountId = (await ada.get('/api/v1/me')).body.accountId as string;
    const id = app.get(TradeAccounts).idOf('Importer', '73-A');
    const revoked = { type: 'UserAccessRevoked', data: { accountId } } as const;
    await app.get(Streams).decide(tradeAccountDecider, id, () => [revoked], fresh());
    const changed = [on('73-A', ['File']), on('73-B', ['File'])];
    await importLegacy(world.portal, legacyAccount('LATER3', { tradeAccounts: changed }));
    await becomes(ada, { '73-B': ['File'] });
  });

  it('does not change who owns a trade account', async () => {
    const ada = await trader('LATER4', { tradeAccounts: [on('74-A', ['Read'], true)] });
    const ben = await trader('LATER5', { tradeAccounts: [on('74-A', ['Read'])] });
    const changed = { tradeAccounts: [on('74-A', ['File'], true)] };
    await importLegacy(world.portal, legacyAccount('LATER5', changed));
    await becomes(ben, { '74-A': ['File'] });
    const isOwner = async (client: PortalClient) =>
      ((await client.get('/api/v1/me/trade-accounts')).body.tradeAccounts as { isOwner: boolean }[]).map(
        (one) => one.isOwner,
      );
    expect([await isOwner(ada), await isOwner(ben)]).toEqual([[true], [false]]);
  });
});
