import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';

import type { AppendRequest } from '../append-request.js';
import { LogDatabase } from './log-database.js';
import { type FromWriter, type ToWriter, unpack } from './log-messages.js';

const port = parentPort!;
const log = new LogDatabase((workerData as { file: string }).file);

port.on('message', (first: ToWriter) => {
  const group: AppendRequest[] = [];
  let closing = false;
  // All that arrived during the last commit shares the next one.
  for (let next: ToWriter | undefined = first; next; next = receiveMessageOnPort(port)?.message as ToWriter) {
    if (next === 'close') closing = true;
    else unpack(next, group);
  }
  if (group.length > 0) port.postMessage(log.commit(group) satisfies FromWriter);
  if (closing) {
    log.close();
    port.close();
  }
});
port.postMessage('ready' satisfies FromWriter);
