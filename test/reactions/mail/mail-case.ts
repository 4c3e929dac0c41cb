import type { LinkPurpose } from '../../../src/commands/mailed-link.js';
import type { AccountEvent } from '../../../src/domain/account/events.js';

export const SPECIALIST = 'your Specialist or field office';
export const FORGOT = 'click on the “Forgot your password?” link on the login page';

export interface Expected {
  /** The account's own address unless told otherwise. */
  readonly to?: string;
  readonly link?: readonly [LinkPurpose, string];
  readonly says: readonly string[];
  readonly silentOf?: readonly string[];
  readonly unnamed?: true;
}

/** What the account went through, what happens now, and the mails that it makes, in order. */
export type Case = readonly [
  title: string,
  before: readonly (AccountEvent | readonly AccountEvent[])[],
  events: readonly (AccountEvent | readonly AccountEvent[])[],
  ...expected: Expected[],
];
