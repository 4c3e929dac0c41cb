import type { AccountEvent, AccountEventOf } from './events.js';
import type { Registered } from './state.js';

/** A live reset link dies when a credential or the address changes. */
export function revokedLink(
  account: Registered,
  cause: AccountEventOf<'ResetLinkRevoked'>['data']['cause'],
): AccountEvent[] {
  const { link } = account.recovery;
  return link === null ? [] : [{ type: 'ResetLinkRevoked', data: { resetId: link.id, cause } }];
}

/** A change of address that waits for its confirmation waits no longer. */
export function withdrawnEmailChange({ emailChange }: Registered): AccountEvent[] {
  if (emailChange === null) return [];
  const { id: changeId, emailKey, held } = emailChange;
  return [{ type: 'ContactEmailChangeExpired', data: { changeId, emailKey, held } }];
}
