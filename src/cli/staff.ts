import type { Role } from '../domain/account/events.js';
import { keptSettings } from './kept-stores.js';
import { perform } from './operate.js';
import { say, sayJson } from './printing.js';

export interface NewStaff {
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly role: Role;
  readonly mail: boolean;
  readonly json: boolean;
}

/** Invites a member of staff. The service mails the link in any case, once it runs and has a mail server; printed or not. */
export async function addStaff({ mail, json, ...person }: NewStaff): Promise<void> {
  const settings = keptSettings();
  const input = { ...person, mailOnly: mail };
  const { result, byService } = await perform(settings, 'inviteStaff', input, { begin: true });
  const { accountId, enrolmentUrl, mailed } = result;
  if (json) return sayJson({ accountId, mailed, ...(!mail && { enrolmentUrl }) });
  say(`Invited ${person.email} as ${person.role}: account ${accountId}.`);
  if (!mail) {
    say('With this link, which works once and for 48 hours, they choose a password and security questions:');
    say(`\n  ${enrolmentUrl}\n`);
  }
  if (!mailed) say('No mail server is set (SMTP_URL): hand the link over yourself, to nobody else.');
  else if (byService) say('The link is being mailed to them.');
  else say('The link will be mailed to them when the service runs next.');
}

export interface RoleOptions {
  readonly role: Role;
  readonly reason: string;
}

export async function changeRole(
  act: 'grantRole' | 'revokeRole',
  account: string,
  { role, reason }: RoleOptions,
): Promise<void> {
  const { result } = await perform(keptSettings(), act, { account, role, reason });
  const done = act === 'grantRole' ? 'Granted' : 'Revoked';
  const before = act === 'grantRole' ? 'had' : 'did not have';
  say(
    result.changed
      ? `${done} the role ${role}: account ${result.accountId}.`
      : `Nothing to do: account ${result.accountId} ${before} the role ${role}.`,
  );
}
