import { CommandBus } from '@nestjs/cqrs';
import { LegacyDirectory } from '../../src/commands/legacy-directory.js';
import { RequestLegacyPasswordLink } from '../../src/commands/request-legacy-password-link.js';
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
  await portal.app
    .get(CommandBus)
    .execute(new RequestLegacyPasswordLink(id, purpose, 'Called and identified.', context));
}

export const setPassword = (portal: Portal, token: string, password = NEW_PASSWORD, headers = {}) =>
  portal.client().post(SET, { token, password, passwordAgain: password }, headers);
