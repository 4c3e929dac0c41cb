import { DomainError } from '../domain-error.js';
import type { SourceRow } from './events.js';
import type { KnownLegacyAccount, LegacyAccountDecision } from './legacy-account.js';
import type { LegacyProfile, LegacyRecord } from './record.js';

/** Takes over what the legacy portal knows of the account; nothing, where that is known. `row` is null where the portal itself told
 *  it. Throws `LegacyUserIdTwice`: two lines of one file would otherwise change each other's account for ever. */
export const importLegacyAccount =
  (record: LegacyProfile | LegacyRecord, row: SourceRow | null): LegacyAccountDecision =>
  (account) => {
    const data = { ...record, ...(row && { row }) };
    if (account.status === 'Unknown') return [{ type: 'LegacyAccountImported', data }];
    if (isSame(account, record)) return [];
    if (row && account.row?.file === row.file && account.row.line !== row.line) {
      throw new DomainError('LegacyUserIdTwice', `Line ${account.row.line} has the same legacy user id.`);
    }
    return [{ type: 'LegacyAccountChanged', data }];
  };

/** A portal that is asked tells no hash; the one that was imported before stays out of the comparison then. */
function isSame(
  { profile, password }: KnownLegacyAccount,
  record: LegacyProfile & { readonly passwordHash?: string },
): boolean {
  const { passwordHash, ...told } = record;
  const same = Object.entries(told).every(([field, value]) => {
    const held = profile[field as keyof LegacyProfile];
    return typeof value === 'string' ? held === value : JSON.stringify(held) === JSON.stringify(value);
  });
  return same && (passwordHash === undefined || passwordHash === password.hash);
}
