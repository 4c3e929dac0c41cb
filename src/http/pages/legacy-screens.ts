import { password, text, type Form, type Page } from './page.js';

/** In `?from=`, and in forms: the legacy portal sent them here. */
export const FROM_LEGACY = 'legacy';

/** What a form carries on, so that whoever came from the legacy portal gets back there. */
export const fromLegacy = (from: unknown): Form => (from === FROM_LEGACY ? { from: FROM_LEGACY } : {});

/** `/legacy` is where the legacy portal's web server sends people; `/welcome` is where everybody is led on from. */
export const legacyPagePaths = ['legacy', 'welcome', 'sync', 'account/references', 'hand-off'] as const;

const wayOn = { href: '/account', text: 'I have no legacy ACE Portal account' };

/** Whoever comes from the legacy portal has an account there, and syncs before anything else. */
export const syncScreen = (from: unknown): Page => ({
  path: '/sync',
  title: 'Sync Accounts',
  intro: [
    'To sync your account access and permissions from the legacy portal to the modernized portal, enter your legacy ACE Portal user id and password. Your legacy account must be active and in good standing.',
    'A given legacy ACE Portal ID and password may only be used once for syncing.',
  ],
  fields: [
    text('legacyUserId', 'Legacy User Id', 'off'),
    password('legacyPassword', 'Legacy Password', 'off'),
  ],
  submit: 'Sync',
  links: from === FROM_LEGACY ? [] : [wayOn],
  byLink: false,
  call: ({ legacyUserId, legacyPassword }) => ({
    method: 'POST',
    url: '/api/v1/me/legacy-syncs',
    body: { legacyUserId, legacyPassword },
  }),
  then: '/welcome',
});
