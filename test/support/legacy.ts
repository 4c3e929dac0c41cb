import { createHash } from 'node:crypto';
import { LegacyDirectory } from '../../src/commands/legacy-directory.js';
import type { LegacyRecord } from '../../src/domain/legacy-account/record.js';
import { Ids } from '../../src/ports.js';
import type { Portal } from './portal.js';
import type { PortalClient } from './portal-client.js';

export const LEGACY_PASSWORD = 'abc';

/** As an LDAP server keeps it. */
export function ldapHash(password: string, salt = Buffer.from('pepper')): string {
  const digest = createHash('sha256').update(password).update(salt).digest();
  return `{SSHA256}${Buffer.concat([digest, salt]).toString('base64')}`;
}

export const legacyAccount = (legacyUserId: string, more: Partial<LegacyRecord> = {}): LegacyRecord => ({
  legacyUserId,
  passwordHash: ldapHash(LEGACY_PASSWORD),
  status: 'Active',
  givenName: 'Ada',
  familyName: 'Okafor',
  email: 'ada@legacy.example',
  company: 'Harbor Imports, Inc.',
  tradeAccounts: [
    {
      type: 'Importer',
      number: `12-${legacyUserId}`,
      owner: true,
      permissions: ['RunReports', 'FileProtests'],
    },
  ],
  ...more,
});

let line = 0;

/** As a line of another file each time. */
export async function importLegacy(portal: Portal, ...records: LegacyRecord[]): Promise<void> {
  for (const record of records) {
    line += 1;
    const commandId = portal.app.get(Ids).next();
    const actor = { kind: 'operator', id: 'test', role: null } as const;
    const context = { commandId, actor, correlationId: commandId, causationId: commandId };
    await portal.app.get(LegacyDirectory).take(record, { file: `file-${line}`, line }, context);
  }
}

export const SYNC = '/api/v1/me/legacy-syncs';

export const sync = (
  client: PortalClient,
  legacyUserId: string,
  legacyPassword = LEGACY_PASSWORD,
  headers: Record<string, string> = {},
) => client.post(SYNC, { legacyUserId, legacyPassword }, headers);
