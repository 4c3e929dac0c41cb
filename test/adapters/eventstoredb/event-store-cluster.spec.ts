import { jest } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';

import { EsdbEventStore } from '../../../src/adapters/eventstoredb/event-store.js';
import { OutcomeUnknown, StoreUnavailable, VersionConflict } from '../../../src/ports.js';
import { event, idsOf, newStream, streamOf } from '../../contracts/event-store-events.js';
import { makeCertificate } from '../../support/eventstoredb/certificate.js';
import { StandInCluster } from '../../support/eventstoredb/stand-in-cluster.js';
import { StandIn } from '../../support/eventstoredb/stand-in.js';

jest.setTimeout(60_000);

describe('With a cluster', () => {
  let cluster: StandInCluster;
  let store: EsdbEventStore;
  beforeEach(async () => {
    cluster = await StandInCluster.start();
    store = EsdbEventStore.open({ url: cluster.connectionString });
  });
  afterEach(async () => {
    await store.close();
    await cluster.close();
  });

  test('appends and reads go to the new leader when another node leads, without an error', async () => {
    const stream = newStream();
    await store.append(stream, 'NoStream', [event()]);
    for (let revision = 0; revision < 4; revision++) {
      cluster.elect();
      expect((await store.append(stream, revision, [event()])).revision).toBe(revision + 1);
      cluster.elect();
      expect(await store.readStream(stream, revision + 1, 10)).toHaveLength(1);
    }
  });

  test('a node is found by asking another', async () => {
    const discovering = EsdbEventStore.open({ url: cluster.discoveringConnectionString });
    await expect(discovering.ping()).resolves.toBeUndefined();
    expect((await discovering.append(newStream(), 'NoStream', [event()])).revision).toBe(0);
    await discovering.close();
  });

  test('a leader killed under load loses nothing that was acknowledged, and doubles nothing', async () => {
    const streams = Array.from({ length: 8 }, newStream);
    const acknowledged = new Map<string, string[]>(streams.map((stream) => [stream, []]));
    const sent = new Set<string>();
    let over = false;

    const followed: string[] = [];
    const signal = new AbortController();
    const following = (async () => {
      for await (const batch of store.follow(null, signal.signal)) followed.push(...idsOf(batch));
    })();

    const write = async (stream: string) => {
      while (!over) {
        const given = event();
        sent.add(given.eventId);
        const end = acknowledged.get(stream)!.length - 1;
        try {
          await store.append(stream, end < 0 ? 'NoStream' : end, [given]);
          acknowledged.get(stream)!.push(given.eventId);
        } catch (error) {
          expect([StoreUnavailable, OutcomeUnknown, VersionConflict]).toContain((error as Error).constructor);
          // As Streams does: what is there tells.
          const written = await streamOf(store, stream).catch(() => null);
          if (written !== null) {
            expect(idsOf(written).slice(0, end + 1)).toEqual(acknowledged.get(stream));
            acknowledged.set(stream, idsOf(written));
          }
          await pause(20);
        }
      }
    };
    const writers = streams.map(write);
    await pause(300);
    const killed = await cluster.killLeader();
    await pause(300);
    cluster.elect();
    const before = [...acknowledged.values()].flat().length;
    while ([...acknowledged.values()].flat().length < before + 50) await pause(10);
    await cluster.revive(killed);
    over = true;
    await Promise.all(writers);

    const stored: string[] = [];
    for (const stream of streams) {
      const ids = idsOf(await streamOf(store, stream));
      expect(ids.slice(0, acknowledged.get(stream)!.length)).toEqual(acknowledged.get(stream));
      stored.push(...ids);
    }
    expect(new Set(stored).size).toBe(stored.length);
    expect(stored.filter((id) => !sent.has(id))).toEqual([]);
    while (followed.length < stored.length) await pause(10);
    signal.abort();
    await following;
    expect([...followed].sort()).toEqual([...stored].sort());
  });

  test('without a leader nothing is taken, and nothing was written', async () => {
    const stream = newStream();
    await store.append(stream, 'NoStream', [event()]);
    await cluster.killLeader();
    await expect(store.ping()).rejects.toThrow(StoreUnavailable);
    await expect(store.append(stream, 0, [event()])).rejects.toThrow(StoreUnavailable);
    cluster.elect();
    const start = performance.now();
    while (await store.ping().catch((error: unknown) => error)) await pause(50);
    expect(performance.now() - start).toBeLessThan(5_000);
    expect(await streamOf(store, stream)).toHaveLength(1);
  });
});

const certificate = makeCertificate();
const withCertificate = certificate === null ? describe.skip : describe;

withCertificate('With TLS and users', () => {
  let server: StandIn;
  beforeAll(async () => {
    server = await StandIn.start({ certificate: certificate!, users: { admin: 'change it/?' } });
  });
  afterAll(() => server.close());

  const as = (user: string) =>
    EsdbEventStore.open({ url: server.connectionString.replace('//', `//${user}@`) });

  test('the user and password of the connection string are used for appends, reads and following', async () => {
    const store = as(`admin:${encodeURIComponent('change it/?')}`);
    const stream = newStream();
    await store.append(stream, 'NoStream', [event()]);
    expect(await streamOf(store, stream)).toHaveLength(1);
    for await (const batch of store.follow(null, new AbortController().signal)) {
      expect(batch).toHaveLength(1);
      break;
    }
    await store.close();
  });

  test('a wrong password is refused by a sentence without it; nothing is written', async () => {
    const store = as('admin:guessed');
    const refused = await store.append(newStream(), 'NoStream', [event()]).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StoreUnavailable);
    const ping = await store.ping().catch((error: unknown) => error);
    expect(ping).toBeInstanceOf(StoreUnavailable);
    expect(String(refused) + String(ping)).not.toContain('guessed');
    await store.close();
  });
});
