import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accountDecider } from '../domain/account/account.js';
import type { Role } from '../domain/account/events.js';
import { inviteStaff } from '../domain/account/registration.js';
import { DomainError } from '../domain/domain-error.js';
import { Streams, type CommandContext } from '../engine/streams.js';
import { Ids } from '../ports.js';
import { Emails } from './emails.js';
import { MailedLinks } from './mailed-link.js';

/** An operator opens an account for a member of staff, who chooses a password by a one-time link. */
export class InviteStaff {
  constructor(
    readonly input: {
      readonly email: string;
      readonly givenName: string;
      readonly familyName: string;
      readonly role: Role;
    },
    readonly context: CommandContext,
  ) {}
}

export interface StaffInvitation {
  readonly accountId: string;
  readonly enrolmentUrl: string;
}

@CommandHandler(InviteStaff)
export class InviteStaffHandler implements ICommandHandler<InviteStaff, StaffInvitation> {
  constructor(
    private readonly streams: Streams,
    private readonly emails: Emails,
    private readonly links: MailedLinks,
    private readonly ids: Ids,
  ) {}

  /** Throws `EmailTaken`: an operator may know. */
  async execute({ input, context }: InviteStaff): Promise<StaffInvitation> {
    const accountId = context.commandId;
    const emailKey = this.emails.keyOf(input.email);
    const holder = await this.emails.claim(emailKey, accountId, context);
    if (holder !== null) throw new DomainError('EmailTaken', 'This address has an account already.');
    const linkId = this.ids.next();
    const invitation = inviteStaff({ ...input, emailKey, linkId });
    await this.streams.decide(accountDecider, accountId, invitation, context);
    return { accountId, enrolmentUrl: this.links.url('enrol', accountId, linkId) };
  }
}
