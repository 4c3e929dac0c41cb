import type { HelpEntry } from './help-entry.js';

/** What the FAQ promised to tell when users can be created in the modernized portal. */
const texts: Readonly<Record<string, string>> = {
  'shared-logins':
    'Everybody signs in to the modernized portal with an e-mail address and password of their own, and a legacy ACE Portal ID and password can be used only once for syncing. If several people share a login, the Account Owner creates individual users for the others here: “User Access” in the Tools tab. Each of them gets a legacy user id by mail, sets its password, creates an account here, and syncs their own.',
  'creating-users':
    'Users can be created here now: the Account Owner opens “User Access” in the Tools tab, chooses the trade account, and enters name, e-mail address and permissions of each user, none of which go beyond the owner’s own. The user gets a mail with a legacy user id and a link to set its password, creates an account, signs in, and syncs it with that user id and password. The Account Owner can take the access away at any time.',
};

/** The entries as they read where Account Owners create users here, and not in the legacy portal. */
export const withUsersHere = (entries: readonly HelpEntry[]): HelpEntry[] =>
  entries.map((entry) => ({ ...entry, text: texts[entry.topic] ?? entry.text }));
