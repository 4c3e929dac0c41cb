import { z } from 'zod';
import { designation, evidenceType } from '../domain/owner-replacement/events.js';
import { tradeAccountType } from '../domain/trade-account/events.js';

/** What goes out about applications to replace an account owner, as /api/openapi.json tells it. */

const instant = z.iso.datetime();
const applicationId = z.uuid();
const status = z.enum([
  'Submitted',
  'InReview',
  'Approved',
  'Returned',
  'Rejected',
  'Withdrawn',
  'Completed',
  'Superseded',
]);
const ownerAnswer = z.enum(['Consented', 'Objected']).nullable();
const text = z.string().nullable();

export const changed = z.strictObject({ applicationId, revision: z.int() });
export const approved = z.strictObject({ applicationId, revision: z.int(), status });

export const applications = z.strictObject({
  applications: z.array(
    z.strictObject({
      applicationId,
      form: z.enum(['A', 'B']),
      type: tradeAccountType,
      status,
      ownerAnswer,
      submittedAt: instant,
    }),
  ),
  next: z.string().nullable(),
});

/** Filled in as submitted; null where it was erased, and in parts that the form does not have. */
export const application = z.strictObject({
  applicationId,
  revision: z.int(),
  form: z.enum(['A', 'B']),
  status,
  reason: text.describe('Why it was returned or rejected'),
  submittedAt: instant,
  approvableFrom: instant.describe('Without the consent of the current owner'),
  ownerAnswer,
  type: tradeAccountType,
  corrects: z.uuid().nullable().describe('The returned application which this one corrects'),
  number: text,
  designation: designation.nullable(),
  newOwner: z.record(z.string(), z.string()).nullable(),
  corporate: z.record(z.string(), z.string()).nullable(),
  justification: text,
  evidence: z.array(z.strictObject({ number: z.int(), mediaType: evidenceType, bytes: z.int() })),
});

export const reviewedApplication = application.extend({
  tradeAccountId: z.uuid(),
  currentOwnerId: text,
  applicantId: text,
  enteredBy: text,
  applicantEmail: text,
  approvedBy: z.array(z.string()),
});
