import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DataLock } from '../../src/adapters/embedded/data-lock.js';
import { EmbeddedEventStore } from '../../src/adapters/embedded/event-store.js';
import { EsdbEventStore } from '../../src/adapters/eventstoredb/event-store.js';
import { openReadable } from '../../src/cli/kept-stores.js';
import { readSettings } from '../../src/config.js';
import { digestOf } from '../../src/engine/log-copy.js';
import { completeConfig } from '../../src/secrets-file.js';
import { StandIn } from '../support/eventstoredb/stand-in.js';
import { sampleEvent } from '../support/log-samples.js';
import { inDatabase, MongoServer } from '../support/mongo-server.js';
import { Installation, PATIENCE_MS } from './installation.js';

const secrets = { MASTER_KEY: '1'.repeat(64), ADDRESS_KEY: '2'.repeat(64) };
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

if (MongoServer.isThere) {
  describe('portcullis migrate', () => moves());
} else {
  test.todo('portcullis migrate: skipped, since there is no server of MongoDB’s protocol');
}

function moves(): void {
  let mongo: MongoServer;
  let server: StandIn;
  let here: Installation;
  let options: string[];

  beforeAll(async () => {
    mongo = await MongoServer.start();
    here = new Installation(secrets);
    const name = ['--given-name', 'Ada', '--family-name', 'Quist', '--role', 'auditor'];
    await here.must('staff', 'add', '--email', 'ada@portal.example', ...name);
    await fillUp(here.dataDir);
  }, PATIENCE_MS);
  afterAll(async () => {
    await here.remove();
    await mongo.stop();
  });

  beforeEach(async () => {
    server = await StandIn.start();
    options = [
      ['--from', `embedded:${here.dataDir}`],
      ['--to', server.connectionString],
      ['--keys-to', inDatabase(mongo.url, mongo.newDatabase())],
    ].flat();
  });
  afterEach(() => server.close());

  const there = () => EsdbEventStore.open({ url: server.connectionString });
  const digestHere = async () => {
    const log = EmbeddedEventStore.openReadOnly(here.dataDir);
    return digestOf(log).finally(() => log.close());
  };
  const digestThere = async () => {
    const log = there();
    return digestOf(log).finally(() => log.close());
  };

  it(
    'moves a service whose events can then be read from the servers',
    async () => {
      const told = await here.must('migrate', ...options);
      expect(await digestThere()).toEqual(await digestHere());
      expect(told).toContain((await digestHere()).sha256);
      const [EVENT_STORE_URL, READ_STORE_URL] = [options[3], options[5]];
      const settings = readSettings({ ...secrets, EVENT_STORE_URL, READ_STORE_URL });
      const moved = await openReadable(completeConfig(settings, 'real', 'refuse'));
      const events = await moved.codec.decode(await moved.events.readLog(null, 100));
      await moved.close();
      // The names are sealed: they can be read where the keys came along.
      expect(JSON.stringify(events)).toContain('Quist');
    },
    PATIENCE_MS,
  );

  it(
    'is refused while the service runs',
    async () => {
      const lock = DataLock.take(here.dataDir);
      const { code, err } = await here.run('migrate', ...options);
      lock.release();
      expect(code).toBe(1);
      expect(err).toContain('is in use by another running Portcullis');
    },
    PATIENCE_MS,
  );

  it(
    'goes on where it was killed',
    async () => {
      const killed = spawn(process.execPath, [cli, 'migrate', ...options], { stdio: 'ignore' });
      const ended = new Promise((resolve) => killed.once('exit', (_, signal) => resolve(signal)));
      const begun = server.log.events.length;
      let lift = () => {};
      const stop = server.log.onGrowth(() => {
        if (server.log.events.length < begun + 20) return;
        stop();
        lift = server.faults.inject({ kind: 'silent' }, ['append']);
        killed.kill('SIGKILL');
      });
      expect(await ended).toBe('SIGKILL');
      const { events } = await digestThere();
      lift();
      expect(await here.must('migrate', ...options)).toContain(`of which ${events} were there before`);
      expect(await digestThere()).toEqual(await digestHere());
    },
    PATIENCE_MS,
  );
}

/** More events, of two streams in turn. */
async function fillUp(dataDir: string): Promise<void> {
  const log = await EmbeddedEventStore.open({
    dataDir,
    writerUrl: new URL('../../dist/adapters/embedded/log-writer.js', import.meta.url),
  });
  for (let number = 0; number < 60; number++) {
    const stream = `sample-${number % 2}`;
    const revision = Math.floor(number / 2);
    await log.append(stream, revision === 0 ? 'NoStream' : revision - 1, [sampleEvent(number)]);
  }
  await log.close();
}
