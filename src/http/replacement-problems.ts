const look = 'Look at the application as it is now.';

/** What is refused about applications to replace an account owner: status, title, next steps. */
export const replacementProblems = {
  TradeAccountMismatch: [
    409,
    'No trade account of this type has this number.',
    ['Check the type of the account and its number: they must be those of the trade account.'],
  ],
  CorrectionUnknown: [
    409,
    'There is no returned application of yours to correct.',
    [
      'Name one that was returned, and that is for the same trade account, as “corrects”; or leave it out.',
      'List your applications with GET /api/v1/me/owner-replacements.',
    ],
  ],
  TooManyApplications: [
    409,
    'You have twenty open applications already.',
    [
      'Wait until one of them is decided, or take one back with POST /api/v1/me/owner-replacements/{id}/withdrawals.',
    ],
  ],
  TradeAccountContested: [
    409,
    'There are five open applications for this trade account already.',
    [
      'Wait until one of them is decided.',
      'Its current owner makes room by objecting, by the links that were mailed.',
      'Or send the form to the ACE Application team by e-mail.',
    ],
  ],
  ApplicationUnknown: [
    404,
    'There is no such application.',
    ['List your applications with GET /api/v1/me/owner-replacements.'],
  ],
  ApplicationClosed: [409, 'This application is closed.', [look, 'Submit a new one if it is still needed.']],
  OwnApplication: [
    403,
    'You have a part in this application, and may not review it.',
    ['Leave it to another member of the ACE Application team.'],
  ],
  ReviewStarted: [409, 'This application is in review already.', [look]],
  ReviewNotStarted: [
    409,
    'Nobody has taken this application for review yet.',
    ['Take it with POST /api/v1/owner-replacements/{id}/reviews.'],
  ],
  EvidenceMissing: [
    409,
    'The letter or the original form is not attached yet.',
    ['Wait until it is attached: the applicant sends it with POST …/{id}/evidence.'],
  ],
  EvidenceUnknown: [404, 'This application has no such file.', [look]],
  TooMuchEvidence: [409, 'This application has five files already.', ['Withdraw it and submit a new one.']],
  FileTypeRefused: [
    415,
    'The file is not a PDF, PNG or JPEG, or not what it was sent as.',
    ['Send a PDF, or a PNG or JPEG image, with its Content-Type.'],
  ],
  FileTooLarge: [
    413,
    'The file is too large.',
    ['Send at most 10 MiB: scan the letter at a lower resolution.'],
  ],
  NewOwnerWithoutLogin: [
    409,
    'The new owner has no confirmed login yet.',
    ['Approve again once they have: they were invited by mail when the review started.'],
  ],
  NewOwnerSuspended: [
    409,
    'The account of the new owner is suspended.',
    ['Approve again once it is reinstated, or return the application.'],
  ],
  AlreadyOwner: [409, 'The new owner is the owner already.', ['Return or reject the application.']],
  OwnerObjects: [409, 'The current owner objects.', ['Return or reject the application.']],
  WaitNotOver: [
    409,
    'The current owner still has time to object.',
    ['Approve again after “approvableFrom”, or once the owner has consented.'],
  ],
  OwnerChanged: [
    409,
    'This trade account has another owner than the one to replace.',
    [look, 'A new application is needed if that owner is to be replaced.'],
  ],
} as const;
