import { ConfigError, type Settings } from '../config.js';
import { Keyring } from '../engine/sealing.js';
import { existingConfig, masterKeysOf, openKept } from './kept-stores.js';

const PAGE = 1_000;

/** Why the secrets at hand do not open all keys; null when they do. */
export async function problemWithKeys(settings: Settings): Promise<string | null> {
  const { keys, close } = await openKept(settings);
  try {
    const [current, ...older] = masterKeysOf(await existingConfig(settings));
    const keyring = new Keyring(keys, current, older);
    for (let page = await keys.list(null, PAGE); page.length > 0;) {
      await keyring.openingKeys(page.map(({ person }) => person));
      keyring.forget();
      page = await keys.list(page.at(-1)!.person, PAGE);
    }
    return null;
  } catch (error) {
    return error instanceof ConfigError ? error.problems.join('; ') : (error as Error).message;
  } finally {
    await close();
  }
}
