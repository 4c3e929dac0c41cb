import { z } from 'zod';

/** What goes out, as /api/openapi.json tells it. Tests hold real answers against these shapes. */

const instant = z.iso.datetime();
const accountId = z.uuid();
const nullable = <T extends z.ZodType>(type: T) => type.nullable();
const list = z.array(z.string());

export const told = z.strictObject({ nextSteps: list });
export const changed = z.strictObject({ accountId, revision: z.int() });
export const signedIn = z.strictObject({
  accountId,
  sessionId: z.uuid(),
  expiresAt: instant,
  passwordChangeRequired: z.boolean(),
  token: z.string().optional().describe('For programs: send it as Authorization: Bearer'),
  csrfToken: z.string().optional().describe('For browsers, which get a cookie: send it as X-CSRF-Token'),
});

const person = {
  accountId,
  email: nullable(z.string()),
  givenName: nullable(z.string()),
  familyName: nullable(z.string()),
  roles: list,
};
const question = z.strictObject({ id: z.string(), text: z.string() });
export const questions = z.strictObject({ questions: z.array(question) });
export const rules = z.strictObject({
  policy: z.string(),
  lengthMin: z.int(),
  lengthMax: z.int(),
  rules: list,
});
export const resetQuestions = z.strictObject({ questions: z.array(question), passwordRules: rules });

const syncReceipt = z.strictObject({
  legacyUserId: nullable(z.string()),
  company: nullable(z.string()),
  tradeAccounts: z.array(
    z.strictObject({
      type: z.string(),
      number: z.string(),
      owner: z.boolean(),
      permissions: list,
    }),
  ),
  from: z.string(),
  asOf: instant.describe('When the legacy portal last told it'),
  syncedAt: instant,
});
export const legacySynced = z.strictObject({ ...syncReceipt.shape, nextSteps: list });
const task = z.strictObject({ code: z.string(), title: z.string(), detail: z.string(), route: z.string() });

export const ownAccount = z.strictObject({
  ...person,
  status: z.enum(['active', 'locked', 'suspended', 'unconfirmed', 'invited', 'ended']),
  securityQuestionIds: list,
  pendingContactEmail: nullable(z.strictObject({ email: nullable(z.string()), expiresAt: instant })),
  passwordChangeRequired: z.boolean(),
  tasks: z.array(task).describe('What there is to do after signing in'),
  legacySync: nullable(syncReceipt),
  csrfToken: z.string(),
});
export const history = z.strictObject({
  entries: z.array(z.strictObject({ at: instant, type: z.string(), by: z.string(), sentence: z.string() })),
  next: nullable(z.string()),
});
export const sessions = z.strictObject({
  sessions: z.array(
    z.strictObject({
      sessionId: z.uuid(),
      current: z.boolean(),
      startedAt: instant,
      lastUsedAt: instant,
      expiresAt: instant,
      userAgent: nullable(z.string()),
    }),
  ),
});

const facts = z.strictObject({
  ...person,
  lock: nullable(
    z.strictObject({ cause: z.string(), since: instant, until: nullable(instant), failures: z.int() }),
  ),
  suspensions: z.array(z.strictObject({ suspensionId: z.string(), cause: z.string(), since: instant })),
  passwordDisabled: z.boolean(),
  failedSignIns: z.strictObject({ inARow: z.int(), sinceLastSuccess: z.int(), lastAt: nullable(instant) }),
  openReset: nullable(z.strictObject({ requestedAt: instant, expiresAt: nullable(instant) })),
  recoveryBlockedSince: nullable(instant),
  liveSessions: z.int(),
});
/** An account that ended has no more than its id and status. */
export const checkedAccount = z.strictObject({
  ...facts.partial().shape,
  accountId,
  status: ownAccount.shape.status,
  contact: z.string(),
});

export const auditedEvents = z.strictObject({
  events: z.array(
    z.looseObject({
      eventId: z.string(),
      stream: z.string(),
      revision: z.int(),
      position: z.string(),
      type: z.string(),
      data: z.record(z.string(), z.unknown()),
      sealed: z.boolean().describe('Whether personal values are sealed in this event and not shown here'),
      at: instant,
      actor: z.strictObject({ kind: z.string(), id: z.string(), role: nullable(z.string()) }),
    }),
  ),
  next: nullable(z.string()),
});

export const health = z.strictObject({ status: z.string() });
