import { LegacyDirectory } from '../../src/commands/legacy-directory.js';
import { legacyAccountDecider } from '../../src/domain/legacy-account/legacy-account.js';
import { replaceOwner } from '../../src/domain/trade-account/access.js';
import { tradeAccountDecider } from '../../src/domain/trade-account/trade-account.js';
import { Streams } from '../../src/engine/streams.js';
import { EventStore } from '../../src/ports.js';
import { sync } from '../support/legacy.js';
import { NEW_PASSWORD } from '../support/legacy-passwords.js';
import { Portal } from '../support/portal.js';
import { command } from '../support/tally.js';
import { PORTAL_MODE, SharedLogin } from '../support/trade-users.js';

let portal: Portal;
beforeAll(async () => {
  portal = await Portal.open(PORTAL_MODE);
});
afterAll(() => portal.close());

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

const historyOf = async ({ tradeAccountId }: SharedLogin) =>
  (await portal.app.get(EventStore).readStream(`tradeAccount-${tradeAccountId}`, 0, 200)).map(
    ({ type }) => type,
  );

const counted = async (type: string) =>
  (await portal.app.get(EventStore).readLog(null, 1_000)).filter((event) => event.type === type).length;

it.each(times(6, (index) => index))(
  'a sync that races its removal ends without access, whichever comes first (%i)',
  async (index) => {
    const company = await SharedLogin.open(portal);
    const { userId } = (await company.creates('ben')).body;
    const legacyUserId = await company.setsUp('ben');
    const ben = await company.joins('ben');
    const after = (ms: number) => new Promise((resume) => setTimeout(resume, ms));
    const [synced, removed] = await Promise.all([
      after(12 - 4 * index).then(() => sync(ben, legacyUserId, NEW_PASSWORD)),
      after(4 * index - 12).then(() => company.removes(userId)),
    ]);
    await portal.settled();
    expect([201, 409, 422]).toContain(synced.status);
    expect(removed.status).toBe(204);
    expect(await company.tradeAccountsOf(ben)).toEqual([]);
    const history = await historyOf(company);
    expect(history.slice(history.indexOf('UserRemoved'))).not.toContain('UserAccessGranted');
    expect(history.filter((type) => type === 'UserRemoved')).toHaveLength(1);
  },
);

it('of many creations for one address at once one is done, and mailed once', async () => {
  const company = await SharedLogin.open(portal);
  const before = {
    created: await counted('IndividualUserCreated'),
    revoked: await counted('IndividualUserRevoked'),
  };
  const answers = await Promise.all(times(16, () => company.creates('ben')));
  await portal.settled();
  const refusals = answers.filter(({ status }) => status !== 201);
  expect(refusals.map(({ body }) => body.code)).toEqual(times(15, () => 'UserPending'));
  expect(await portal.mailTo(company.email('ben'))).toHaveLength(1);
  expect(await company.list()).toHaveLength(2);
  // What the others began has ended: nobody can sync with it.
  const begun = (await counted('IndividualUserCreated')) - before.created;
  expect((await counted('IndividualUserRevoked')) - before.revoked).toBe(begun - 1);
});

it('one request that comes many times at once makes one user', async () => {
  const company = await SharedLogin.open(portal);
  const key = { 'idempotency-key': 'at-once' };
  const answers = await Promise.all(times(16, () => company.creates('ben', ['RunReports'], key)));
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  expect(answers[0]!.status).toBe(201);
  expect(await company.list()).toHaveLength(2);
});

it('an owner who is replaced meanwhile has no user created from that moment on', async () => {
  const company = await SharedLogin.open(portal);
  const { tradeAccountId } = company;
  const streams = portal.app.get(Streams);
  const { state } = await streams.read(tradeAccountDecider, tradeAccountId);
  const from = state.status === 'Open' ? state.owner : null;
  const replacing = { from, to: '0190a5e0-0000-7000-8000-0000000000aa', applicationId: 'app-race' };
  const [answers] = await Promise.all([
    Promise.all(times(12, (index) => company.creates(`user${index}`))),
    streams.decide(tradeAccountDecider, tradeAccountId, replaceOwner(replacing), command('replaced')),
  ]);
  await portal.settled();
  const history = await historyOf(company);
  const after = history.slice(history.indexOf('AccountOwnerReplaced'));
  expect(after).not.toContain('IndividualUserInvited');
  const invited = history.filter((type) => type === 'IndividualUserInvited').length;
  const created = answers.filter(({ status }) => status === 201).length;
  expect(created).toBeLessThanOrEqual(invited);
  const mails = await Promise.all(times(12, (index) => portal.mailTo(company.email(`user${index}`))));
  expect(mails.flat()).toHaveLength(invited);
  expect((await company.owner.get(company.users)).body.code).toBe('TradeAccountUnknown');
});

it('a removed user’s legacy account is shut for good', async () => {
  const company = await SharedLogin.open(portal);
  const { userId, legacyUserId } = (await company.creates('ben')).body;
  await company.removes(userId);
  const id = portal.app.get(LegacyDirectory).idOf(legacyUserId);
  expect((await portal.app.get(Streams).read(legacyAccountDecider, id)).state).toMatchObject({
    individual: { revoked: true },
    entry: { profile: { status: 'Inactive' } },
    password: { hash: undefined },
    passwordLink: null,
  });
});
