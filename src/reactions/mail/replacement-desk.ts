import type { MailedLinks } from '../../commands/mailed-link.js';
import type { OwnerReplacementEvent, ownerReplacementEvents } from '../../domain/owner-replacement/events.js';
import type { Application } from '../../domain/owner-replacement/owner-replacement.js';
import type { Recorded } from '../../engine/projection.js';
import type { Letter } from './letter.js';
import { ACE_PORTAL } from './wording.js';

/** Somebody to write to; `to` is undefined where there is no such account or address (any more). */
export type Addressee = Pick<Letter, 'to' | 'name'>;

/** What letters about an application are written with. */
export interface ReplacementDesk {
  readonly applicationId: string;
  readonly publicUrl: string;
  readonly links: Pick<MailedLinks, 'url'>;
  readonly ownerWaitMs: number;
  /** As letters name the trade account: `the Importer account 12-3456789 (Harbor Imports)`. */
  readonly tradeAccount: string;
  /** Who owned the trade account when the application was submitted. */
  readonly owner: Addressee;
  /** By the account that two reviewers approved. */
  readonly newOwner: Addressee;
  readonly applicant: Addressee;
}

export type ReplacementRecord<T extends OwnerReplacementEvent['type'] = OwnerReplacementEvent['type']> =
  Extract<Recorded<typeof ownerReplacementEvents>, { type: T }>;

/** The letters that an event calls for, as the application stands now; none when the situation has passed. */
export type ReplacementWriter<T extends OwnerReplacementEvent['type']> = (
  event: ReplacementRecord<T>,
  application: Application,
  desk: ReplacementDesk,
) => readonly Letter[];

export const letterTo = (
  addressee: Addressee,
  kind: string,
  subject: string,
  body: Letter['body'],
): Letter => ({ kind, ...addressee, subject: `${ACE_PORTAL}: ${subject}`, body, portal: ACE_PORTAL });
