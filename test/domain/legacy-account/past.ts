import type { LegacyAccountEvent, ReleaseCause } from '../../../src/domain/legacy-account/events.js';
import type { LegacyRecord } from '../../../src/domain/legacy-account/record.js';
import { MINUTE, T0 } from '../../support/given.js';

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

export const ticketIssued = (
  ticketId = 't-1',
  expiresAt = T0 + MINUTE,
  sessionId = 's-1',
  accountId = 'a-1',
): LegacyAccountEvent => ({
  type: 'LegacyHandoffIssued',
  data: { ticketId, accountId, sessionId, expiresAt },
});

export const ticketRedeemed = (ticketId = 't-1'): LegacyAccountEvent => ({
  type: 'LegacyHandoffRedeemed',
  data: { ticketId },
});
