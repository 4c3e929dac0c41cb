import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blobNames } from '../../src/adapters/embedded/blob-copy.js';
import { EmbeddedBlobStore } from '../../src/adapters/embedded/blob-store.js';
import { EmbeddedEventStore } from '../../src/adapters/embedded/event-store.js';
import { EmbeddedKeyStore } from '../../src/adapters/embedded/key-store.js';
import { copyAll, migrate } from '../../src/cli/migrate.js';
import type { EventRecord, ExpectedRevision } from '../../src/ports.js';
import { fillLog, sampleEvent } from '../support/log-samples.js';
import { TroubledStore } from '../support/troubled-store.js';

const quiet = () => undefined;
const key = { person: 'ada', masterKeyId: 'master-1', wrapped: new Uint8Array(60).fill(1) };

class AlteringStore extends TroubledStore {
  override append(stream: string, expected: ExpectedRevision, events: readonly EventRecord[]) {
    return super.append(
      stream,
      expected,
      events.map((event) => ({ ...event, metadata: '{}' })),
    );
  }
}

const openTarget = (events = new TroubledStore()) => ({
  events,
  keys: EmbeddedKeyStore.openInMemory(),
  blobs: EmbeddedBlobStore.openInMemory(),
});

async function openSource(dataDir: string) {
  const events = EmbeddedEventStore.openInMemory();
  const keys = EmbeddedKeyStore.openInMemory();
  const blobs = await EmbeddedBlobStore.open({ dataDir });
  await fillLog(events, ['a-1', 'b-1', 'a-1']);
  await keys.putIfAbsent(key);
  const blob = await blobs.put(new Uint8Array([1, 2, 3]));
  return { events, keys, blobs, blob, blobNames: () => blobNames(dataDir), eventCount: 3 };
}

describe('copying everything that a service keeps', () => {
  let dataDir: string;
  let source: Awaited<ReturnType<typeof openSource>>;

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'portcullis-migrate-'));
    source = await openSource(dataDir);
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  it('has keys and blobs there before the first event that may need them', async () => {
    const target = openTarget();
    let atFirstAppend: unknown;
    target.events.troubles = [
      async (append) => {
        atFirstAppend = [await target.keys.list(null, 10), await target.blobs.get(source.blob)];
        return append();
      },
    ];
    await copyAll(source, target, quiet);
    expect(atFirstAppend).toEqual([[key], new Uint8Array([1, 2, 3])]);
  });

  it('finds a copy that is not the same log', async () => {
    const target = openTarget(new AlteringStore());
    await expect(copyAll(source, target, quiet)).rejects.toThrow(
      /^The copy is not the same log: 3 events with digest/,
    );
  });

  it('writes nothing where the target holds events of somebody else', async () => {
    const target = openTarget();
    await target.events.append('z-1', 'NoStream', [sampleEvent(99)]);
    await expect(copyAll(source, target, quiet)).rejects.toThrow(
      /^The target holds something else: event 1 /,
    );
    expect(await target.keys.list(null, 10)).toEqual([]);
    expect(await target.blobs.get(source.blob)).toBeNull();
  });

  it('writes nothing where the target holds keys of somebody else', async () => {
    const target = openTarget();
    await target.keys.putIfAbsent({ ...key, person: 'zoe' });
    await expect(copyAll(source, target, quiet)).rejects.toThrow(/^The target holds something else: .* zoe /);
    expect(await target.keys.find(['ada'])).toEqual(new Map());
    expect(target.events.appends).toBe(0);
  });

  it('stops where somebody else writes to the target meanwhile', async () => {
    const target = openTarget();
    target.events.troubles = [
      async (append) => {
        await target.events.log.append('a-1', 'NoStream', [sampleEvent(99)]);
        return append();
      },
    ];
    await expect(copyAll(source, target, quiet)).rejects.toThrow(
      'The target holds something else: a-1 is at revision 0, not at NoStream.',
    );
  });

  it('stops at a blob whose bytes are not those of its name', async () => {
    writeFileSync(join(dataDir, 'blobs', source.blob.slice(0, 2), source.blob), 'damaged');
    const target = openTarget();
    await expect(copyAll(source, target, quiet)).rejects.toThrow(`The blob ${source.blob} is damaged`);
    expect(target.events.appends).toBe(0);
  });
});

describe('what migrate is asked', () => {
  const right = {
    from: 'embedded:nowhere',
    to: 'esdb://a.example',
    keysTo: 'mongodb://a.example',
    prefix: '',
  };

  it.each([
    [{ from: 'data' }, '--from is embedded: and the folder of the stores.'],
    [{ to: 'http://admin:geheim@a.example' }, '--to is no address: it begins with esdb://'],
    [{ keysTo: 'postgres://admin:geheim@a' }, '--keys-to is no address: it begins with mongodb://'],
    [{ prefix: 'Mine' }, '--prefix is words of lower-case letters and digits, each followed by a hyphen.'],
  ])('is refused for %j, with no password in the answer', async (wrong, sentence) => {
    await expect(migrate({ ...right, ...wrong })).rejects.toThrow(new Error(sentence));
  });

  it('is refused where there is no log', async () => {
    await expect(migrate(right)).rejects.toThrow('There is no log in');
  });
});
