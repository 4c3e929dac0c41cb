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

const emailTaken = () => new DomainError('EmailTaken', 'This address belongs to another account.');

export type EmailDecision = Decision<typeof emailEvents, EmailClaim>;

/** Throws `EmailTaken` when another account holds the address. The holder's claim is renewed: whoever meant to release it, or to
 *  take it over, on the strength of what they saw before must look again. */
export const claimEmail =
  (accountId: string): EmailDecision =>
  ({ holder }) => {
    if (holder !== null && holder !== accountId) throw emailTaken();
    return [{ type: 'EmailClaimed', data: { accountId } }];
  };

/** Hands the claim of an account that came to nothing to another one: the claim made at `claimedAt`, by default whichever holds
 *  now. Throws `EmailTaken` when another account holds the address, or the former one has claimed it again. */
export const takeOverEmail =
  (formerId: string, accountId: string, claimedAt?: number): EmailDecision =>
  (claim, now) => {
    if (claim.holder !== formerId) return claimEmail(accountId)(claim, now);
    if (claimedAt !== undefined && claimedAt !== claim.claimedAt) throw emailTaken();
    return [
      { type: 'EmailReleased', data: { accountId: formerId } },
      { type: 'EmailClaimed', data: { accountId } },
    ];
  };

export const releaseEmail =
  (accountId: string): EmailDecision =>
  ({ holder }) =>
    holder === accountId ? [{ type: 'EmailReleased', data: { accountId } }] : [];
