import { add, tallyDecider, Tallies } from '../support/tally.js';

const WRITERS = 64;

/** So many writers at one stream, shared out among instances that know it; appends sent for each that succeeded. */
async function appendsForEach(instances: number): Promise<number> {
  const tallies = new Tallies();
  const streams = Array.from({ length: instances }, () => tallies.instance({ soleWriter: instances === 1 }));
  for (const each of streams) await each.read(tallyDecider, 'a');
  // Answers take a turn of the event loop, as those of a server do: others get in between.
  const answered = tallies.store.log.append.bind(tallies.store.log);
  tallies.store.log.append = async (...request) => {
    await new Promise((resume) => setImmediate(resume));
    return answered(...request);
  };
  const before = tallies.store.appends;
  await Promise.all(
    Array.from({ length: WRITERS }, (_, writer) =>
      tallies.decide(add(1), tallies.fresh(), streams[writer % instances]!),
    ),
  );
  expect((await streams[0]!.read(tallyDecider, 'a')).state).toBe(WRITERS);
  return (tallies.store.appends - before) / WRITERS;
}

describe('64 writers at one stream', () => {
  test('send one append each in one instance, where they queue up', async () => {
    expect(await appendsForEach(1)).toBe(1);
  });

  test.each([2, 3])('send at most two for each that succeeds in %i instances', async (instances) => {
    const sent = await appendsForEach(instances);
    expect(sent).toBeGreaterThan(1);
    expect(sent).toBeLessThanOrEqual(2);
  });
});
