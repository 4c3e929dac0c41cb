import { tellOfRemoval } from '../domain/account/removal.js';
import { accountDecider } from '../domain/account/account.js';
import { InvalidInput } from '../domain/account/input-rules.js';
import { DomainError } from '../domain/domain-error.js';
import { entryOf } from '../domain/legacy-account/claim.js';
import {
  createIndividualUser,
  revokeIndividualUser,
  setUpIndividualUser,
  type NewIndividualUser,
} from '../domain/legacy-account/individual-user.js';
import { legacyAccountDecider } from '../domain/legacy-account/legacy-account.js';
import type { TradeAccountEvent } from '../domain/trade-account/events.js';
import {
  invitationOf,
  tradeAccountDecider,
  type TradeAccount,
  type TradeAccountDecision,
} from '../domain/trade-account/trade-account.js';
import { inviteUser } from '../domain/trade-account/users.js';
import { deriveKey, keyedHash } from '../engine/secrets.js';
import type { CommandContext, Current, Streams } from '../engine/streams.js';
import type { Ids, Position } from '../ports.js';
import type { Emails } from './emails.js';
import type { LegacyDirectory } from './legacy-directory.js';

/** 32 letters and digits, none of which looks like another. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const USER_ID_LENGTH = 10;
const USER_IDS_TRIED_MAX = 5;

export type Removed = Extract<TradeAccountEvent, { type: 'UserRemoved' }>['data'];

/** Individual users whom owners of trade accounts create and remove. The trade account says who they are and what they may do; the
 *  legacy account that is made for each follows, and so does the account. Each step may be done again, by whoever finds it undone. */
export class IndividualUsers {
  private readonly key: Buffer;

  constructor(
    addressKey: Uint8Array,
    private readonly streams: Streams,
    private readonly directory: LegacyDirectory,
    private readonly emails: Emails,
    private readonly ids: Ids,
  ) {
    this.key = deriveKey(addressKey, 'individual-user');
  }

  /** Made of the user's id by a key, and so found again by a repeated request, and guessed by nobody. `attempt` counts from 0. */
  legacyUserIdOf(userId: string, attempt: number): string {
    const hash = keyedHash(this.key, [userId, String(attempt)], USER_ID_LENGTH);
    return [...Buffer.from(hash, 'base64url')].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
  }

  /** Makes the legacy account, with a user id that nobody has; no one can use it before `settle`. Returns its id. */
  async create(user: Omit<NewIndividualUser, 'legacyUserId'>, context: CommandContext): Promise<string> {
    for (let attempt = 0; ; attempt += 1) {
      const legacyUserId = this.legacyUserIdOf(user.userId, attempt);
      const legacyAccountId = this.directory.idOf(legacyUserId);
      try {
        const decision = createIndividualUser({ ...user, legacyUserId });
        await this.streams.decide(legacyAccountDecider, legacyAccountId, decision, context);
        return legacyAccountId;
      } catch (error) {
        const isTaken = error instanceof DomainError && error.code === 'LegacyUserIdTaken';
        if (!isTaken || attempt + 1 >= USER_IDS_TRIED_MAX) throw error;
      }
    }
  }

  /** The trade account is asked whether there may be such a user; the legacy account comes to life, or to its end. Returns where the
   *  trade account says so. Throws what `inviteUser` throws. */
  async settle(legacyAccountId: string, context: CommandContext): Promise<Position | null> {
    const { state } = await this.streams.read(legacyAccountDecider, legacyAccountId);
    const entry = entryOf(state);
    const { individual } = state;
    if (individual === null || individual.revoked || entry === null) return null;
    const { userId, createdBy: invitedBy, tradeAccountId } = individual;
    const emailKey = this.emails.keyOf(entry.profile.email);
    const permissions = entry.profile.tradeAccounts[0]?.permissions ?? [];
    const decision = inviteUser({ userId, legacyAccountId, emailKey, invitedBy, permissions });
    const invited = await this.invite(legacyAccountId, tradeAccountId, decision, context);
    if (invited.state.status === 'Open' && invitationOf(invited.state, userId) !== null) {
      await this.sendSetUpLink(legacyAccountId, context);
    }
    return invited.position;
  }

  /** What follows from a removal: a user who had not joined never can, and who had is told. */
  async afterRemoval(tradeAccountId: string, removed: Removed, context: CommandContext): Promise<void> {
    const { removalId, accountId, legacyAccountId } = removed;
    if (legacyAccountId !== undefined) await this.revoke(legacyAccountId, context);
    if (accountId === undefined) return;
    const { state } = await this.streams.read(tradeAccountDecider, tradeAccountId);
    if (state.status !== 'Open') return;
    const { type, number = '', companyName = '' } = state;
    const decision = tellOfRemoval({ removalId, tradeAccountId, type, number, companyName });
    await this.streams.decide(accountDecider, accountId, decision, context);
  }

  private async invite(
    legacyAccountId: string,
    tradeAccountId: string,
    decision: TradeAccountDecision,
    context: CommandContext,
  ): Promise<Current<TradeAccount>> {
    try {
      return await this.streams.decide(tradeAccountDecider, tradeAccountId, decision, context);
    } catch (error) {
      if (error instanceof DomainError || error instanceof InvalidInput) {
        await this.revoke(legacyAccountId, context);
      }
      throw error;
    }
  }

  private async sendSetUpLink(legacyAccountId: string, context: CommandContext): Promise<void> {
    const about = { ...context, commandId: `${context.commandId}:set-up` };
    const decision = setUpIndividualUser(this.ids.next());
    await this.streams.decide(legacyAccountDecider, legacyAccountId, decision, about);
  }

  private async revoke(legacyAccountId: string, context: CommandContext): Promise<void> {
    const about = { ...context, commandId: `${context.commandId}:revoke` };
    await this.streams.decide(legacyAccountDecider, legacyAccountId, revokeIndividualUser(), about);
  }
}
