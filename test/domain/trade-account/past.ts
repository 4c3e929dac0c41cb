import type { LegacyAccess } from '../../../src/domain/trade-account/access.js';
import type { TradeAccountEvent } from '../../../src/domain/trade-account/events.js';
import { tradeAccountDecider, type Invitation } from '../../../src/domain/trade-account/trade-account.js';
import { storyOf } from '../../support/given.js';

/** The words in which the tests of trade accounts tell their past. */
export const given = storyOf(tradeAccountDecider);

export const company = { type: 'Importer', number: '12-3456789', companyName: 'Harbor Imports' } as const;

export const access = (accountId: string, more: Partial<LegacyAccess> = {}): LegacyAccess => ({
  ...company,
  accountId,
  isOwner: false,
  permissions: ['read'],
  ...more,
});
export const ownersAccess = (accountId: string) =>
  access(accountId, { isOwner: true, permissions: ['file', 'read'] });

export const opened = (owner?: string): TradeAccountEvent => ({
  type: 'TradeAccountOpened',
  data: { ...company, ...(owner !== undefined && { owner }) },
});
export const ownerNamed = (owner: string): TradeAccountEvent => ({
  type: 'AccountOwnerNamed',
  data: { owner },
});
export const granted = (accountId: string, ...permissions: string[]): TradeAccountEvent => ({
  type: 'UserAccessGranted',
  data: { accountId, permissions },
});
/** As the legacy portal told it for the so-many-th time. */
export const told = (
  legacyVersion: number,
  accountId: string,
  ...permissions: string[]
): TradeAccountEvent => ({
  type: 'UserAccessGranted',
  data: { accountId, permissions, legacyVersion },
});
export const withdrawn = (legacyVersion: number, accountId: string): TradeAccountEvent => ({
  type: 'UserAccessRevoked',
  data: { accountId, legacyVersion },
});
export const revoked = (accountId: string): TradeAccountEvent => ({
  type: 'UserAccessRevoked',
  data: { accountId },
});
export const replaced = (from: string | null, to: string, applicationId = 'app-1'): TradeAccountEvent => ({
  type: 'AccountOwnerReplaced',
  data: { ...(from !== null && { from }), to, applicationId },
});

/** Of the individual user `u-1`, unless told otherwise. */
export const invitation = (more: Partial<Omit<Invitation, 'invitedAt'>> = {}) => ({
  userId: 'u-1',
  legacyAccountId: 'l-1',
  emailKey: 'key-ben',
  invitedBy: 'owner',
  permissions: ['read'],
  ...more,
});
export const invited = (more: Partial<Omit<Invitation, 'invitedAt'>> = {}): TradeAccountEvent => ({
  type: 'IndividualUserInvited',
  data: { ...invitation(more), permissions: [...invitation(more).permissions] },
});
export const joined = (accountId: string, userId = 'u-1'): TradeAccountEvent => ({
  type: 'IndividualUserJoined',
  data: { userId, accountId },
});
export const removed = (
  userId: string,
  whom: { readonly accountId?: string; readonly legacyAccountId?: string },
): TradeAccountEvent => ({
  type: 'UserRemoved',
  data: { removalId: 'r-1', userId, removedBy: 'owner', ...whom },
});
