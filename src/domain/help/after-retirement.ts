import type { HelpEntry } from './help-entry.js';

/** What the FAQ could not know: how its advice reads once the legacy portal is gone. */
const texts: Readonly<Record<string, string>> = {
  'legacy-portal':
    'The legacy ACE Portal has been retired. Everything that it did is reached from the “References”, or in the modernized ACE Portal itself.',
  'keep-legacy-credentials':
    'The legacy portal has been retired: once your account is synced, you do not need your legacy user id and password any more.',
  protest:
    'Its link is among the “References” and on the Protest Filer account page, as soon as it is available.',
  aes: 'None of the existing functions of the Automated Export System (AES) is affected. Its link is among the “References” and on the Exporter account page, as soon as it is available.',
  'creating-users':
    'The legacy ACE Portal, where users were created, has been retired. You will be told here when users can be created in the modernized portal.',
};

export const afterRetirement = (entry: HelpEntry): HelpEntry => ({
  ...entry,
  text: texts[entry.topic] ?? entry.text,
});
