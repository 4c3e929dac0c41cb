import type { Position, ViewDocument, ViewWrite } from '../ports.js';
import { isUndecodable, type Undecodable } from './codec.js';
import type { Envelope } from './envelope.js';
import type { Projection } from './projection.js';

/** An event that cannot be folded, and why. */
export interface Fault {
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  readonly cause: string;
}

/** What an event means to a view: a change of the document `key`, or a fault. */
export type Step = { readonly key: string; readonly event: Envelope } | Fault;

/** What the events mean to a view, in their order; those that mean nothing to it are left out. */
export function stepsOf(projection: Projection, events: readonly (Envelope | Undecodable)[]): Step[] {
  const steps: Step[] = [];
  for (const event of events) {
    if (isUndecodable(event)) {
      if (projection.types.has(event.record.type)) steps.push(faultOf(event.record, event.cause));
    } else if (projection.types.has(event.type)) {
      const step = stepOf(projection, event);
      if (step) steps.push(step);
    }
  }
  return steps;
}

export function keysOf(steps: readonly Step[]): string[] {
  const keys = new Set<string>();
  for (const step of steps) if ('key' in step) keys.add(step.key);
  return [...keys];
}

interface OpenDocument {
  readonly readAt: Position | null;
  position: Position | null;
  body: object | null;
  /** Nobody could make a document of events that never made one: these need no trace of deletion. */
  everExisted: boolean;
}

/** Folds steps into the documents they were loaded for, in order. What a document reflects already is skipped, and so is a stream from
 *  its entry in `parkedFrom` (a revision) on; faults found on the way are entered there. Writes come in order of their keys. */
export function foldPage(
  projection: Projection,
  steps: readonly Step[],
  loaded: ReadonlyMap<string, ViewDocument>,
  parkedFrom: Map<string, number>,
): { readonly writes: ViewWrite[]; readonly faults: Fault[] } {
  const open = new Map<string, OpenDocument>();
  const faults: Fault[] = [];
  for (const step of steps) {
    const { stream, revision } = 'key' in step ? step.event : step;
    if (revision >= (parkedFrom.get(stream) ?? Infinity)) continue;
    const fault = 'key' in step ? foldStep(projection, step.key, step.event, open, loaded) : step;
    if (!fault) continue;
    faults.push(fault);
    parkedFrom.set(stream, revision);
  }
  const writes: ViewWrite[] = [];
  for (const [key, { readAt, position, body, everExisted }] of open) {
    if (everExisted && position !== null && position !== readAt) writes.push({ key, readAt, position, body });
  }
  return { writes: writes.sort((a, b) => (a.key < b.key ? -1 : 1)), faults };
}

function stepOf(projection: Projection, event: Envelope): Step | null {
  try {
    const key = projection.keyOf(event);
    return key === null ? null : { key, event };
  } catch (error) {
    return faultOf(event, `the projection threw: ${String(error)}`);
  }
}

function foldStep(
  projection: Projection,
  key: string,
  event: Envelope,
  open: Map<string, OpenDocument>,
  loaded: ReadonlyMap<string, ViewDocument>,
): Fault | null {
  let document = open.get(key);
  if (!document) {
    const stored = loaded.get(key);
    const position = stored?.position ?? null;
    document = { readAt: position, position, body: stored?.body ?? null, everExisted: stored !== undefined };
    open.set(key, document);
  }
  if (document.position !== null && event.position <= document.position) return null;
  try {
    document.body = projection.fold(document.body, event);
    document.position = event.position;
    document.everExisted ||= document.body !== null;
    return null;
  } catch (error) {
    return faultOf(event, `the projection threw: ${String(error)}`);
  }
}

const faultOf = (event: Omit<Fault, 'cause'>, cause: string): Fault => ({
  stream: event.stream,
  revision: event.revision,
  position: event.position,
  cause,
});
