import type {
  NewOwner,
  OwnerReplacementEvent,
  OwnerReplacementEventOf,
} from '../../../src/domain/owner-replacement/events.js';
import { ownerReplacementDecider } from '../../../src/domain/owner-replacement/owner-replacement.js';
import { storyOf } from '../../support/given.js';

/** The words in which the tests of applications tell their past. */
export const given = storyOf(ownerReplacementDecider);

type Data<T extends OwnerReplacementEvent['type']> = OwnerReplacementEventOf<T>['data'];
const event = <T extends OwnerReplacementEvent['type']>(type: T, data: Data<T>): OwnerReplacementEvent =>
  ({ type, data }) as OwnerReplacementEvent;

export const reason = 'as the caller asked';
export const heir: NewOwner = {
  firstName: 'Grace',
  lastName: 'Hopper',
  dateOfBirth: '12/09/1976',
  telephone: '(202) 555-0123',
  email: 'grace@harbor.example',
};
export const application: Data<'OwnerReplacementSubmitted'> = {
  form: 'A',
  tradeAccountId: 'trade-1',
  type: 'Importer',
  number: '12-3456789',
  from: 'owner',
  applicantId: 'applicant',
  newOwner: heir,
  designation: 'TAO',
};
export const letter: Data<'OwnerReplacementSubmitted'> = {
  form: 'B',
  tradeAccountId: 'trade-1',
  type: 'Exporter',
  number: '12-3456789',
  from: 'owner',
  enteredBy: 'clerk',
  applicantEmail: 'office@harbor.example',
  newOwner: heir,
  corporate: {
    companyName: 'Harbor Imports',
    fiscalYearEnd: '12/31',
    address1: '1 Pier Road',
    city: 'Norfolk',
    state: 'VA',
    zip: '23510',
  },
  justification: 'The owner has left the company.',
};

export const submitted = event('OwnerReplacementSubmitted', application);
export const letterSubmitted = event('OwnerReplacementSubmitted', letter);
export const file = { blob: 'blob-1', mediaType: 'application/pdf', bytes: 1_000 } as const;
export const evidence = event('EvidenceAttached', file);
export const consented = event('OwnerConsented', {});
export const objected = event('OwnerObjected', { reason });
export const reviewStarted = event('ReviewStarted', { reviewerId: 'rita' });
export const invited = event('NewOwnerInvited', {});
export const returned = event('OwnerReplacementReturned', { reviewerId: 'rita', reason });
export const rejected = event('OwnerReplacementRejected', { reviewerId: 'rita', reason });
export const withdrawn = event('OwnerReplacementWithdrawn', {});
export const approved = (reviewerId: string, to = 'heir') =>
  event('OwnerReplacementApproved', { reviewerId, to });
export const completed = event('OwnerReplacementCompleted', {});
export const superseded = event('OwnerReplacementSuperseded', {});
export const noticeSent = (forRevision: number) =>
  event('ApplicationNoticeSent', {
    forEvent: `event-${forRevision}`,
    forRevision,
    messageId: `mail-${forRevision}`,
  });
export const noticeRefused = (forRevision: number) =>
  event('ApplicationNoticeRefused', { forEvent: `event-${forRevision}`, forRevision });
