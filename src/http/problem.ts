import { z } from 'zod';
import type { Mistake } from '../domain/account/input-rules.js';
import { handoffProblems } from './handoff-problems.js';
import { replacementProblems } from './replacement-problems.js';

/** An answer that is not what was asked for (RFC 9457), with what to do next. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail?: string;
  readonly nextSteps: readonly string[];
  readonly errors?: readonly Mistake[];
  readonly retryAfterSeconds?: number;
}

/** The same as it goes out. */
export const problemShape = z.strictObject({
  type: z.string(),
  status: z.int(),
  code: z.string(),
  title: z.string(),
  detail: z.string().optional(),
  nextSteps: z.array(z.string()).min(1),
  errors: z.array(z.strictObject({ pointer: z.string(), detail: z.string() })).optional(),
});

/** Thrown by guards and controllers; the problem filter answers with it. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  constructor(readonly problem: Problem) {
    super(problem.title);
  }
}

const checkUserName =
  'Check that your user name is correct: it is the e-mail address you entered as your contact information.';
const contactOfficer =
  'If your account seems locked, contact your Supply Chain Security Specialist or management at the field office assigned to your account.';
const refresh = 'Refresh your browser. If that does not help, close it, clear your cache, and try again.';
const signIn = 'Sign in and try again.';
const forgot = 'If you forgot your password, use “Forgot your password?” on the sign-in page.';
const correct = 'Correct the fields named in “errors” and send the request again.';
const newLink = 'Ask for a new link with “Forgot your password?” on the sign-in page.';
const stillStuck =
  'If that does not help, contact your Supply Chain Security Specialist or management at the field office assigned to your account.';
const legacyReset =
  'If you forgot your legacy password, contact the ACE Service Desk to request a password reset.';
const lookAgain = 'Look at the account as it is now: GET /api/v1/accounts/{id}.';

type Entry = readonly [status: number, title: string, nextSteps: readonly string[]];

/** Every code that the API answers with. */
export const problems = {
  ...replacementProblems,
  ...handoffProblems,
  SignInRefused: [401, 'We could not sign you in.', [checkUserName, forgot, contactOfficer]],
  NotSignedIn: [401, 'You are not signed in, or your session has ended.', [signIn]],
  SessionEnded: [401, 'Your session has ended.', [signIn]],
  AccountShut: [403, 'Your account is locked at present.', [contactOfficer]],
  Forbidden: [403, 'You may not do this.', ['Ask an officer whose role allows it.']],
  CrossSite: [403, 'This request did not come from the portal’s own pages.', [refresh]],
  StepUpRequired: [
    403,
    'This needs your password again.',
    [
      'Send your password to POST /api/v1/sessions/current/step-ups, then repeat the request within 5 minutes.',
    ],
  ],
  AssuranceRequired: [403, 'This needs a stronger sign-in.', ['Sign in with your second factor.']],
  PasswordChangeRequired: [
    403,
    'Your password is weaker than today’s rules allow.',
    ['Change it with POST /api/v1/me/password-changes, then try again.'],
  ],
  PasswordRefused: [422, 'This is not the right password.', ['Type the password again.', forgot]],
  AnswersRefused: [
    422,
    'The answers do not match.',
    ['Answer all three questions again. After three wrong sets the link is dead.', stillStuck],
  ],
  LegacySyncRefused: [
    422,
    'The legacy user id and password do not match.',
    ['Type your legacy user id and legacy password again.', legacyReset],
  ],
  LegacyAccountUsed: [
    409,
    'This legacy account has been used for syncing before.',
    [
      'A given legacy ACE Portal ID and password may only be used once for syncing.',
      'If several people share this login, the Account Owner needs to create individual user accounts in the legacy ACE Portal: “User Access” in the Tools tab. Then sync with your own.',
      legacyReset,
    ],
  ],
  LegacyAccountNotInGoodStanding: [
    409,
    'Your legacy ACE Portal account must be active and in good standing.',
    ['Contact the ACE Service Desk about your legacy account, then try again.'],
  ],
  AlreadySynced: [
    409,
    'Your account is synced with a legacy account already.',
    ['Nothing is left to do: your access and permissions are at GET /api/v1/me.'],
  ],
  LegacyPortalAway: [
    503,
    'The legacy portal does not answer at present. Nothing was changed.',
    ['Wait a few minutes, then sync again.'],
  ],
  LinkDead: [
    410,
    'This link no longer works.',
    [newLink, 'If you were registering more than 48 hours ago, register again.', checkUserName, stillStuck],
  ],
  LinkShut: [409, 'This link cannot be used at present.', [contactOfficer]],
  InvalidInput: [422, 'Some of the input is not right.', [correct]],
  MalformedBody: [400, 'The request body cannot be read.', ['Send one well-formed JSON object.']],
  MalformedRequest: [
    400,
    'The request cannot be read.',
    ['Check the address and the headers of the request.'],
  ],
  UnsupportedMediaType: [415, 'The body must be JSON.', ['Send Content-Type: application/json.']],
  BodyTooLarge: [413, 'The request body is too large.', ['Send at most 64 KiB.']],
  AddressTooLong: [414, 'The address of the request is too long.', ['Check the address of the request.']],
  HeadersTooLarge: [
    431,
    'The headers of the request are too large.',
    ['Send at most 16 KiB of headers.', 'In a browser, clear the cookies of this site, then try again.'],
  ],
  RequestTimeout: [408, 'The request took too long to arrive.', ['Send the request again.']],
  ExpectationFailed: [417, 'This service knows no such expectation.', ['Leave the Expect header out.']],
  NotFound: [404, 'There is nothing here.', ['Check the address of the request.']],
  MethodNotAllowed: [405, 'This address does not take this method.', ['See /api/openapi.json.']],
  AccountUnknown: [
    404,
    'There is no such account.',
    ['Check that the user name is correct: it is the e-mail address entered as contact information.'],
  ],
  EmailUnchanged: [
    409,
    'This is your contact e-mail address already.',
    ['Type the new address, or leave it as it is.'],
  ],
  TooManyEmailChanges: [
    409,
    'You changed your contact e-mail address too often this week.',
    ['Wait until seven days have passed since one of these changes.', stillStuck],
  ],
  CauseNeeded: [
    409,
    'This account is suspended for several causes.',
    ['Name the one to lift as “cause”.', lookAgain],
  ],
  SessionUnknown: [404, 'There is no such session.', ['List your sessions with GET /api/v1/me/sessions.']],
  StaleRevision: [
    412,
    'Somebody changed this account since you looked.',
    ['Look again, then repeat the request.'],
  ],
  IdempotencyKeyReused: [
    422,
    'This Idempotency-Key was used for another request.',
    ['Use a new key for a new request.'],
  ],
  AnswerNotKept: [409, 'This request was answered before.', ['Send it again without that Idempotency-Key.']],
  TooManyRequests: [429, 'Too many attempts from your network.', ['Wait, then try again.', checkUserName]],
  Busy: [503, 'The service is busy.', ['Wait a few seconds, then try again.']],
  StoreUnavailable: [503, 'The service cannot store anything at present. Nothing was changed.', [refresh]],
  OutcomeUnknown: [
    503,
    'We cannot tell whether this was done.',
    [
      'Repeat the request with the same Idempotency-Key: it has one effect.',
      'If you sent none, look whether it was done before you repeat it.',
    ],
  ],
  ProjectionLagging: [
    503,
    'The view you asked for is not up to date yet.',
    ['Wait a second, then try again.'],
  ],
  InternalError: [
    500,
    'Something went wrong here.',
    [refresh, 'If it goes on, e-mail the Duty Officer of the Day with a screenshot of this message.'],
  ],
} as const satisfies Record<string, Entry>;

export type ProblemCode = keyof typeof problems;

/** Rules that officers come up against, and that need no entry of their own. */
export const ruleRefused = (code: string, sentence: string): Problem => ({
  status: 409,
  code,
  title: sentence,
  nextSteps: [lookAgain],
});

/** The body that goes out. */
export const problemText = ({ retryAfterSeconds: _, ...told }: Problem): string =>
  JSON.stringify({ type: `urn:portcullis:problem:${told.code}`, ...told });

export function problem(code: ProblemCode, more: Partial<Problem> = {}): Problem {
  const [status, title, nextSteps] = problems[code];
  return { status, code, title, nextSteps, ...more };
}

const RETRY_SECONDS = 2;

/** Trouble of ours that passes. */
export const storeTrouble = (code: 'Busy' | 'StoreUnavailable' | 'OutcomeUnknown'): Problem =>
  problem(code, { retryAfterSeconds: RETRY_SECONDS });

export const refuse = (code: ProblemCode, more: Partial<Problem> = {}) =>
  new ProblemError(problem(code, more));
