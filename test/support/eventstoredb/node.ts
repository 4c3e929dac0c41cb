import { setTimeout as pause } from 'node:timers/promises';

import type { Metadata, sendUnaryData } from '@grpc/grpc-js';

import type { Fault, Faults, Method } from './faults.js';
import type { Log } from './log.js';
import { accessDenied, notLeader, notReady, Refusal, unauthenticated, unknown } from './refusals.js';

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export interface Member extends Endpoint {
  readonly isAlive: boolean;
  readonly isLeader: boolean;
}

/** What a cluster's nodes know of each other. No member leads while there is no leader. */
export interface Membership {
  members(): readonly Member[];
}

/** How servers of different versions and settings differ. */
export interface ServerOptions {
  readonly version: string;
  /** Without, the client falls back on unary appends. */
  readonly takesBatches: boolean;
  /** Whether reads of one stream tell positions in the log. */
  readonly positionsInStreams: boolean;
  /** Whether subscriptions tell that they have caught up (from 23.10 on). */
  readonly tellsCaughtUp: boolean;
  /** What the answer to an append of several events has as its prepare position. */
  readonly prepareOfAppends: 'first' | 'last';
  readonly appendBytesMax: number;
  readonly writeTimeoutMs: number;
  /** Passwords by name; only with TLS, since the client sends none otherwise. Null: everybody may do everything. */
  readonly users: Readonly<Record<string, string>> | null;
}

export const SERVER_22_10: ServerOptions = {
  version: '22.10.5',
  takesBatches: true,
  positionsInStreams: true,
  tellsCaughtUp: false,
  prepareOfAppends: 'last',
  appendBytesMax: 1024 * 1024,
  writeTimeoutMs: 2_000,
  users: null,
};

export interface Call {
  readonly metadata: Metadata;
  getPeer(): string;
}

/** One server of the log, as its calls see it. */
export interface Node {
  readonly log: Log;
  readonly faults: Faults;
  readonly options: ServerOptions;
  readonly membership: Membership;
  readonly endpoint: Endpoint;
  /** What ends the subscriptions and reads that are open. */
  readonly breaks: Set<(refusal: Refusal) => void>;
  cut(call: Call): void;
}

/** Does a call's work, or what the fault injected for it has in store: then it may never answer. Faults of the answer itself
 *  are the work's own affair. */
export async function withFault<T>(
  node: Node,
  method: Method,
  call: Call,
  work: (fault: Fault | null) => T | Promise<T>,
): Promise<T> {
  const fault = node.faults.take(method);
  switch (fault?.kind) {
    case 'refused':
      if (fault.written) await work(null);
      throw fault.with;
    case 'dropped':
      if (fault.written) await work(null);
      node.cut(call);
      return never();
    case 'silent':
      if (fault.written) await work(null);
      return never();
    case 'delayed':
      await pause(fault.ms, undefined, { ref: false });
      return work(null);
    default:
      return work(fault);
  }
}

export const never = () => new Promise<never>(() => undefined);

/** Answers a call that has one answer. */
export function respond<T>(
  node: Node,
  method: Method,
  call: Call,
  answer: sendUnaryData<T>,
  work: () => T,
): void {
  withFault(node, method, call, work).then(
    (response) => answer(null, response),
    (error: unknown) => answer(asRefusal(error)),
  );
}

/** Throws when this node does not serve the call. Without the header, a follower forwards writes and reads its own copy. */
export function admit(node: Node, call: Call): void {
  authenticate(node, call);
  const leader = node.membership.members().find(({ isLeader }) => isLeader);
  if (!leader) throw notReady();
  const isLeader = leader.port === node.endpoint.port;
  if (!isLeader && call.metadata.get('requires-leader')[0] === 'true') throw notLeader(leader);
}

function authenticate({ options: { users } }: Node, call: Call): void {
  if (!users) return;
  const [header] = call.metadata.get('authorization');
  if (header === undefined) throw accessDenied();
  const credentials = Buffer.from(String(header).replace('Basic ', ''), 'base64').toString();
  if (!Object.entries(users).some(([name, password]) => credentials === `${name}:${password}`)) {
    throw unauthenticated();
  }
}

export const asRefusal = (error: unknown): Refusal =>
  error instanceof Refusal ? error : unknown('Exception was thrown by handler.');
