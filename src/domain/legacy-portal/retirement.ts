import { DomainError } from '../domain-error.js';
import type { LegacyPortalDecision } from './legacy-portal.js';

/** “Information on any changes to legacy will be communicated ahead of time.” */
export const TOLD_AHEAD_MS = 14 * 24 * 3_600_000;

const utc = (instant: number): string =>
  `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** Announces it, or moves it to another date, of which everybody is told anew. Throws `LegacyPortalIsRetired`, `AnnouncedTooLate`. */
export const announceRetirement =
  (retiresAt: number): LegacyPortalDecision =>
  ({ notice, retirement, retiredAt }, now) => {
    if (retiredAt !== null) throw isRetired();
    if (retirement?.retiresAt === retiresAt) return [];
    const earliest = now + TOLD_AHEAD_MS;
    if (retiresAt < earliest) {
      throw new DomainError(
        'AnnouncedTooLate',
        `People are told at least 14 days ahead: choose ${utc(earliest + 60_000)} or later.`,
      );
    }
    return [{ type: 'LegacyPortalRetirementAnnounced', data: { notice: notice + 1, retiresAt } }];
  };

/** Quiet where none is announced. Throws `LegacyPortalIsRetired`. */
export const callOffRetirement =
  (): LegacyPortalDecision =>
  ({ notice, retirement, retiredAt }) => {
    if (retiredAt !== null) throw isRetired();
    if (retirement === null) return [];
    return [{ type: 'LegacyPortalRetirementCalledOff', data: { notice: notice + 1 } }];
  };

/** What the job sends once nobody is left to be told of this notice. */
export const madeKnown =
  (notice: number): LegacyPortalDecision =>
  ({ retirement, retiredAt }) =>
    retiredAt === null && retirement?.notice === notice && retirement.madeKnownAt === null
      ? [{ type: 'LegacyPortalRetirementMadeKnown', data: { notice } }]
      : [];

/** For ever. Quiet where it is done. Throws `RetirementNotAnnounced`, `RetirementNotMadeKnown`, `RetirementNotDue`. */
export const retire =
  (): LegacyPortalDecision =>
  ({ retirement, retiredAt }, now) => {
    if (retiredAt !== null) return [];
    if (retirement === null) {
      throw new DomainError('RetirementNotAnnounced', 'Announce it first, at least 14 days ahead.');
    }
    const { retiresAt, madeKnownAt } = retirement;
    if (madeKnownAt === null) {
      throw new DomainError(
        'RetirementNotMadeKnown',
        'Not everybody has been told yet: the mails go out while a service with a mail server runs.',
      );
    }
    const earliest = Math.max(retiresAt, madeKnownAt + TOLD_AHEAD_MS);
    if (now < earliest) {
      throw new DomainError(
        'RetirementNotDue',
        `It was announced for ${utc(retiresAt)}, and everybody had been told on ${utc(madeKnownAt)}: not before ${utc(earliest)}.`,
      );
    }
    return [{ type: 'LegacyPortalRetired', data: {} }];
  };

const isRetired = () => new DomainError('LegacyPortalIsRetired', 'The legacy portal is retired, for ever.');
