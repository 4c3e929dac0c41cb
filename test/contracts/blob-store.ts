import { createHash, randomBytes } from 'node:crypto';

import { BLOB_BYTES_MAX, type BlobStore, StoreUnavailable } from '../../src/ports.js';

const nameOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export function blobStoreContract(
  name: string,
  open: () => Promise<{ store: BlobStore; close(): Promise<void> }>,
): void {
  describe(`${name} keeps the contract of BlobStore`, () => {
    let store: BlobStore;
    let close: () => Promise<void>;

    beforeEach(async () => {
      ({ store, close } = await open());
    });
    afterEach(() => close());

    /** Bytes that no other test, or run on the same store, has stored. */
    const some = (length: number): Uint8Array => Buffer.concat([randomBytes(16), Buffer.alloc(length, 7)]);
    const stored = async (blob: string): Promise<Buffer | null> => {
      const bytes = await store.get(blob);
      return bytes && Buffer.from(bytes);
    };

    it('keeps bytes under their hash', async () => {
      const bytes = some(100_000);
      const blob = await store.put(bytes);
      expect(blob).toBe(nameOf(bytes));
      expect(await stored(blob)).toEqual(Buffer.from(bytes));
    });

    it('keeps no bytes at all, too', async () => {
      const blob = await store.put(new Uint8Array());
      expect(await stored(blob)).toEqual(Buffer.alloc(0));
    });

    it('keeps bytes that are a part of a larger buffer', async () => {
      const whole = Buffer.from(some(100));
      const part = whole.subarray(3, 40);
      expect(await stored(await store.put(part))).toEqual(Buffer.from(part));
    });

    it('takes the same bytes again, also at the same time', async () => {
      const bytes = some(1_000);
      const blobs = await Promise.all(Array.from({ length: 16 }, () => store.put(bytes)));
      expect(new Set([...blobs, await store.put(bytes)])).toEqual(new Set([nameOf(bytes)]));
      expect(await stored(blobs[0]!)).toEqual(Buffer.from(bytes));
    });

    it('gives bytes that are not the stored ones themselves', async () => {
      const blob = await store.put(some(10));
      const bytes = (await store.get(blob))!;
      bytes.fill(0);
      expect(nameOf((await store.get(blob))!)).toBe(blob);
    });

    it('takes 32 MiB, and no more', async () => {
      const bytes = Buffer.alloc(BLOB_BYTES_MAX, some(0));
      const blob = await store.put(bytes);
      expect((await store.get(blob))!.length).toBe(BLOB_BYTES_MAX);
      await store.delete(blob);
      await expect(store.put(Buffer.alloc(BLOB_BYTES_MAX + 1))).rejects.toThrow(RangeError);
    });

    it('has nothing under other names', async () => {
      expect(await store.get(nameOf(some(1)))).toBeNull();
    });

    it('deletes, and no error comes from deleting again', async () => {
      const [blob, other] = [await store.put(some(1)), await store.put(some(2))];
      await store.delete(blob);
      await store.delete(blob);
      expect(await store.get(blob)).toBeNull();
      expect(await store.get(other)).not.toBeNull();
    });

    it('refuses what is no name', async () => {
      const blob = await store.put(some(1));
      const names: unknown[] = [
        '',
        '..',
        '../../log.db',
        `../${blob}`,
        `${blob.slice(0, 2)}/${blob}`,
        blob.toUpperCase(),
        blob.slice(1),
        `${blob}0`,
        `${blob}\n`,
        `${blob}\0`,
        `g${blob.slice(1)}`,
        { $gt: '' },
        [blob],
        5,
        null,
        undefined,
      ];
      for (const odd of names as string[]) {
        await expect(store.get(odd)).rejects.toThrow(TypeError);
        await expect(store.delete(odd)).rejects.toThrow(TypeError);
      }
      await expect(store.put('text' as unknown as Uint8Array)).rejects.toThrow(TypeError);
      expect(await store.get(blob)).not.toBeNull();
    });

    it('makes everything unavailable by closing', async () => {
      const { store: closed, close: closeIt } = await open();
      const blob = await closed.put(some(1));
      await closed.close();
      await closed.close();
      await expect(closed.put(some(1))).rejects.toThrow(StoreUnavailable);
      await expect(closed.get(blob)).rejects.toThrow(StoreUnavailable);
      await expect(closed.delete(blob)).rejects.toThrow(StoreUnavailable);
      await closeIt();
    });
  });
}
