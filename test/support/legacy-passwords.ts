import { LegacyDirectory } from '../../src/commands/legacy-directory.js';
import { legacyAccountDecider } from '../../src/domain/legacy-account/legacy-account.js';
import { requestPasswordLink } from '../../src/domain/legacy-account/password-link.js';
import { Streams } from '../../src/engine/streams.js';
import { Ids } from '../../src/ports.js';
import type { Portal } from './portal.js';

export const NEW_PASSWORD = 'Copper-Anchor-63';
export const SET = '/api/v1/legacy-passwords';

/** As somebody who may asks for it. */
export async function requestLink(
  portal: Portal,
  legacyUserId: string,
  purpose: 'Reset' | 'SetUp' = 'Reset',
): Promise<void> {
  const commandId = portal.app.get(Ids).next();
  const actor = { kind: 'operator', id: 'test', role: null } as const;
  const context = { commandId, actor, correlationId: commandId, causationId: commandId };
  const id = portal.app.get(LegacyDirectory).idOf(legacyUserId);
  const decision = requestPasswordLink(portal.app.get(Ids).next(), purpose, 'Called and identified.');
  await portal.app.get(Streams).decide(legacyAccountDecider, id, decision, context);
}

export const setPassword = (portal: Portal, token: string, password = NEW_PASSWORD, headers = {}) =>
  portal.client().post(SET, { token, password, passwordAgain: password }, headers);
