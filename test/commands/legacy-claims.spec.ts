import { EmbeddedEventStore } from '../../src/adapters/embedded/event-store.js';
import { EmbeddedKeyStore } from '../../src/adapters/embedded/key-store.js';
import { RandomIds } from '../../src/adapters/system.js';
import { LegacyChanges } from '../../src/commands/legacy-changes.js';
import { LegacyClaims } from '../../src/commands/legacy-claims.js';
import { TradeAccounts } from '../../src/commands/trade-accounts.js';
import { accountDecider } from '../../src/domain/account/account.js';
import type { AccountEvent } from '../../src/domain/account/events.js';
import { claimLegacyAccount } from '../../src/domain/legacy-account/claim.js';
import { importLegacyAccount } from '../../src/domain/legacy-account/import.js';
import { legacyAccountDecider } from '../../src/domain/legacy-account/legacy-account.js';
import { bringOver } from '../../src/domain/trade-account/access.js';
import { tradeAccountDecider } from '../../src/domain/trade-account/trade-account.js';
import { Codec, isUndecodable } from '../../src/engine/codec.js';
import { Keyring } from '../../src/engine/sealing.js';
import { masterKey } from '../../src/engine/secrets.js';
import { Streams } from '../../src/engine/streams.js';
import { LegacySyncs } from '../../src/reactions/legacy-syncs.js';
import { personErased, registered, suspended } from '../domain/account/past.js';
import { record, row } from '../domain/legacy-account/past.js';
import { FixedClock } from '../support/counters.js';
import { command } from '../support/tally.js';

let events: EmbeddedEventStore;
let codec: Codec;
let streams: Streams;
let claims: LegacyClaims;
let named = 0;
const tradeAccounts = new TradeAccounts(new Uint8Array(32).fill(2));
beforeEach(() => {
  events = EmbeddedEventStore.openInMemory();
  const keyring = new Keyring(EmbeddedKeyStore.openInMemory(), masterKey(new Uint8Array(32).fill(1)));
  codec = new Codec([accountDecider, legacyAccountDecider, tradeAccountDecider], keyring);
  streams = new Streams(events, codec, new FixedClock(), new RandomIds(), { soleWriter: true });
  claims = new LegacyClaims(streams, tradeAccounts);
});

const fresh = () => command(`c-${(named += 1)}`);
const happens = (accountId: string, ...past: AccountEvent[]) =>
  streams.decide(accountDecider, accountId, () => past, fresh());
const claim = async (legacyAccountId: string, accountId: string) => {
  await streams.decide(legacyAccountDecider, legacyAccountId, importLegacyAccount(record, row()), fresh());
  await streams.decide(legacyAccountDecider, legacyAccountId, claimLegacyAccount(accountId, 1), fresh());
};
const complete = (legacyAccountId = 'l-1', accountId = 'ada') =>
  claims.complete(legacyAccountId, accountId, fresh());
const claimant = async (legacyAccountId = 'l-1') =>
  (await streams.read(legacyAccountDecider, legacyAccountId)).state.claimedBy;
const logged = async () => (await events.readLog(null, 100)).map(({ type }) => type);
const countOf = async (type: string) => (await logged()).filter((each) => each === type).length;

/** What the reaction makes of the whole log and of what it adds to it, as after a crash that lost its checkpoint. */
async function react(): Promise<void> {
  const reaction = new LegacySyncs(claims, new LegacyChanges(streams, tradeAccounts));
  for (let page = await events.readLog(null, 1); page.length > 0;) {
    const [event] = await codec.decode(page);
    if (event && !isUndecodable(event) && reaction.types.has(event.type)) await reaction.react(event);
    page = await events.readLog(page[0]!.position, 1);
  }
}

describe('a claim that a crash cut off', () => {
  it('is completed by the reaction, to the last trade account', async () => {
    await happens('ada', ...registered);
    await claim('l-1', 'ada');
    await react();
    expect((await streams.read(accountDecider, 'ada')).state).toMatchObject({
      legacy: { legacyAccountId: 'l-1', broughtOver: true },
    });
    const id = tradeAccounts.idOf('Importer', '12-3456789');
    expect((await streams.read(tradeAccountDecider, id)).state).toMatchObject({
      owner: 'ada',
      users: [{ accountId: 'ada', permissions: ['RunReports'] }],
    });
  });

  it('is completed once, however often the reaction sees it', async () => {
    await happens('ada', ...registered);
    await claim('l-1', 'ada');
    await react();
    const before = await logged();
    await react();
    expect(await logged()).toEqual(before);
    expect(await countOf('LegacySynced')).toBe(1);
  });

  it('does not bring back what was taken away since', async () => {
    await happens('ada', ...registered);
    await claim('l-1', 'ada');
    await react();
    const id = tradeAccounts.idOf('Importer', '12-3456789');
    const revoked = { type: 'UserAccessRevoked', data: { accountId: 'ada' } } as const;
    await streams.decide(tradeAccountDecider, id, () => [revoked], fresh());
    // Long after: the log has forgotten which commands it carried out.
    await claims.bringOverAccess('ada', fresh());
    expect((await streams.read(tradeAccountDecider, id)).state).toMatchObject({ users: [] });
  });

  it('does not bring back what was taken away between two of its steps', async () => {
    await happens('ada', ...registered);
    await claim('l-1', 'ada');
    const link = await complete();
    const id = tradeAccounts.idOf('Importer', '12-3456789');
    const { type, number, owner: isOwner, permissions } = link!.tradeAccounts![0]!;
    const { version: legacyVersion } = link!;
    const access = { type, number, companyName: '', accountId: 'ada', isOwner, permissions, legacyVersion };
    // This far the instance came that ended then.
    await streams.decide(tradeAccountDecider, id, bringOver(access), fresh());
    const revoked = { type: 'UserAccessRevoked', data: { accountId: 'ada' } } as const;
    await streams.decide(tradeAccountDecider, id, () => [revoked], fresh());
    await react();
    expect((await streams.read(tradeAccountDecider, id)).state).toMatchObject({ users: [] });
  });

  it('is released where the account is synced with another by now', async () => {
    await happens('ada', ...registered);
    await claim('l-1', 'ada');
    await claim('l-2', 'ada');
    await complete('l-1');
    await react();
    expect([await claimant('l-1'), await claimant('l-2')]).toEqual(['ada', null]);
    expect(await countOf('LegacySynced')).toBe(1);
  });

  it('is released where the person was erased meanwhile, and free for another account', async () => {
    await happens('ada', ...registered);
    await happens('ben', ...registered);
    await claim('l-1', 'ada');
    await happens('ada', personErased);
    await react();
    expect(await claimant()).toBeNull();
    await claim('l-1', 'ben');
    await react();
    expect((await streams.read(accountDecider, 'ben')).state).toMatchObject({
      legacy: { legacyAccountId: 'l-1' },
    });
  });

  it('waits while the account is suspended: another one could not have it, lest both be synced', async () => {
    await happens('ada', ...registered, suspended('SecurityConcern'));
    await claim('l-1', 'ada');
    await react();
    expect([await claimant(), await countOf('LegacySynced')]).toEqual(['ada', 0]);
  });
});

it('a legacy account that was used stays so, though the person was erased since', async () => {
  await happens('ada', ...registered);
  await claim('l-1', 'ada');
  await react();
  await happens('ada', personErased);
  await expect(complete('l-1', 'ada')).rejects.toThrow('no such account');
  expect(await claimant()).toBe('ada');
});

it('a claim that was released in the meantime completes nothing', async () => {
  await happens('ada', ...registered);
  await claim('l-1', 'ben');
  expect(await complete('l-1', 'ada')).toBeNull();
  expect(await countOf('LegacySynced')).toBe(0);
});
