import type { LegacyTradeAccount } from '../../src/domain/legacy-account/record.js';
import { registered } from '../domain/account/past.js';
import { granted, revoked } from '../domain/trade-account/past.js';
import { LegacyRoom } from '../support/legacy-room.js';
import { noTrouble, unavailable, unknownAndLost, unknownButWritten } from '../support/troubled-store.js';

const on = (number: string, ...permissions: string[]): LegacyTradeAccount => ({
  type: 'Importer',
  number,
  owner: false,
  permissions,
});
const all = ['A-1', 'B-2', 'C-3'];
const first = { tradeAccounts: [on('A-1', 'Read'), on('B-2', 'Read')] };
const later = { tradeAccounts: [on('A-1', 'File'), on('C-3', 'Read')] };

/** An account that was synced. */
async function synced(): Promise<LegacyRoom> {
  const room = new LegacyRoom();
  await room.happens('ada', ...registered);
  await room.tell('l-1', first);
  await room.claim('l-1', 'ada');
  await room.react();
  expect(await room.access('ada', ...all)).toEqual(['Read', 'Read', null]);
  return room;
}

describe('a legacy account that changes after its sync', () => {
  it('gives and takes access, and nothing more when the reaction sees it all again', async () => {
    const room = await synced();
    await room.tell('l-1', later);
    await room.react();
    expect(await room.access('ada', ...all)).toEqual(['File', null, 'Read']);
    const before = await room.logged();
    await room.react();
    await room.instance().changes.follow('l-1', room.fresh());
    expect(await room.logged()).toEqual(before);
  });

  it('gives nothing while it is not active and in good standing, and all of it again after', async () => {
    const room = await synced();
    for (const status of ['Inactive', 'NotInGoodStanding'] as const) {
      await room.tell('l-1', { ...first, status });
      await room.react();
      expect(await room.access('ada', ...all)).toEqual([null, null, null]);
    }
    await room.tell('l-1', later);
    await room.react();
    expect(await room.access('ada', ...all)).toEqual(['File', null, 'Read']);
  });

  it('changes nothing that was decided here since', async () => {
    const room = await synced();
    await room.happensAt('A-1', revoked('ada'));
    await room.happensAt('B-2', granted('ada', 'Own'));
    await room.tell('l-1', later);
    await room.react();
    expect(await room.access('ada', ...all)).toEqual([null, 'Own', 'Read']);
  });

  it('gives nobody anything before the sync', async () => {
    const room = new LegacyRoom();
    await room.happens('ada', ...registered);
    await room.tell('l-1', first);
    await room.tell('l-1', later);
    await room.react();
    expect(await room.access('ada', ...all)).toEqual([null, null, null]);
  });

  it('while the sync is under way is not passed by', async () => {
    const room = new LegacyRoom();
    await room.happens('ada', ...registered);
    await room.tell('l-1', first);
    await room.claim('l-1', 'ada');
    // Told between what the sync read and what it appends.
    room.store.troubles = [
      async (append) => {
        await room.tell('l-1', later);
        return append();
      },
    ];
    await room.instance().claims.complete('l-1', 'ada', room.fresh());
    expect((await room.logged()).slice(-2)).toEqual(['LegacyAccountChanged', 'LegacySynced']);
    await room.react();
    expect(await room.access('ada', ...all)).toEqual(['File', null, 'Read']);
  });

  it('to bad standing while its claim waits gives nothing, and is synced when it is in order again', async () => {
    const room = new LegacyRoom();
    await room.happens('ada', ...registered);
    await room.tell('l-1', first);
    await room.claim('l-1', 'ada');
    await room.tell('l-1', { ...first, status: 'NotInGoodStanding' });
    await room.react();
    expect(await room.logged()).not.toContain('LegacySynced');
    await room.tell('l-1', first);
    await room.react();
    expect(await room.access('ada', ...all)).toEqual(['Read', 'Read', null]);
  });

  it('and again, while somebody who read it before stands still: the newest holds', async () => {
    const room = await synced();
    await room.tell('l-1', later);
    const slow = room.instance();
    // Between what it read and what it appends, the directory goes back to what it was, which changes nothing.
    room.store.troubles = [
      async (append) => {
        await room.tell('l-1', first);
        await room.instance().changes.follow('l-1', room.fresh());
        return append();
      },
    ];
    await slow.changes.follow('l-1', room.fresh());
    expect(await room.access('ada', ...all)).toEqual(['Read', 'Read', null]);
  });
});

describe('what the reaction leaves undone', () => {
  const troubles = { unavailable, unknownAndLost, unknownButWritten };
  const cases = [0, 1, 2].flatMap((before) =>
    (Object.keys(troubles) as (keyof typeof troubles)[]).map((trouble) => ({ before, trouble })),
  );
  it.each(cases)('after $before appends ($trouble) it does the next time', async ({ before, trouble }) => {
    const room = await synced();
    await room.tell('l-1', later);
    const stuck = Array(8).fill(troubles[trouble]);
    room.store.troubles = [...Array(before).fill(noTrouble), ...stuck];
    // It fails, or finds out by itself.
    await room.react().catch(() => undefined);
    room.store.troubles = [];
    await room.react();
    expect(await room.access('ada', ...all)).toEqual(['File', null, 'Read']);
    const done = await room.logged();
    await room.react();
    expect(await room.logged()).toEqual(done);
  });
});
