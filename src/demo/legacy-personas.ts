import { createHash } from 'node:crypto';
import type { LegacyRecord, LegacyStatus } from '../domain/legacy-account/record.js';

/** A made-up account of the legacy portal. */
export interface LegacyPersona {
  readonly record: LegacyRecord;
  readonly password: string;
  /** Whose account it was synced with, by e-mail address; null: nobody's. */
  readonly syncedBy: string | null;
  /** Who tried to, with a wrong password. */
  readonly triedBy: string | null;
  /** For the table that the demo prints. */
  readonly shows: string;
}

const access = {
  number: '12-3456789',
  type: 'Importer',
  permissions: ['ViewEntries', 'RunReports', 'FileProtests'],
} as const;

const legacy = (
  legacyUserId: string,
  person: { readonly givenName: string; readonly familyName: string; readonly company: string },
  password: string,
  shows: string,
  more: {
    readonly status?: LegacyStatus;
    readonly owner?: boolean;
    readonly syncedBy?: string;
    readonly triedBy?: string;
  } = {},
): LegacyPersona => ({
  record: {
    legacyUserId,
    passwordHash: ldapHash(password, legacyUserId),
    status: more.status ?? 'Active',
    ...person,
    email: `${person.givenName}@legacy.example`.toLowerCase(),
    tradeAccounts: [{ ...access, permissions: [...access.permissions], owner: more.owner ?? false }],
  },
  password,
  syncedBy: more.syncedBy ?? null,
  triedBy: more.triedBy ?? null,
  shows,
});

const harbor = 'Harbor Imports, Inc.';

export const legacyPersonas: readonly LegacyPersona[] = [
  legacy(
    'ADAOK01',
    { givenName: 'Ada', familyName: 'Okafor', company: harbor },
    'harbor1',
    'not synced yet: sign in as Ada and sync it; owns the trade account',
    { owner: true },
  ),
  legacy(
    'FINNMO06',
    { givenName: 'Finn', familyName: 'Moreau', company: harbor },
    'rudder6',
    'synced by Finn',
    { syncedBy: 'finn@delta-facility.example' },
  ),
  legacy(
    'DOCKCREW',
    { givenName: 'Dock', familyName: 'Crew', company: harbor },
    'shared1',
    'shared by several people, and synced by Eve: nobody else can',
    { syncedBy: 'eve@pacific-surety.example' },
  ),
  legacy(
    'GRETA07',
    { givenName: 'Greta', familyName: 'Nilsen', company: harbor },
    'overdue7',
    'not in good standing: cannot be synced',
    { status: 'NotInGoodStanding' },
  ),
  legacy(
    'HANKP08',
    { givenName: 'Hank', familyName: 'Pohl', company: harbor },
    'dormant8',
    'no longer active: cannot be synced',
    { status: 'Inactive' },
  ),
  legacy(
    'HANASI09',
    { givenName: 'Hana', familyName: 'Silva', company: harbor },
    'lantern9',
    'Hana forgot it: Desmond sees that her sync failed, and sends a reset to the mailbox',
    { triedBy: 'hana@harbor-imports.example' },
  ),
];

function ldapHash(password: string, salt: string): string {
  const digest = createHash('sha256').update(password).update(salt).digest();
  return `{SSHA256}${Buffer.concat([digest, Buffer.from(salt)]).toString('base64')}`;
}
