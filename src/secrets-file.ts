import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, type Config, type Settings } from './config.js';
import type { Mode } from './domain/service/log-mark.js';

const names = ['MASTER_KEY', 'ADDRESS_KEY'] as const;

/** Secrets of the demo, for everybody to read: never fit for real data. */
const demoSecrets = {
  MASTER_KEY: new Uint8Array(Buffer.alloc(32, 'portcullis demo master key')),
  ADDRESS_KEY: new Uint8Array(Buffer.alloc(32, 'portcullis demo address key')),
};

/** Completes the settings: a demo has its own secrets, a real service those given, or ones made once into a file of DATA_DIR
 *  (unless they are only to be looked up). Throws `ConfigError`. */
export function completeConfig(settings: Settings, mode: Mode, missing: 'make' | 'refuse' = 'make'): Config {
  const secrets = mode === 'demo' ? demoSecrets : realSecrets(settings, missing);
  const host = settings.HOST.includes(':') ? `[${settings.HOST}]` : settings.HOST;
  const PUBLIC_URL = settings.PUBLIC_URL ?? `http://${host}:${settings.PORT}`;
  const adminPort = settings.PORT === 0 ? 0 : settings.PORT + 1;
  const ADMIN_ADDRESS = settings.ADMIN_ADDRESS ?? `127.0.0.1:${adminPort}`;
  return { ...settings, ...secrets, PUBLIC_URL, ADMIN_ADDRESS, MODE: mode };
}

/** Where a service keeps the secrets that it was not given. */
export const secretsFile = (dataDir: string): string => join(dataDir, 'secrets.env');

function realSecrets(settings: Settings, missing: 'make' | 'refuse'): typeof demoSecrets {
  const given = names.filter((name) => settings[name] !== undefined);
  const { MASTER_KEY, ADDRESS_KEY } = settings;
  if (MASTER_KEY && ADDRESS_KEY) return refuseDemo({ MASTER_KEY, ADDRESS_KEY });
  if (given.length > 0) throw new ConfigError(['MASTER_KEY and ADDRESS_KEY: give both or neither']);
  if (settings.EVENT_STORE_URL === ':memory:')
    return { MASTER_KEY: randomBytes(32), ADDRESS_KEY: randomBytes(32) };
  const file = secretsFile(settings.DATA_DIR);
  if (existsSync(file)) return refuseDemo(readSecrets(file));
  // New secrets beside old data would open none of it.
  if (missing === 'refuse' || existsSync(join(settings.DATA_DIR, 'log.db'))) {
    throw new ConfigError([
      `MASTER_KEY and ADDRESS_KEY: neither set nor in ${file}; give those that the data was written with`,
    ]);
  }
  return makeSecrets(settings.DATA_DIR, file);
}

function refuseDemo(secrets: typeof demoSecrets): typeof demoSecrets {
  const demo = names.filter((name) => Buffer.from(secrets[name]).equals(demoSecrets[name]));
  if (demo.length > 0)
    throw new ConfigError(demo.map((name) => `${name}: is the demo's, which everybody knows`));
  return secrets;
}

function readSecrets(file: string): typeof demoSecrets {
  const lines = readFileSync(file, 'utf8').split('\n');
  const secrets = names.map((name) => {
    const value = lines.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
    if (!/^[0-9a-f]{64}$/.test(value)) throw new ConfigError([`${name}: missing or damaged in ${file}`]);
    return new Uint8Array(Buffer.from(value, 'hex'));
  });
  return { MASTER_KEY: secrets[0]!, ADDRESS_KEY: secrets[1]! };
}

/** Durable before it is used: events sealed under a key that a power cut took would be lost. */
function makeSecrets(dataDir: string, file: string): typeof demoSecrets {
  const secrets = { MASTER_KEY: randomBytes(32), ADDRESS_KEY: randomBytes(32) };
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lines = names.map((name) => `${name}=${secrets[name].toString('hex')}\n`);
  const descriptor = openSync(file, 'wx', 0o600);
  writeSync(
    descriptor,
    `# Made at the first start. Back it up apart from the data: without it nothing sealed can be read.\n${lines.join('')}`,
  );
  fsyncSync(descriptor);
  closeSync(descriptor);
  const folder = openSync(dataDir, 'r');
  fsyncSync(folder);
  closeSync(folder);
  return secrets;
}
