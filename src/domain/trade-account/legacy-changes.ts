import { bringOver, type LegacyAccess } from './access.js';
import { wasHeard, type Word } from './legacy-word.js';
import { permissionsOf, wordOn, type TradeAccountDecision } from './trade-account.js';

/** The access that the legacy portal gives by now. Where the last word came from here, that stays. */
export const followLegacyAccess =
  (access: LegacyAccess & { readonly legacyVersion: number }): TradeAccountDecision =>
  (account, now) =>
    wordOn(account, access.accountId)?.decidedHere ? [] : bringOver(access)(account, now);

/** The legacy portal gives the account no access any more. Only what it gave is taken away. */
export const withdrawLegacyAccess =
  (accountId: string, legacyVersion: number): TradeAccountDecision =>
  (account) => {
    const word = wordOn(account, accountId);
    const isLegacys = word !== null && !word.decidedHere && permissionsOf(account, accountId) !== null;
    return isLegacys && !wasHeard(word, legacyVersion) ? revoked(word, legacyVersion) : [];
  };

const revoked = ({ accountId }: Word, legacyVersion: number) => [
  { type: 'UserAccessRevoked', data: { accountId, legacyVersion } } as const,
];
