import { DomainError } from '../domain-error.js';
import type { Application, OwnerReplacement, OwnerReplacementDecision } from './owner-replacement.js';
import { isApplicant, open, submitted } from './submission.js';

/** Nobody reviews what they applied for, entered, own, or would own. */
function reviewable(application: OwnerReplacement, reviewerId: string): Application {
  const known = submitted(application);
  if (isApplicant(known, reviewerId) || known.from === reviewerId) throw ownApplication();
  return open(known);
}

const ownApplication = () =>
  new DomainError('OwnApplication', 'Somebody who has no part in this application must review it.');

function inReview(application: OwnerReplacement, reviewerId: string): Application {
  const known = reviewable(application, reviewerId);
  if (known.status === 'InReview') return known;
  throw new DomainError('ReviewNotStarted', 'Nobody has taken this application for review yet.');
}

/** A reviewer takes the application. `hasLogin`: the new owner has one; otherwise they are invited to get one. */
export const startReview =
  (reviewerId: string, hasLogin: boolean): OwnerReplacementDecision =>
  (application) => {
    const { status, form, enteredBy, evidence } = reviewable(application, reviewerId);
    if (status === 'InReview') {
      throw new DomainError('ReviewStarted', 'This application is in review already.');
    }
    // A letter is nothing without its letterhead, nor an e-mailed form without the original.
    if (evidence.length === 0 && (form === 'B' || enteredBy !== null)) {
      throw new DomainError('EvidenceMissing', 'The letter or the original form is not attached yet.');
    }
    const started = { type: 'ReviewStarted', data: { reviewerId } } as const;
    return hasLogin ? [started] : [started, { type: 'NewOwnerInvited', data: {} }];
  };

/** The applicant may correct it and apply again. */
export const returnToApplicant =
  (reviewerId: string, reason: string): OwnerReplacementDecision =>
  (application) => {
    inReview(application, reviewerId);
    return [{ type: 'OwnerReplacementReturned', data: { reviewerId, reason } }];
  };

export const reject =
  (reviewerId: string, reason: string): OwnerReplacementDecision =>
  (application) => {
    inReview(application, reviewerId);
    return [{ type: 'OwnerReplacementRejected', data: { reviewerId, reason } }];
  };

/** The confirmed account that the new owner signs in to. */
export interface Login {
  readonly accountId: string;
  readonly isSuspended: boolean;
}

/** One of two approvals. The current owner has so long to object, unless they consent; without a login (null) there is nobody yet who
 *  could own the account. A second approval by the same reviewer is quiet. */
export const approve =
  (reviewerId: string, login: Login | null, waitMs: number): OwnerReplacementDecision =>
  (application, now) => {
    const held = inReview(application, reviewerId);
    refuseUnlessOwnerHadTheirSay(held, now, waitMs);
    if (login === null) {
      throw new DomainError('NewOwnerWithoutLogin', 'The new owner has no confirmed login yet.');
    }
    const { accountId: to, isSuspended } = login;
    if (to === reviewerId) throw ownApplication();
    if (to === held.from) throw new DomainError('AlreadyOwner', 'The new owner is the owner already.');
    if (isSuspended) {
      throw new DomainError('NewOwnerSuspended', 'The account of the new owner is suspended.');
    }
    const given = held.approvals.some((other) => other.reviewerId === reviewerId && other.to === to);
    return given ? [] : [{ type: 'OwnerReplacementApproved', data: { reviewerId, to } }];
  };

function refuseUnlessOwnerHadTheirSay(
  { ownerAnswer, submittedAt }: Application,
  now: number,
  waitMs: number,
): void {
  if (ownerAnswer?.answer === 'Consented') return;
  if (ownerAnswer?.answer === 'Objected') {
    throw new DomainError('OwnerObjects', 'The current owner objects: return or reject this application.');
  }
  if (now < submittedAt + waitMs) {
    throw new DomainError('WaitNotOver', 'The current owner still has time to object.');
  }
}

/** The trade account has its new owner. */
export const complete = (): OwnerReplacementDecision => (application) =>
  application.status === 'Approved' ? [{ type: 'OwnerReplacementCompleted', data: {} }] : [];

/** The trade account got another owner first. */
export const supersede = (): OwnerReplacementDecision => (application) =>
  ['Submitted', 'InReview', 'Approved'].includes(application.status)
    ? [{ type: 'OwnerReplacementSuperseded', data: {} }]
    : [];
