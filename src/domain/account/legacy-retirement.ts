import type { AccountDecision } from './state.js';

/** Has the owner told, once for each notice. That it was called off is told to those who expect it. */
export const tellOfRetirement =
  (notice: number, retiresAt: number | null): AccountDecision =>
  (account) => {
    if (account.status !== 'Registered' || account.legacy === null) return [];
    const { told } = account.legacy;
    if (told !== null && told.notice >= notice) return [];
    if (retiresAt !== null) return [{ type: 'LegacyRetirementNoticeRequested', data: { notice, retiresAt } }];
    const isExpected = told !== null && told.retiresAt !== null;
    return isExpected ? [{ type: 'LegacyRetirementNoticeRequested', data: { notice } }] : [];
  };
