import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { tradeAccountDecider } from '../domain/trade-account/trade-account.js';
import { inviteUser, noSuchUser, ownedBy } from '../domain/trade-account/users.js';
import { Streams, type CommandContext } from '../engine/streams.js';
import { ClientLimits, Clock, type Position } from '../ports.js';
import { Emails } from './emails.js';
import { IndividualUsers } from './individual-users.js';
import { everybody, shownUser, type ShownUser } from './shown-user.js';

export interface TypedUser {
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly permissions: readonly string[];
}

/** The owner of a trade account has a legacy account made for somebody, who gets its user id by mail and sets its password. */
export class CreateIndividualUser {
  constructor(
    readonly tradeAccountId: string,
    readonly ownerId: string,
    readonly input: TypedUser,
    readonly context: CommandContext,
  ) {}
}

export interface CreatedUser {
  readonly user: ShownUser;
  readonly position: Position | null;
}

@CommandHandler(CreateIndividualUser)
export class CreateIndividualUserHandler implements ICommandHandler<CreateIndividualUser, CreatedUser> {
  constructor(
    private readonly streams: Streams,
    private readonly users: IndividualUsers,
    private readonly emails: Emails,
    private readonly limits: ClientLimits,
    private readonly clock: Clock,
  ) {}

  /** Throws what `inviteUser` throws, `UserUnknown`, and `TooManyRequests`: each costs a mail to an address that the owner typed. */
  async execute({ tradeAccountId, ownerId, input, context }: CreateIndividualUser): Promise<CreatedUser> {
    const { email, givenName, familyName } = input;
    const userId = context.commandId;
    const { state } = await this.streams.read(tradeAccountDecider, tradeAccountId);
    const { type, number = '', companyName: company = '' } = ownedBy(state, ownerId);
    const permissions = [...new Set(input.permissions)];
    // What is refused leaves nothing behind; the trade account itself decides once more, when there is something to invite.
    const wish = { userId, legacyAccountId: userId, emailKey: this.emails.keyOf(email), invitedBy: ownerId };
    inviteUser({ ...wish, permissions: input.permissions })(state, this.clock.now());
    await this.limits.spend(context.clientKey ?? 'unknown');
    const tradeAccounts = [{ type, number, owner: false, permissions }];
    const person = { email, givenName: givenName.trim(), familyName: familyName.trim() };
    const user = { userId, createdBy: ownerId, tradeAccountId, company, tradeAccounts, ...person };
    const legacyAccountId = await this.users.create(user, context);
    const position = await this.users.settle(legacyAccountId, context);
    return { user: await this.created(tradeAccountId, ownerId, userId), position };
  }

  /** As it stands now: a request that comes again may find the user removed. */
  private async created(tradeAccountId: string, ownerId: string, userId: string): Promise<ShownUser> {
    const { state } = await this.streams.read(tradeAccountDecider, tradeAccountId);
    const open = ownedBy(state, ownerId);
    const user = everybody(open).find((known) => known.userId === userId);
    if (user === undefined) throw noSuchUser();
    return shownUser(this.streams, open, user, ownerId);
  }
}
