import type { Role, SuspensionCause } from '../../domain/account/events.js';
import type { TradeAccountType } from '../../domain/trade-account/events.js';

/** As the help pages call what people sign in to. */
export const PORTAL = 'CTPAT Portal';
/** Likewise, where trade accounts are managed. */
export const ACE_PORTAL = 'ACE Portal';

const day = new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'UTC' });

/** `November 21, 2025 at 21:03 UTC` */
export function moment(instant: number): string {
  return `${day.format(instant)} at ${new Date(instant).toISOString().slice(11, 16)} UTC`;
}

/** `15 minutes`, `1 hour and 30 minutes`, `2 days`: whole minutes, at least one, and never more than there are. */
export function duration(ms: number): string {
  const minutes = Math.max(1, Math.floor(ms / 60_000));
  const parts = [
    counted(Math.floor(minutes / 1440), 'day'),
    counted(Math.floor((minutes % 1440) / 60), 'hour'),
    counted(minutes % 60, 'minute'),
  ].filter((part) => part !== null);
  return listed(minutes === 1440 ? ['24 hours'] : parts);
}

function counted(count: number, unit: string): string | null {
  if (count === 0) return null;
  return count === 1 ? `1 ${unit}` : `${count} ${unit}s`;
}

/** `a`, `a and b`, `a, b and c` */
export function listed(parts: readonly string[]): string {
  return parts.length < 2
    ? parts.join('')
    : `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1]}`;
}

export const roleNames: Record<Role, string> = {
  specialist: 'Supply Chain Security Specialist',
  fieldOfficeManager: 'field office manager',
  dutyOfficer: 'Duty Officer',
  auditor: 'auditor',
  applicationTeam: 'member of the ACE Application team',
  serviceDesk: 'member of the ACE Service Desk',
};

/** As they read after "was suspended" and "the suspension". */
export const suspensionCauses: Record<SuspensionCause, string> = {
  OfficerDecision: 'by decision of an officer',
  SecurityConcern: 'because of a security concern',
  CompanyStatus: 'due to a change in your company’s CTPAT status',
};

const tradeAccountTypes: Record<TradeAccountType, string> = {
  Broker: 'Broker',
  Importer: 'Importer',
  Carrier: 'Carrier',
  FTZ: 'FTZ',
  FacilityOperator: 'Facility Operator',
  Surety: 'Surety',
  Exporter: 'Exporter',
  ProtestFiler: 'Protest Filer',
};

/** `the Importer account 12-3456789 (Harbor Imports)` */
export function tradeAccountInWords(account: {
  readonly type: TradeAccountType;
  readonly number?: string | undefined;
  readonly companyName?: string | undefined;
}): string {
  const { type, number = '', companyName = '' } = account;
  const company = companyName === '' ? '' : ` (${companyName})`;
  return `the ${tradeAccountTypes[type]} account ${number}${company}`.replace(/\s+/g, ' ').trim();
}
