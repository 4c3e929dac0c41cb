import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import { opensToPassword } from '../domain/account/doors.js';
import type { Client } from '../domain/account/events.js';
import { isWeaker } from '../domain/account/input-rules.js';
import { PasswordMovedOn, rehashPassword, signIn } from '../domain/account/sign-in.js';
import type { Account } from '../domain/account/state.js';
import { DomainError } from '../domain/domain-error.js';
import { Streams, type CommandContext } from '../engine/streams.js';
import { ClientLimits, Clock, Ids } from '../ports.js';
import { AccountRules } from './account-rules.js';
import { Emails } from './emails.js';
import { SecretChecks } from './secret-checks.js';
import { hashOf, SESSION_SECRET_BYTES, sessionToken } from './session-tokens.js';

/** A contact e-mail and a password against a session. Every refusal looks the same: null. */
export class SignIn {
  constructor(
    readonly email: string,
    readonly password: string,
    readonly client: Client,
    readonly context: CommandContext,
  ) {}
}

export interface SignedIn {
  readonly accountId: string;
  readonly sessionId: string;
  readonly token: string;
  readonly expiresAt: number;
  readonly passwordChangeRequired: boolean;
}

const CHANGED_MEANWHILE_MAX = 3;

@CommandHandler(SignIn)
export class SignInHandler implements ICommandHandler<SignIn, SignedIn | null> {
  constructor(
    private readonly streams: Streams,
    private readonly emails: Emails,
    private readonly secrets: SecretChecks,
    private readonly limits: ClientLimits,
    private readonly rules: AccountRules,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Throws `TooManyRequests`, `QueueFull`, `HasherBusy`: alike for addresses known and unknown. */
  async execute(command: SignIn): Promise<SignedIn | null> {
    const emailKey = this.emails.keyOf(command.email);
    return this.limits.attempt(
      command.context.clientKey ?? 'unknown',
      () => this.secrets.oneAtATime(emailKey, () => this.attempt(command, emailKey)),
      (signedIn) => signedIn === null,
    );
  }

  private async attempt(command: SignIn, emailKey: string): Promise<SignedIn | null> {
    const accountId = await this.emails.accountOf(emailKey);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.compareOnce(command, accountId);
      } catch (error) {
        if (!(error instanceof PasswordMovedOn) || attempt >= CHANGED_MEANWHILE_MAX) throw error;
      }
    }
  }

  private async compareOnce(
    { password, client, context }: SignIn,
    accountId: string | null,
  ): Promise<SignedIn | null> {
    const account: Account =
      accountId === null ? { status: 'Unknown' } : (await this.streams.read(accountDecider, accountId)).state;
    const held = opensToPassword(account, this.clock.now()) ? account.password : null;
    // Unknown accounts cost the same hash, so that a caller cannot tell which addresses exist.
    const matches = await this.secrets.verifyPassword(held?.hash, password);
    if (accountId === null || held === null || account.status !== 'Registered') return null;
    const secret = this.ids.secret(SESSION_SECRET_BYTES);
    const lifetimeMs = account.roles.length > 0 ? this.rules.staffSessionMs : this.rules.sessionMs;
    const session = {
      id: this.ids.next(),
      tokenHash: hashOf(secret),
      expiresAt: this.clock.now() + lifetimeMs,
    };
    const decision = signIn({ passwordVersion: held.version, matches, session, client }, this.rules.lockout);
    const decided = await this.streams.decide(accountDecider, accountId, decision, context);
    const success = decided.events.find((event) => event.type === 'LoginSucceeded');
    if (!success) return null;
    if (success.data.session.id !== session.id) {
      throw new DomainError(
        'AnswerNotKept',
        'This sign-in was answered before, and its session is not shown twice.',
      );
    }
    if (this.secrets.isOutdated(held.hash ?? ''))
      await this.rehash(accountId, held.version, password, context);
    return {
      accountId,
      sessionId: session.id,
      token: sessionToken(accountId, secret),
      expiresAt: session.expiresAt,
      passwordChangeRequired: isWeaker(held.policy, this.rules.passwordPolicy),
    };
  }

  private async rehash(
    accountId: string,
    version: number,
    password: string,
    context: CommandContext,
  ): Promise<void> {
    const hash = await this.secrets.hashPassword(password);
    const followUp = { ...context, commandId: this.ids.next(), causationId: context.commandId };
    await this.streams.decide(accountDecider, accountId, rehashPassword(version, hash), followUp);
  }
}
