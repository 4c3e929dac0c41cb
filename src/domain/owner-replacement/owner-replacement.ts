import type { Decider, Decision } from '../decider.js';
import type { PastEvent } from '../events.js';
import type { TradeAccountType } from '../trade-account/events.js';
import {
  ownerReplacementEvents,
  type Corporate,
  type Designation,
  type EvidenceType,
  type NewOwner,
} from './events.js';

/** An application to replace the owner of a trade account. */
export type OwnerReplacement = { readonly status: 'Unknown' } | Application;

/** How far it has come. Returned, rejected, withdrawn, completed and superseded ones are closed. */
export type ApplicationStatus =
  | 'Submitted'
  | 'InReview'
  /** By two reviewers; the trade account is about to follow. */
  | 'Approved'
  | 'Returned'
  | 'Rejected'
  | 'Withdrawn'
  | 'Completed'
  | 'Superseded';

export interface Application {
  readonly status: ApplicationStatus;
  readonly form: 'A' | 'B';
  readonly tradeAccountId: string;
  readonly type: TradeAccountType;
  readonly from: string | null;
  readonly applicantId: string | null;
  readonly enteredBy: string | null;
  /** The returned application which this one corrects. */
  readonly corrects: string | null;
  readonly designation: Designation | null;
  /** Missing personal values: the application's data key was destroyed. */
  readonly number: string | undefined;
  readonly applicantEmail: string | undefined;
  readonly newOwner: NewOwner | undefined;
  readonly corporate: Corporate | undefined;
  readonly justification: string | undefined;
  readonly submittedAt: number;
  readonly evidence: readonly Evidence[];
  readonly ownerAnswer: OwnerAnswer | null;
  readonly approvals: readonly Approval[];
  /** Why it was returned or rejected. */
  readonly reason: string | undefined;
  /** Everything up to this revision that calls for a mail has had it. */
  readonly noticedUpTo: number;
}

export interface Evidence {
  readonly blob: string;
  readonly mediaType: EvidenceType;
  readonly bytes: number;
}

/** What the current owner said last. */
export interface OwnerAnswer {
  readonly answer: 'Consented' | 'Objected';
  readonly at: number;
}

export interface Approval {
  readonly reviewerId: string;
  readonly to: string;
}

export const APPROVALS_NEEDED = 2;

/** One stream an application: `ownerReplacement-<id>`. */
export const ownerReplacementDecider: Decider<typeof ownerReplacementEvents, OwnerReplacement> = {
  category: 'ownerReplacement',
  events: ownerReplacementEvents,
  initial: { status: 'Unknown' },
  evolve(application, event, at) {
    if (event.type === 'OwnerReplacementSubmitted') {
      const { from = null, applicantId = null, enteredBy = null, designation = null } = event.data;
      const { corrects = null } = event.data;
      const { form, tradeAccountId, type, number, applicantEmail, newOwner, corporate, justification } =
        event.data;
      return {
        ...{ status: 'Submitted', form, tradeAccountId, type, from, applicantId, enteredBy, designation },
        ...{ number, applicantEmail, newOwner, corporate, justification },
        ...{ submittedAt: at, evidence: [], ownerAnswer: null, approvals: [], reason: undefined },
        noticedUpTo: -1,
        corrects,
      };
    }
    return application.status === 'Unknown' ? application : evolveSubmitted(application, event, at);
  },
};

type LaterEvent = Exclude<PastEvent<typeof ownerReplacementEvents>, { type: 'OwnerReplacementSubmitted' }>;

function evolveSubmitted(application: Application, event: LaterEvent, at: number): Application {
  switch (event.type) {
    case 'EvidenceAttached':
      return { ...application, evidence: [...application.evidence, event.data] };
    case 'OwnerConsented':
      return { ...application, ownerAnswer: { answer: 'Consented', at } };
    case 'OwnerObjected':
      return { ...application, ownerAnswer: { answer: 'Objected', at } };
    case 'ReviewStarted':
      return { ...application, status: 'InReview' };
    case 'NewOwnerInvited':
      return application;
    case 'OwnerReplacementReturned':
      return { ...application, status: 'Returned', reason: event.data.reason };
    case 'OwnerReplacementRejected':
      return { ...application, status: 'Rejected', reason: event.data.reason };
    case 'OwnerReplacementWithdrawn':
      return { ...application, status: 'Withdrawn' };
    case 'OwnerReplacementApproved':
      return withApproval(application, event.data);
    case 'OwnerReplacementCompleted':
      return { ...application, status: 'Completed' };
    case 'OwnerReplacementSuperseded':
      return { ...application, status: 'Superseded' };
    case 'ApplicationNoticeSent':
    case 'ApplicationNoticeRefused':
      return { ...application, noticedUpTo: Math.max(application.noticedUpTo, event.data.forRevision) };
    default:
      event satisfies never;
      return application;
  }
}

/** Approvals count together where the reviewers saw the same account: the new owner's address may have moved to another one. */
function withApproval(application: Application, approval: Approval): Application {
  const others = application.approvals.filter(
    ({ reviewerId, to }) => to === approval.to && reviewerId !== approval.reviewerId,
  );
  const approvals = [...others, approval];
  const status = approvals.length >= APPROVALS_NEEDED ? 'Approved' : application.status;
  return { ...application, approvals, status };
}

export type OwnerReplacementDecision = Decision<typeof ownerReplacementEvents, OwnerReplacement>;
