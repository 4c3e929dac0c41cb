import { accountDecider } from '../../src/domain/account/account.js';
import { ownerReplacementDecider } from '../../src/domain/owner-replacement/owner-replacement.js';
import { tradeAccountDecider } from '../../src/domain/trade-account/trade-account.js';
import * as past from '../domain/owner-replacement/past.js';
import * as trade from '../domain/trade-account/past.js';
import { APPLICATION, context, ReplacementRoom } from '../support/replacement-room.js';
import {
  noTrouble,
  unavailable,
  unknownAndLost,
  unknownButWritten,
  type Trouble,
} from '../support/troubled-store.js';

const approvedByTwo = [
  past.submitted,
  past.reviewStarted,
  past.consented,
  past.approved('rita'),
  past.approved('ruth'),
];

async function approvedRoom() {
  const room = new ReplacementRoom();
  await room.openAccounts();
  const events = await room.applied(approvedByTwo);
  return { room, approval: events.at(-1)! };
}

async function outcome(room: ReplacementRoom) {
  const { streams } = room.fresh();
  const application = (await streams.read(ownerReplacementDecider, APPLICATION)).state;
  const account = (await streams.read(tradeAccountDecider, 'trade-1')).state;
  const owner = (await streams.read(accountDecider, 'owner')).state;
  return {
    application: application.status,
    owner: account.status === 'Open' ? account.owner : null,
    sessions: owner.status === 'Registered' ? owner.sessions.length : null,
  };
}

const done = { application: 'Completed', owner: 'heir', sessions: 0 };
const after = { TradeAccount: 1, Sessions: 2, Application: 3 };

describe('what follows from two approvals', () => {
  test('is another owner, no session of the former one, and a completed application, each once', async () => {
    const { room } = await approvedRoom();
    const { settlement } = room.fresh();
    for (let time = 1; time <= 3; time += 1) await settlement.settle(APPLICATION, context());
    await room.fresh().settlement.settle(APPLICATION, context());
    expect(await outcome(room)).toEqual(done);
    const types = await room.typesOf('tradeAccount-trade-1');
    expect(types.filter((type) => type === 'AccountOwnerReplaced')).toHaveLength(1);
    const closing = (await room.typesOf(`ownerReplacement-${APPLICATION}`)).slice(approvedByTwo.length);
    expect(closing).toEqual(['OwnerReplacementCompleted']);
  });

  const crashes: [string, Trouble][] = [
    ['the store went away', unavailable],
    ['the request was lost', unknownAndLost],
    ['the answer was lost', unknownButWritten],
  ];
  describe.each(crashes)('where %s', (_, trouble) => {
    test.each(Object.entries(after))(
      'at the append to %s, is completed by the reaction',
      async (_step, appends) => {
        const { room, approval } = await approvedRoom();
        room.store.troubles = [...Array<Trouble>(appends - 1).fill(noTrouble), trouble];
        // The instance may find out by itself; or it ends here, as if it had been killed.
        await room
          .fresh()
          .settlement.settle(APPLICATION, context())
          .catch(() => undefined);
        await room.fresh().completion.react(approval);
        expect(await outcome(room)).toEqual(done);
        const types = await room.typesOf('tradeAccount-trade-1');
        expect(types.filter((type) => type === 'AccountOwnerReplaced')).toHaveLength(1);
      },
    );
  });

  test('is nothing while there is one approval', async () => {
    const room = new ReplacementRoom();
    await room.openAccounts();
    const [approval] = (await room.applied(approvedByTwo.slice(0, 4))).slice(-1);
    await room.fresh().completion.react(approval!);
    expect(await outcome(room)).toEqual({ application: 'InReview', owner: 'owner', sessions: 2 });
  });

  test('is a superseded application where another owner came first', async () => {
    const { room, approval } = await approvedRoom();
    await room.happens(tradeAccountDecider, 'trade-1', [trade.replaced('owner', 'other', 'app-0')]);
    await room.fresh().completion.react(approval);
    expect(await outcome(room)).toEqual({ application: 'Superseded', owner: 'other', sessions: 2 });
  });

  test('needs no owner who had come over', async () => {
    const room = new ReplacementRoom();
    await room.happens(tradeAccountDecider, 'trade-1', [trade.opened()]);
    const { from: _, ...ownerless } = past.application;
    const submitted = { type: 'OwnerReplacementSubmitted', data: ownerless } as const;
    await room.applied([submitted, ...approvedByTwo.slice(1)]);
    await room.fresh().settlement.settle(APPLICATION, context());
    expect(await outcome(room)).toMatchObject({ application: 'Completed', owner: 'heir' });
  });
});
