import { MailedPortal } from '../support/mailed-portal.js';
import { projected } from '../support/history.js';
import { partner, signedIn } from '../support/people.js';
import { broughtOver } from '../support/trade.js';

const world = new MailedPortal();

describe('the trade accounts of an account', () => {
  it('are listed with what may be done there, and by whom they are owned', async () => {
    const { portal } = world;
    const ada = await partner(portal, 'ada@harbor.example');
    const ben = await partner(portal, 'ben@harbor.example');
    const tradeAccountId = await broughtOver(portal, { accountId: ada });
    await broughtOver(portal, { accountId: ben, isOwner: false, permissions: ['read'] });
    const other = await broughtOver(portal, { accountId: ada, type: 'Broker', number: 'X7Q' });
    await projected(portal);
    const harbor = {
      ...{ tradeAccountId, type: 'Importer', number: '12-3456789', companyName: 'Harbor Imports' },
      references: [],
    };

    const adas = (await (await signedIn(portal, 'ada@harbor.example')).get('/api/v1/me/trade-accounts')).body;
    expect(adas.next).toBeNull();
    expect(adas.tradeAccounts).toHaveLength(2);
    expect(adas.tradeAccounts).toEqual(
      expect.arrayContaining([
        { ...harbor, isOwner: true, permissions: ['file', 'read'] },
        expect.objectContaining({ tradeAccountId: other, type: 'Broker' }),
      ]),
    );
    const bens = (await (await signedIn(portal, 'ben@harbor.example')).get('/api/v1/me/trade-accounts')).body;
    expect(bens.tradeAccounts).toEqual([{ ...harbor, isOwner: false, permissions: ['read'] }]);
  });

  it('are found again however the number is spelled, and never by another type', async () => {
    const { portal } = world;
    const accountId = await partner(portal, 'cleo@harbor.example');
    const opened = await broughtOver(portal, { accountId, number: 'ab 12-34' });
    expect(await broughtOver(portal, { accountId, number: 'AB1234' })).toBe(opened);
    expect(await broughtOver(portal, { accountId, number: 'AB1234', type: 'Surety' })).not.toBe(opened);
  });

  it('come in pages', async () => {
    const { portal } = world;
    const accountId = await partner(portal, 'dev@harbor.example');
    const ids = [];
    for (let index = 0; index < 5; index += 1) {
      ids.push(await broughtOver(portal, { accountId, number: `P${index}` }));
    }
    await projected(portal);
    const dev = await signedIn(portal, 'dev@harbor.example');
    const found: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await dev.get(`/api/v1/me/trade-accounts?limit=2${cursor && `&cursor=${cursor}`}`);
      found.push(...body.tradeAccounts.map((each: { tradeAccountId: string }) => each.tradeAccountId));
      cursor = body.next as string | null;
    }
    expect(found.sort()).toEqual(ids.sort());
  });
});
