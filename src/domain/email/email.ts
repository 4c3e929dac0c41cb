import { z } from 'zod';
import type { Decider, Decision } from '../decider.js';
import { DomainError } from '../domain-error.js';
import { defineEvents } from '../events.js';

export const emailEvents = defineEvents({
  EmailClaimed: { accountId: z.string().max(64) },
  EmailReleased: { accountId: z.string().max(64) },
});

/** Which account holds an address. The stream is named by a keyed hash of the address: `email-<hash>`. */
export interface EmailClaim {
  readonly holder: string | null;
  readonly claimedAt: number;
}

export const emailDecider: Decider<typeof emailEvents, EmailClaim> = {
  category: 'email',
  events: emailEvents,
  initial: { holder: null, claimedAt: 0 },
  evolve(claim, event, at) {
    switch (event.type) {
      case 'EmailClaimed':
        return { holder: event.data.accountId, claimedAt: at };
      case 'EmailReleased':
        return event.data.accountId === claim.holder ? { holder: null, claimedAt: at } : claim;
      default:
        event satisfies never;
        return claim;
    }
  },
};

type EmailDecision = Decision<typeof emailEvents, EmailClaim>;

/** Throws `EmailTaken` when another account holds the address. */
export const claimEmail =
  (accountId: string): EmailDecision =>
  ({ holder }) => {
    if (holder === accountId) return [];
    if (holder !== null) throw new DomainError('EmailTaken', 'This address belongs to another account.');
    return [{ type: 'EmailClaimed', data: { accountId } }];
  };

/** Hands the claim of an account that came to nothing to another one. */
export const takeOverEmail =
  (formerId: string, accountId: string): EmailDecision =>
  ({ holder }) => {
    if (holder !== formerId) return claimEmail(accountId)({ holder, claimedAt: 0 }, 0);
    return [
      { type: 'EmailReleased', data: { accountId: formerId } },
      { type: 'EmailClaimed', data: { accountId } },
    ];
  };

export const releaseEmail =
  (accountId: string): EmailDecision =>
  ({ holder }) =>
    holder === accountId ? [{ type: 'EmailReleased', data: { accountId } }] : [];
