import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';

import type { Expected, Outcome } from './logged.js';
import { admit, type Node, respond } from './node.js';
import { streamDeleted, wrongExpectedVersion } from './refusals.js';
import { expectedRevision, streamName } from './wire.js';

/** A soft delete: the stream may come back. */
export function remove(
  node: Node,
  call: ServerUnaryCall<streams.DeleteReq, streams.DeleteResp>,
  answer: sendUnaryData<streams.DeleteResp>,
): void {
  respond(node, 'delete', call, answer, () => {
    admit(node, call);
    const { stream, expected } = requested(call.request.getOptions()!);
    const position = done(stream, expected, node.log.delete(stream, expected));
    return new streams.DeleteResp().setPosition(
      new streams.DeleteResp.Position().setCommitPosition(position).setPreparePosition(position),
    );
  });
}

export function tombstone(
  node: Node,
  call: ServerUnaryCall<streams.TombstoneReq, streams.TombstoneResp>,
  answer: sendUnaryData<streams.TombstoneResp>,
): void {
  respond(node, 'tombstone', call, answer, () => {
    admit(node, call);
    const { stream, expected } = requested(call.request.getOptions()!);
    const position = done(stream, expected, node.log.tombstone(stream, expected));
    return new streams.TombstoneResp().setPosition(
      new streams.TombstoneResp.Position().setCommitPosition(position).setPreparePosition(position),
    );
  });
}

function requested(options: streams.DeleteReq.Options | streams.TombstoneReq.Options) {
  return {
    stream: streamName(options.getStreamIdentifier()),
    expected: expectedRevision(options, options.getRevision()),
  };
}

function done(stream: string, expected: Expected, outcome: Outcome): string {
  if (outcome.kind === 'deleted') throw streamDeleted(stream);
  if (outcome.kind === 'wrongVersion') throw wrongExpectedVersion(stream, asNumber(expected), outcome.actual);
  return String(outcome.position);
}

const NUMBERS = { no_stream: -1n, any: -2n, stream_exists: -4n };
const asNumber = (expected: Expected) => (typeof expected === 'bigint' ? expected : NUMBERS[expected]);
