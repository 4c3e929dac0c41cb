import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pieces } from '../../src/cli/legacy-generate.js';
import { legacyRows, type LegacyRow } from '../../src/control/legacy-file.js';
import { linesOf, LINE_CHARS_MAX } from '../../src/control/legacy-lines.js';
import { record } from '../domain/legacy-account/past.js';

const folder = mkdtempSync(join(tmpdir(), 'portcullis-legacy-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function rowsOf(text: string | Buffer): Promise<LegacyRow[]> {
  const file = join(folder, 'directory');
  writeFileSync(file, text);
  const all: LegacyRow[] = [];
  for await (const { rows } of legacyRows(file, new AbortController().signal)) all.push(...rows);
  return all;
}

const HEADER = 'legacyUserId,status,givenName,familyName,email,company,tradeAccounts,passwordHash';
const csv = (...lines: string[]) => [HEADER, ...lines].join('\r\n');
const good = 'ADAOK01,Active,Ada,Okafor,ada@harbor-imports.example,"Harbor Imports, Inc.",[],legacy-hash-1';
const read = { ...record, tradeAccounts: [] };

describe('a legacy directory as a file', () => {
  it('is read from JSON Lines', async () => {
    expect(await rowsOf(`\ufeff${JSON.stringify(record)}\n\n${JSON.stringify(record)}`)).toEqual([
      { line: 1, record },
      { line: 3, record },
    ]);
  });

  it('is read from CSV, with its columns in any order', async () => {
    const [first, ...others] = HEADER.split(',');
    const turned = `${others.join(',')},${first}\nActive,Ada,Okafor,ada@harbor-imports.example,"Harbor Imports, Inc.",[],legacy-hash-1,ADAOK01\n`;
    expect(await rowsOf(turned)).toEqual([{ line: 2, record: read }]);
    expect(await rowsOf(csv(good, '', good))).toEqual([
      { line: 2, record: read },
      { line: 4, record: read },
    ]);
  });

  it.each([
    ['with a quotation mark that does not close', 'ADAOK01,Active,"Ada,Okafor,a,b,[],h', 'quotation mark'],
    ['with a column too few', 'ADAOK01,Active,Ada', 'has 3 columns, not 8'],
    ['of no known status', good.replace('Active', 'Asleep'), 'status: Invalid option'],
    ['with access that is no list', good.replace('[]', 'none'), 'tradeAccounts: '],
    ['with no user id', good.replace('ADAOK01', ''), 'legacyUserId: must be 1 to 64'],
    ['in another encoding', good.replace('Ada', 'Ad\ufffd'), 'is not written in UTF-8'],
    ['with a control character', good.replace('Ada', 'A\u0007da'), 'givenName: must not contain control'],
    ['too long to hold', good.replace('Ada', 'A'.repeat(LINE_CHARS_MAX)), 'is longer than'],
  ])('gives a reason for a row %s, and the rows around it', async (_, bad, reason) => {
    const rows = await rowsOf(csv(good, bad, good));
    expect(rows).toEqual([
      { line: 2, record: read },
      { line: 3, reasons: [expect.stringContaining(reason)] },
      { line: 4, record: read },
    ]);
  });

  it('gives reasons that quote nothing of a row', async () => {
    const odd = { ...record, 'SECRET-1': 1, status: 'SECRET-2', tradeAccounts: [{ type: 'SECRET-3' }] };
    const lines = [JSON.stringify(odd), '{"SECRET-4": ', '["SECRET-5"]'];
    expect(JSON.stringify(await rowsOf(lines.join('\n')))).not.toContain('SECRET');
  });

  it('is refused whole where its first line names other columns', async () => {
    await expect(rowsOf('user,password\nADAOK01,x\n')).rejects.toThrow('must name the columns');
  });

  it.each(['csv', 'jsonl'] as const)('is made up as %s, the same for the same seed', async (format) => {
    const made = (seed: number) => [...pieces({ rows: 1_200, seed, format })].join('');
    expect(made(5)).toBe(made(5));
    expect(made(5)).not.toBe(made(6));
    const rows = await rowsOf(made(5));
    expect(rows).toHaveLength(1_200);
    expect(rows.filter((row) => 'reasons' in row)).toEqual([]);
    const ids = rows.map((row) => ('record' in row ? row.record.legacyUserId : ''));
    expect(new Set(ids).size).toBe(1_200);
  });
});

describe('a line', () => {
  it('is put together from as many pieces as it takes', async () => {
    async function* letters() {
      for (const letter of 'ab\r\nc\n\nd') yield letter;
    }
    const lines = [];
    for await (const piece of linesOf(letters())) lines.push(...piece);
    expect(lines).toEqual([
      { number: 1, text: 'ab' },
      { number: 2, text: 'c' },
      { number: 3, text: '' },
      { number: 4, text: 'd' },
    ]);
  });

  it('of any length is not held', async () => {
    async function* endless() {
      for (let piece = 0; piece < 5; piece += 1) yield 'x'.repeat(LINE_CHARS_MAX);
      yield '\nshort';
    }
    const lines = [];
    for await (const piece of linesOf(endless())) lines.push(...piece);
    expect(lines).toEqual([
      { number: 1, text: null },
      { number: 2, text: 'short' },
    ]);
  });
});
