import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { EmbeddedEventStore } from '../../../src/adapters/embedded/event-store.js';
import { event, events, newStream, streamOf } from '../../contracts/event-store-events.js';
import { eventStoreContract } from '../../contracts/event-store.js';

// Jest cannot run TypeScript in a worker thread.
const writerUrl = new URL('../../../dist/adapters/embedded/log-writer.js', import.meta.url);

eventStoreContract('The embedded store on files', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'portcullis-events-'));
  let store = await EmbeddedEventStore.open({ dataDir, writerUrl });
  return {
    store,
    reopen: async () => (store = await EmbeddedEventStore.open({ dataDir, writerUrl })),
    close: async () => {
      await store.close();
      rmSync(dataDir, { recursive: true });
    },
  };
});

eventStoreContract(
  'The embedded store in memory',
  async () => {
    const store = EmbeddedEventStore.openInMemory();
    return { store, close: () => store.close() };
  },
  { reopens: false },
);

describe('The embedded store', () => {
  let store: EmbeddedEventStore;
  beforeEach(() => {
    store = EmbeddedEventStore.openInMemory();
  });
  afterEach(() => store.close());

  test('an empty log has no head; positions then count from 1, in 16 digits', async () => {
    expect(await store.head()).toBeNull();
    await store.append('account-1', 'NoStream', events(1));
    expect((await store.append('account-2', 'NoStream', events(2))).position).toBe('0000000000000003');
    expect(await store.head()).toBe('0000000000000003');
  });

  test("'Any' appends each time, whatever the id", async () => {
    const stream = newStream();
    const same = event();
    await store.append(stream, 'Any', [same]);
    await store.append(stream, 'Any', [same]);
    expect(await streamOf(store, stream)).toHaveLength(2);
  });

  test.each([
    ['no events', 'account-1', 'Any', []],
    ['a revision below 0', 'account-1', -1, events(1)],
    ['half a revision', 'account-1', 0.5, events(1)],
    ['a stream without a name', '', 'Any', events(1)],
    // The binding cuts text at a NUL: this would go to account-1.
    ['a NUL in a name', 'account-1\0', 'Any', events(1)],
    ['a NUL in a type', 'account-1', 'Any', [event('Type\0')]],
  ] as const)('an append with %s is refused', async (_, stream, expected, given) => {
    await expect(store.append(stream, expected, given)).rejects.toThrow(RangeError);
    expect(await store.head()).toBeNull();
  });

  test("a page's size and position are checked", async () => {
    await store.append('account-1', 'Any', events(1));
    await expect(store.readLog(null, 0)).rejects.toThrow(RangeError);
    await expect(store.readStream('account-1', 0, -1)).rejects.toThrow(RangeError);
    await expect(store.readLog('C:12/P:12', 1)).rejects.toThrow('no position of this log');
  });

  test('a follower of a closed store ends with an error', async () => {
    const following = (async () => {
      for await (const batch of store.follow(null, new AbortController().signal)) expect(batch).toEqual([]);
    })();
    await store.close();
    await expect(following).rejects.toThrow('cannot read the log');
  });
});
