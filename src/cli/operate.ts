import { existsSync } from 'node:fs';
import { DataDirectoryInUse } from '../adapters/embedded/data-lock.js';
import { logFile } from '../adapters/embedded/log-connection.js';
import { isShared, type Settings } from '../config.js';
import type { ActInput, ActName, ActResults, Progress } from '../control/acts.js';
import { NoService, throughService } from '../control/control-client.js';
import { controlSocket } from '../control/control-socket.js';
import type { Offline } from '../offline.js';
import { completeConfig } from '../secrets-file.js';
import { CommandFailed, openLog, operatorName } from './data-directory.js';
import { modeOf } from './kept-stores.js';

export interface Performed<A extends ActName> {
  readonly result: ActResults[A];
  /** False: no service runs, and this process did it. */
  readonly byService: boolean;
}

export interface Performing {
  readonly onProgress?: (progress: Progress) => void;
  /** Whether a DATA_DIR where no service ever ran may be begun. */
  readonly begin?: boolean;
}

/** Has the running service do it; where none runs, does it here, alone with the stores. */
export async function perform<A extends ActName>(
  settings: Settings,
  act: A,
  input: ActInput<A>,
  { onProgress = () => undefined, begin = false }: Performing = {},
): Promise<Performed<A>> {
  const user = operatorName();
  // Beside instances that share their stores, this process is one more of them.
  if (isShared(settings))
    return { result: await doHere(settings, act, input, user, onProgress), byService: false };
  try {
    const path = controlSocket(settings.DATA_DIR);
    return { result: await throughService(path, act, input, user, onProgress), byService: true };
  } catch (error) {
    if (!(error instanceof NoService)) throw error;
  }
  if (!begin && !existsSync(logFile(settings.DATA_DIR))) openLog(settings);
  return { result: await doHere(settings, act, input, user, onProgress), byService: false };
}

async function doHere<A extends ActName>(
  settings: Settings,
  act: A,
  input: ActInput<A>,
  user: string,
  onProgress: (progress: Progress) => void,
): Promise<ActResults[A]> {
  const offline = await alone(settings);
  try {
    const { signal } = new AbortController();
    return await offline.acts.perform(act, input, { user, onProgress, signal });
  } finally {
    await offline.close();
  }
}

async function alone(settings: Settings): Promise<Offline> {
  const config = completeConfig(settings, await modeOf(settings));
  // The whole application: only loaded where there is no service to ask.
  const { openOffline } = await import('../offline.js');
  try {
    return await openOffline(config);
  } catch (error) {
    if (!(error instanceof DataDirectoryInUse)) throw error;
    throw new CommandFailed(
      `A service has ${settings.DATA_DIR}, but does not take commands: it is starting or stopping. Try again in a moment.`,
      { cause: error },
    );
  }
}
