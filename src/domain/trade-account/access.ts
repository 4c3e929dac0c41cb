import { DomainError } from '../domain-error.js';
import type { TradeAccountEvent, TradeAccountType } from './events.js';
import { wasHeard, type Word } from './legacy-word.js';
import {
  permissionsOf,
  wordOn,
  type Open,
  type TradeAccount,
  type TradeAccountDecision,
} from './trade-account.js';

/** An account's part in a trade account, as the legacy portal tells it. */
export interface LegacyAccess {
  readonly type: TradeAccountType;
  readonly number: string;
  readonly companyName: string;
  readonly accountId: string;
  readonly isOwner: boolean;
  readonly permissions: readonly string[];
  /** Which telling of the account's legacy account this is; missing: none that can change. */
  readonly legacyVersion?: number;
}

/** Brings an account's access over. The first to come opens the trade account; the owner may come later. Quiet where this telling,
 *  or a later one, was heard before: what was decided here since stays so. */
export const bringOver =
  ({ type, number, companyName, isOwner, ...access }: LegacyAccess): TradeAccountDecision =>
  (account) => {
    const { accountId, legacyVersion } = access;
    const word = wordOn(account, accountId);
    if (wasHeard(word, legacyVersion)) return [];
    // Taken away here, by a replacement or by the owner: that was before, and stands.
    if (word?.decidedHere && permissionsOf(account, accountId) === null) return [];
    const granted = grantTo(account, access, word);
    if (account.status === 'Unknown') {
      const opened = { type, number, companyName, ...(isOwner && { owner: accountId }) };
      return [{ type: 'TradeAccountOpened', data: opened }, ...granted];
    }
    if (!isOwner || account.owner === accountId) return granted;
    if (account.owner === null)
      return [{ type: 'AccountOwnerNamed', data: { owner: accountId } }, ...granted];
    // The legacy portal was never told of the new owner: what it says of the former one no longer holds.
    const isUser = word !== null && !word.decidedHere;
    return account.replacements.length > 0 && !isUser ? [] : granted;
  };

type Granting = Pick<LegacyAccess, 'accountId' | 'permissions' | 'legacyVersion'>;

function grantTo(
  account: TradeAccount,
  { accountId, permissions, legacyVersion }: Granting,
  word: Word | null,
): TradeAccountEvent[] {
  const held = permissionsOf(account, accountId);
  const wanted = [...new Set(permissions)].sort();
  // The first telling is recorded also where it changes nothing, so that nobody hears it a second time.
  const isHeard = legacyVersion === undefined || (word !== null && word.heard !== null);
  if (isHeard && held !== null && held.join('\n') === wanted.join('\n')) return [];
  const told = legacyVersion === undefined ? {} : { legacyVersion };
  return [{ type: 'UserAccessGranted', data: { accountId, permissions: wanted, ...told } }];
}

/** The trade account as opened, or a refusal in the words for staff. */
export function opened(account: TradeAccount): Open {
  if (account.status === 'Open') return account;
  throw new DomainError('TradeAccountUnknown', 'There is no such trade account.');
}

export interface Replacement {
  readonly from: string | null;
  readonly to: string;
  readonly applicationId: string;
}

/** Another owner, with all that the former one could do there; the former one can do nothing any more, from this append on. Nothing
 *  new where this application has done it before. Throws `OwnerChanged` unless `from` still owns. */
export const replaceOwner =
  ({ from, to, applicationId }: Replacement): TradeAccountDecision =>
  (account) => {
    const open = opened(account);
    if (open.replacements.includes(applicationId)) return [];
    if (open.owner !== from) {
      throw new DomainError('OwnerChanged', 'This trade account has another owner than the one to replace.');
    }
    const held = permissionsOf(open, from ?? to) ?? (from === null ? [] : open.ownersPermissions);
    const permissions = [...held];
    const granted: TradeAccountEvent = { type: 'UserAccessGranted', data: { accountId: to, permissions } };
    if (from === null) return [{ type: 'AccountOwnerReplaced', data: { to, applicationId } }, granted];
    return [
      { type: 'AccountOwnerReplaced', data: { from, to, applicationId } },
      { type: 'UserAccessRevoked', data: { accountId: from } },
      granted,
    ];
  };
