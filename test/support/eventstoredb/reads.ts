import { once } from 'node:events';

import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerWritableStream } from '@grpc/grpc-js';

import { firstBackwards, firstForwards, type From } from './all-stream.js';
import type { Fault } from './faults.js';
import type { Logged } from './logged.js';
import { admit, asRefusal, never, type Node, withFault } from './node.js';
import { type Refusal, streamDeleted, unimplemented } from './refusals.js';
import { AllSubscription, type Filter } from './subscription.js';
import { readEvent, streamName, streamNotFound } from './wire.js';

type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp>;
const BACKWARDS = streams.ReadReq.Options.ReadDirection.BACKWARDS;
const DEFAULT_WINDOW = 32;

/** One read or subscription, from the call to its end. */
export class Read {
  private readonly ended = new AbortController();
  private readonly options: streams.ReadReq.Options;
  private breakOff: Extract<Fault, { kind: 'brokenOff' }> | null = null;
  private eventsSent = 0;

  constructor(
    private readonly node: Node,
    private readonly call: ReadCall,
  ) {
    this.options = call.request.getOptions()!;
  }

  async serve(): Promise<void> {
    const stop = (refusal: Refusal) => this.fail(refusal);
    this.node.breaks.add(stop);
    // A read that is never answered has no other end.
    this.call.on('cancelled', () => {
      this.ended.abort();
      this.node.breaks.delete(stop);
    });
    try {
      await withFault(this.node, 'read', this.call, (fault) => this.answer(fault));
      if (!this.ended.signal.aborted) this.call.end();
    } catch (error) {
      if (!this.ended.signal.aborted) this.fail(asRefusal(error));
    } finally {
      this.node.breaks.delete(stop);
    }
  }

  private fail(refusal: Refusal): void {
    this.ended.abort();
    this.call.emit('error', refusal);
  }

  private async answer(fault: Fault | null): Promise<void> {
    if (fault?.kind === 'brokenOff') this.breakOff = fault;
    admit(this.node, this.call);
    const { log, options } = this.node;
    if (this.options.hasSubscription()) {
      const all = this.options.getAll();
      if (!all) throw unimplemented();
      const subscription = new AllSubscription(log, fromOf(all), filterOf(this.options), (response) =>
        this.send(response),
      );
      await subscription.run(options.tellsCaughtUp, this.ended.signal);
    } else if (this.options.hasAll()) await this.readAll();
    else await this.readStream();
  }

  private async readAll(): Promise<void> {
    const from = fromOf(this.options.getAll()!);
    const { log } = this.node;
    const backwards = this.options.getReadDirection() === BACKWARDS;
    let index = backwards ? firstBackwards(log, from) : firstForwards(log, from);
    for (let left = Number(this.options.getCount()); left > 0; left--) {
      const event = log.events[index];
      if (!event) return;
      index += backwards ? -1 : 1;
      await this.send(readEvent(event, true));
    }
  }

  private async readStream(): Promise<void> {
    const asked = this.options.getStream()!;
    const stream = streamName(asked.getStreamIdentifier());
    if (this.node.log.isTombstoned(stream)) throw streamDeleted(stream);
    const visible = this.node.log.rules.visible(stream);
    if (!visible) return this.send(streamNotFound(stream));
    const backwards = this.options.getReadDirection() === BACKWARDS;
    const from = asked.hasStart() ? 0n : asked.hasEnd() ? null : BigInt(asked.getRevision());
    for (const event of ordered(visible, from, backwards).slice(0, Number(this.options.getCount()))) {
      await this.send(readEvent(event, this.node.options.positionsInStreams));
    }
  }

  private async send(response: streams.ReadResp): Promise<void> {
    const { breakOff } = this;
    if (breakOff && response.hasEvent() && this.eventsSent++ >= breakOff.after) {
      if (breakOff.with) throw breakOff.with;
      this.node.cut(this.call);
      return never();
    }
    if (!this.call.write(response)) await once(this.call, 'drain', { signal: this.ended.signal });
  }
}

/** From a revision, inclusive; from null, the end. */
function ordered(events: readonly Logged[], from: bigint | null, backwards: boolean): readonly Logged[] {
  if (!backwards) return from === null ? [] : events.filter(({ revision }) => revision >= from);
  return events.filter(({ revision }) => from === null || revision <= from).reverse();
}

function fromOf(all: streams.ReadReq.Options.AllOptions): From {
  const position = all.getPosition();
  if (!position) return all.hasEnd() ? 'end' : 'start';
  return { commit: BigInt(position.getCommitPosition()), prepare: BigInt(position.getPreparePosition()) };
}

function filterOf(options: streams.ReadReq.Options): Filter | null {
  const filter = options.getFilter();
  if (!filter) return null;
  const byType = filter.getEventType();
  const expression = (byType ?? filter.getStreamIdentifier())!;
  const regex = expression.getRegex() === '' ? null : new RegExp(expression.getRegex());
  const window = filter.hasMax() ? filter.getMax() : DEFAULT_WINDOW;
  return {
    matches: (event) => {
      const subject = byType ? event.type : event.stream;
      return regex
        ? regex.test(subject)
        : expression.getPrefixList().some((prefix) => subject.startsWith(prefix));
    },
    window,
    interval: window * filter.getCheckpointintervalmultiplier(),
  };
}
