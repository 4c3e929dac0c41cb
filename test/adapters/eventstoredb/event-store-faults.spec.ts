import { jest } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';

import {
  EsdbEventStore,
  type EsdbEventStoreOptions,
} from '../../../src/adapters/eventstoredb/event-store.js';
import { OutcomeUnknown, StoreUnavailable, VersionConflict } from '../../../src/ports.js';
import { event, events, idsOf, newStream, race, streamOf } from '../../contracts/event-store-events.js';
import type { Fault } from '../../support/eventstoredb/faults.js';
import { notReady, Refusal, unknown, wrongExpectedVersion } from '../../support/eventstoredb/refusals.js';
import { StandIn } from '../../support/eventstoredb/stand-in.js';

/** Longer than any machine takes. */
const PATIENT_MS = 30_000;
jest.setTimeout(2 * PATIENT_MS);
const patient = { answerMs: PATIENT_MS, resolveMs: PATIENT_MS, readMs: PATIENT_MS, pingMs: PATIENT_MS };
/** gRPC's code of a server that gave up on its own work. */
const timedOut = () => new Refusal(10, 'Operation timed out: Commit phase timeout.');

let server: StandIn;
let stores: EsdbEventStore[];
beforeEach(async () => {
  server = await StandIn.start();
  stores = [];
});
afterEach(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await server.close();
});

function open(options: Partial<EsdbEventStoreOptions> = {}): EsdbEventStore {
  const store = EsdbEventStore.open({ url: server.connectionString, ...patient, ...options });
  stores.push(store);
  return store;
}

/** How long it took to settle, and to what. */
async function timed<T>(work: Promise<T>): Promise<{ ms: number; error: unknown }> {
  const start = performance.now();
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { ms: performance.now() - start, error };
}

describe('An append', () => {
  const lost: [string, Fault][] = [
    ['whose connection drops before it is written', { kind: 'dropped' }],
    ['whose connection drops after it was written', { kind: 'dropped', written: true }],
    ['that the server gave up on before writing', { kind: 'refused', with: timedOut() }],
    ['that the server gave up on but wrote', { kind: 'refused', with: timedOut(), written: true }],
    [
      'that fails in an unknown way after it was written',
      { kind: 'refused', with: unknown('?'), written: true },
    ],
  ];

  test.each(lost)('%s is written once, and answered', async (_, fault) => {
    const store = open();
    const stream = newStream();
    const written = events(3);
    await store.append(stream, 'NoStream', events(1));
    server.faults.inject(fault, ['append'], 1);
    const appended = await store.append(stream, 0, written);
    const recorded = await streamOf(store, stream);
    expect(idsOf(recorded).slice(1)).toEqual(idsOf(written));
    expect(appended).toEqual({ revision: 3, position: recorded[3]!.position });
  });

  test.each([
    ['before it was written', false],
    ['after it was written', true],
  ])('that is never answered, %s, is found out about after its deadline', async (_, written) => {
    const store = open({ answerMs: 1_000 });
    const stream = newStream();
    const given = event();
    // Connected, so that the deadline is that of the answer alone.
    await store.ping();
    server.faults.inject({ kind: 'silent', written }, ['append'], 1);
    expect((await store.append(stream, 'NoStream', [given])).revision).toBe(0);
    expect(idsOf(await streamOf(store, stream))).toEqual([given.eventId]);
  });

  test("at 'Any' that was written is found, and not written again", async () => {
    const store = open();
    const stream = newStream();
    const given = events(2);
    await store.append(stream, 'Any', events(3));
    server.faults.inject({ kind: 'dropped', written: true }, ['append'], 1);
    expect((await store.append(stream, 'Any', given)).revision).toBe(4);
    expect(idsOf(await streamOf(store, stream)).slice(3)).toEqual(idsOf(given));
  });

  test("at 'Any' that is not there is of unknown outcome: it is never sent twice", async () => {
    const store = open({ resolveMs: 300 });
    const stream = newStream();
    server.faults.inject({ kind: 'dropped' }, ['append'], 1);
    await expect(store.append(stream, 'Any', [event()])).rejects.toThrow(OutcomeUnknown);
    expect(await streamOf(store, stream)).toEqual([]);
  });

  test('whose place somebody else took while it was lost is a conflict', async () => {
    const [store, other] = [open({ answerMs: 3_000 }), open()];
    await Promise.all([store.ping(), other.ping()]);
    const stream = newStream();
    server.faults.inject({ kind: 'silent' }, ['append'], 1);
    const append = store.append(stream, 'NoStream', [event()]);
    append.catch(() => undefined);
    await pause(100);
    await other.append(stream, 'NoStream', events(2));
    await expect(append).rejects.toMatchObject({ name: 'VersionConflict', stream, actual: 1 });
  });

  test('that can neither be answered nor found is of unknown outcome, in bounded time', async () => {
    const store = open({ answerMs: 300, resolveMs: 300, readMs: 300 });
    await store.ping();
    server.freeze();
    const { ms, error } = await timed(store.append(newStream(), 'NoStream', [event()]));
    expect(error).toBeInstanceOf(OutcomeUnknown);
    expect(ms).toBeLessThan(5_000);
    server.thaw();
    await open().ping();
  });

  test.each([
    ['not ready', notReady()],
    ['without a leader', unknown('No leader info available in response')],
  ])('that a server refuses which is %s was surely not written', async (_, refusal) => {
    const store = open();
    const stream = newStream();
    server.faults.inject({ kind: 'refused', with: refusal }, ['append'], 1);
    await expect(store.append(stream, 'NoStream', [event()])).rejects.toThrow(StoreUnavailable);
    expect(await streamOf(store, stream)).toEqual([]);
    expect((await store.append(stream, 'NoStream', [event()])).revision).toBe(0);
  });

  test('that the server refuses by an error for its revision is a conflict', async () => {
    const refusal = wrongExpectedVersion('account-1', 5n, 7n);
    server.faults.inject({ kind: 'refused', with: refusal }, ['append'], 1);
    const refused = open().append('account-1', 5, [event()]);
    await expect(refused).rejects.toThrow(VersionConflict);
    await expect(refused).rejects.toMatchObject({ expected: 5, actual: 7 });
  });

  test('that is answered late is answered', async () => {
    server.faults.inject({ kind: 'delayed', ms: 300 }, ['append'], 1);
    expect((await open().append(newStream(), 'NoStream', [event()])).revision).toBe(0);
  });

  test('never goes over the batch stream, whose repeated answers end the process', async () => {
    server.faults.inject({ kind: 'repeated' }, ['batchAppend']);
    server.faults.inject({ kind: 'silent' }, ['features']);
    const store = open();
    const stream = newStream();
    for (let n = 0; n < 5; n++) await store.append(stream, 'Any', [event()]);
    expect(await streamOf(store, stream)).toHaveLength(5);
  });

  test('is refused at once while the server is away, and taken when it is back', async () => {
    const store = open();
    const stream = newStream();
    await store.append(stream, 'NoStream', [event()]);
    await server.kill();
    // The first call finds out that the connection is gone.
    await expect(store.ping()).rejects.toThrow(StoreUnavailable);
    const { ms, error } = await timed(store.append(stream, 0, [event()]));
    expect(error).toBeInstanceOf(StoreUnavailable);
    expect(ms).toBeLessThan(2_000);
    for (let n = 0; n < 20; n++) await timed(store.append(stream, 0, [event()]));
    await server.restart();
    expect((await store.append(stream, 0, [event()])).revision).toBe(1);
  });

  test('64 in flight when connections drop are each written once or surely not', async () => {
    const store = open();
    const streams = Array.from({ length: 64 }, newStream);
    await store.ping();
    server.faults.inject({ kind: 'delayed', ms: 50 }, ['append'], 64);
    const appends = streams.map((stream) => store.append(stream, 'NoStream', events(2)));
    await pause(20);
    server.dropConnections();
    const { won, lost: failed } = await race(appends);
    expect(failed).toEqual([]);
    expect(won).toHaveLength(64);
    for (const stream of streams) expect(await streamOf(store, stream)).toHaveLength(2);
  });

  test('over a connection that is half open goes on over another', async () => {
    const store = open({ answerMs: 1_500 });
    const stream = newStream();
    await store.append(stream, 'NoStream', [event()]);
    server.strandConnections();
    expect((await store.append(stream, 0, [event()])).revision).toBe(1);
    expect((await store.append(stream, 1, [event()])).revision).toBe(2);
  });

  test('to a server that stands still and goes on is written at most once', async () => {
    const store = open({ answerMs: 200, resolveMs: 200, readMs: 200 });
    const stream = newStream();
    const given = event();
    await store.ping();
    server.freeze();
    await expect(store.append(stream, 'NoStream', [given])).rejects.toThrow(OutcomeUnknown);
    server.thaw();
    const again = open();
    expect((await again.append(stream, 'NoStream', [given])).revision).toBe(0);
    expect(idsOf(await streamOf(again, stream))).toEqual([given.eventId]);
  });
});
