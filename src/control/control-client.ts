import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import {
  ActRefused,
  type ActInput,
  type ActName,
  type ActResults,
  type Progress,
  type Reply,
  type Request,
} from './acts.js';

/** No service answers on this socket. */
export class NoService extends Error {
  override readonly name = 'NoService';
}

/** The service went away in the middle: the act may have been done. */
export class ServiceLost extends Error {
  override readonly name = 'ServiceLost';
}

/** How long the service may say nothing; 0: for ever. A rebuild takes as long as the log is. */
const silenceMsMax: Partial<Record<ActName, number>> = { status: 5_000, rebuild: 0 };
const SILENCE_MS_MAX = 60_000;

/** Has the running service do it. Throws `NoService` (nothing was done), `ActRefused` (nothing was done), `ServiceLost`. */
export async function throughService<A extends ActName>(
  path: string,
  act: A,
  input: ActInput<A>,
  user: string,
  onProgress: (progress: Progress) => void = () => undefined,
): Promise<ActResults[A]> {
  const socket = await connected(path);
  // It shows below, as an end without an answer.
  socket.on('error', () => undefined);
  socket.setTimeout(silenceMsMax[act] ?? SILENCE_MS_MAX, () => socket.destroy());
  socket.write(`${JSON.stringify({ act, user, input } satisfies Request)}\n`);
  try {
    for await (const line of createInterface({ input: socket })) {
      const reply = JSON.parse(line) as Reply;
      if ('result' in reply) return reply.result as ActResults[A];
      if ('refused' in reply) throw new ActRefused(reply.refused.code, reply.refused.sentence);
      onProgress(reply.progress);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
  } finally {
    socket.destroy();
  }
  throw new ServiceLost(
    'The service did not answer: it may have been done. Look before you repeat it (portcullis doctor tells whether it runs).',
  );
}

function connected(path: string): Promise<ReturnType<typeof connect>> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const { code = '' } = error;
      if (['ENOENT', 'ECONNREFUSED', 'ENOTDIR'].includes(code))
        reject(new NoService(`no service at ${path}`));
      else if (code === 'EACCES' || code === 'EPERM') {
        reject(new Error(`${path} belongs to another user: run this as the user of the service.`));
      } else reject(error);
    });
  });
}
