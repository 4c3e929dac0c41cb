import { add, command, Tallies, tallyDecider } from '../support/tally.js';

const decideOnNew = (tallies: Tallies, decision = add(1), context = tallies.fresh()) =>
  tallies.streams.decideOnNew(tallyDecider, 'a', decision, context);

describe('a decision on what is presumed to be a new stream', () => {
  it('begins it', async () => {
    const tallies = new Tallies();
    expect(await decideOnNew(tallies)).toMatchObject({ state: 1, revision: 0 });
  });

  it('is taken on its true state where it is there', async () => {
    const tallies = new Tallies();
    await tallies.decide(add(5), command('c-0'), tallies.instance());
    expect(await decideOnNew(tallies)).toMatchObject({ state: 6, revision: 1 });
    await expect(decideOnNew(tallies, add(1, 6))).rejects.toThrow('too much');
  });

  it('is refused for what is truly so, not for what was presumed', async () => {
    const tallies = new Tallies();
    await tallies.decide(add(-5), command('c-0'), tallies.instance());
    expect(await decideOnNew(tallies, add(7, 3))).toMatchObject({ state: 2 });
  });

  it('is known to whoever reads the stream next', async () => {
    const tallies = new Tallies();
    await tallies.decide(add(5), command('c-0'), tallies.instance());
    await decideOnNew(tallies);
    expect(await tallies.streams.read(tallyDecider, 'a')).toMatchObject({ state: 6, revision: 1 });
  });

  it('has one effect for each command', async () => {
    const tallies = new Tallies();
    await decideOnNew(tallies, add(1), command('c-1'));
    expect(await decideOnNew(tallies, add(1), command('c-1'))).toMatchObject({ state: 1, repeated: true });
    expect(await tallies.sums()).toEqual([1]);
  });
});
