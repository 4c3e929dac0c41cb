import { DomainError } from '../domain-error.js';
import type { OwnerReplacementEventOf } from './events.js';
import type {
  Application,
  Evidence,
  OwnerReplacement,
  OwnerReplacementDecision,
} from './owner-replacement.js';

export const EVIDENCE_MAX = 5;

export type Submission = OwnerReplacementEventOf<'OwnerReplacementSubmitted'>['data'];

export const submit =
  (submission: Submission): OwnerReplacementDecision =>
  (application) => {
    if (application.status !== 'Unknown') {
      throw new DomainError('ApplicationExists', 'This application was submitted already.');
    }
    return [{ type: 'OwnerReplacementSubmitted', data: submission }];
  };

/** Also what somebody who has no part in it is told. */
export const noSuchApplication = () => new DomainError('ApplicationUnknown', 'There is no such application.');

/** The application as submitted, whatever became of it. */
export function submitted(application: OwnerReplacement): Application {
  if (application.status !== 'Unknown') return application;
  throw noSuchApplication();
}

/** While something can still become of it. */
export function open(application: OwnerReplacement): Application {
  const known = submitted(application);
  if (known.status === 'Submitted' || known.status === 'InReview') return known;
  throw new DomainError('ApplicationClosed', 'This application is closed.');
}

/** Whether the account may add to the application and take it back: it applied, or entered what another had mailed. */
export const isApplicant = (application: Application, accountId: string): boolean =>
  application.applicantId === accountId || application.enteredBy === accountId;

function ofApplicant(application: OwnerReplacement, accountId: string): Application {
  const known = submitted(application);
  if (!isApplicant(known, accountId)) throw noSuchApplication();
  return open(known);
}

/** What was returned stays closed; its correction is a new application, of the same applicant for the same trade account. */
export function refuseUnlessReturned(
  corrected: OwnerReplacement,
  accountId: string,
  tradeAccountId: string,
): void {
  const isTheirs = corrected.status === 'Returned' && isApplicant(corrected, accountId);
  if (isTheirs && corrected.tradeAccountId === tradeAccountId) return;
  throw new DomainError('CorrectionUnknown', 'There is no returned application of yours to correct.');
}

export const attachEvidence =
  (accountId: string, evidence: Evidence): OwnerReplacementDecision =>
  (application) => {
    const held = ofApplicant(application, accountId).evidence;
    if (held.length >= EVIDENCE_MAX) {
      throw new DomainError('TooMuchEvidence', `An application takes ${EVIDENCE_MAX} files at most.`);
    }
    return [{ type: 'EvidenceAttached', data: evidence }];
  };

export const withdraw =
  (accountId: string): OwnerReplacementDecision =>
  (application) => {
    ofApplicant(application, accountId);
    return [{ type: 'OwnerReplacementWithdrawn', data: {} }];
  };

/** The current owner agrees, which makes the wait needless; also after having objected. */
export const consent = (): OwnerReplacementDecision => (application) =>
  open(application).ownerAnswer?.answer === 'Consented' ? [] : [{ type: 'OwnerConsented', data: {} }];

/** The current owner does not agree: nobody can approve from then on. */
export const object =
  (reason: string): OwnerReplacementDecision =>
  (application) =>
    open(application).ownerAnswer?.answer === 'Objected' ? [] : [{ type: 'OwnerObjected', data: { reason } }];
