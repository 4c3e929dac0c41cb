/* The entry of the writer thread. */
import { parentPort, workerData } from 'node:worker_threads';

import { LogDatabase } from './log-database.js';
import { serveAppends } from './log-server.js';

serveAppends(parentPort!, new LogDatabase((workerData as { file: string }).file));
