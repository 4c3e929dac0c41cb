import { accountDecider } from '../domain/account/account.js';
import { holdsEmail } from '../domain/account/confirmed.js';
import { expireDeadlines } from '../domain/account/deadlines.js';
import { abandonRegistration } from '../domain/account/registration.js';
import { DomainError } from '../domain/domain-error.js';
import { canonicalEmail } from '../domain/email/address.js';
import {
  claimEmail,
  emailDecider,
  takeOverEmail,
  type EmailClaim,
  type EmailDecision,
} from '../domain/email/email.js';
import { deriveKey, keyedHash } from '../engine/secrets.js';
import type { CommandContext, Streams } from '../engine/streams.js';
import type { Clock } from '../ports.js';

/** A registration between its two appends is younger than this; an older claim without its account was left by a crash. */
const CLAIM_PENDING_MS = 60_000;

type StandingClaim = EmailClaim & { readonly holder: string };

/** Finds accounts by address and claims addresses for accounts. Addresses appear only as keyed hashes. */
export class Emails {
  private readonly key: Buffer;

  constructor(
    addressKey: Uint8Array,
    private readonly streams: Streams,
    private readonly clock: Clock,
  ) {
    this.key = deriveKey(addressKey, 'email');
  }

  keyOf(address: string): string {
    return keyedHash(this.key, [canonicalEmail(address)]);
  }

  /** The account that holds the claim; null for a free address. */
  async holderOf(emailKey: string): Promise<string | null> {
    return (await this.streams.read(emailDecider, emailKey)).state.holder;
  }

  /** The account whose contact address this is, now; null when there is none. */
  async accountOf(emailKey: string): Promise<string | null> {
    const holder = await this.holderOf(emailKey);
    if (holder === null) return null;
    const { state } = await this.streams.read(accountDecider, holder);
    return state.status === 'Registered' && state.emailKey === emailKey ? holder : null;
  }

  /** Claims the address for the account: null, or the account that has it. A claim whose account came to nothing is taken over. */
  async claim(emailKey: string, accountId: string, context: CommandContext): Promise<string | null> {
    const standing = await this.tryClaim(emailKey, claimEmail(accountId), context);
    if (!standing || !(await this.isForfeit(standing, emailKey, context))) return standing?.holder ?? null;
    const takeOver = takeOverEmail(standing.holder, accountId, standing.claimedAt);
    return (await this.tryClaim(emailKey, takeOver, context))?.holder ?? null;
  }

  /** null, or the claim that stood against it. */
  private async tryClaim(
    emailKey: string,
    decision: EmailDecision,
    context: CommandContext,
  ): Promise<StandingClaim | null> {
    let seen = emailDecider.initial;
    try {
      await this.streams.decide(
        emailDecider,
        emailKey,
        (claim, now) => {
          seen = claim;
          return decision(claim, now);
        },
        context,
      );
      return null;
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'EmailTaken') throw error;
      return seen as StandingClaim;
    }
  }

  /** Whether the holder's claim stands for nothing: its account ended, moved on, or never came. */
  private async isForfeit(
    { holder, claimedAt }: StandingClaim,
    emailKey: string,
    context: CommandContext,
  ): Promise<boolean> {
    // A command of its own: the one that asks may have something else to record at the holder's account.
    const looking = { ...context, commandId: `${context.commandId}:forfeit`, causationId: context.commandId };
    const { state } = await this.streams.decide(accountDecider, holder, expireDeadlines(), looking);
    if (holdsEmail(state, emailKey)) return false;
    if (state.status === 'Ended') return true;
    if (this.clock.now() - claimedAt < CLAIM_PENDING_MS) return false;
    if (state.status === 'Registered') return true;
    try {
      await this.streams.decide(accountDecider, holder, abandonRegistration(), looking);
      return true;
    } catch (error) {
      // The account came after all: the claim stands.
      if (error instanceof DomainError) return false;
      throw error;
    }
  }
}
