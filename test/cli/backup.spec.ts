import { copyFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KeyDatabase } from '../../src/adapters/embedded/key-database.js';
import { EmbeddedKeyStore } from '../../src/adapters/embedded/key-store.js';
import { EmbeddedLogReader } from '../../src/adapters/embedded/log-reader.js';
import { openReadable } from '../../src/cli/kept-stores.js';
import { readSettings } from '../../src/config.js';
import { isUndecodable } from '../../src/engine/codec.js';
import { partsOf, type Envelope } from '../../src/engine/envelope.js';
import type { RecordedEvent } from '../../src/ports.js';
import { completeConfig } from '../../src/secrets-file.js';
import { registration } from '../support/people.js';
import { PortalClient } from '../support/portal-client.js';
import { Installation, PATIENCE_MS } from './installation.js';

const settings = { CLIENT_REQUESTS_MAX: '1000000' };

async function eventsOf(dataDir: string): Promise<RecordedEvent[]> {
  const log = EmbeddedLogReader.open(dataDir, null);
  try {
    return await log.readLog(null, 100_000);
  } finally {
    log.close();
  }
}

/** As the service reads them: unsealed with the keys and secrets at hand. */
async function decoded(dataDir: string): Promise<Envelope[]> {
  const readable = await openReadable(completeConfig(readSettings({ DATA_DIR: dataDir }), 'real', 'refuse'));
  const read = await readable.codec.decode(await readable.events.readLog(null, 100_000));
  await readable.close();
  return read.map((event) => {
    if (isUndecodable(event)) throw new Error(event.cause);
    return event;
  });
}

/** Registers people as fast as the service takes it until stopped; returns how many were acknowledged so far. */
function load(url: string): { count: () => number; stop: () => Promise<void> } {
  let stopped = false;
  let count = 0;
  const client = new PortalClient(url);
  const lane = async (name: number) => {
    for (let n = 0; !stopped; n += 1) {
      const { status } = await client.post(
        '/api/v1/registrations',
        registration(`p${name}-${n}@load.example`),
      );
      if (status !== 202) throw new Error(`answered ${status}`);
      count += 1;
    }
  };
  const lanes = Array.from({ length: 8 }, (_, name) => lane(name));
  const stop = async () => {
    stopped = true;
    await Promise.all(lanes);
  };
  return { count: () => count, stop };
}

describe('portcullis backup and restore', () => {
  let here: Installation;
  let there: Installation;
  let acknowledged: { before: number; after: number };
  const backup = (...parts: string[]) => here.path('backup', ...parts);

  beforeAll(async () => {
    here = new Installation(settings);
    there = new Installation(settings);
    const service = await here.serve();
    const people = load(service.url);
    while (people.count() < 20) await new Promise((resume) => setTimeout(resume, 5));
    const before = people.count();
    await here.must('backup', backup());
    acknowledged = { before, after: people.count() };
    while (people.count() === acknowledged.after) await new Promise((resume) => setTimeout(resume, 5));
    await people.stop();
    await service.stop();
  }, PATIENCE_MS);
  afterAll(async () => {
    await here.remove();
    await there.remove();
  });

  it('keeps log and keys apart, and no secrets at all', () => {
    expect(readdirSync(backup()).sort()).toEqual(['keys', 'log']);
    expect(readdirSync(backup('log'))).toEqual(['log.db']);
    expect(readdirSync(backup('keys')).sort()).toEqual(['erasures.jsonl', 'keys.db']);
  });

  it(
    'restores an exact prefix of the log, taken under load, that a fresh service serves',
    async () => {
      const out = await there.must('restore', backup());
      expect(out).toContain('put back the secrets');
      // No view: one that was made from a longer log would tell of what never was.
      expect(readdirSync(there.dataDir).sort()).toEqual(['keys.db', 'lock.db', 'log.db']);
      copyFileSync(join(here.dataDir, 'secrets.env'), join(there.dataDir, 'secrets.env'));
      const [whole, prefix] = [await eventsOf(here.dataDir), await eventsOf(there.dataDir)];
      expect(acknowledged.after).toBeGreaterThan(acknowledged.before);
      expect(prefix.length).toBeLessThan(whole.length);
      expect(prefix).toEqual(whole.slice(0, prefix.length));
      const registered = (await decoded(there.dataDir)).filter(({ type }) => type === 'AccountRegistered');
      expect(registered.length).toBeGreaterThanOrEqual(acknowledged.before);
      // A key that came too late for the backup would leave its sealed fields missing.
      for (const { data } of registered) expect(data.email).toMatch(/@load\.example$/);
      const service = await there.serve();
      const asked = registration('new@load.example');
      expect((await new PortalClient(service.url).post('/api/v1/registrations', asked)).status).toBe(202);
      expect(await service.stop()).toBe(0);
      expect((await eventsOf(there.dataDir)).length).toBeGreaterThan(prefix.length);
    },
    PATIENCE_MS,
  );

  it(
    'refuses a folder that is not empty, on either side',
    async () => {
      const again = await here.run('backup', backup());
      expect(again).toMatchObject({ code: 1, err: expect.stringContaining('is not empty') });
      const over = await there.run('restore', backup());
      expect(over).toMatchObject({ code: 1, err: expect.stringContaining('log.db') });
    },
    PATIENCE_MS,
  );

  it(
    'erases again who was erased after the keys were copied',
    async () => {
      const [first, second] = (await decoded(here.dataDir)).filter(
        ({ type }) => type === 'AccountRegistered',
      );
      const erased = partsOf(first!.stream).id;
      const keys = new KeyDatabase(join(here.dataDir, 'keys.db'));
      keys.commit([{ kind: 'destroy', person: erased }]);
      keys.close();
      await here.must('backup', here.path('later'));
      const list = here.path('later', 'keys', 'erasures.jsonl');
      expect(readFileSync(list, 'utf8')).toBe(`${JSON.stringify(erased)}\n`);
      const restored = new Installation({}, here.path('restored'));
      expect(await restored.must('restore', backup(), '--erasures', list)).toContain(
        'Erased again: 1 person',
      );
      const store = EmbeddedKeyStore.openReadOnly(restored.dataDir);
      const people = [erased, partsOf(second!.stream).id];
      expect([...(await store.find(people)).keys()]).toEqual([people[1]]);
      expect(await store.erased(null, 10)).toEqual([erased]);
      await store.close();
      const held = EmbeddedKeyStore.openReadOnly(backup('keys'));
      const { wrapped } = (await held.find([erased])).get(erased)!;
      await held.close();
      expect(readFileSync(join(backup('keys'), 'keys.db')).includes(Buffer.from(wrapped))).toBe(true);
      expect(readFileSync(join(restored.dataDir, 'keys.db')).includes(Buffer.from(wrapped))).toBe(false);
      await restored.remove();
    },
    PATIENCE_MS,
  );

  it(
    'refuses keys that are older than the log, a damaged log, and a strange list, leaving nothing',
    async () => {
      const target = new Installation({}, here.path('refused'));
      const refused = async (...args: string[]) => {
        const { code, err } = await target.run('restore', ...args);
        expect(code).toBe(1);
        expect(readdirSync(target.dataDir)).toEqual(['lock.db']);
        return err;
      };
      expect(await refused(here.path('later'), '--keys', backup('keys'))).toMatch(
        /The keys are older than the log: those of \d+ persons are missing/,
      );
      writeFileSync(here.path('list'), '"somebody"\nnobody\n');
      expect(await refused(backup(), '--erasures', here.path('list'))).toContain('list, line 2');
      copyFileSync(backup('log', 'log.db'), here.path('whole.db'));
      truncateSync(backup('log', 'log.db'), 20_000);
      expect(await refused(backup())).toContain('log.db is damaged');
      copyFileSync(here.path('whole.db'), backup('log', 'log.db'));
      await target.remove();
    },
    PATIENCE_MS,
  );
});
