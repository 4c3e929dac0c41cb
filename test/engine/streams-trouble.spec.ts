import { DomainError } from '../../src/domain/domain-error.js';
import { OutcomeUnknown, StoreUnavailable, VersionConflict } from '../../src/ports.js';
import { add, command, raiseTo, Tallies, tallyDecider } from '../support/tally.js';
import {
  noTrouble,
  unavailable,
  unknownAndLost,
  unknownButWritten,
  type Trouble,
} from '../support/troubled-store.js';

let tallies: Tallies;
beforeEach(() => {
  tallies = new Tallies();
});

/** Another writer appends first, then the append is tried. */
const outrun =
  (by = 100): Trouble =>
  async (append) => {
    await tallies.decide(add(by), tallies.fresh(), tallies.instance());
    return append();
  };

describe('where another writer came first', () => {
  test('it is decided again on the state as it is', async () => {
    await tallies.decide(add(1));
    tallies.store.troubles = [outrun()];
    expect(await tallies.decide(raiseTo(50))).toMatchObject({ state: 101, events: [] });
    expect(await tallies.sums()).toEqual([1, 100]);
  });
  test('only what is new is read', async () => {
    await tallies.decide(add(1));
    const asked: number[] = [];
    const readStream = tallies.store.log.readStream.bind(tallies.store.log);
    tallies.store.log.readStream = (stream, from, limit) => {
      asked.push(from);
      return readStream(stream, from, limit);
    };
    tallies.store.troubles = [
      async (append) => {
        const record = { eventId: '00000000-0000-7000-8000-000000000001', type: 'Added', data: '{"by":5}' };
        const metadata = JSON.stringify({ at: 1, actor: command('x').actor, commandId: 'x', schema: 1 });
        await tallies.store.log.append('tally-a', 0, [{ ...record, metadata }]);
        return append();
      },
    ];
    expect(await tallies.decide(add(1))).toMatchObject({ state: 7 });
    expect(asked).toEqual([1]);
  });
  test('it gives up after twelve times, having written nothing', async () => {
    await tallies.decide(add(1));
    tallies.store.troubles = Array.from({ length: 100 }, (_, index) => (index % 2 ? noTrouble : outrun()));
    await expect(tallies.decide(add(7))).rejects.toThrow(VersionConflict);
    expect((await tallies.sums()).filter((by) => by === 7)).toEqual([]);
    expect(await tallies.sums()).toHaveLength(13);
    tallies.store.troubles = [];
    expect(await tallies.decide(add(7))).toMatchObject({ state: 1_208 });
  });
  test('an instance that is not alone reads on before it refuses or stays quiet', async () => {
    const other = tallies.instance({ soleWriter: false });
    await tallies.decide(add(10), tallies.fresh(), other);
    await tallies.decide(() => [{ type: 'Halved', data: {} }], tallies.fresh(), tallies.instance());
    expect(await tallies.decide(add(5, 10), tallies.fresh(), other)).toMatchObject({ state: 10 });
    await tallies.decide(() => [{ type: 'Halved', data: {} }], tallies.fresh(), tallies.instance());
    expect(await tallies.decide(raiseTo(10), tallies.fresh(), other)).toMatchObject({
      state: 10,
      events: [{ data: { by: 5 } }],
    });
    await expect(tallies.decide(add(5, 10), tallies.fresh(), other)).rejects.toThrow(DomainError);
  });
  describe('a stream that lost its end', () => {
    beforeEach(async () => {
      await tallies.decide(add(1));
      await tallies.decide(add(2));
      const restored = new Tallies();
      await restored.decide(add(1));
      Object.assign(tallies.store, { log: restored.store.log });
    });

    test('is read anew', async () => {
      expect(await tallies.decide(add(4))).toMatchObject({ state: 5, revision: 1 });
    });
    test('is not trusted any more, also where it cannot be read at once', async () => {
      tallies.store.readFailures = [new StoreUnavailable('away')];
      await expect(tallies.decide(add(4))).rejects.toThrow(StoreUnavailable);
      expect((await tallies.streams.read(tallyDecider, 'a')).state).toBe(1);
    });
  });
});

describe('when the outcome of an append is unknown', () => {
  test('and it was written, it is answered as done, by this very call', async () => {
    await tallies.decide(add(1));
    tallies.store.troubles = [unknownButWritten];
    const decided = await tallies.decide(add(2), command('lost'));
    expect(decided).toMatchObject({ state: 3, repeated: false, events: [{ data: { by: 2 } }] });
    expect(await tallies.sums()).toEqual([1, 2]);
    expect(await tallies.decide(add(2), command('lost'))).toMatchObject({ repeated: true });
  });
  test('and it was not written, it is done again', async () => {
    await tallies.decide(add(1));
    tallies.store.troubles = [unknownAndLost];
    expect(await tallies.decide(add(2))).toMatchObject({ state: 3, repeated: false });
    expect(await tallies.sums()).toEqual([1, 2]);
  });
  test('and it cannot be looked up, that is the answer; the same id settles it later', async () => {
    for (const trouble of [unknownButWritten, unknownAndLost]) {
      tallies = new Tallies();
      await tallies.decide(add(1));
      tallies.store.troubles = [trouble];
      tallies.store.readFailures = [new StoreUnavailable('away')];
      await expect(tallies.decide(add(2), command('lost'))).rejects.toThrow(OutcomeUnknown);
      expect(await tallies.decide(add(2), command('lost'))).toMatchObject({ state: 3 });
      expect(await tallies.sums()).toEqual([1, 2]);
    }
  });
  test('the next command sees what was written', async () => {
    await tallies.decide(add(1));
    tallies.store.troubles = [unknownButWritten];
    tallies.store.readFailures = [new StoreUnavailable('away')];
    await expect(tallies.decide(add(2))).rejects.toThrow(OutcomeUnknown);
    expect((await tallies.streams.read(tallyDecider, 'a')).state).toBe(3);
    await expect(tallies.decide(add(1, 3))).rejects.toThrow(DomainError);
  });
  test('twice, that is the answer: nobody waits for a third deadline', async () => {
    tallies.store.troubles = [unknownAndLost, unknownAndLost];
    await expect(tallies.decide()).rejects.toThrow(OutcomeUnknown);
    expect(tallies.store.appends).toBe(2);
  });
  test('and it lands late, it is there once', async () => {
    let land: () => Promise<unknown> = async () => undefined;
    await tallies.decide(add(1));
    tallies.store.troubles = [
      async (append) => {
        land = append;
        throw new OutcomeUnknown('slow');
      },
      async (append) => {
        await land();
        return append();
      },
    ];
    expect(await tallies.decide(add(2))).toMatchObject({ state: 3, repeated: false });
    expect(await tallies.sums()).toEqual([1, 2]);
  });
  test('and time has made another decision of it, nobody is told that it was refused', async () => {
    await tallies.decide(add(1));
    const start = tallies.clock.at;
    const whileOpen = (answer: () => never[]) => (sum: number, now: number) =>
      now > start ? answer() : [...add(2)(sum, now)];
    const refuse = () => {
      throw new DomainError('TooLate', 'Too late.');
    };
    for (const answer of [refuse, () => []]) {
      tallies.clock.at = start;
      tallies.store.troubles = [
        async () => {
          tallies.clock.at += 1;
          throw new OutcomeUnknown('slow');
        },
      ];
      await expect(tallies.decide(whileOpen(answer))).rejects.toThrow(OutcomeUnknown);
    }
  });
  test('and the next attempt never reached the store, it stays unknown', async () => {
    tallies.store.troubles = [unknownAndLost, unavailable];
    await expect(tallies.decide()).rejects.toThrow(OutcomeUnknown);
  });
  test('and somebody else has written meanwhile, it can be refused for certain', async () => {
    await tallies.decide(add(1));
    tallies.store.troubles = [
      async () => {
        await tallies.decide(add(100), tallies.fresh(), tallies.instance());
        throw new OutcomeUnknown('lost');
      },
    ];
    await expect(tallies.decide(add(1, 50))).rejects.toThrow(DomainError);
  });
});

describe('when the store is away', () => {
  test('the command fails with nothing written, and the cache stays true', async () => {
    await tallies.decide(add(1));
    tallies.store.troubles = [unavailable];
    await expect(tallies.decide(add(2))).rejects.toThrow(StoreUnavailable);
    const { reads } = tallies.store;
    expect(await tallies.decide(add(3))).toMatchObject({ state: 4 });
    expect(tallies.store.reads).toBe(reads);
    expect(await tallies.sums()).toEqual([1, 3]);
  });
  test('a cold stream cannot be decided on', async () => {
    tallies.store.readFailures = [new StoreUnavailable('away')];
    await expect(tallies.decide()).rejects.toThrow(StoreUnavailable);
    expect(await tallies.decide()).toMatchObject({ state: 1 });
  });
});
