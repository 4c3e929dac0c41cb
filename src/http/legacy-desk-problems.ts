/** What the ACE Service Desk comes up against: status, title, next steps. */
export const legacyDeskProblems = {
  LegacyAccountUnknown: [
    404,
    'There is no such legacy account.',
    [
      'Check the legacy user id with the caller. Accounts that the directory does not hold are not known here.',
    ],
  ],
  LegacyAccountNotActive: [
    409,
    'This legacy account is not active and in good standing.',
    ['It has to be put right in the legacy portal first; then ask for the reset again.'],
  ],
  LegacyEmailMissing: [
    409,
    'This legacy account has no e-mail address on file that mail can be sent to.',
    ['Have the address corrected in the legacy portal; then ask for the reset again.'],
  ],
  LegacyResetElsewhere: [
    409,
    'The legacy portal resets its passwords itself.',
    [
      'Send the caller to the legacy portal.',
      'For resets from here, the operator names the legacy portal’s address for them: LEGACY_RESET_URL.',
    ],
  ],
} as const;
