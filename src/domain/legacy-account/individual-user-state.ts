import type { PastEvent } from '../events.js';
import type { legacyAccountEvents } from './events.js';
import type { PasswordLinkPurpose } from './password-link-events.js';

/** Made here for somebody who shared a login, by the owner of a trade account. */
export interface IndividualUser {
  readonly userId: string;
  readonly createdBy: string;
  readonly tradeAccountId: string;
  /** For ever. */
  readonly revoked: boolean;
  /** Once: whoever lets the link die is created anew, or asks the ACE Service Desk. */
  readonly linkRequested: boolean;
}

type Created = Extract<PastEvent<typeof legacyAccountEvents>, { type: 'IndividualUserCreated' }>['data'];

/** What an import would have told of it, but for a password: its person sets one. */
export function madeHere({ userId, createdBy, tradeAccountId, ...profile }: Created, at: number) {
  return {
    entry: { row: null, importedAt: at, version: 1, profile: { ...profile, status: 'Active' as const } },
    individual: { userId, createdBy, tradeAccountId, revoked: false, linkRequested: false },
  };
}

export const revoked = (user: IndividualUser | null): IndividualUser | null =>
  user && { ...user, revoked: true };

export const withLink = (user: IndividualUser | null, purpose: PasswordLinkPurpose): IndividualUser | null =>
  user && purpose === 'SetUp' ? { ...user, linkRequested: true } : user;
