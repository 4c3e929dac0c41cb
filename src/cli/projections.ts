import { positionNumber } from '../adapters/embedded/log-connection.js';
import { isShared, type Settings } from '../config.js';
import { NoService, throughService } from '../control/control-client.js';
import { controlSocket } from '../control/control-socket.js';
import { CommandFailed, operatorName } from './data-directory.js';
import { followerStates, type FollowerState } from './followers.js';
import { keptSettings } from './kept-stores.js';
import { perform } from './operate.js';
import { instantText, plural, say, sayJson, table } from './printing.js';
import { progressBar } from './progress-bar.js';

interface Printing {
  readonly json: boolean;
}

export async function listProjections({ json }: Printing): Promise<void> {
  const settings = keptSettings();
  const states = await followerStates(settings);
  // Which instances there are on shared servers, and how they fare, only their metrics tell.
  const shared = isShared(settings);
  const failures = shared ? null : await failuresInService(settings);
  if (json) {
    const shown = states.map(({ parked, ...state }) => ({
      ...state,
      parked: parked.length,
      failure: failures?.[state.name] ?? null,
    }));
    return sayJson({ running: shared ? null : failures !== null, projections: shown });
  }
  const rows = states.map((state) => [
    state.name,
    state.kind,
    positionNumber(state.position),
    state.parked.length,
    standing(state, failures),
  ]);
  say(table(['NAME', 'KIND', 'POSITION', 'PARKED', 'STATE'], rows));
  if (failures === null && !shared) say('\nNo service runs: nothing follows the log just now.');
}

export async function showLag({ json }: Printing): Promise<void> {
  const states = await followerStates(keptSettings());
  if (json) return sayJson(states.map(({ name, kind, lag }) => ({ name, kind, ...lag })));
  const rows = states.map(({ name, lag }) => [name, lag.events, lag.seconds.toFixed(1).padStart(14)]);
  say(table(['NAME', 'EVENTS BEHIND', 'SECONDS BEHIND'], rows));
}

export async function listParked({ json }: Printing): Promise<void> {
  const states = await followerStates(keptSettings());
  const parked = states.flatMap(({ name, parked }) => parked.map((each) => ({ name, ...each })));
  if (json) return sayJson(parked);
  if (parked.length === 0) return say('Nothing is parked.');
  for (const { name, stream, revision, parkedAt, cause } of parked) {
    say(`${name} ${stream}`);
    say(`  at revision ${revision}, since ${instantText(parkedAt)}: ${cause}`);
  }
  say('\nOnce the cause is gone: portcullis projections retry NAME STREAM');
}

export async function retryParked(name: string, stream: string): Promise<void> {
  const { result } = await perform(keptSettings(), 'retry', { name, stream });
  if (result.parked) {
    throw new CommandFailed(
      `${stream} is parked again, at revision ${result.parked.revision}: ${result.parked.cause}`,
    );
  }
  say(`${name} goes on with ${stream}.`);
}

export async function rebuildProjections(name: string | undefined): Promise<void> {
  const bar = progressBar('events');
  try {
    const names = name === undefined ? [] : [name];
    const { result } = await perform(keptSettings(), 'rebuild', { names }, { onProgress: bar.show });
    bar.stop();
    const seconds = (result.ms / 1_000).toFixed(1);
    say(`Rebuilt ${result.names.join(', ')} from ${plural(result.events, 'event')} in ${seconds} s.`);
  } finally {
    bar.stop();
  }
}

/** Why something does not go on, as only the running service knows; null where none runs. */
async function failuresInService(settings: Settings): Promise<Readonly<Record<string, string>> | null> {
  try {
    const path = controlSocket(settings.DATA_DIR);
    return (await throughService(path, 'status', {}, operatorName())).failures;
  } catch (error) {
    if (error instanceof NoService) return null;
    throw error;
  }
}

function standing(state: FollowerState, failures: Readonly<Record<string, string>> | null): string {
  const failure = failures?.[state.name];
  if (failure !== undefined) return failure;
  if (state.aheadOfLog) return 'ahead of the log: rebuild it';
  return state.lag.events === 0 ? 'up to date' : `${plural(state.lag.events, 'event')} behind`;
}
