import { ConfigError } from '../../config.js';
import { openStores } from '../../open-stores.js';
import type { Stores } from '../../stores.js';
import { problemWithKeys } from '../key-check.js';
import { type Check, fail, ok } from './check.js';

/** EventStoreDB and MongoDB answer, keep what is ours, and the secrets at hand open it. */
export const servers: Check = async ({ settings }) => {
  const about = 'Servers';
  let stores: Stores;
  try {
    stores = await openStores(settings);
  } catch (error) {
    const problem = error instanceof ConfigError ? error.problems.join('; ') : (error as Error).message;
    const fix = 'see whether it runs and can be reached from here, and whether its address is right';
    return [fail(about, problem, fix)];
  }
  try {
    const head = await stores.events.head();
    const log = head === null ? 'the log is empty' : `the log ends at ${Number(head)}`;
    return [ok(about, `EventStoreDB and MongoDB answer; ${log}`)];
  } finally {
    await stores.close();
  }
};

export const serverKeys: Check = async ({ settings }) => {
  const about = 'Keys';
  const problem = await problemWithKeys(settings);
  if (problem === null) return [ok(about, 'the master key opens all of them')];
  const fix = 'give the secrets that the data was written with; former master keys go into MASTER_KEYS_OLD';
  return [fail(about, problem, fix)];
};
