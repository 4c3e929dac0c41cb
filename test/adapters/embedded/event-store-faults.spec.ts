import { jest } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { DataDirectoryInUse } from '../../../src/adapters/embedded/data-lock.js';
import { EmbeddedEventStore } from '../../../src/adapters/embedded/event-store.js';
import { OutcomeUnknown, StoreUnavailable } from '../../../src/ports.js';
import { event, events, idsOf, race, streamOf } from '../../contracts/event-store-events.js';

type Fault =
  | 'begin fails'
  | 'insert fails'
  | 'commit fails before it wrote'
  | 'commit fails after it wrote'
  | 'thread dies'
  | 'hang';

const writerUrl = new URL('./faulty-writer.mjs', import.meta.url);

/** Longer than any machine takes. */
const PATIENT_MS = 30_000;
jest.setTimeout(PATIENT_MS);

let dataDir: string;
let store: EmbeddedEventStore;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'portcullis-faults-'));
  store = await EmbeddedEventStore.open({ dataDir, writerUrl, answerMs: PATIENT_MS, closeMs: PATIENT_MS });
  await store.append('account-1', 'NoStream', events(1));
});
afterEach(async () => {
  mend();
  await store.close();
  rmSync(dataDir, { recursive: true });
});

const faultFile = () => join(dataDir, 'log.db.fault');
const next = (fault: Fault): void => writeFileSync(faultFile(), fault);
const mend = (): void => rmSync(faultFile(), { force: true });

async function reopen(options: { answerMs?: number; closeMs?: number } = {}): Promise<void> {
  await store.close();
  store = await EmbeddedEventStore.open({
    dataDir,
    writerUrl,
    answerMs: PATIENT_MS,
    closeMs: PATIENT_MS,
    ...options,
  });
}

/** Three appends that share one transaction. */
const group = () => [
  store.append('account-1', 0, events(2)),
  store.append('account-2', 'NoStream', events(2)),
  store.append('account-3', 'Any', events(2)),
];

describe('A commit that fails', () => {
  test.each([
    ['commit fails before it wrote', 0],
    ['commit fails after it wrote', 2],
  ] as const)('leaves its whole group unknown: %s', async (fault, written) => {
    next(fault);
    const { lost } = await race(group());
    expect(lost.map((error) => (error as Error).name)).toEqual(Array(3).fill('OutcomeUnknown'));
    expect(lost[0]).toBeInstanceOf(OutcomeUnknown);
    expect(await streamOf(store, 'account-2')).toHaveLength(written);
    expect(await streamOf(store, 'account-3')).toHaveLength(written);
  });

  test.each(['commit fails before it wrote', 'commit fails after it wrote'] as const)(
    'has one effect when the append is sent again: %s',
    async (fault) => {
      const same = events(2);
      next(fault);
      await expect(store.append('account-1', 0, same)).rejects.toThrow(OutcomeUnknown);
      expect(await store.append('account-1', 0, same)).toEqual({ revision: 2, position: '0000000000000003' });
      expect(idsOf(await store.readStream('account-1', 1, 10))).toEqual(idsOf(same));
      expect((await store.append('account-1', 2, events(1))).position).toBe('0000000000000004');
    },
  );

  test('is seen by followers when it wrote', async () => {
    const signal = new AbortController();
    const followed = (async () => {
      for await (const batch of store.follow(await store.head(), signal.signal)) {
        signal.abort();
        return idsOf(batch);
      }
      return [];
    })();
    const unknown = event();
    next('commit fails after it wrote');
    await expect(store.append('account-1', 0, [unknown])).rejects.toThrow(OutcomeUnknown);
    expect(await followed).toEqual([unknown.eventId]);
  });
});

describe('A transaction that fails before its commit', () => {
  test.each(['begin fails', 'insert fails'] as const)(
    'writes nothing of its group, says so, and the store goes on: %s',
    async (fault) => {
      next(fault);
      const { lost } = await race(group());
      expect(lost).toHaveLength(3);
      for (const error of lost) expect(error).toBeInstanceOf(StoreUnavailable);
      expect(await store.readLog(null, 10)).toHaveLength(1);
      expect((await Promise.all(group())).map(({ position }) => Number(position))).toEqual([3, 5, 7]);
    },
  );

  test('fails a ping', async () => {
    next('begin fails');
    await expect(store.ping()).rejects.toThrow(StoreUnavailable);
    await expect(store.ping()).resolves.toBeUndefined();
  });
});

describe('A writer that failed', () => {
  const connections = () => readFileSync(join(dataDir, 'log.db.synchronous'), 'utf8');
  const SYNC_FULL = '2\n';

  test('opens the log anew, syncing in full', async () => {
    expect(connections()).toBe(SYNC_FULL);
    next('begin fails');
    await race([store.append('account-9', 'Any', events(1))]);
    await store.append('account-9', 'Any', events(1));
    expect(connections()).toBe(SYNC_FULL.repeat(2));
  });

  test('has opened it, and so buried what the commit left behind, before it tells of a failed commit', async () => {
    next('commit fails before it wrote');
    await race([store.append('account-9', 'Any', events(1))]);
    expect(connections()).toBe(SYNC_FULL.repeat(2));
  });
});

describe('A writer thread that dies', () => {
  test('leaves what it had unknown, and nothing is taken any more', async () => {
    next('thread dies');
    const { lost } = await race(group());
    expect(lost).toHaveLength(3);
    for (const error of lost) expect(error).toBeInstanceOf(OutcomeUnknown);
    await expect(store.append('account-1', 0, events(1))).rejects.toThrow(StoreUnavailable);
    await expect(store.ping()).rejects.toThrow(StoreUnavailable);
    expect(await streamOf(store, 'account-1')).toHaveLength(1);
  });

  test('does not keep the store from closing and opening again', async () => {
    next('thread dies');
    await race(group());
    await reopen();
    expect((await store.append('account-1', 0, events(1))).revision).toBe(1);
  });
});

describe('A disk that hangs', () => {
  test('leaves appends unknown at their deadline; what it wrote late is there once', async () => {
    const same = events(2);
    await reopen({ answerMs: 50 });
    next('hang');
    const late = store.append('account-1', 0, same);
    await expect(late).rejects.toThrow('within 50 ms');
    await expect(late).rejects.toThrow(OutcomeUnknown);
    mend();
    await reopen();
    expect((await store.append('account-1', 0, same)).revision).toBe(2);
    expect(idsOf(await store.readStream('account-1', 1, 10))).toEqual(idsOf(same));
  });

  test('is given nothing more after that deadline, which so is refused at once and not written, until it has answered', async () => {
    await reopen({ answerMs: 50 });
    next('hang');
    await expect(store.append('account-1', 0, events(1))).rejects.toThrow(OutcomeUnknown);
    await expect(store.append('account-2', 'NoStream', events(1))).rejects.toThrow('has not answered');
    await expect(store.append('account-2', 'NoStream', events(1))).rejects.toThrow(StoreUnavailable);
    mend();
    let answers = false;
    while (!answers) {
      // A refusal comes at once: without a pause the loop would never turn, and the writer's answer never arrive.
      await pause(5);
      answers = await store.ping().then(
        () => true,
        () => false,
      );
    }
    expect(await streamOf(store, 'account-1')).toHaveLength(2);
    expect(await streamOf(store, 'account-2')).toEqual([]);
  });

  test('fails a ping', async () => {
    await reopen({ answerMs: 50 });
    next('hang');
    await expect(store.ping()).rejects.toThrow(StoreUnavailable);
  });

  test('does not keep closing from ending; the directory stays taken while the thread may write', async () => {
    await reopen({ closeMs: 50 });
    next('hang');
    const pending = store.append('account-1', 0, events(1));
    const closing = store.close();
    await expect(closing).rejects.toThrow('did not close within 50 ms');
    await expect(closing).rejects.toThrow(StoreUnavailable);
    await expect(pending).rejects.toThrow(OutcomeUnknown);
    await expect(EmbeddedEventStore.open({ dataDir, writerUrl })).rejects.toThrow(DataDirectoryInUse);
    store = EmbeddedEventStore.openInMemory();
  });

  test('is given so many appends and no more; the rest is refused at once and not written', async () => {
    next('hang');
    const taken = Array.from({ length: 4_096 }, () => store.append('account-1', 'Any', events(1)));
    await expect(store.append('account-2', 'Any', events(1))).rejects.toThrow(StoreUnavailable);
    mend();
    expect((await race(taken)).lost).toEqual([]);
    expect(await streamOf(store, 'account-2')).toEqual([]);
    expect((await store.append('account-1', 4_096, events(1))).revision).toBe(4_097);
  });

  test('is given so many bytes and no more', async () => {
    const large = event('Large', { text: 'x'.repeat(1_000_000) });
    next('hang');
    const taken = Array.from({ length: 67 }, () => store.append('account-1', 'Any', [large]));
    await expect(store.append('account-2', 'Any', [large])).rejects.toThrow('too many appends');
    mend();
    expect((await race(taken)).lost).toEqual([]);
    expect((await store.append('account-2', 'Any', [large])).revision).toBe(0);
  });
});
