import streams from '@eventstore/db-client/generated/streams_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { sendUnaryData, ServerReadableStream } from '@grpc/grpc-js';

import type { Expected, Outcome, Proposed } from './logged.js';
import { admit, type Node, respond } from './node.js';
import { appendTooLarge, streamDeleted } from './refusals.js';
import { expectedRevision, proposed, streamName } from './wire.js';

type Written = Extract<Outcome, { kind: 'written' }>;

/** An append by its own call. */
export function append(
  node: Node,
  call: ServerReadableStream<streams.AppendReq, streams.AppendResp>,
  answer: sendUnaryData<streams.AppendResp>,
): void {
  const requests: streams.AppendReq[] = [];
  call.on('data', (request: streams.AppendReq) => requests.push(request));
  call.on('end', () =>
    respond(node, 'append', call, answer, () => {
      admit(node, call);
      return appended(node, requests);
    }),
  );
}

export const bytesOf = (events: readonly Proposed[]): number =>
  events.reduce(
    (bytes, { type, data, metadata }) => bytes + data.length + metadata.length + 2 * type.length,
    0,
  );

export const preparePosition = (node: Node, { position, first }: Written): string =>
  String(node.options.prepareOfAppends === 'first' ? first : position);

function appended(node: Node, [header, ...messages]: streams.AppendReq[]): streams.AppendResp {
  const options = header!.getOptions()!;
  const stream = streamName(options.getStreamIdentifier());
  const expected = expectedRevision(options, options.getRevision());
  const events = messages.map((message) => proposed(message.getProposedMessage()!));
  if (bytesOf(events) > node.options.appendBytesMax) throw appendTooLarge(node.options.appendBytesMax);
  const outcome = node.log.append(stream, expected, events);
  if (outcome.kind === 'deleted') throw streamDeleted(stream);
  return outcome.kind === 'written'
    ? new streams.AppendResp().setSuccess(success(node, outcome))
    : new streams.AppendResp().setWrongExpectedVersion(conflict(expected, outcome.actual));
}

function success(node: Node, outcome: Written): streams.AppendResp.Success {
  const answer = new streams.AppendResp.Success().setPosition(
    new streams.AppendResp.Position()
      .setCommitPosition(String(outcome.position))
      .setPreparePosition(preparePosition(node, outcome)),
  );
  return outcome.revision < 0n
    ? answer.setNoStream(new shared.Empty())
    : answer.setCurrentRevision(String(outcome.revision));
}

function conflict(expected: Expected, actual: bigint): streams.AppendResp.WrongExpectedVersion {
  const answer = new streams.AppendResp.WrongExpectedVersion();
  const empty = new shared.Empty();
  if (expected === 'any') answer.setExpectedAny(empty);
  else if (expected === 'no_stream') answer.setExpectedNoStream(empty);
  else if (expected === 'stream_exists') answer.setExpectedStreamExists(empty);
  else answer.setExpectedRevision(String(expected));
  return actual < 0n ? answer.setCurrentNoStream(empty) : answer.setCurrentRevision(String(actual));
}
