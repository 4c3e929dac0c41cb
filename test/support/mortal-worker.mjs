// A projection thread that dies twice, each time in another way, and lives from then on.
import { parentPort, workerData } from 'node:worker_threads';

const life = Atomics.add(workerData.lives, 0, 1) + 1;
if (life === 1) throw new Error('the first life');
if (life === 2) process.exit(7);
parentPort.postMessage({ told: { name: 'mortal-1', position: '1', parkedCount: 0, failure: null } });
parentPort.on('message', ({ call, method }) => {
  parentPort.postMessage({ call, result: null });
  if (method === 'close') parentPort.close();
});
