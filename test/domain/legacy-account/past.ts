import type { LegacyAccountEvent, ReleaseCause } from '../../../src/domain/legacy-account/events.js';
import type { NewIndividualUser } from '../../../src/domain/legacy-account/individual-user.js';
import type { LegacyRecord } from '../../../src/domain/legacy-account/record.js';

export const record: LegacyRecord = {
  legacyUserId: 'ADAOK01',
  passwordHash: 'legacy-hash-1',
  status: 'Active',
  givenName: 'Ada',
  familyName: 'Okafor',
  email: 'ada@harbor-imports.example',
  company: 'Harbor Imports, Inc.',
  tradeAccounts: [{ type: 'Importer', number: '12-3456789', owner: true, permissions: ['RunReports'] }],
};

export const row = (line = 2, file = 'file-1') => ({ file, line });

export const imported = (more: Partial<LegacyRecord> = {}, from = row()): LegacyAccountEvent => ({
  type: 'LegacyAccountImported',
  data: { ...record, ...more, row: from },
});

export const changed = (more: Partial<LegacyRecord>, from = row()): LegacyAccountEvent => ({
  type: 'LegacyAccountChanged',
  data: { ...record, ...more, row: from },
});

export const refused = (failures: number, shut?: { until?: number }): LegacyAccountEvent => ({
  type: 'LegacyCredentialRefused',
  data: { failures, ...(shut && { shut }) },
});

export const claimed = (accountId = 'a-1'): LegacyAccountEvent => ({
  type: 'LegacyAccountClaimed',
  data: { accountId },
});

export const released = (accountId = 'a-1', cause: ReleaseCause = 'AccountEnded'): LegacyAccountEvent => ({
  type: 'LegacyClaimReleased',
  data: { accountId, cause },
});

export const linkRequested = (
  linkId = 'l-1',
  purpose: 'Reset' | 'SetUp' = 'Reset',
  reason?: string,
): LegacyAccountEvent => ({
  type: 'LegacyPasswordLinkRequested',
  data: { linkId, purpose, ...(reason !== undefined && { reason }) },
});

export const linkSent = (linkId: string, expiresAt: number, forRevision = 1): LegacyAccountEvent => ({
  type: 'LegacyPasswordLinkSent',
  data: { linkId, expiresAt, messageId: '<m-1@portal.example>', forRevision },
});

export const linkExpired = (linkId = 'l-1'): LegacyAccountEvent => ({
  type: 'LegacyPasswordLinkExpired',
  data: { linkId },
});

export const passwordReset = (linkId = 'l-1', passwordHash = 'chosen-hash-1'): LegacyAccountEvent => ({
  type: 'LegacyPasswordReset',
  data: { linkId, passwordHash, policy: 'portal-8' },
});

export const noticeSent = (forRevision: number): LegacyAccountEvent => ({
  type: 'LegacyNoticeSent',
  data: { forEvent: 'e-1', forRevision, messageId: '<m-2@portal.example>' },
});

export const noticeRefused = (forRevision: number): LegacyAccountEvent => ({
  type: 'LegacyNoticeRefused',
  data: { forEvent: 'e-1', forRevision },
});

export const resetForwarded = (reason = 'Called.'): LegacyAccountEvent => ({
  type: 'LegacyResetForwarded',
  data: { reason },
});

export const individual: NewIndividualUser = {
  userId: 'u-1',
  createdBy: 'owner',
  tradeAccountId: 't-1',
  legacyUserId: 'BENQ7WXK2M',
  givenName: 'Ben',
  familyName: 'Okafor',
  email: 'ben@harbor-imports.example',
  company: 'Harbor Imports, Inc.',
  tradeAccounts: [{ type: 'Importer', number: '12-3456789', owner: false, permissions: ['RunReports'] }],
};

export const userCreated = (more: Partial<NewIndividualUser> = {}): LegacyAccountEvent => ({
  type: 'IndividualUserCreated',
  data: { ...individual, ...more },
});

export const userRevoked: LegacyAccountEvent = { type: 'IndividualUserRevoked', data: {} };
