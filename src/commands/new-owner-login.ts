import { accountDecider } from '../domain/account/account.js';
import type { Registered } from '../domain/account/state.js';
import type { Application } from '../domain/owner-replacement/owner-replacement.js';
import type { Streams } from '../engine/streams.js';
import type { Emails } from './emails.js';

export interface NewOwnerLogin {
  readonly accountId: string;
  readonly account: Registered;
}

/** The confirmed account with the address that the application gives for the new owner; null while there is none. */
export async function newOwnerLogin(
  { newOwner }: Application,
  emails: Emails,
  streams: Streams,
): Promise<NewOwnerLogin | null> {
  const address = newOwner?.loginId ?? newOwner?.email;
  if (address === undefined) return null;
  const accountId = await emails.accountOf(emails.keyOf(address));
  if (accountId === null) return null;
  const { state } = await streams.read(accountDecider, accountId);
  if (state.status !== 'Registered' || state.stage.name !== 'Confirmed') return null;
  return { accountId, account: state };
}
