import { rmSync } from 'node:fs';
import { dirname } from 'node:path';

import {
  ANY,
  END,
  EventStoreDBClient,
  NO_STREAM,
  NotLeaderError,
  streamNameFilter,
} from '@eventstore/db-client';

import { makeCertificate } from '../../support/eventstoredb/certificate.js';
import { StandIn } from '../../support/eventstoredb/stand-in.js';
import { StandInCluster } from '../../support/eventstoredb/stand-in-cluster.js';
import { append, event, events, failure, newStream, revisionsOf, type Subject } from './server-subject.js';

const credentials = { username: 'admin', password: 'changeit' };
const opened: { dispose(): Promise<void> }[] = [];
const started: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const client of opened.splice(0)) await client.dispose();
  for (const server of started.splice(0)) await server.close();
});

function subjectOf(connectionString: string): Subject {
  const client = EventStoreDBClient.connectionString(connectionString);
  opened.push(client);
  return { client, credentials };
}

describe('three nodes', () => {
  let cluster: StandInCluster;
  beforeEach(async () => {
    cluster = await StandInCluster.start();
    started.push(cluster);
  });

  test.each([
    ['all of them named', () => cluster.connectionString],
    ['discovered from one', () => cluster.discoveringConnectionString],
  ])('are one server, that goes on when its leader is killed: %s', async (_, connectionString) => {
    const subject = subjectOf(connectionString());
    const stream = newStream();
    const leading = { requiresLeader: true, credentials };
    await subject.client.appendToStream(stream, event(), { ...leading, expectedRevision: NO_STREAM });
    const killed = await cluster.killLeader();
    const lost = subject.client.appendToStream(stream, event(), { ...leading, expectedRevision: 0n });
    expect(await failure(lost)).toMatchObject({ type: 'unavailable' });
    cluster.elect();
    expect(cluster.leader).not.toBe(killed);
    const next = await subject.client.appendToStream(stream, event(), { ...leading, expectedRevision: 0n });
    expect(next.nextExpectedRevision).toBe(1n);
    expect(await revisionsOf(subject, stream)).toEqual([0n, 1n]);
  });

  test('a follower forwards a write, and refuses one that wants the leader, whom it names', async () => {
    const follower = cluster.nodes.find((node) => node !== cluster.leader)!;
    const subject = subjectOf(follower.connectionString);
    const stream = newStream();
    await append(subject, stream, event(), NO_STREAM);
    const reading = (async () => {
      for await (const _ of subject.client.readStream(stream, { requiresLeader: true }));
    })();
    const refused = await failure(reading);
    expect(refused).toBeInstanceOf(NotLeaderError);
    expect(refused).toMatchObject({ leader: cluster.leader!.endpoint });
  });

  test('are not ready while nobody leads', async () => {
    const follower = cluster.nodes.find((node) => node !== cluster.leader)!;
    const subject = subjectOf(follower.connectionString);
    await cluster.killLeader();
    await expect(append(subject, newStream(), event(), ANY)).rejects.toThrow('Server Is Not Ready');
  });

  test('a subscription to a killed leader ends, and goes on from its position with another', async () => {
    const subject = subjectOf(cluster.connectionString);
    const stream = newStream();
    const filter = streamNameFilter({ prefixes: [stream] });
    const { position } = await append(subject, stream, event(), NO_STREAM);
    const subscription = subject.client.subscribeToAll({ fromPosition: END, filter });
    const ending = failure(new Promise((_, reject) => subscription.once('error', reject)));
    await new Promise((resolve) => subscription.once('confirmation', resolve));
    const killed = await cluster.killLeader();
    expect(await ending).toMatchObject({ type: 'unavailable' });
    cluster.elect();
    await cluster.revive(killed);
    await append(subject, stream, events(2), 0n);
    const resumed = subject.client.subscribeToAll({ fromPosition: position!, filter });
    const seen: bigint[] = [];
    for await (const { event } of resumed) {
      if (seen.push(event!.revision) === 2) {
        await resumed.unsubscribe();
        break;
      }
    }
    expect(seen).toEqual([1n, 2n]);
  });
});

describe('servers of other versions', () => {
  test('without positions in streams, the client makes them the greatest number there is', async () => {
    const standIn = await StandIn.start({ positionsInStreams: false });
    started.push(standIn);
    const subject = subjectOf(standIn.connectionString);
    const stream = newStream();
    await append(subject, stream, event(), NO_STREAM);
    await subject.client.setStreamMetadata(stream, { maxCount: 1 }, { credentials });
    for await (const resolved of subject.client.readStream(stream)) {
      const none = 2n ** 64n - 1n;
      expect(resolved.commitPosition).toBeUndefined();
      expect(resolved.event).toMatchObject({ position: { commit: none, prepare: none } });
    }
    expect((await subject.client.getStreamMetadata(stream)).metastreamRevision).toBeUndefined();
  });

  test('the prepare position of an append may be that of its first event', async () => {
    const standIn = await StandIn.start({ prepareOfAppends: 'first' });
    started.push(standIn);
    const { position } = await append(subjectOf(standIn.connectionString), newStream(), events(3), NO_STREAM);
    expect(position!.prepare).toBeLessThan(position!.commit);
  });

  test('a subscription may say that it has caught up', async () => {
    const standIn = await StandIn.start({ tellsCaughtUp: true });
    started.push(standIn);
    const subscription = subjectOf(standIn.connectionString).client.subscribeToAll();
    const types: string[] = [];
    subscription.on('data', ({ event }) => types.push(event!.type));
    await new Promise((resolve) => subscription.once('caughtUp', resolve));
    expect(types).toEqual(['$statsCollected']);
    await subscription.unsubscribe();
  });
});

const certificate = makeCertificate();
(certificate ? describe : describe.skip)('with TLS (skipped without openssl)', () => {
  afterAll(() => rmSync(dirname(certificate!.file), { recursive: true }));

  test.each([
    ['the right password may write', 'changeit', null],
    ['another password is nobody', 'guessed', { type: 'access-denied', code: 16 }],
  ])('a user with %s', async (_, password, refused) => {
    const standIn = await StandIn.start({ certificate: certificate!, users: { admin: 'changeit' } });
    started.push(standIn);
    const { client } = subjectOf(standIn.connectionString.replace('//', `//admin:${password}@`));
    const attempt = client.appendToStream(newStream(), event(), {
      credentials: { username: 'admin', password },
    });
    if (refused) expect(await failure(attempt)).toMatchObject(refused);
    else expect((await attempt).nextExpectedRevision).toBe(0n);
  });

  test('nobody may not even read', async () => {
    const standIn = await StandIn.start({ certificate: certificate!, users: { admin: 'changeit' } });
    started.push(standIn);
    const subject = subjectOf(standIn.connectionString);
    await expect(revisionsOf(subject, newStream())).rejects.toMatchObject({ type: 'access-denied' });
  });
});
