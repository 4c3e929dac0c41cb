import {
  END,
  eventTypeFilter,
  type Filter,
  NO_STREAM,
  type Position,
  streamNameFilter,
} from '@eventstore/db-client';

import { append, event, events, newStream, type Subject } from './server-subject.js';

export function subscriptionRules(subject: () => Subject): void {
  filterRules(subject);
  checkpointRules(subject);

  test('a subscription to $all begins after its position', async () => {
    const stream = newStream();
    const { position } = await append(subject(), stream, event(), NO_STREAM);
    await append(subject(), stream, events(2), 0n);
    const seen = await follow(subject(), position!, 2, { prefix: stream });
    expect(seen).toEqual(['1', '2']);
  });

  test('a subscription to $all sees what comes later', async () => {
    const stream = newStream();
    const { position } = await append(subject(), stream, event(), NO_STREAM);
    const seen = follow(subject(), position!, 50, { prefix: stream });
    for (let revision = 0n; revision < 50n; revision++) await append(subject(), stream, event(), revision);
    expect(await seen).toEqual(Array.from({ length: 50 }, (_, n) => String(n + 1)));
  });
}

function filterRules(subject: () => Subject): void {
  test.each<[string, (type: string, stream: string) => Filter]>([
    ['the beginning of the type', (type) => eventTypeFilter({ prefixes: [type] })],
    ['an expression for the type', (type) => eventTypeFilter({ regex: `^${type}$` })],
    ['the beginning of the stream', (_, stream) => streamNameFilter({ prefixes: ['none', stream] })],
    ['an expression for the stream', (_, stream) => streamNameFilter({ regex: `${stream}$` })],
  ])('a subscription is filtered by %s', async (_, filterOf) => {
    const [type, stream, other] = [newStream(), newStream(), newStream()];
    const { position } = await append(subject(), other, event(), NO_STREAM);
    await append(subject(), stream, event(type), NO_STREAM);
    await append(subject(), other, event(), 0n);
    await append(subject(), stream, event(type), 0n);
    const seen = await follow(subject(), position!, 2, { filter: filterOf(type, stream) });
    expect(seen).toEqual(['0', '1']);
  });
}

function checkpointRules(subject: () => Subject): void {
  const [maxSearchWindow, checkpointInterval] = [4, 3];

  test('while catching up checkpoints come every window × interval with prepare 0, and can be resumed from', async () => {
    const [unwanted, wanted] = [newStream(), newStream()];
    const { position } = await append(subject(), unwanted, event(), NO_STREAM);
    await append(subject(), unwanted, events(40), 0n);
    const end = await append(subject(), wanted, event(), NO_STREAM);
    const checkpoints: Position[] = [];
    const filter = streamNameFilter({
      prefixes: [wanted],
      maxSearchWindow,
      checkpointInterval,
      checkpointReached: (_, reached) => {
        if (reached.commit < end.position!.commit) checkpoints.push(reached);
      },
    });
    expect(await follow(subject(), position!, 1, { filter })).toEqual(['0']);
    expect(checkpoints.length).toBeGreaterThanOrEqual(3);
    for (const { prepare } of checkpoints) expect(prepare).toBe(0n);
    expect(await follow(subject(), checkpoints.at(-1)!, 1, { filter })).toEqual(['0']);
  });

  test('live, a checkpoint is the position of the event considered', async () => {
    const [unwanted, wanted] = [newStream(), newStream()];
    let reached: (position: Position) => void = () => undefined;
    const first = new Promise<Position>((resolve) => (reached = resolve));
    const filter = streamNameFilter({
      prefixes: [wanted],
      maxSearchWindow,
      checkpointInterval,
      checkpointReached: (_, position) => reached(position),
    });
    const subscription = subject().client.subscribeToAll({ fromPosition: END, filter });
    await new Promise((resolve) => subscription.once('confirmation', resolve));
    await append(subject(), unwanted, events(40), NO_STREAM);
    const { commit, prepare } = await first;
    expect(prepare).toBe(commit);
    await subscription.unsubscribe();
  });
}

/** The revisions of the first events seen after the position. */
async function follow(
  { client }: Subject,
  fromPosition: Position,
  count: number,
  { filter, prefix }: { filter?: Filter; prefix?: string },
): Promise<string[]> {
  const seen: string[] = [];
  const subscription = client.subscribeToAll({
    fromPosition,
    filter: filter ?? streamNameFilter({ prefixes: [prefix!] }),
  });
  for await (const { event } of subscription) {
    seen.push(String(event!.revision));
    if (seen.length < count) continue;
    // Without it, the call stays open.
    await subscription.unsubscribe();
    break;
  }
  return seen;
}
