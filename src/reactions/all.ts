/** Every reaction by name, for those who look at checkpoints without running any. */
export const reactionNames: readonly string[] = [
  'mails',
  'release-emails',
  'owner-replacement-mails',
  'complete-owner-replacements',
  'legacy-syncs',
  'legacy-account-mails',
  'individual-users',
  'request-legacy-logouts',
  'send-legacy-logouts',
];
