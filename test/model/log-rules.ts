import type { RecordedEvent } from '../../src/ports.js';

interface Told {
  readonly type: string;
  readonly at: number;
  readonly commandId: string;
  readonly data: Record<string, unknown>;
}

/** Nothing of this may happen to an account that is locked or suspended. */
const BEHIND_OPEN_DOORS = [
  'LoginSucceeded',
  'LoginFailed',
  'PasswordConfirmed',
  'PasswordChanged',
  'PasswordReset',
  'ResetRequested',
  'ResetAnswersRefused',
  'SecurityQuestionsChanged',
  'ContactEmailChangeRequested',
  'ContactEmailChanged',
];
const SUCCESSES = ['LoginSucceeded', 'PasswordConfirmed', 'PasswordReset'];
const LINK_ENDS = ['ResetLinkExpired', 'ResetLinkRevoked', 'PasswordReset', 'RecoveryBlocked'];

/** What must be true of every log of one account, whoever wrote it: read off the stored events, with no knowledge of folds. */
export function expectLawful(log: readonly RecordedEvent[], failuresMax: number): void {
  const events = log.map(told);
  expect(log.map(({ revision }) => revision)).toEqual(log.map((_, index) => index));
  expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).sort((a, b) => a - b));
  expectEachCommandOnce(events);
  expectDoorsObeyed(events);
  expectGuessesBounded(events, failuresMax);
  expectOneLink(events);
}

function told({ type, data, metadata }: RecordedEvent): Told {
  const { at, commandId } = JSON.parse(metadata) as { at: number; commandId: string };
  return { type, at, commandId, data: JSON.parse(data) as Record<string, unknown> };
}

function expectEachCommandOnce(events: readonly Told[]): void {
  const appends = events.filter(({ commandId }, index) => events[index - 1]?.commandId !== commandId);
  expect(new Set(appends.map(({ commandId }) => commandId)).size).toBe(appends.length);
}

function expectDoorsObeyed(events: readonly Told[]): void {
  let lock: { until: number } | null = null;
  const suspensions = new Set<unknown>();
  for (const { type, at, data } of events) {
    if (lock || suspensions.size > 0) expect(BEHIND_OPEN_DOORS).not.toContain(type);
    if (type === 'AccountLocked') lock = { until: (data.until as number | undefined) ?? Infinity };
    if (type === 'LockExpired') expect(at).toBeGreaterThanOrEqual(lock!.until);
    if (type === 'LockExpired' || type === 'AccountUnlocked') lock = null;
    if (type === 'AccountSuspended') suspensions.add(data.suspensionId);
    if (type === 'AccountReinstated') suspensions.delete(data.suspensionId);
  }
}

function expectGuessesBounded(events: readonly Told[], failuresMax: number): void {
  let inARow = 0;
  let sinceSuccess = 0;
  for (const { type } of events) {
    if (type === 'LoginFailed') {
      inARow += 1;
      sinceSuccess += 1;
    }
    expect(inARow).toBeLessThanOrEqual(failuresMax);
    expect(sinceSuccess).toBeLessThanOrEqual(100);
    // After a hundred only a reset is a success.
    if (sinceSuccess === 100 && SUCCESSES.includes(type)) expect(type).toBe('PasswordReset');
    if (type === 'AccountLocked') inARow = 0;
    if (SUCCESSES.includes(type)) [inARow, sinceSuccess] = [0, 0];
  }
}

function expectOneLink(events: readonly Told[]): void {
  let live: unknown = null;
  for (const { type, data } of events) {
    if (type === 'ResetRequested') {
      expect([null, data.resetId]).toContain(live);
      live = data.resetId;
    }
    if (type === 'PasswordReset' || type === 'ResetAnswersRefused') expect(data.resetId).toBe(live);
    if (LINK_ENDS.includes(type)) live = null;
  }
}
