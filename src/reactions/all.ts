/** Every reaction by name, for those who look at checkpoints without running any. */
export const reactionNames: readonly string[] = [
  'mails',
  'owner-replacement-mails',
  'legacy-account-mails',
  'release-emails',
  'complete-owner-replacements',
  'legacy-syncs',
  'individual-users',
  'request-legacy-logouts',
  'send-legacy-logouts',
];
