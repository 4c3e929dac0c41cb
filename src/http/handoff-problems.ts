/** What is refused on the way to the legacy portal: status, title, next steps. */
export const handoffProblems = {
  HandoffNotOpen: [
    409,
    'This portal hands nobody over to the legacy portal: it is not set up for that, or the legacy portal is retired.',
    [
      'Where the legacy portal is still available, GET /api/v1/references has its address.',
      'Operators: set LEGACY_PORTAL_URL, LEGACY_PORTAL_CLIENT_ID and LEGACY_PORTAL_JWKS, and have legacyPortal=available in REFERENCES.',
    ],
  ],
  LegacyNotSynced: [
    409,
    'Your account is not synced with a legacy account.',
    ['Sync your accounts first: POST /api/v1/me/legacy-syncs with your legacy user id and legacy password.'],
  ],
  TooManyHandoffs: [
    429,
    'You went over to the legacy portal too often just now.',
    ['Use the tickets that you have, or wait a minute for a new one.'],
  ],
  HandoffTicketDead: [
    410,
    'This ticket opens nothing.',
    [
      'Send the user back to the portal, where “Legacy ACE Portal” on the “References” tab gives another one.',
      'A ticket is good for one use, within 60 seconds, while its account is open and its session lives.',
    ],
  ],
  ClientRefused: [
    401,
    'The request does not prove that the legacy portal sent it.',
    [
      'Send a new client_assertion (RFC 7523), signed by a key of LEGACY_PORTAL_JWKS, with iss, sub, aud, exp and a jti never used before.',
    ],
  ],
} as const;
