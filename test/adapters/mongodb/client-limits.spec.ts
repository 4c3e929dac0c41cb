import { MongoClientLimits } from '../../../src/adapters/mongodb/client-limits.js';
import type { MongoConnection } from '../../../src/adapters/mongodb/connection.js';
import { TooManyRequests } from '../../../src/ports.js';
import { clientLimitsContract } from '../../contracts/client-limits.js';
import { FixedClock } from '../../support/counters.js';
import { eventually } from '../../support/views.js';
import { onMongo } from '../../support/mongo-server.js';

const MINUTE = 60_000;
const failing = async () => false;
const succeeding = async () => true;
const hasFailed = (result: boolean) => !result;

onMongo('client limits in MongoDB', (server) => {
  let connection: MongoConnection;
  beforeEach(async () => (connection = await server().connect(server().newDatabase())));
  afterEach(() => connection.close());

  clientLimitsContract(
    'MongoClientLimits',
    async (most, clock) => new MongoClientLimits(most, clock, connection),
  );

  describe('of two instances', () => {
    const most = { failures: 2, requests: 2 };
    const clock = new FixedClock(0);
    const two = (waitMs = 200) =>
      [1, 2].map(() => new MongoClientLimits(most, clock, connection, { waitMs })) as [
        MongoClientLimits,
        MongoClientLimits,
      ];

    it('count together', async () => {
      const [one, other] = two();
      for (const limits of [one, other]) {
        await limits.attempt('a', failing, hasFailed);
        await limits.spend('a');
      }
      for (const limits of [one, other]) {
        await expect(limits.attempt('a', succeeding, hasFailed)).rejects.toBeInstanceOf(TooManyRequests);
        await expect(limits.spend('a')).rejects.toBeInstanceOf(TooManyRequests);
      }
    });

    it('let no more guesses through at once than may still fail', async () => {
      const [one, other] = two(3_000);
      let tried = 0;
      const guess = async () => {
        tried += 1;
        return false;
      };
      await Promise.allSettled(
        Array.from({ length: 40 }, (_, n) => (n % 2 ? one : other).attempt('a', guess, hasFailed)),
      );
      expect(tried).toBe(2);
    });

    it('wait for each other for a bounded time', async () => {
      const [one, other] = two();
      let end!: (result: boolean) => void;
      const ended = new Promise<boolean>((resolve) => (end = resolve));
      let begun = 0;
      const hang = () => {
        begun += 1;
        return ended;
      };
      const hanging = [1, 2].map(() => one.attempt('a', hang, hasFailed));
      await eventually(() => begun === 2);
      await expect(other.attempt('a', succeeding, hasFailed)).rejects.toMatchObject({ retryAfterMs: 2_000 });
      end(true);
      await Promise.all(hanging);
      await expect(other.attempt('a', succeeding, hasFailed)).resolves.toBe(true);
    });

    it('remove what has ended', async () => {
      const [one, other] = two();
      await one.spend('a');
      clock.at += 20 * MINUTE;
      await other.spend('b');
      const left = await connection.database.collection('clientLimits').find().toArray();
      expect(left.map(({ _id }) => String(_id))).toEqual(['asking b']);
    });
  });

  it('gives nothing back to a window that began meanwhile', async () => {
    const clock = new FixedClock(0);
    const some = new MongoClientLimits({ failures: 1, requests: 1 }, clock, connection);
    await some.attempt(
      'a',
      async () => {
        clock.at += 15 * MINUTE;
        await some.attempt('a', failing, hasFailed);
        return true;
      },
      hasFailed,
    );
    await expect(some.attempt('a', succeeding, hasFailed)).rejects.toBeInstanceOf(TooManyRequests);
  });
});
