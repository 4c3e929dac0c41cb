import { z } from 'zod';
import { passwordPolicyName } from '../account/password-policy.js';
import { sealed } from '../events.js';

const instant = z.int().nonnegative();
const revision = z.int().nonnegative();
const id = z.string().min(1).max(64);
const messageId = z.string().max(200);

/** What the link is for: another password in the place of a forgotten one, or the first one of a new user. */
export const linkPurpose = z.enum(['Reset', 'SetUp']);
export type PasswordLinkPurpose = z.infer<typeof linkPurpose>;

/** How a person sets the password of a legacy account: by a mailed link. Nobody else ever sees it, or chooses it. */
export const passwordLinkEvents = {
  LegacyPasswordLinkRequested: {
    linkId: id,
    purpose: linkPurpose,
    reason: sealed(z.string().max(1000).optional()),
  },
  /** The link lives from here on. */
  LegacyPasswordLinkSent: { linkId: id, expiresAt: instant, messageId, forRevision: revision },
  LegacyPasswordLinkExpired: { linkId: id },
  LegacyPasswordReset: { linkId: id, passwordHash: sealed(z.string().max(512)), policy: passwordPolicyName },
  /** Where the legacy portal keeps the passwords: it was asked to reset this one. */
  LegacyResetForwarded: { reason: sealed(z.string().max(1000)) },
  LegacyNoticeSent: { forEvent: z.string().max(64), forRevision: revision, messageId },
  /** The mail server refused it for good. */
  LegacyNoticeRefused: { forEvent: z.string().max(64), forRevision: revision },
};
