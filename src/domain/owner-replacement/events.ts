import { z } from 'zod';
import { defineEvents, sealed, type NewEvent } from '../events.js';
import { tradeAccountType } from '../trade-account/events.js';

const id = z.string().min(1).max(64);
const text = (lengthMax: number) => z.string().max(lengthMax);
const reason = sealed(text(1000));

/** Who the new Account Owner is, as the form has it. */
export const newOwner = z.object({
  firstName: text(100),
  middleName: text(100).optional(),
  lastName: text(100),
  /** MM/DD/YYYY */
  dateOfBirth: text(10),
  telephone: text(30),
  extension: text(10).optional(),
  fax: text(30).optional(),
  email: text(254),
  /** The address that they sign in with, if they have a login. */
  loginId: text(254).optional(),
});

/** What the letterhead says of the company. */
export const corporate = z.object({
  companyName: text(200),
  /** MM/DD */
  fiscalYearEnd: text(5),
  address1: text(200),
  address2: text(200).optional(),
  city: text(100),
  state: text(2),
  zip: text(10),
});

export const designation = z.enum(['TAO', 'POC']);
export const evidenceType = z.enum(['application/pdf', 'image/png', 'image/jpeg']);

/** Sealed by a data key of the application's own: it is about several people, some of whom have no account. */
export const ownerReplacementEvents = defineEvents({
  OwnerReplacementSubmitted: {
    /** A: the ACE Secure Data Portal Application; B: a letter on company letterhead. */
    form: z.enum(['A', 'B']),
    tradeAccountId: id,
    type: tradeAccountType,
    number: sealed(text(50)),
    /** Who owned the trade account then; missing where no owner had come over. */
    from: id.optional(),
    /** The account that applied. */
    applicantId: id.optional(),
    /** Or the member of the ACE Application team who entered an e-mailed form, and where that came from. */
    enteredBy: id.optional(),
    /** The returned application which this one corrects. */
    corrects: id.optional(),
    applicantEmail: sealed(text(254).optional()),
    newOwner: sealed(newOwner),
    /** Form A. */
    designation: designation.optional(),
    /** Form B. */
    corporate: sealed(corporate.optional()),
    justification: sealed(text(1000).optional()),
  },
  /** `blob` names the sealed file in the blob store; `bytes` is its size before it was sealed. */
  EvidenceAttached: { blob: text(64), mediaType: evidenceType, bytes: z.int().min(1) },
  OwnerConsented: {},
  OwnerObjected: { reason },
  ReviewStarted: { reviewerId: id },
  /** The new owner had no login when the review started, and is told how to get one. */
  NewOwnerInvited: {},
  OwnerReplacementReturned: { reviewerId: id, reason },
  OwnerReplacementRejected: { reviewerId: id, reason },
  OwnerReplacementWithdrawn: {},
  /** `to`: the account which the reviewer saw to be the new owner's. */
  OwnerReplacementApproved: { reviewerId: id, to: id },
  OwnerReplacementCompleted: {},
  /** Another application came first: the trade account has another owner than the one to replace. */
  OwnerReplacementSuperseded: {},
  ApplicationNoticeSent: { forEvent: id, forRevision: z.int(), messageId: text(200) },
  /** The mail server refused it for good. */
  ApplicationNoticeRefused: { forEvent: id, forRevision: z.int() },
});

export type OwnerReplacementEvent = NewEvent<typeof ownerReplacementEvents>;
export type OwnerReplacementEventOf<T extends OwnerReplacementEvent['type']> = Extract<
  OwnerReplacementEvent,
  { type: T }
>;
export type NewOwner = z.infer<typeof newOwner>;
export type Corporate = z.infer<typeof corporate>;
export type Designation = z.infer<typeof designation>;
export type EvidenceType = z.infer<typeof evidenceType>;
