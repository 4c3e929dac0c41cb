import { randomUUID } from 'node:crypto';

import { EventStoreDBClient, UnknownError } from '@eventstore/db-client';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { type ClientDuplexStream, credentials as channel } from '@grpc/grpc-js';
import emptyPb from 'google-protobuf/google/protobuf/empty_pb.js';

import { notLeader, notReady, unimplemented } from '../../support/eventstoredb/refusals.js';
import { StandIn } from '../../support/eventstoredb/stand-in.js';
import { event, failure, newStream, revisionsOf, type Subject } from './server-subject.js';

const credentials = { username: 'admin', password: 'changeit' };
let standIn: StandIn;
let subject: Subject;
let stream: string;

beforeEach(async () => {
  standIn = await StandIn.start({ writeTimeoutMs: 50 });
  subject = { client: EventStoreDBClient.connectionString(standIn.connectionString), credentials };
  stream = newStream();
});

afterEach(async () => {
  standIn.thaw();
  await subject.client.dispose();
  await standIn.close();
});

describe('appends by batch', () => {
  test('are the default; credentials choose a call of its own', async () => {
    const { client } = subject;
    const lift = standIn.faults.inject({ kind: 'refused', with: notReady() }, ['batchAppend']);
    await expect(client.appendToStream(stream, event())).rejects.toThrow('Server Is Not Ready');
    await client.appendToStream(stream, event(), { credentials });
    lift();
    standIn.faults.inject({ kind: 'refused', with: notReady() }, ['append']);
    await client.appendToStream(stream, event());
    expect(await revisionsOf(subject, stream)).toEqual([0n, 1n]);
  });

  test.each([
    ['that it has none', false, null],
    ['nothing, being too old', true, unimplemented()],
  ])('are none with a server that says %s', async (_, takesBatches, refusal) => {
    const older = await StandIn.start({ takesBatches, version: '21.6.0' });
    if (refusal) older.faults.inject({ kind: 'refused', with: refusal }, ['features']);
    older.faults.inject({ kind: 'silent' }, ['batchAppend']);
    const client = EventStoreDBClient.connectionString(older.connectionString);
    expect((await client.appendToStream(stream, event())).nextExpectedRevision).toBe(0n);
    await client.dispose();
    await older.close();
  });

  test('fail with a server that is not ready as something unknown', async () => {
    standIn.faults.inject({ kind: 'refused', with: notReady() }, ['batchAppend'], 1);
    const error = await failure(subject.client.appendToStream(stream, event()));
    expect(error).toBeInstanceOf(UnknownError);
    expect(error).not.toHaveProperty('code', 14);
  });

  test('fail together when the server does not lead', async () => {
    await subject.client.appendToStream(stream, event());
    standIn.faults.inject({ kind: 'silent' }, ['batchAppend'], 1);
    standIn.faults.inject({ kind: 'refused', with: notLeader(standIn.endpoint) }, ['batchAppend'], 1);
    const both = [1, 2].map(() => failure(subject.client.appendToStream(stream, event())));
    for (const error of await Promise.all(both)) expect(error).toMatchObject({ type: 'not-leader' });
  });

  test('have code 14 in an outage, whatever class of error', async () => {
    await subject.client.appendToStream(stream, event());
    standIn.faults.inject({ kind: 'dropped', written: true }, ['batchAppend'], 1);
    expect(await failure(subject.client.appendToStream(stream, event()))).toMatchObject({ code: 14 });
    expect(await revisionsOf(subject, stream)).toEqual([0n, 1n]);
  });

  test('heed no deadline when the server is frozen', async () => {
    await subject.client.appendToStream(stream, event());
    standIn.freeze();
    let settled = false;
    const late = subject.client
      .appendToStream(stream, event(), { deadline: 100 })
      .finally(() => (settled = true));
    const unary = subject.client.appendToStream(stream, event(), { deadline: 300, credentials });
    expect(await failure(unary)).toMatchObject({ type: 'deadline-exceeded' });
    expect(settled).toBe(false);
    standIn.thaw();
    expect((await late).nextExpectedRevision).toBe(1n);
  });

  test('with throwOnAppendFailure off, tell a wrong revision', async () => {
    const client = EventStoreDBClient.connectionString(
      `${standIn.connectionString}&throwOnAppendFailure=false`,
    );
    for (let n = 0; n < 5; n++) await client.appendToStream(stream, event());
    const refused = await client.appendToStream(stream, event(), { expectedRevision: 0n });
    expect(refused).toMatchObject({ success: false, nextExpectedRevision: 1n });
    await client.dispose();
  });
});

// The client itself does not survive these, so they are seen without it.
describe('answers that end the client', () => {
  let raw: streamsGrpc.StreamsClient;
  let call: ClientDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>;

  beforeEach(() => {
    const { address, port } = standIn.endpoint;
    raw = new streamsGrpc.StreamsClient(`${address}:${port}`, channel.createInsecure());
    call = raw.batchAppend();
  });
  afterEach(() => {
    // Ending the call is an error of the call.
    call.on('error', () => undefined);
    call.cancel();
    raw.close();
  });

  test('a reply comes twice', async () => {
    standIn.faults.inject({ kind: 'repeated' }, ['batchAppend'], 1);
    const replies = repliesTo(call, request(randomUUID()), 2);
    expect((await replies).map((reply) => reply.getSuccess()!.getCurrentRevision())).toEqual(['0', '0']);
    expect(await revisionsOf(subject, stream)).toEqual([0n]);
  });

  test('an id that is no UUID is answered at once, and again when the time for writing is over', async () => {
    const replies = await repliesTo(call, request('no-uuid'), 2);
    expect(replies.map((reply) => reply.getError()!.getMessage())).toEqual(['BadRequest', 'Timeout']);
    expect(replies[0]!.getCorrelationId()!.getString()).toBe(replies[1]!.getCorrelationId()!.getString());
    await expect(revisionsOf(subject, stream)).rejects.toMatchObject({ type: 'stream-not-found' });
  });

  function request(id: string): streams.BatchAppendReq {
    const message = new streams.BatchAppendReq.ProposedMessage().setId(new shared.UUID().setString(id));
    message.getMetadataMap().set('type', 'Tested').set('content-type', 'application/json');
    return new streams.BatchAppendReq()
      .setCorrelationId(new shared.UUID().setString(randomUUID()))
      .setOptions(
        new streams.BatchAppendReq.Options()
          .setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from(stream)))
          .setAny(new emptyPb.Empty()),
      )
      .setProposedMessagesList([message])
      .setIsFinal(true);
  }
});

async function repliesTo(
  call: ClientDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>,
  request: streams.BatchAppendReq,
  count: number,
): Promise<streams.BatchAppendResp[]> {
  const replies: streams.BatchAppendResp[] = [];
  return new Promise((resolve, reject) => {
    call.on('error', reject);
    call.on('data', (reply: streams.BatchAppendResp) => {
      replies.push(reply);
      if (replies.length === count) resolve(replies);
    });
    call.write(request);
  });
}
