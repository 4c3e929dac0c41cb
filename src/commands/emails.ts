import { accountDecider } from '../domain/account/account.js';
import { holdsEmail } from '../domain/account/confirmed.js';
import { expireDeadlines } from '../domain/account/deadlines.js';
import { abandonRegistration } from '../domain/account/registration.js';
import { DomainError } from '../domain/domain-error.js';
import { canonicalEmail } from '../domain/email/address.js';
import { claimEmail, emailDecider, takeOverEmail } from '../domain/email/email.js';
import { deriveKey, keyedHash } from '../engine/secrets.js';
import type { CommandContext, Streams } from '../engine/streams.js';
import type { Clock } from '../ports.js';

/** A registration between its two appends is younger than this; an older claim without its account was left by a crash. */
const CLAIM_PENDING_MS = 60_000;

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
    const holder = await this.tryClaim(emailKey, accountId, context);
    if (holder === null || !(await this.isForfeit(holder, emailKey, context))) return holder;
    await this.streams.decide(emailDecider, emailKey, takeOverEmail(holder, accountId), context);
    return null;
  }

  private async tryClaim(
    emailKey: string,
    accountId: string,
    context: CommandContext,
  ): Promise<string | null> {
    try {
      await this.streams.decide(emailDecider, emailKey, claimEmail(accountId), context);
      return null;
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'EmailTaken') throw error;
      return this.holderOf(emailKey);
    }
  }

  /** Whether the holder's claim stands for nothing: its account ended, moved on, or never came. */
  private async isForfeit(holder: string, emailKey: string, context: CommandContext): Promise<boolean> {
    const { state } = await this.streams.decide(accountDecider, holder, expireDeadlines(), context);
    if (holdsEmail(state, emailKey)) return false;
    if (state.status === 'Ended') return true;
    const { claimedAt } = (await this.streams.read(emailDecider, emailKey)).state;
    if (this.clock.now() - claimedAt < CLAIM_PENDING_MS) return false;
    if (state.status === 'Registered') return true;
    try {
      await this.streams.decide(accountDecider, holder, abandonRegistration(), context);
      return true;
    } catch (error) {
      // The account came after all: the claim stands.
      if (error instanceof DomainError) return false;
      throw error;
    }
  }
}
