import type { PastEvent } from '../events.js';
import type { PasswordLinkPurpose, passwordLinkEvents } from './password-link-events.js';

/** The one link that lives. */
export interface PasswordLink {
  readonly id: string;
  readonly purpose: PasswordLinkPurpose;
  /** Asked for last, and how often. */
  readonly requestedAt: number;
  readonly requests: number;
  /** null until its mail went out. */
  readonly sentAt: number | null;
  readonly expiresAt: number | null;
}

export type PasswordLinkEvent = PastEvent<typeof passwordLinkEvents>;
type Past<T> = Extract<PasswordLinkEvent, { type: T }>['data'];

export function withRequest(
  link: PasswordLink | null,
  { linkId, purpose }: Past<'LegacyPasswordLinkRequested'>,
  at: number,
): PasswordLink {
  return link?.id === linkId
    ? { ...link, requestedAt: at, requests: link.requests + 1 }
    : { id: linkId, purpose, requestedAt: at, requests: 1, sentAt: null, expiresAt: null };
}

export const withSending = (
  link: PasswordLink | null,
  { linkId, expiresAt }: Past<'LegacyPasswordLinkSent'>,
  at: number,
): PasswordLink | null => (link?.id === linkId ? { ...link, sentAt: at, expiresAt } : link);
