import { performance } from 'node:perf_hooks';

import {
  ANY,
  DeadlineExceededError,
  EventStoreDBClient,
  NO_STREAM,
  NotLeaderError,
  streamNameFilter,
  TimeoutError,
  UnavailableError,
  UnknownError,
} from '@eventstore/db-client';

import type { Fault } from '../../support/eventstoredb/faults.js';
import { notLeader, notReady, tooSlow, unimplemented, unknown } from '../../support/eventstoredb/refusals.js';
import { StandIn } from '../../support/eventstoredb/stand-in.js';
import { append, event, events, failure, newStream, revisionsOf, type Subject } from './server-subject.js';

const credentials = { username: 'admin', password: 'changeit' };
let standIn: StandIn;
let subject: Subject;
let stream: string;

beforeEach(async () => {
  standIn = await StandIn.start();
  subject = { client: EventStoreDBClient.connectionString(standIn.connectionString), credentials };
  stream = newStream();
  await append(subject, stream, event(), NO_STREAM);
});

afterEach(async () => {
  standIn.thaw();
  await subject.client.dispose();
  await standIn.close();
});

describe('a call goes wrong', () => {
  const cases: [string, Fault, new (...args: never[]) => Error][] = [
    ['refused', { kind: 'refused', with: unknown('disk full') }, UnknownError],
    ['the server not ready', { kind: 'refused', with: notReady() }, UnavailableError],
    ['the method unknown', { kind: 'refused', with: unimplemented() }, UnknownError],
    ['its connection dropped', { kind: 'dropped' }, UnavailableError],
    ['never answered', { kind: 'silent' }, DeadlineExceededError],
  ];
  // Long enough for a busy machine to get the call through; only the unanswered wait for it.
  const deadlineOf = ({ kind }: Fault) => (kind === 'silent' ? 1_500 : 20_000);

  test.each(cases)('before the write, which is then not done: %s', async (_, fault, error) => {
    standIn.faults.inject(fault, ['append'], 1);
    const attempt = subject.client.appendToStream(stream, event(), {
      credentials,
      deadline: deadlineOf(fault),
    });
    expect(await failure(attempt)).toBeInstanceOf(error);
    expect(await revisionsOf(subject, stream)).toEqual([0n]);
    expect((await append(subject, stream, event(), 0n)).nextExpectedRevision).toBe(1n);
  });

  test.each(cases)(
    'after the write, which is then done once, also when repeated: %s',
    async (_, fault, error) => {
      standIn.faults.inject({ ...fault, written: true } as Fault, ['append'], 1);
      const once = event();
      const attempt = () =>
        subject.client.appendToStream(stream, once, {
          expectedRevision: 0n,
          credentials,
          deadline: deadlineOf(fault),
        });
      expect(await failure(attempt())).toBeInstanceOf(error);
      expect(await revisionsOf(subject, stream)).toEqual([0n, 1n]);
      expect((await attempt()).nextExpectedRevision).toBe(1n);
      expect(await revisionsOf(subject, stream)).toEqual([0n, 1n]);
    },
  );

  test('later than the call took', async () => {
    standIn.faults.inject({ kind: 'delayed', ms: 150 }, ['append'], 1);
    const start = performance.now();
    await append(subject, stream, event(), 0n);
    expect(performance.now() - start).toBeGreaterThan(145);
  });

  test('for as many calls as asked for, or until lifted, and for no other method', async () => {
    const refused: Fault = { kind: 'refused', with: notReady() };
    standIn.faults.inject(refused, ['append'], 2);
    for (let n = 0; n < 2; n++) await failure(append(subject, stream, event(), ANY));
    await append(subject, stream, event(), ANY);
    const lift = standIn.faults.inject(refused, ['append']);
    for (let n = 0; n < 5; n++) await failure(append(subject, stream, event(), ANY));
    expect(await revisionsOf(subject, stream)).toEqual([0n, 1n]);
    lift();
    await append(subject, stream, event(), ANY);
  });

  test('a server that does not lead names the leader, where the client goes next', async () => {
    const leader = await StandIn.start({ log: standIn.log });
    standIn.faults.inject({ kind: 'refused', with: notLeader(leader.endpoint) }, ['append']);
    const error = await failure(append(subject, stream, event(), ANY));
    expect(error).toBeInstanceOf(NotLeaderError);
    expect(error).toMatchObject({ leader: leader.endpoint });
    expect((await append(subject, stream, event(), 0n)).nextExpectedRevision).toBe(1n);
    await leader.close();
  });
});

describe('the whole server goes wrong', () => {
  test('killed, it refuses; again on the same port it has all that it acknowledged', async () => {
    await standIn.kill();
    expect(await failure(append(subject, stream, event(), 0n))).toMatchObject({ code: 14 });
    await standIn.restart();
    await eventually(() => append(subject, stream, event(), 0n));
    expect(await revisionsOf(subject, stream)).toEqual([0n, 1n]);
  });

  test('frozen, it takes connections and answers nothing until it goes on', async () => {
    standIn.freeze();
    const other = EventStoreDBClient.connectionString(standIn.connectionString);
    for (const client of [subject.client, other]) {
      const attempt = client.appendToStream(stream, event(), { credentials, deadline: 300 });
      expect(await failure(attempt)).toBeInstanceOf(DeadlineExceededError);
    }
    standIn.thaw();
    await append(subject, newStream(), event(), NO_STREAM);
    await other.dispose();
  });

  test('all its connections dropped, it takes new ones', async () => {
    standIn.dropConnections();
    await eventually(() => append(subject, stream, events(2), 0n));
    expect(await revisionsOf(subject, stream)).toEqual([0n, 1n, 2n]);
  });
});

describe('a read breaks off', () => {
  test('with an error after some of its events', async () => {
    await append(subject, stream, events(20), 0n);
    standIn.faults.inject({ kind: 'brokenOff', after: 5, with: notReady() }, ['read'], 1);
    const seen: bigint[] = [];
    const reading = (async () => {
      for await (const { event } of subject.client.readStream(stream)) seen.push(event!.revision);
    })();
    expect(await failure(reading)).toBeInstanceOf(UnavailableError);
    expect(seen.length).toBeLessThanOrEqual(5);
    expect(await revisionsOf(subject, stream)).toHaveLength(21);
  });

  test.each<[string, () => void, new (...args: never[]) => Error]>([
    ['it is too slow', () => standIn.dropSubscriptions(tooSlow()), TimeoutError],
    ['the connection is lost', () => standIn.dropConnections(), UnavailableError],
    ['the server is killed', () => void standIn.kill(), UnavailableError],
  ])('a subscription has an error and no end, and stays away: %s', async (_, breakIt, error) => {
    const subscription = subject.client.subscribeToAll({ filter: streamNameFilter({ prefixes: [stream] }) });
    let ended = false;
    subscription.on('end', () => (ended = true));
    const seen: bigint[] = [];
    const following = (async () => {
      for await (const { event } of subscription) {
        seen.push(event!.revision);
        if (seen.length === 1) setImmediate(breakIt);
      }
    })();
    expect(await failure(following)).toBeInstanceOf(error);
    await standIn.restart();
    await eventually(() => append(subject, stream, event(), 0n));
    expect(seen).toEqual([0n]);
    expect(ended).toBe(false);
  });
});

/** The client reconnects on a call that comes after the one that failed. */
async function eventually(attempt: () => Promise<unknown>): Promise<void> {
  for (let left = 20; left > 0; left--) {
    const error = await attempt().then(
      () => null,
      (error: unknown) => error,
    );
    if (error === null) return;
    if (left === 1) throw error;
  }
}
