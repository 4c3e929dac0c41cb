const listUsers = 'List the users with GET /api/v1/me/trade-accounts/{id}/users.';

/** What is refused about the users of a trade account: status, title, next steps. */
export const userAccessProblems = {
  TradeAccountUnknown: [
    404,
    'There is no such trade account.',
    ['List the trade accounts that you may use with GET /api/v1/me/trade-accounts.'],
  ],
  NotAccountOwner: [
    403,
    'Only the Account Owner may see, create and remove the users of a trade account.',
    ['Ask the Account Owner of the trade account.'],
  ],
  UserAccessElsewhere: [
    409,
    'Users are created and removed in the legacy ACE Portal at this time.',
    ['In your legacy ACE Portal account, click “User Access” in the Tools tab.'],
  ],
  UserPending: [
    409,
    'A user with this e-mail address was created for this trade account, and has not synced yet.',
    ['Ask them to look for the mail. To send another one, remove the user and create it again.', listUsers],
  ],
  TooManyPendingUsers: [
    409,
    'Too many users of this trade account were created and have not synced yet.',
    ['Wait until some of them have synced, or remove those who are not needed.', listUsers],
  ],
  UserUnknown: [404, 'This trade account has no such user.', [listUsers]],
  AccountOwnerStays: [
    409,
    'The Account Owner cannot be removed.',
    [
      'Another Account Owner takes their place by an application: GET /api/v1/help/replacing-the-account-owner tells how.',
    ],
  ],
} as const;
