import { BadCursor, type ReadStore } from '../../src/ports.js';
import { at, type OpenView, write } from './read-store-view.js';

export function cursorRules(given: () => OpenView): void {
  describe('cursors', () => {
    let store: ReadStore;
    let view: string;
    beforeEach(() => {
      ({ store, view } = given());
    });

    const range = { field: 'status', from: 'b', to: 'd', limit: 1 };
    const forged = (...parts: unknown[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

    beforeEach(async () => {
      const writes = ['a', 'b', 'c', 'd', 'e'].map((key) => write(key, 1, { status: key }));
      await store.save(view, writes, at(1));
    });

    it('are refused when they are nothing of the kind', async () => {
      const cursors = ['', 'x', '%', '🙂', 'null', '{}', 'AAAA', '"', "' OR 1=1 --", 'a'.repeat(100_000)];
      for (const cursor of [...cursors, 5, { $gt: '' }, ['a'], true] as string[]) {
        await expect(store.range(view, { ...range, cursor })).rejects.toThrow(BadCursor);
      }
    });

    it('are refused by another question', async () => {
      const { next } = await store.range(view, range);
      for (const other of [{ field: 'key' }, { descending: true }, { from: 'c' }, { to: 'a', from: 'a' }]) {
        await expect(store.range(view, { ...range, ...other, cursor: next! })).rejects.toThrow(BadCursor);
      }
    });

    it('never throw anything but BadCursor, nor lead out of the bounds, when they are altered', async () => {
      const { next } = await store.range(view, range);
      const characters = [...'Aaz09-_.', "'"];
      for (let index = 0; index < next!.length; index++) {
        for (const character of characters) {
          const cursor = next!.slice(0, index) + character + next!.slice(index + 1);
          const answer = store.range(view, { ...range, limit: 200, cursor });
          const keys = await answer.then(
            ({ items }) => items.map(({ key }) => key),
            (error: unknown) => {
              if (!(error instanceof BadCursor)) throw error;
              return [];
            },
          );
          expect(['b', 'c', 'd']).toEqual(expect.arrayContaining(keys));
        }
      }
    });

    it('are refused when they are made up', async () => {
      const cursors = [
        forged('status', false, { $gt: '' }, 'b'),
        forged('status', false, 'b', { $gt: '' }),
        forged('status', false, 'b', ['b']),
        forged('status', false, null, 'b'),
        forged('status', false, 'a', 'a'),
        forged('status', false, 'b'),
        forged('status', false, 1, 'b'),
        forged('status', false, 'nul\0', 'b'),
        forged('status', false, '\ud800', 'b'),
        forged('status', false, 'b', 'b'.repeat(501)),
        forged('lockedAt', false, 'b', 'b'),
      ];
      for (const cursor of cursors) {
        await expect(store.range(view, { ...range, cursor })).rejects.toThrow(BadCursor);
      }
    });

    it('are refused without bounds to lie in, when they hold no value', async () => {
      for (const value of [null, true, {}, { $gt: '' }, ['b'], 'x'.repeat(501)]) {
        const question = { field: 'status', limit: 1, cursor: forged('status', false, value, 'b') };
        await expect(store.range(view, question)).rejects.toThrow(BadCursor);
      }
    });

    it('are refused when they lie before the bounds by their type or by their key', async () => {
      const number = { field: 'status', from: '', limit: 1, cursor: forged('status', false, 5, 'b') };
      await expect(store.range(view, number)).rejects.toThrow(BadCursor);
      const key = { field: 'key', from: 'b', limit: 1, cursor: forged('key', false, 'b', '0') };
      await expect(store.range(view, key)).rejects.toThrow(BadCursor);
    });

    it('are refused when they are longer than any that was given', async () => {
      const { next } = await store.range(view, range);
      const padded = Buffer.from(Buffer.from(next!, 'base64url').toString() + ' '.repeat(10_000));
      const cursor = padded.toString('base64url');
      await expect(store.range(view, { ...range, cursor })).rejects.toThrow(BadCursor);
    });
  });
}
