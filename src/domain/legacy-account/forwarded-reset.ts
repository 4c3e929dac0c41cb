import type { LegacyAccount, LegacyAccountDecision } from './legacy-account.js';

const AGAIN_AFTER_MS = 5 * 60_000;

/** Whether the legacy portal was asked minutes ago: asking again then changes nothing. */
export const wasForwardedLately = ({ resetForwardedAt }: LegacyAccount, now: number): boolean =>
  resetForwardedAt !== null && now - resetForwardedAt < AGAIN_AFTER_MS;

/** The legacy portal took the request. It may have the account also where nothing of it is known here. */
export const forwardReset =
  (reason: string): LegacyAccountDecision =>
  (account, now) =>
    wasForwardedLately(account, now) ? [] : [{ type: 'LegacyResetForwarded', data: { reason } }];
