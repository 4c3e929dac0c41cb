import { DomainError } from '../domain-error.js';
import type { Account, Registered } from './state.js';

/** The account as registered, or a refusal in the words for staff and owners. */
export function registered(account: Account): Registered {
  if (account.status !== 'Registered') {
    throw new DomainError('AccountUnknown', 'There is no such account.');
  }
  return account;
}

export function confirmed(account: Account): Registered {
  const known = registered(account);
  if (known.stage.name !== 'Confirmed') {
    throw new DomainError('AccountUnconfirmed', 'The e-mail address of this account is not confirmed yet.');
  }
  return known;
}

/** Whether the account has a right to the address: it is its contact address, was within the last days, or is to become it. */
export function holdsEmail(account: Account, emailKey: string): boolean {
  if (account.status !== 'Registered') return false;
  const { emailChange, formerEmails } = account;
  return (
    account.emailKey === emailKey ||
    (emailChange !== null && emailChange.held && emailChange.emailKey === emailKey) ||
    formerEmails.some((former) => former.emailKey === emailKey)
  );
}
