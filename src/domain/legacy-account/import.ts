import { DomainError } from '../domain-error.js';
import type { SourceRow } from './events.js';
import type { LegacyAccountDecision, LegacyEntry } from './legacy-account.js';
import type { LegacyPassword } from './password-state.js';
import type { LegacyProfile, LegacyRecord } from './record.js';

/** Takes over what the legacy portal knows of the account; nothing, where that is known. `row` is null where the portal itself told
 *  it. Throws `LegacyUserIdTwice`: two lines of one file would otherwise change each other's account for ever; and
 *  `IndividualUserHere`: what was taken back here must not come in again by a file. */
export const importLegacyAccount =
  (record: LegacyProfile | LegacyRecord, row: SourceRow | null): LegacyAccountDecision =>
  (account) => {
    const data = { ...record, ...(row && { row }) };
    const { entry, password, individual } = account;
    if (individual !== null) {
      throw new DomainError(
        'IndividualUserHere',
        'This legacy user id belongs to a user created in the portal.',
      );
    }
    if (entry === null) return [{ type: 'LegacyAccountImported', data }];
    if (isSame(entry, password, record)) return [];
    if (row && entry.row?.file === row.file && entry.row.line !== row.line) {
      throw new DomainError('LegacyUserIdTwice', `Line ${entry.row.line} has the same legacy user id.`);
    }
    return [{ type: 'LegacyAccountChanged', data }];
  };

/** A portal that is asked tells no hash; the one that was imported before stays out of the comparison then. */
function isSame(
  { profile }: LegacyEntry,
  password: LegacyPassword,
  record: LegacyProfile & { readonly passwordHash?: string },
): boolean {
  const { passwordHash, ...told } = record;
  const same = Object.entries(told).every(([field, value]) => {
    const held = profile[field as keyof LegacyProfile];
    return typeof value === 'string' ? held === value : JSON.stringify(held) === JSON.stringify(value);
  });
  return same && (passwordHash === undefined || passwordHash === password.importedHash);
}
