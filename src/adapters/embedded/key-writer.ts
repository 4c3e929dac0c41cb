import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';

import { type KeyChange, KeyDatabase, type KeyOutcome } from './key-database.js';

/** Changes in the order of their answers; 'close' comes last. */
export type ToKeyWriter = readonly KeyChange[] | 'close';
/** 'ready' comes first, then an outcome for each change. */
export type FromKeyWriter = 'ready' | readonly KeyOutcome[];

const SWEEP_AGAIN_MS = 1_000;

const port = parentPort!;
const keys = new KeyDatabase((workerData as { file: string }).file);
const sweeping = setInterval(() => keys.sweep(), SWEEP_AGAIN_MS);

port.on('message', (first: ToKeyWriter) => {
  const group: KeyChange[] = [];
  let closing = false;
  // All that arrived during the last commit shares the next one.
  for (let next: ToKeyWriter | undefined = first; next;) {
    if (next === 'close') closing = true;
    else group.push(...next);
    next = receiveMessageOnPort(port)?.message as ToKeyWriter | undefined;
  }
  if (group.length > 0) port.postMessage(keys.commit(group) satisfies FromKeyWriter);
  if (closing) {
    clearInterval(sweeping);
    keys.close();
    port.close();
  }
});
port.postMessage('ready' satisfies FromKeyWriter);
