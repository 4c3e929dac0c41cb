import type { AccountEvent, accountEvents } from '../../domain/account/events.js';
import type { Registered } from '../../domain/account/state.js';
import type { MailedLinks } from '../../commands/mailed-link.js';
import type { Recorded } from '../../engine/projection.js';
import type { Instant } from '../../ports.js';
import type { Letter } from './letter.js';

/** Whom people are told to contact. */
export interface Contacts {
  /** As it reads after "contact": `your Supply Chain Security Specialist or management at the field office …`. */
  readonly specialistAndFieldOffice: string;
  /** Likewise, with the telephone number: `the Duty Officer of the Day at (202) 344-1180`. */
  readonly dutyOfficer: string;
}

/** What letters are written with. */
export interface Desk {
  readonly accountId: string;
  readonly links: Pick<MailedLinks, 'url'>;
  readonly contacts: Contacts;
  readonly resetLinkLifetimeMs: number;
  readonly now: Instant;
  readonly legacyPortalIsRetired: boolean;
}

export type AccountRecord<T extends AccountEvent['type'] = AccountEvent['type']> = Extract<
  Recorded<typeof accountEvents>,
  { type: T }
>;

/** The letters that an event calls for, as the account stands now; none when the situation has passed. */
export type Writer<T extends AccountEvent['type']> = (
  event: AccountRecord<T>,
  account: Registered,
  desk: Desk,
) => readonly Letter[];

/** To the account's own, confirmed address. */
export const toOwner = (account: Registered): Pick<Letter, 'to' | 'name'> => ({
  to: account.email,
  name: account.givenName,
});
