import { randomBytes } from 'node:crypto';
import type { Leases } from '../../src/ports.js';

export interface OpenedLeases {
  readonly leases: Leases;
  /** Closes what is open. */
  close(): Promise<void>;
}

/** What all Leases keep to. Assumes nothing about other leases in the store. */
export function leasesContract(name: string, open: () => Promise<OpenedLeases>): void {
  describe(`${name} as Leases`, () => {
    const run = randomBytes(4).toString('hex');
    let count = 0;
    let opened: OpenedLeases;
    let lease: string;
    const take = (holder: string, staleBeat: string | null = null) =>
      opened.leases.take(lease, holder, staleBeat);

    beforeEach(async () => {
      opened = await open();
      lease = `contract ${run} ${++count}`;
    });
    afterEach(() => opened.close());

    it('gives a lease to who asks first, and shows him to all others', async () => {
      const taken = await take('a');
      expect(taken.holder).toBe('a');
      expect(await take('b')).toEqual(taken);
      expect(await take('b', 'some other beat')).toEqual(taken);
    });

    it('gives a new beat to the holder who takes it again', async () => {
      const first = await take('a');
      const second = await take('a');
      expect(second).toEqual({ holder: 'a', beat: expect.any(String) });
      expect(second.beat).not.toBe(first.beat);
      expect(await take('b', first.beat)).toEqual(second);
    });

    it('lets go of a holder whose beat has stood still', async () => {
      const { beat } = await take('a');
      const taken = await take('b', beat);
      expect(taken.holder).toBe('b');
      expect(taken.beat).not.toBe(beat);
      expect(await take('a')).toEqual(taken);
    });

    it('gives it to one of many who ask at once, first and after a holder is gone', async () => {
      const many = (beat: string | null) =>
        Promise.all(Array.from({ length: 16 }, (_, n) => take(`${beat ?? 'new'} ${n}`, beat)));
      const first = await many(null);
      expect(new Set(first.map(({ holder }) => holder)).size).toBe(1);
      const second = await many(first[0]!.beat);
      expect(new Set(second.map(({ holder }) => holder)).size).toBe(1);
      expect(second[0]!.holder).not.toBe(first[0]!.holder);
    });

    it('is free again once the holder gave it back, and he alone can', async () => {
      await take('a');
      await opened.leases.release(lease, 'b');
      expect((await take('b')).holder).toBe('a');
      await opened.leases.release(lease, 'a');
      await opened.leases.release(lease, 'a');
      expect((await take('b')).holder).toBe('b');
    });

    it('keeps leases of other names apart', async () => {
      await take('a');
      expect((await opened.leases.take(`${lease} too`, 'b', null)).holder).toBe('b');
    });
  });
}
