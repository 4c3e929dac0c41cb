import { isIP } from 'node:net';
import { z } from 'zod';
import { references, referencesOfFaq } from './domain/help/references.js';
import type { Mode } from './domain/service/log-mark.js';
import { publicKeySet } from './legacy-portal-keys.js';

/** Settings as the environment gives them. Each carries its own description: `.env.example` is generated from here. */
const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const secretKey = z
  .string()
  .regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits (32 bytes), for example from: openssl rand -hex 32')
  .transform((hex) => new Uint8Array(Buffer.from(hex, 'hex')));
const commaSeparated = z.string().transform((list) =>
  list
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);
const store = (protocol: RegExp, example: string) =>
  z.union([
    z.enum(['embedded', ':memory:']),
    z.string().regex(protocol, `embedded, :memory:, or an address such as ${example}`),
  ]);
const network = z.string().refine((text) => {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  const bitsMax = version === 6 ? 128 : 32;
  return (
    version > 0 &&
    rest.length === 0 &&
    (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax))
  );
}, 'an address or a network such as 10.0.0.0/8');

function isPrivate(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

function isPlain(url: string): boolean {
  const { username, password, search, hash } = new URL(url);
  return `${username}${password}${search}${hash}` === '';
}

export const settings = {
  HOST: z.string().min(1).default('127.0.0.1').describe('address that the API listens on'),
  PORT: whole(0, 65_535).default(3000).describe('port that the API listens on; 0 takes a free one'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !new URL(url).search && !new URL(url).hash, 'no query and no fragment')
    .transform((url) => url.replace(/\/+$/, ''))
    .optional()
    .describe(
      'how people reach the service; mailed links and the Origin check use it (default: http://HOST:PORT)',
    ),
  ADMIN_ADDRESS: z
    .string()
    .regex(/^(\[[0-9a-fA-F:]+\]|[0-9.]+|localhost):\d{1,5}$/, 'an address and a port such as 127.0.0.1:3001')
    .optional()
    .describe(
      'metrics, readiness details and the demo mailbox; keep it private (default: 127.0.0.1 and the port after PORT)',
    ),
  DATA_DIR: z.string().min(1).default('data').describe('folder of the embedded stores'),
  EVENT_STORE_URL: store(
    /^esdb(\+discover)?:\/\/./,
    'esdb://user:password@a.example:2113,b.example:2113?nodePreference=leader',
  )
    .default('embedded')
    .describe(
      'event log: embedded (files under DATA_DIR), :memory: (nothing kept), or EventStoreDB at esdb://user:password@host:2113 (a cluster: esdb+discover://, or several hosts)',
    ),
  EVENT_STORE_PREFIX: z
    .string()
    .regex(/^([a-z0-9]+-)*$/, 'words of lower-case letters and digits, each followed by a hyphen')
    .max(60)
    .default('')
    .describe('begins the name of every stream on EventStoreDB, where several services share one server'),
  READ_STORE_URL: store(/^mongodb(\+srv)?:\/\/./, 'mongodb://user:password@a.example:27017/portcullis')
    .default('embedded')
    .describe(
      'views, keys and blobs: as EVENT_STORE_URL, and beside EventStoreDB MongoDB at mongodb://user:password@host:27017/database',
    ),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .describe(
      'mail server, such as smtp://user:password@mail.example:587; without it mail waits and an alert metric rises',
    ),
  MAIL_FROM: z
    .string()
    .min(3)
    .default('Trade Portal <no-reply@portal.example>')
    .describe('sender of all mail'),
  MASTER_KEY: secretKey
    .optional()
    .describe(
      'wraps the data keys that seal personal values; 64 hexadecimal digits; generated into DATA_DIR/secrets.env when missing',
    ),
  MASTER_KEYS_OLD: commaSeparated
    .pipe(z.array(secretKey))
    .default([])
    .describe('former master keys, comma separated, until everything is re-wrapped'),
  ADDRESS_KEY: secretKey
    .optional()
    .describe(
      'names the streams of e-mail claims and peppers hashes; never rotates; generated like MASTER_KEY',
    ),
  TRUSTED_PROXIES: commaSeparated
    .pipe(z.array(network))
    .default([])
    .describe('proxies whose X-Forwarded-For is believed: addresses or networks, comma separated'),
  LOCKOUT_FAILURES: whole(1, 100).default(5).describe('wrong passwords in a row that lock an account'),
  LOCKOUT_MINUTES: whole(0, 1440)
    .default(15)
    .describe('length of the first lock, doubling up to a day; 0: only an officer unlocks'),
  RESET_LINK_HOURS: whole(1, 24).default(24).describe('life of a reset link from the moment it was mailed'),
  OWNER_CHANGE_WAIT_HOURS: whole(0, 8_760)
    .default(72)
    .describe('how long an account owner may object to being replaced, unless they consent'),
  PASSWORD_POLICY: z
    .enum(['portal-8', 'nist-800-63b-4'])
    .default('portal-8')
    .describe('least length of passwords: 8 (portal-8) or 15 (nist-800-63b-4)'),
  UNIFORM_ANSWER_MS: whole(0, 5_000)
    .default(250)
    .describe('refused sign-ins, resets and registrations answer at multiples of this after arrival'),
  CLIENT_FAILURES_MAX: whole(1, 1_000_000)
    .default(100)
    .describe('failed sign-ins that one client may make in 15 minutes, over all accounts'),
  CLIENT_REQUESTS_MAX: whole(1, 1_000_000)
    .default(300)
    .describe('registrations, reset requests, applications and files that one client may send in 15 minutes'),
  HASH_MEMORY_KIB: whole(8, 1_048_576).default(19_456).describe('argon2id memory for each password hash'),
  HASH_PASSES: whole(1, 20).default(2).describe('argon2id passes for each password hash'),
  LEGACY_DIRECTORY_URL: z
    .url({ protocol: /^https?$/ })
    .refine(isPrivate, 'https, or http on this machine: passwords go there')
    .optional()
    .describe(
      'where the legacy portal is asked whether a legacy password is right (docs/legacy-portal.md); without it the imported directory tells',
    ),
  LEGACY_PORTAL_URL: z
    .url({ protocol: /^https?$/ })
    .refine(isPrivate, 'https, or http on this machine: tickets go there')
    .refine(isPlain, 'no user name, no password, no query and no fragment')
    .optional()
    .describe(
      'where browsers post tickets, to get into the legacy portal without signing in again (docs/legacy-portal.md); with the next two',
    ),
  LEGACY_PORTAL_CLIENT_ID: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, '1 to 200 visible ASCII characters')
    .optional()
    .describe('what the legacy portal calls itself when it redeems a ticket, and whom tickets are for'),
  LEGACY_PORTAL_JWKS: publicKeySet
    .optional()
    .describe('the public keys by which the legacy portal proves itself: a JWK set, or the path of its file'),
  LEGACY_RESET_URL: z
    .url({ protocol: /^https?$/ })
    .refine(isPrivate, 'https, or http on this machine: legacy user ids go there')
    .optional()
    .describe(
      'with LEGACY_DIRECTORY_URL: where the legacy portal is asked to reset a password; without it the ACE Service Desk cannot',
    ),
  LEGACY_LOGOUT_URL: z
    .url({ protocol: /^https?$/ })
    .refine(isPrivate, 'https, or http on this machine')
    .refine(isPlain, 'no user name, no password, no query and no fragment')
    .optional()
    .describe(
      'where the legacy portal is told to end sessions that were handed over to it (OpenID Connect Back-Channel Logout); with those above',
    ),
  REFERENCES: z
    .string()
    .default(referencesOfFaq)
    .pipe(references)
    .describe(
      'what people are led to: each name=available, comingSoon or retired, with @date as it is shown and the https link, comma separated',
    ),
  USER_ACCESS: z
    .enum(['legacy', 'portal'])
    .default('legacy')
    .describe('where Account Owners create individual users: in the legacy portal, or here'),
  USER_ACCESS_GUIDE: z
    .url({ protocol: /^https$/ })
    .max(500)
    .optional()
    .describe('https link of the Managing User Access training guide of the legacy portal'),
  CONTACT_SPECIALIST: z
    .string()
    .max(200)
    .default(
      'your Supply Chain Security Specialist or management at the field office assigned to your account',
    )
    .describe('whom a locked-out person is told to contact'),
  CONTACT_DUTY_OFFICER: z
    .string()
    .max(200)
    .default('the Duty Officer of the Day at (202) 344-1180')
    .describe('who can check an account but change nothing'),
  API_DOCS: z
    .enum(['on', 'off'])
    .default('off')
    .describe('the API reader at /api/docs (the demo always has it)'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'])
    .default('info')
    .describe('what is logged'),
} as const;

const schema = z.object(settings);

export type Settings = z.output<typeof schema>;

export interface Config extends Omit<
  Settings,
  'MASTER_KEY' | 'ADDRESS_KEY' | 'PUBLIC_URL' | 'ADMIN_ADDRESS'
> {
  readonly MODE: Mode;
  readonly MASTER_KEY: Uint8Array;
  readonly ADDRESS_KEY: Uint8Array;
  readonly PUBLIC_URL: string;
  readonly ADMIN_ADDRESS: string;
}

/** The environment does not make a configuration. `problems` names every mistake, a line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly problems: readonly string[]) {
    super(
      `the configuration has ${problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`}:\n  ${problems.join('\n  ')}`,
    );
  }
}

/** Reads all settings and reports all mistakes at once. An empty variable counts as unset. Throws `ConfigError`. */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Settings {
  const given = Object.fromEntries(
    Object.keys(settings).flatMap((name) => {
      const value = environment[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  const parsed = schema.safeParse(given);
  const problems = parsed.success
    ? crossChecks(parsed.data)
    : parsed.error.issues.map(({ path, message }) => `${String(path[0])}: ${message}`);
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return parsed.data;
}

function crossChecks(given: Settings): string[] {
  const problems: string[] = [];
  const [events, views] = [given.EVENT_STORE_URL, given.READ_STORE_URL];
  if (isShared(given) !== views.startsWith('mongodb')) {
    problems.push('READ_STORE_URL: must be MongoDB exactly when EVENT_STORE_URL is EventStoreDB');
  } else if (!isShared(given) && events !== views) {
    problems.push('READ_STORE_URL: must be :memory: exactly when EVENT_STORE_URL is');
  }
  if (given.LEGACY_RESET_URL !== undefined && given.LEGACY_DIRECTORY_URL === undefined) {
    problems.push('LEGACY_RESET_URL: only together with LEGACY_DIRECTORY_URL');
  }
  if (isShared(given) && !(given.MASTER_KEY && given.ADDRESS_KEY)) {
    problems.push(
      'MASTER_KEY and ADDRESS_KEY: give both; every instance on EventStoreDB and MongoDB needs the same ones',
    );
  }
  const handoff = [given.LEGACY_PORTAL_URL, given.LEGACY_PORTAL_CLIENT_ID, given.LEGACY_PORTAL_JWKS];
  if (handoff.includes(undefined) && handoff.some((value) => value !== undefined)) {
    problems.push(
      'LEGACY_PORTAL_URL, LEGACY_PORTAL_CLIENT_ID and LEGACY_PORTAL_JWKS: give all three or none of them',
    );
  }
  if (given.USER_ACCESS === 'portal' && given.LEGACY_DIRECTORY_URL !== undefined) {
    problems.push(
      'USER_ACCESS: portal needs an imported directory; LEGACY_DIRECTORY_URL asks for each password elsewhere',
    );
  }
  if (given.LEGACY_LOGOUT_URL !== undefined && given.LEGACY_PORTAL_CLIENT_ID === undefined) {
    problems.push('LEGACY_LOGOUT_URL: needs LEGACY_PORTAL_URL and the settings that go with it');
  }
  return problems;
}

/** Whether the stores are servers, which several instances may share. */
export const isShared = (settings: Pick<Settings, 'EVENT_STORE_URL'>): boolean =>
  settings.EVENT_STORE_URL.startsWith('esdb');

/** The text of `.env.example`: every setting with its description and default, commented out. */
export function exampleEnvironment(): string {
  const lines = Object.entries(settings).flatMap(([name, type]) => {
    const json = z.toJSONSchema(type, { unrepresentable: 'any', io: 'input' }) as { default?: unknown };
    const value = Array.isArray(json.default) ? json.default.join(',') : (json.default ?? '');
    return [`# ${type.description ?? ''}`, `#${name}=${String(value)}`, ''];
  });
  return ['# Settings of Portcullis. Generated from src/config.ts: change them there.', '', ...lines].join(
    '\n',
  );
}
