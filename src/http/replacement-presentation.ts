import type { ReplacementRules } from '../commands/replacement-rules.js';
import type { Application } from '../domain/owner-replacement/owner-replacement.js';
import type { Current } from '../engine/streams.js';
import type { OwnerReplacementPage } from '../projections/owner-replacements.js';
import { iso } from './presentation.js';

export const shownPage = ({ applications, next }: OwnerReplacementPage) => ({
  applications: applications.map(({ applicationId, form, type, status, ownerAnswer, submittedAt }) => ({
    ...{ applicationId, form, type, status, ownerAnswer },
    submittedAt: iso(submittedAt),
  })),
  next,
});

/** What the applicant sees of an application. */
export const shownApplication = (
  applicationId: string,
  { state, revision }: Current<Application>,
  { ownerWaitMs }: ReplacementRules,
) => ({
  ...{ applicationId, revision, form: state.form, status: state.status, type: state.type },
  reason: state.reason ?? null,
  submittedAt: iso(state.submittedAt),
  approvableFrom: iso(state.submittedAt + ownerWaitMs),
  ownerAnswer: state.ownerAnswer?.answer ?? null,
  corrects: state.corrects,
  number: state.number ?? null,
  designation: state.designation,
  newOwner: state.newOwner ?? null,
  corporate: state.corporate ?? null,
  justification: state.justification ?? null,
  evidence: state.evidence.map(({ mediaType, bytes }, index) => ({ number: index + 1, mediaType, bytes })),
});

/** What its reviewers see besides. */
export const reviewedApplication = (
  applicationId: string,
  current: Current<Application>,
  rules: ReplacementRules,
) => {
  const { tradeAccountId, from, applicantId, enteredBy, applicantEmail, approvals } = current.state;
  return {
    ...shownApplication(applicationId, current, rules),
    ...{ tradeAccountId, currentOwnerId: from, applicantId, enteredBy },
    applicantEmail: applicantEmail ?? null,
    approvedBy: approvals.map(({ reviewerId }) => reviewerId),
  };
};
