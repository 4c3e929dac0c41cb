import { accessSync, constants, existsSync, mkdtempSync, rmSync, statfsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { keyFile } from '../../adapters/embedded/key-connection.js';
import { logFile, openLogForWriting } from '../../adapters/embedded/log-connection.js';
import { secretsFile } from '../../secrets-file.js';
import { bytesText } from '../printing.js';
import { type Check, fail, type Finding, ok, warn } from './check.js';

const FREE_BYTES_MIN = 256 * 1_000_000;
const OTHERS = 0o077;

const modeText = (file: string): string => (statSync(file).mode & 0o777).toString(8).padStart(4, '0');

export const dataFolder: Check = ({ settings }) => {
  const folder = resolve(settings.DATA_DIR);
  const about = 'Data folder';
  if (!existsSync(folder)) return [ok(about, `${folder} is not there yet: the first start makes it`)];
  const { uid } = statSync(folder);
  if (process.getuid && uid !== process.getuid()) {
    const fix = `run this and the service as the same user, or: chown -R ${process.getuid()} ${folder}`;
    return [fail(about, `${folder} belongs to user ${uid}, and this is ${process.getuid()}`, fix)];
  }
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return [
      fail(about, `${folder} cannot be read and written (mode ${modeText(folder)})`, `chmod 700 ${folder}`),
    ];
  }
  const open = [folder, logFile(folder), keyFile(folder)].filter(isOpenToOthers);
  if (open.length === 0) return [ok(about, `${folder}, for this user alone`)];
  return open.map((file) =>
    fail(about, `others may read ${file} (mode ${modeText(file)})`, `chmod go= ${file}`),
  );
};

export const secrets: Check = ({ settings, mode, hasLog }) => {
  const about = 'Secrets';
  if (mode === 'demo') return [ok(about, "the demo's, which everybody knows")];
  if (settings.MASTER_KEY && settings.ADDRESS_KEY) return [ok(about, 'from the environment')];
  if (settings.MASTER_KEY || settings.ADDRESS_KEY) {
    const fix = 'set both, or neither and have them generated';
    return [fail(about, 'only one of MASTER_KEY and ADDRESS_KEY is set', fix)];
  }
  const file = secretsFile(resolve(settings.DATA_DIR));
  if (!existsSync(file)) {
    if (!hasLog) return [ok(about, 'made at the first start')];
    const fix = `put back the copy of ${file}, mode 0600, or set MASTER_KEY and ADDRESS_KEY`;
    return [fail(about, `${file} is gone: nothing sealed can be read`, fix)];
  }
  if (isOpenToOthers(file)) {
    return [fail(about, `others may read ${file} (mode ${modeText(file)})`, `chmod 600 ${file}`)];
  }
  return [ok(about, `${file}, for this user alone; keep a copy apart from all backups`)];
};

const isOpenToOthers = (file: string): boolean => existsSync(file) && (statSync(file).mode & OTHERS) !== 0;

/** Kinds of file systems by their Linux numbers. */
const networks: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
]);
const memories: ReadonlyMap<number, string> = new Map([
  [0x01021994, 'tmpfs'],
  [0x858458f6, 'ramfs'],
]);

export const disk: Check = ({ settings, hasLog }) => {
  const about = 'Disk';
  const folder = nearestFolder(settings.DATA_DIR);
  const { type, bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const findings: Finding[] = [];
  const network = networks.get(type);
  if (network !== undefined) {
    const fix = 'set DATA_DIR to a folder on a disk of this machine';
    findings.push(
      fail(about, `${folder} is on ${network}, where locks and durable writes cannot be relied on`, fix),
    );
  }
  const memory = memories.get(type);
  if (memory !== undefined) {
    const fix = 'set DATA_DIR to a folder on a disk, unless this is for a test';
    findings.push(warn(about, `${folder} is on ${memory}: all is lost when the machine stops`, fix));
  }
  const logBytes = hasLog ? statSync(logFile(settings.DATA_DIR)).size : 0;
  const fix = 'make room, or move DATA_DIR to a larger disk while no service runs';
  if (free < FREE_BYTES_MIN) findings.push(fail(about, `only ${bytesText(free)} free`, fix));
  else if (free < 2 * logBytes) {
    const detail = `${bytesText(free)} free, and a rebuild or a backup may need twice the log (${bytesText(logBytes)})`;
    findings.push(warn(about, detail, fix));
  }
  return findings.length > 0 ? findings : [ok(about, `${bytesText(free)} free`)];
};

function nearestFolder(folder: string): string {
  let path = resolve(folder);
  while (!existsSync(path)) path = dirname(path);
  return path;
}

const COMMITS = 5;
/** No disk is so fast: something says "written" too early. */
const COMMIT_MS_MIN = 0.02;
const COMMIT_MS_MAX = 250;

/** On a log of its own, opened as the service opens its own. */
export const durableCommits: Check = ({ settings }) => {
  const about = 'Durable writes';
  if (!existsSync(settings.DATA_DIR)) return [];
  const folder = mkdtempSync(join(settings.DATA_DIR, 'doctor-'));
  try {
    const db = openLogForWriting(logFile(folder));
    const { synchronous } = db.prepare('PRAGMA synchronous').get() as { synchronous: number };
    const startedAt = performance.now();
    for (let n = 1; n <= COMMITS; n += 1)
      db.exec(`INSERT INTO events VALUES (${n}, 's', ${n}, '', '', '', '')`);
    const ms = (performance.now() - startedAt) / COMMITS;
    db.close();
    return [commitVerdict(about, synchronous, ms)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

function commitVerdict(about: string, synchronous: number, ms: number): Finding {
  const each = `${ms.toFixed(ms < 10 ? 2 : 0)} ms each`;
  const FULL = 2;
  if (synchronous !== FULL) {
    const fix = 'reinstall the dependencies with npm ci: this SQLite was built differently';
    return fail(about, `SQLite did not take synchronous=FULL (it has ${synchronous})`, fix);
  }
  if (ms < COMMIT_MS_MIN) {
    const fix =
      'make sure that the disk flushes its cache when told to, or power cuts lose what was acknowledged';
    return warn(about, `${each}: too fast to be on disk`, fix);
  }
  if (ms > COMMIT_MS_MAX) {
    const fix = 'every command waits for this: move DATA_DIR to a faster disk, or see what else writes to it';
    return warn(about, `${each}: the disk is slow`, fix);
  }
  return ok(about, each);
}
