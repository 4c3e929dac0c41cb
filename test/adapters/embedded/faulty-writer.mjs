/* The writer thread over a database with faults. The file `<log>.fault` names the next one; each but 'hang' happens
 * once, and 'hang' lasts as long as the file is there. */
import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

import { openLogForWriting } from '../../../dist/adapters/embedded/log-connection.js';
import { LogDatabase } from '../../../dist/adapters/embedded/log-database.js';
import { serveAppends } from '../../../dist/adapters/embedded/log-server.js';

const faultFile = `${workerData.file}.fault`;
const next = () => (existsSync(faultFile) ? readFileSync(faultFile, 'utf8') : 'none');
const happens = (fault) => {
  if (next() !== fault) return false;
  rmSync(faultFile);
  return true;
};
const fail = () => {
  throw new Error('disk I/O error');
};
const idle = new Int32Array(new SharedArrayBuffer(4));

const faults = {
  'BEGIN IMMEDIATE': (run) => {
    while (next() === 'hang') Atomics.wait(idle, 0, 0, 5);
    if (happens('begin fails')) fail();
    if (happens('thread dies')) process.exit(7);
    return run();
  },
  INSERT: (run) => {
    const result = run();
    if (happens('insert fails')) fail();
    return result;
  },
  COMMIT: (run) => {
    if (happens('commit fails before it wrote')) fail();
    const result = run();
    if (happens('commit fails after it wrote')) fail();
    return result;
  },
};

function connect(file) {
  const db = openLogForWriting(file);
  const { synchronous } = db.prepare('PRAGMA synchronous').get();
  appendFileSync(`${file}.synchronous`, `${synchronous}\n`);
  const prepare = db.prepare.bind(db);
  return Object.defineProperty(db, 'prepare', {
    value: (sql, options) => {
      const statement = prepare(sql, options);
      const faulty = Object.entries(faults).find(([start]) => sql.startsWith(start))?.[1];
      if (!faulty) return statement;
      const run = statement.run.bind(statement);
      return Object.defineProperty(statement, 'run', {
        value: (...parameters) => faulty(() => run(...parameters)),
      });
    },
  });
}

serveAppends(parentPort, new LogDatabase(workerData.file, connect));
