import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  legacyRecord,
  type LegacyRecord,
  type LegacyStatus,
  type LegacyTradeAccount,
} from '../domain/legacy-account/record.js';
import { tradeAccountType } from '../domain/trade-account/events.js';

export interface Generating {
  readonly rows: number;
  readonly seed: number;
  readonly format: 'csv' | 'jsonl';
}

/** Writes a made-up directory to standard output. The password of each account is `Legacy-` and its legacy user id. */
export async function generateLegacy(options: Generating): Promise<void> {
  await pipeline(Readable.from(pieces(options)), process.stdout, { end: false });
}

/** The file in pieces of many lines; the same for the same seed. */
export function* pieces({ rows, seed, format }: Generating): Generator<string> {
  const line = format === 'csv' ? csvLine : (record: LegacyRecord) => `${JSON.stringify(record)}\n`;
  if (format === 'csv') yield `${columns.join(',')}\n`;
  const chance = randomFrom(seed);
  for (let row = 0; row < rows; row += PIECE_ROWS) {
    const ends = Math.min(rows, row + PIECE_ROWS);
    let piece = '';
    for (let each = row; each < ends; each += 1) piece += line(legacyAccount(each, chance));
    yield piece;
  }
}

const PIECE_ROWS = 500;
const columns = Object.keys(legacyRecord.shape) as (keyof LegacyRecord)[];

/** Quoted throughout: names have commas, and lists quotation marks. */
const csvLine = (record: LegacyRecord): string => {
  const cells = columns.map((column) => {
    const value = record[column];
    return `"${(typeof value === 'string' ? value : JSON.stringify(value)).replaceAll('"', '""')}"`;
  });
  return `${cells.join(',')}\n`;
};

/** From 0 to 1, as `Math.random`, and the same for the same seed (Mulberry32). */
type Chance = () => number;

function randomFrom(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const oneOf = <T>(chance: Chance, among: readonly T[]): T => among[Math.floor(chance() * among.length)]!;

const givenNames = 'Ada Ben Chen Dev Eve Finn Gita Hugo Ines Jack Kofi Lena Mai Noor Otto Priya'.split(' ');
const familyNames = 'Alvarez Brown Chang Diaz Evans Fischer Garcia Haddad Ito Jones Kim Lopez Moreau'.split(
  ' ',
);
const companyWords = 'Harbor Northline Baytrade Summit Pacific Delta Meridian Cascade Atlas Keystone'.split(
  ' ',
);
const companyForms = ['Imports, Inc.', 'Brokers LLC', 'Logistics Co.', 'Surety Group', 'Carriers, Ltd.'];
const permissions = [
  'ViewEntries',
  'RunReports',
  'FileProtests',
  'ManageUsers',
  'UpdateAccount',
  'PayStatements',
];

function legacyAccount(row: number, chance: Chance): LegacyRecord {
  const givenName = oneOf(chance, givenNames);
  const familyName = oneOf(chance, familyNames);
  const word = oneOf(chance, companyWords);
  const legacyUserId =
    `${familyName.slice(0, 5)}${givenName[0]}${String(row).padStart(6, '0')}`.toUpperCase();
  return {
    legacyUserId,
    status: statusBy(chance()),
    givenName,
    familyName,
    email: `${givenName}.${familyName}${row}@${word}.example`.toLowerCase(),
    company: `${word} ${oneOf(chance, companyForms)}`,
    tradeAccounts: Array.from({ length: 1 + Math.floor(chance() * 3) }, () => access(chance)),
    passwordHash: saltedHash(`Legacy-${legacyUserId}`, chance),
  };
}

function statusBy(share: number): LegacyStatus {
  if (share < 0.93) return 'Active';
  return share < 0.97 ? 'Inactive' : 'NotInGoodStanding';
}

function access(chance: Chance): LegacyTradeAccount {
  const digits = String(Math.floor(chance() * 1e9)).padStart(9, '0');
  return {
    type: oneOf(chance, tradeAccountType.options),
    number: `${digits.slice(0, 2)}-${digits.slice(2)}`,
    owner: chance() < 0.2,
    permissions: permissions.filter(() => chance() < 0.5),
  };
}

/** As an LDAP server keeps it: a slow hash for each of a million made-up people would take a day. */
function saltedHash(password: string, chance: Chance): string {
  const salt = Buffer.from(Array.from({ length: 8 }, () => Math.floor(chance() * 256)));
  const digest = createHash('sha256').update(password).update(salt).digest();
  return `{SSHA256}${Buffer.concat([digest, salt]).toString('base64')}`;
}
