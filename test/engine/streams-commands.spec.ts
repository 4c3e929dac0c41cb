import { CommandIdReused, StaleRevision, type Streams } from '../../src/engine/streams.js';
import { OutcomeUnknown, StoreUnavailable } from '../../src/ports.js';
import { add, command, raiseTo, Tallies, tallyDecider } from '../support/tally.js';

let tallies: Tallies;
beforeEach(() => {
  tallies = new Tallies();
});

describe('a repeated command', () => {
  test('is answered as the first time, once in effect', async () => {
    const first = await tallies.decide(add(2), command('same'));
    await tallies.decide(add(3));
    const again = await tallies.decide(add(2), command('same'));
    expect(again.repeated).toBe(true);
    expect(again.events).toMatchObject(first.events);
    expect([again.revision, again.position]).toEqual([first.revision, first.position]);
    expect(await tallies.sums()).toEqual([2, 3]);
  });
  test('is known after a restart', async () => {
    await tallies.decide(add(2), command('same'));
    const again = await tallies.decide(add(2), command('same'), tallies.instance());
    expect(again).toMatchObject({ repeated: true, events: [{ data: { by: 2 } }] });
    expect(await tallies.sums()).toEqual([2]);
  });
  test('is known when the stream had left the cache', async () => {
    const small = tallies.instance({ cachedStreamsMax: 1 });
    await tallies.decide(add(2), command('same'), small);
    await small.decide(tallyDecider, 'b', add(1), tallies.fresh());
    expect(await tallies.decide(add(2), command('same'), small)).toMatchObject({ repeated: true });
  });
  test('is known on another instance', async () => {
    const other = tallies.instance({ soleWriter: false });
    await tallies.decide(add(1), tallies.fresh(), other);
    await tallies.decide(add(2), command('same'), tallies.instance());
    expect(await tallies.decide(add(2), command('same'), other)).toMatchObject({ repeated: true });
  });
  test('is told from one that is not done yet, without a decision', async () => {
    const other = tallies.instance({ soleWriter: false });
    const done = (commandId: string) => other.done(tallyDecider, 'a', command(commandId));
    expect(await done('same')).toBeNull();
    const first = await tallies.decide(add(2), command('same'));
    expect(await done('same')).toMatchObject({
      repeated: true,
      revision: first.revision,
      events: first.events,
    });
    expect(await done('another')).toBeNull();
  });
  test('answers with all its events, also from a cold cache', async () => {
    const both = () => [add(1)(0, 0)[0]!, add(2)(0, 0)[0]!];
    await tallies.decide(both, command('same'));
    await tallies.decide(add(9));
    for (const instance of [tallies.streams, tallies.instance()]) {
      const { events } = await tallies.decide(both, command('same'), instance);
      expect(events).toMatchObject([{ data: { by: 1 } }, { data: { by: 2 } }]);
    }
  });
  test('is answered before its revision is compared', async () => {
    await tallies.decide(add(2), command('same', { ifRevision: -1 }));
    expect(await tallies.decide(add(2), command('same', { ifRevision: -1 }))).toMatchObject({
      repeated: true,
    });
  });
  test('with another request is refused, also after a restart', async () => {
    await tallies.decide(add(2), command('same', { fingerprint: 'body-1' }));
    expect(await tallies.decide(add(2), command('same', { fingerprint: 'body-1' }))).toMatchObject({
      repeated: true,
    });
    await expect(tallies.decide(add(2), command('same', { fingerprint: 'body-2' }))).rejects.toThrow(
      CommandIdReused,
    );
    await expect(
      tallies.decide(add(2), command('same', { fingerprint: 'body-2' }), tallies.instance()),
    ).rejects.toThrow(CommandIdReused);
    await expect(tallies.decide(add(2), command('same'))).rejects.toThrow(CommandIdReused);
  });
  test('is one of its own on another stream', async () => {
    await tallies.decide(add(2), command('same'));
    const other = await tallies.streams.decide(tallyDecider, 'b', add(2), command('same'));
    expect(other.repeated).toBe(false);
  });
  test('whose answer cannot be read now was done all the same, and says so', async () => {
    await tallies.decide(add(2), command('same'));
    tallies.store.readFailures = [new StoreUnavailable('away')];
    await expect(tallies.decide(add(2), command('same'))).rejects.toThrow(OutcomeUnknown);
  });
});

describe('command ids are remembered', () => {
  const DAY = 24 * 3_600_000;
  const isKnown = async (commandId: string, on: Streams) =>
    (await on.decide(tallyDecider, 'a', raiseTo(0), command(commandId))).repeated;

  test.each([
    ['warm', () => tallies.streams],
    ['cold', () => tallies.instance()],
  ])('for 24 hours, and then no longer (%s)', async (_, instance) => {
    await tallies.decide(add(1), command('old'));
    tallies.clock.at += 1;
    await tallies.decide(add(1), command('younger'));
    tallies.clock.at += DAY;
    await tallies.decide();
    expect(await isKnown('old', instance())).toBe(false);
    expect(await isKnown('younger', instance())).toBe(true);
  });
  test.each([
    ['warm', () => tallies.streams],
    ['cold', () => tallies.instance()],
  ])('up to 512 (%s)', async (_, instance) => {
    for (let index = 0; index < 513; index += 1) await tallies.decide(add(1), command(`n-${index}`));
    expect(await isKnown('n-0', instance())).toBe(false);
    expect(await isKnown('n-1', instance())).toBe(true);
  });
  test('by when they were used last: one forgotten stands for a new command', async () => {
    await tallies.decide(add(1), command('same'));
    await tallies.decide(add(2));
    tallies.clock.at += DAY + 1;
    await tallies.decide(add(3));
    await tallies.decide(add(4), command('same'));
    await tallies.decide(add(5));
    for (const instance of [tallies.streams, tallies.instance()]) {
      const { events } = await tallies.decide(add(4), command('same'), instance);
      expect(events).toMatchObject([{ data: { by: 4 } }]);
    }
  });
});

describe('a command at a named revision', () => {
  test('is carried out there', async () => {
    await tallies.decide();
    expect(await tallies.decide(add(1), command('here', { ifRevision: 0 }))).toMatchObject({ revision: 1 });
  });
  test('is refused elsewhere', async () => {
    await tallies.decide();
    await tallies.decide();
    await expect(tallies.decide(add(1), command('there', { ifRevision: 0 }))).rejects.toThrow(StaleRevision);
    await expect(tallies.decide(raiseTo(0), command('quiet', { ifRevision: 0 }))).rejects.toThrow(
      StaleRevision,
    );
    expect(await tallies.sums()).toEqual([1, 1]);
  });
  test('is refused when another writer came first', async () => {
    await tallies.decide();
    await tallies.decide(add(1), tallies.fresh(), tallies.instance());
    await expect(tallies.decide(add(1), command('there', { ifRevision: 0 }))).rejects.toThrow(StaleRevision);
  });
  test('of which another instance knows is not refused for want of reading', async () => {
    const other = tallies.instance({ soleWriter: false });
    await tallies.decide(add(1), tallies.fresh(), other);
    await tallies.decide(add(1), tallies.fresh(), tallies.instance());
    expect(await tallies.decide(add(1), command('here', { ifRevision: 1 }), other)).toMatchObject({
      revision: 2,
    });
  });
  test('leaves no trace of it in the log', async () => {
    await tallies.decide(add(1), command('here', { ifRevision: -1 }));
    const [record] = await tallies.store.log.readStream('tally-a', 0, 1);
    expect(record!.metadata).not.toContain('ifRevision');
  });
});
