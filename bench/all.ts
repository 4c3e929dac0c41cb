import { availableParallelism, cpus } from 'node:os';
import { run as append } from './append.js';
import { run as esdbAppend } from './esdb-append.js';
import { run as esdbLegacyImport } from './esdb-legacy-import.js';
import { run as http } from './http.js';
import { run as legacyImport } from './legacy-import.js';
import { run as longAccount } from './long-account.js';
import { run as mongoProjector } from './mongo-projector.js';
import { run as rebuild } from './rebuild.js';
import type { BenchRow } from './row.js';
import { run as startUp } from './start-up.js';
import { run as uniformity } from './uniformity.js';

/** Every bench, one after the other; prints the table of docs/performance.md. */
const benches = {
  append,
  'long account': longAccount,
  http,
  uniformity,
  rebuild,
  'start-up': startUp,
  'esdb append': esdbAppend,
  'mongo projector': mongoProjector,
  'legacy import': legacyImport,
  'esdb legacy import': esdbLegacyImport,
};

const chosen = process.argv.slice(2);
const figure = (value: number) => value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 2 : 0 });

console.log(
  `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'})\n`,
);
console.log('| what | measured | asked | |\n| --- | --- | --- | --- |');
let missed = 0;
for (const [name, run] of Object.entries(benches)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  for (const row of await run()) {
    print(row);
    if (!row.met) missed += 1;
  }
}
process.exitCode = missed === 0 ? 0 : 1;

function print({ name, measured, unit, asked, met, note }: BenchRow): void {
  const what = note === undefined ? name : `${name} (${note})`;
  console.log(`| ${what} | ${figure(measured)} ${unit} | ${asked} | ${met ? 'met' : 'missed'} |`);
}
