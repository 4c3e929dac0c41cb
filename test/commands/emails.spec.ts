import { EmbeddedEventStore } from '../../src/adapters/embedded/event-store.js';
import { EmbeddedKeyStore } from '../../src/adapters/embedded/key-store.js';
import { RandomIds } from '../../src/adapters/system.js';
import { Emails } from '../../src/commands/emails.js';
import { accountDecider } from '../../src/domain/account/account.js';
import { noteRegistrationAttempt, register } from '../../src/domain/account/registration.js';
import type { AccountEvent } from '../../src/domain/account/events.js';
import { claimEmail, emailDecider, releaseEmail } from '../../src/domain/email/email.js';
import { Codec } from '../../src/engine/codec.js';
import { Keyring } from '../../src/engine/sealing.js';
import { masterKey } from '../../src/engine/secrets.js';
import { Streams } from '../../src/engine/streams.js';
import { locked, registered, registration, registrationAttempted } from '../domain/account/past.js';
import { FixedClock } from '../support/counters.js';
import { HOUR, MINUTE, SECOND, T0 } from '../support/given.js';
import { command } from '../support/tally.js';

let clock: FixedClock;
let streams: Streams;
let emails: Emails;
let key: string;
beforeEach(() => {
  const keyring = new Keyring(EmbeddedKeyStore.openInMemory(), masterKey(new Uint8Array(32).fill(1)));
  const codec = new Codec([accountDecider, emailDecider], keyring);
  clock = new FixedClock(T0);
  const options = { soleWriter: true };
  streams = new Streams(EmbeddedEventStore.openInMemory(), codec, clock, new RandomIds(), options);
  emails = new Emails(new Uint8Array(32).fill(2), streams, clock);
  key = emails.keyOf('Ada@Example.org');
});

/** Lets something happen right after an account was next looked at. */
function afterNextLook(meanwhile: () => Promise<unknown>): void {
  const decide = streams.decide.bind(streams);
  streams.decide = async (...args) => {
    const decided = await decide(...args);
    if (args[0].category !== 'account') return decided;
    streams.decide = decide;
    await meanwhile();
    return decided;
  };
}

let named = 0;
const fresh = () => command(`c-${(named += 1)}`);
const claim = (accountId: string) => emails.claim(key, accountId, fresh());
const happens = (accountId: string, ...events: AccountEvent[]) =>
  streams.decide(accountDecider, accountId, () => events, fresh());
const lives = (accountId: string, emailKey = key) =>
  happens(accountId, ...registered.map((event) => withKey(event, emailKey)));
const withKey = (event: AccountEvent, emailKey: string): AccountEvent =>
  event.type === 'AccountRegistered' ? { ...event, data: { ...event.data, emailKey } } : event;

test('a free address is claimed, however it is spelled', async () => {
  expect(await claim('ada')).toBeNull();
  expect(await emails.holderOf(emails.keyOf('ADA@example.ORG'))).toBe('ada');
});

test('the address of a living account stays its own', async () => {
  await claim('ada');
  await lives('ada');
  clock.at += HOUR;
  expect(await claim('eve')).toBe('ada');
  expect(await emails.accountOf(key)).toBe('ada');
});

test('a registration between its two appends keeps its claim for a minute', async () => {
  await claim('ada');
  clock.at += 60 * SECOND - 1;
  expect(await claim('eve')).toBe('ada');
});

test('a claim whose account never came is taken over, and the account cannot come any more', async () => {
  await claim('ada');
  clock.at += MINUTE;
  expect(await claim('eve')).toBeNull();
  const late = streams.decide(accountDecider, 'ada', register({ ...registration, emailKey: key }), fresh());
  await expect(late).rejects.toMatchObject({ code: 'RegistrationAbandoned' });
});

test('the claim of a registration that nobody confirmed is taken over', async () => {
  await claim('ada');
  await happens('ada', withKey(registered[0]!, key));
  clock.at += 48 * HOUR;
  expect(await claim('eve')).toBeNull();
});

test('the claim of an account that has moved to another address is taken over', async () => {
  await claim('ada');
  await lives('ada', 'another-key');
  clock.at += MINUTE;
  expect(await claim('eve')).toBeNull();
});

test('of two who would take it over at once one does, and the other is told of that one', async () => {
  await claim('ada');
  clock.at += MINUTE;
  const outcomes = await Promise.all([claim('eve'), claim('bob')]);
  const winner = (await emails.holderOf(key))!;
  expect(new Set(outcomes)).toEqual(new Set([null, winner]));
});

test('a holder who claims again while being looked at keeps the address', async () => {
  await claim('ada');
  await lives('ada', 'another-key');
  clock.at += MINUTE;
  afterNextLook(() => streams.decide(emailDecider, key, claimEmail('ada'), fresh()));
  expect(await claim('eve')).toBe('ada');
  expect(await emails.holderOf(key)).toBe('ada');
});

test('an address released while its holder was being looked at is claimed', async () => {
  await claim('ada');
  await lives('ada', 'another-key');
  clock.at += MINUTE;
  afterNextLook(() => streams.decide(emailDecider, key, releaseEmail('ada'), fresh()));
  expect(await claim('eve')).toBeNull();
  expect(await emails.holderOf(key)).toBe('eve');
});

test('looking at the holder is not taken for what the same command records there', async () => {
  await claim('ada');
  await lives('ada');
  await happens('ada', ...locked);
  clock.at += HOUR;
  const context = fresh();
  expect(await emails.claim(key, 'eve', context)).toBe('ada');
  const { events, repeated } = await streams.decide(
    accountDecider,
    'ada',
    noteRegistrationAttempt(),
    context,
  );
  expect([events, repeated]).toEqual([[registrationAttempted], false]);
  const { state } = await streams.read(accountDecider, 'ada');
  expect(state).toMatchObject({ lock: null });
});
