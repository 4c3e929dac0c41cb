import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { legacyRecord, type LegacyRecord } from '../domain/legacy-account/record.js';
import { ActRefused } from './acts.js';
import { LINE_CHARS_MAX, linesOf, type Line } from './legacy-lines.js';

/** A line that is no account: why. Reasons quote nothing of the line, which is personal. */
export interface RefusedRow {
  readonly line: number;
  readonly reasons: readonly string[];
}
export type LegacyRow = RefusedRow | { readonly line: number; readonly record: LegacyRecord };

/** Names the file by what is in it. */
export async function fingerprintOf(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { signal })) hash.update(chunk as Buffer);
  return hash.digest('hex').slice(0, 32);
}

/** The accounts of a file, a piece of it at a time: JSON Lines where it begins with `{`, else CSV whose first line names the columns.
 *  `bytes` counts what was read so far. Throws `ActRefused` where the columns are others. */
export async function* legacyRows(
  file: string,
  signal: AbortSignal,
): AsyncGenerator<{ readonly rows: LegacyRow[]; readonly bytes: number }> {
  const stream = createReadStream(file, { signal, highWaterMark: PIECE_BYTES });
  let read: RowReader | null = null;
  for await (const piece of linesOf(textOf(stream))) {
    const lines = piece.filter(({ text }) => text === null || text.trim() !== '');
    let rest = lines;
    const [first] = lines;
    if (read === null && first !== undefined) {
      read = first.text?.startsWith('{') ? jsonRows : csvRows(first);
      if (read !== jsonRows) rest = lines.slice(1);
    }
    yield { rows: read === null ? [] : read(rest), bytes: stream.bytesRead };
  }
}

const PIECE_BYTES = 128 * 1024;

async function* textOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  // Drops a byte order mark. What is not UTF-8 shows as U+FFFD, and is refused where it stands.
  const decoder = new TextDecoder();
  for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

type RowReader = (lines: readonly Line[]) => LegacyRow[];

const tooLong = `is longer than ${LINE_CHARS_MAX} characters`;

const jsonRows: RowReader = (lines) =>
  lines.map(({ number, text }) => {
    if (text === null) return { line: number, reasons: [tooLong] };
    const value = jsonOf(text);
    return value === undefined ? { line: number, reasons: ['is no JSON'] } : rowOf(number, text, value);
  });

function rowOf(line: number, text: string, value: unknown): LegacyRow {
  if (text.includes('\ufffd')) return { line, reasons: ['is not written in UTF-8'] };
  const parsed = legacyRecord.safeParse(value);
  if (parsed.success) return { line, record: parsed.data };
  return { line, reasons: parsed.error.issues.map(reasonOf) };
}

const reasonOf = ({ path, code, message }: z.core.$ZodIssue): string =>
  `${path.join('/') || 'the line'}: ${code === 'unrecognized_keys' ? 'holds fields that no account has' : message}`;

/** Errors of `JSON.parse` quote the text. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const columns = Object.keys(legacyRecord.shape);

function csvRows(header: Line): RowReader {
  const named = header.text === null ? null : cellsOf([header.text])?.[0]?.map((name) => name.trim());
  if (!named || named.length !== columns.length || columns.some((column) => !named.includes(column))) {
    throw new ActRefused('UnknownColumns', `The first line must name the columns: ${columns.join(',')}`);
  }
  return (lines) => {
    const texts = lines.map(({ text }) => text ?? '""');
    // Many at a time is ten times faster; a quote that does not close tells in which line only one at a time.
    const together = cellsOf(texts) ?? texts.map((text) => cellsOf([text])?.[0]);
    return lines.map(({ number, text }, index) => csvRow(number, text, together[index], named));
  };
}

function csvRow(
  line: number,
  text: string | null,
  cells: readonly string[] | undefined,
  named: readonly string[],
): LegacyRow {
  if (text === null) return { line, reasons: [tooLong] };
  if (!cells) return { line, reasons: ['has a quotation mark out of place'] };
  if (cells.length !== named.length) {
    return { line, reasons: [`has ${cells.length} columns, not ${named.length}`] };
  }
  const value = Object.fromEntries(named.map((column, index) => [column, cells[index]]));
  return rowOf(line, text, { ...value, tradeAccounts: jsonOf(value.tradeAccounts || '[]') });
}

/** The cells of each line; undefined unless every line is a record of its own. */
function cellsOf(lines: readonly string[]): string[][] | undefined {
  try {
    const rows = parse(lines.join('\n'), { relax_column_count: true, skip_empty_lines: false }) as string[][];
    return rows.length === lines.length ? rows : undefined;
  } catch {
    // Its errors quote the text.
    return undefined;
  }
}
