import { accountDecider } from '../../src/domain/account/account.js';
import { claimLegacyAccount } from '../../src/domain/legacy-account/claim.js';
import { legacyAccountDecider } from '../../src/domain/legacy-account/legacy-account.js';
import { replaceOwner } from '../../src/domain/trade-account/access.js';
import { permissionsOf, tradeAccountDecider } from '../../src/domain/trade-account/trade-account.js';
import { removeUser } from '../../src/domain/trade-account/users.js';
import { imported, passwordReset } from '../domain/legacy-account/past.js';
import * as account from '../domain/account/past.js';
import * as trade from '../domain/trade-account/past.js';
import { fresh, TRADE, USER, UsersRoom } from '../support/users-room.js';

let room: UsersRoom;
beforeEach(async () => {
  room = await new UsersRoom().open();
});

const settled = async () => {
  await room.create();
  await room.users.settle(room.legacyId, fresh());
};
const remove = (userId = USER) =>
  room.decide(
    tradeAccountDecider,
    TRADE,
    removeUser({ removalId: `removal-${userId}`, userId, removedBy: 'owner' }),
  );
const setsPassword = async () => {
  const { passwordLink } = await room.legacyAccount();
  await room.happens(legacyAccountDecider, room.legacyId, passwordReset(passwordLink!.id));
};
const claims = () => room.decide(legacyAccountDecider, room.legacyId, claimLegacyAccount('ben', 1));
const hasAccess = async () => permissionsOf(await room.tradeAccount(), 'ben');
const replaced = () =>
  room.decide(
    tradeAccountDecider,
    TRADE,
    replaceOwner({ from: 'owner', to: 'heir', applicationId: 'app-1' }),
  );

describe('an individual user whose creation a crash cut off', () => {
  it('is invited and mailed by the reaction', async () => {
    await room.create();
    await room.react();
    expect((await room.tradeAccount()).invitations).toMatchObject([
      { userId: USER, legacyAccountId: room.legacyId, invitedBy: 'owner', permissions: ['RunReports'] },
    ]);
    expect((await room.legacyAccount()).passwordLink).toMatchObject({ purpose: 'SetUp' });
  });

  it('is mailed once, however often the reaction sees it', async () => {
    await settled();
    const before = await room.types();
    await room.react();
    await room.react();
    expect(await room.types()).toEqual(before);
  });

  it('is taken back where another one owns the trade account by now', async () => {
    await room.create();
    await replaced();
    await expect(room.users.settle(room.legacyId, fresh())).rejects.toMatchObject({
      code: 'TradeAccountUnknown',
    });
    await room.react();
    expect((await room.legacyAccount()).individual).toMatchObject({ revoked: true, linkRequested: false });
    expect(await room.types()).not.toContain('IndividualUserInvited');
  });

  it('is taken back where the owner may do less by now', async () => {
    await room.create();
    await room.happens(tradeAccountDecider, TRADE, trade.granted('owner', 'ViewEntries'));
    await room.react();
    expect((await room.legacyAccount()).individual).toMatchObject({ revoked: true });
    expect((await room.tradeAccount()).invitations).toEqual([]);
  });
});

it('a legacy user id that somebody has is left alone: the next one is taken', async () => {
  const taken = room.users.legacyUserIdOf(USER, 0);
  await room.happens(legacyAccountDecider, room.legacyId, imported({ legacyUserId: taken }));
  const next = room.directory.idOf(room.users.legacyUserIdOf(USER, 1));
  expect(await room.create()).toBe(next);
  // A repeated request finds the same.
  expect(await room.create()).toBe(next);
  expect((await room.types()).filter((type) => type === 'IndividualUserCreated')).toHaveLength(1);
});

it('legacy user ids are ten letters and digits that nobody takes for others, and tell nothing', () => {
  const ids = Array.from({ length: 2_000 }, (_, index) => room.users.legacyUserIdOf(`u-${index}`, 0));
  for (const id of ids) expect(id).toMatch(/^[A-HJ-NP-Z2-9]{10}$/);
  expect(new Set(ids).size).toBe(2_000);
});

describe('a removal that a crash cut off', () => {
  it('shuts the legacy account of a user who had not joined', async () => {
    await settled();
    await remove();
    await room.react();
    expect(await room.legacyAccount()).toMatchObject({
      individual: { revoked: true },
      passwordLink: null,
    });
    expect((await room.tradeAccount()).invitations).toEqual([]);
  });

  it('tells a user who had joined, once', async () => {
    await room.happens(tradeAccountDecider, TRADE, trade.granted('ben', 'RunReports'));
    await remove('ben');
    await room.react();
    await room.react();
    expect((await room.types()).filter((type) => type === 'RemovedFromTradeAccount')).toHaveLength(1);
  });

  it('does not end in another invitation', async () => {
    await room.create();
    await room.users.settle(room.legacyId, fresh());
    await remove();
    await room.react();
    expect((await room.types()).filter((type) => type === 'IndividualUserInvited')).toHaveLength(1);
  });
});

describe('a sync that a crash cut off', () => {
  it('gives the access that the owner said', async () => {
    await settled();
    await setsPassword();
    await claims();
    await room.react();
    expect(await hasAccess()).toEqual(['RunReports']);
    expect((await room.tradeAccount()).users).toMatchObject([{ userId: 'owner' }, { userId: USER }]);
  });

  it('gives none where the owner took it back after the claim', async () => {
    await settled();
    await setsPassword();
    await claims();
    await remove();
    await room.react();
    expect(await hasAccess()).toBeNull();
  });

  it('gives none a second time to an individual user who was removed', async () => {
    await settled();
    await setsPassword();
    await claims();
    // All but the last append, which says that everything came over.
    await room.claims.complete(room.legacyId, 'ben', fresh());
    await room.happens(tradeAccountDecider, TRADE, trade.joined('ben'), trade.granted('ben', 'RunReports'));
    await remove();
    await room.react();
    expect(await hasAccess()).toBeNull();
  });

  it('gives none a second time to any other user who was removed', async () => {
    await room.happens(accountDecider, 'ben', account.legacySynced('l-9'));
    await room.happens(tradeAccountDecider, TRADE, trade.granted('ben', 'RunReports'));
    await remove('ben');
    await room.react();
    expect(await hasAccess()).toBeNull();
    expect(await room.types()).toContain('LegacyAccessBroughtOver');
  });
});
