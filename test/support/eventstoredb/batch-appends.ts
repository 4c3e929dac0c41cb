import shared from '@eventstore/db-client/generated/shared_pb.js';
import statusPb from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { status, type ServerDuplexStream } from '@grpc/grpc-js';
import anyPb from 'google-protobuf/google/protobuf/any_pb.js';
import emptyPb from 'google-protobuf/google/protobuf/empty_pb.js';

import { bytesOf, preparePosition } from './appends.js';
import type { Expected, Outcome, Proposed } from './logged.js';
import { admit, asRefusal, type Node, withFault } from './node.js';
import type { Refusal } from './refusals.js';
import { expectedRevision, proposed, streamIdentifier, streamName, uuid } from './wire.js';

type BatchCall = ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>;

/** An append of which more may come before it is final. */
interface Pending {
  readonly stream: string;
  readonly expected: Expected;
  readonly events: Proposed[];
}

/** The stream of appends that a client shares among all its callers. */
export class BatchAppends {
  private readonly pending = new Map<string, Pending>();

  constructor(
    private readonly node: Node,
    private readonly call: BatchCall,
  ) {
    call.on('data', (request: streams.BatchAppendReq) => this.take(request));
    call.on('end', () => call.end());
  }

  private take(request: streams.BatchAppendReq): void {
    const id = request.getCorrelationId()!.getString();
    const options = request.getOptions();
    if (options) {
      this.pending.set(id, {
        stream: streamName(options.getStreamIdentifier()),
        expected: expectedRevision(options, options.getStreamPosition()),
        events: [],
      });
    }
    const append = this.pending.get(id);
    if (!append) return;
    try {
      append.events.push(...request.getProposedMessagesList().map(proposed));
    } catch {
      this.refuseBadRequest(id, append.stream);
      return;
    }
    if (bytesOf(append.events) > this.node.options.appendBytesMax) {
      this.pending.delete(id);
      this.reply(id, append.stream, tooLarge(this.node.options.appendBytesMax));
    } else if (request.getIsFinal()) {
      this.pending.delete(id);
      this.finish(id, append);
    }
  }

  private finish(id: string, append: Pending): void {
    let replies = 1;
    withFault(this.node, 'batchAppend', this.call, (fault) => {
      if (fault?.kind === 'repeated') replies = 2;
      admit(this.node, this.call);
      return this.node.log.append(append.stream, append.expected, append.events);
    }).then(
      (outcome) => {
        while (replies-- > 0) this.reply(id, append.stream, answer(this.node, append, outcome));
      },
      (error: unknown) => this.refuse(id, append.stream, asRefusal(error)),
    );
  }

  // A server that is not ready says so in an answer; one that does not lead ends all appends that are under way.
  private refuse(id: string, stream: string, refusal: Refusal): void {
    if (refusal.code === status.UNAVAILABLE) {
      this.reply(id, stream, failed(refusal.details, 'google.protobuf.Empty', new emptyPb.Empty()));
    } else this.call.emit('error', refusal);
  }

  // The server forgets that it has answered, and answers again when the time for writing is over.
  private refuseBadRequest(id: string, stream: string): void {
    const details = new shared.BadRequest().setMessage('Guid should contain 32 digits with 4 dashes');
    this.reply(id, stream, failed('BadRequest', 'event_store.client.BadRequest', details));
    setTimeout(() => {
      if (!this.pending.delete(id) || this.call.cancelled) return;
      this.reply(id, stream, failed('Timeout', 'event_store.client.Timeout', new shared.Timeout()));
    }, this.node.options.writeTimeoutMs).unref();
  }

  private reply(id: string, stream: string, response: streams.BatchAppendResp): void {
    this.call.write(response.setCorrelationId(uuid(id)).setStreamIdentifier(streamIdentifier(stream)));
  }
}

function answer(node: Node, { stream, expected }: Pending, outcome: Outcome): streams.BatchAppendResp {
  if (outcome.kind === 'wrongVersion') return conflict(expected, outcome.actual);
  if (outcome.kind === 'deleted') {
    const details = new shared.StreamDeleted().setStreamIdentifier(streamIdentifier(stream));
    return failed('StreamDeleted', 'event_store.client.StreamDeleted', details);
  }
  const success = new streams.BatchAppendResp.Success().setPosition(
    new shared.AllStreamPosition()
      .setCommitPosition(String(outcome.position))
      .setPreparePosition(preparePosition(node, outcome)),
  );
  if (outcome.revision < 0n) success.setNoStream(new emptyPb.Empty());
  else success.setCurrentRevision(String(outcome.revision));
  return new streams.BatchAppendResp().setSuccess(success);
}

function conflict(expected: Expected, actual: bigint): streams.BatchAppendResp {
  const details = new shared.WrongExpectedVersion();
  const empty = new emptyPb.Empty();
  if (expected === 'any') details.setExpectedAny(empty);
  else if (expected === 'no_stream') details.setExpectedNoStream(empty);
  else if (expected === 'stream_exists') details.setExpectedStreamExists(empty);
  else details.setExpectedStreamPosition(String(expected));
  if (actual < 0n) details.setCurrentNoStream(empty);
  else details.setCurrentStreamRevision(String(actual));
  return failed('WrongExpectedVersion', 'event_store.client.WrongExpectedVersion', details);
}

const tooLarge = (bytesMax: number) =>
  failed(
    'MaximumAppendSizeExceeded',
    'event_store.client.MaximumAppendSizeExceeded',
    new shared.MaximumAppendSizeExceeded().setMaxappendsize(bytesMax),
  );

function failed(
  message: string,
  typeName: string,
  details: { serializeBinary(): Uint8Array },
): streams.BatchAppendResp {
  const packed = new anyPb.Any();
  packed.pack(details.serializeBinary(), typeName);
  return new streams.BatchAppendResp().setError(new statusPb.Status().setMessage(message).setDetails(packed));
}
