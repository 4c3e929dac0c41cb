import fc from 'fast-check';
import { z } from 'zod';
import { accountDecider } from '../../../src/domain/account/account.js';
import { changeContactEmail, restoreContactEmail } from '../../../src/domain/account/contact-email.js';
import { changePassword } from '../../../src/domain/account/credentials.js';
import { dueEvents, expireDeadlines, nextDeadline } from '../../../src/domain/account/deadlines.js';
import {
  accountEvents,
  type AccountEvent,
  type PastAccountEvent,
} from '../../../src/domain/account/events.js';
import { reinstate, suspend, unlock } from '../../../src/domain/account/locks.js';
import { requestReset, resetPassword } from '../../../src/domain/account/recovery.js';
import { acceptInvitation, confirmEmail } from '../../../src/domain/account/registration.js';
import { endAllSessions } from '../../../src/domain/account/sessions.js';
import type { Account, AccountDecision, Registered } from '../../../src/domain/account/state.js';
import { legacyAccessBroughtOver, syncLegacyAccount } from '../../../src/domain/account/legacy-sync.js';
import { DomainError } from '../../../src/domain/domain-error.js';
import { afterErasure, dataOf } from '../../support/arbitrary-events.js';
import { record } from '../legacy-account/past.js';
import { DAY, T0 } from '../../support/given.js';
import {
  emailChanged,
  emailChangeRequested,
  given,
  personErased,
  questions,
  reason,
  registered,
  registration,
  right,
  wrong,
} from './past.js';

const NAMES = ['one', 'two'];

/** The shape's own ids drawn from so few that events meet. */
const meeting = (data: Record<string, unknown>, pick: number): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(data).map(([field, value]) => {
      if (field === 'session' && typeof value === 'object') {
        return [field, { ...value, id: NAMES[pick] }];
      }
      return [field, /(Id|Key|^session)$/.test(field) ? NAMES[pick] : value];
    }),
  );

const anyEvent = fc
  .constantFrom(...(Object.keys(accountEvents) as (keyof typeof accountEvents)[]))
  .chain((type) =>
    fc.record({
      data: fc
        .tuple(dataOf(accountEvents[type]), fc.integer({ min: 0, max: 1 }))
        .map(([data, pick]) => meeting(data, pick)),
      type: fc.constant(type),
      passed: fc.integer({ min: 0, max: 2 * DAY }),
    }),
  );
const anyLife = fc
  .array(anyEvent, { maxLength: 40 })
  .map((later) => [
    { type: 'AccountRegistered' as const, data: { ...registration, expiresAt: T0 + DAY }, passed: 0 },
    ...later.filter(({ type }) => !ENDINGS.includes(type)),
  ]);
const ENDINGS = ['PersonErased', 'RegistrationExpired', 'RegistrationAbandoned'];

function fold(life: { type: string; data: object; passed: number }[], erased: boolean): [Account, number] {
  let state = accountDecider.initial;
  let now = T0;
  for (const { type, data, passed } of life) {
    now += passed;
    const shape = accountEvents[type as keyof typeof accountEvents];
    const seen = erased ? afterErasure(shape, data as Record<string, unknown>) : data;
    state = accountDecider.evolve(state, { type, data: seen } as PastAccountEvent, now);
  }
  return [state, now];
}

/** The account with all that is personal taken out of it. */
function withoutPerson(account: Account): Account {
  if (account.status !== 'Registered') return account;
  const impersonal: Registered = {
    ...account,
    email: undefined,
    givenName: undefined,
    familyName: undefined,
    questions: undefined,
    password: account.password && { ...account.password, hash: undefined },
    sessions: account.sessions.map((session) => ({ ...session, agent: undefined })),
    emailChange: account.emailChange && { ...account.emailChange, email: undefined },
    formerEmails: account.formerEmails.map((former) => ({ ...former, email: undefined })),
    legacy: account.legacy && {
      ...account.legacy,
      legacyUserId: undefined,
      company: undefined,
      tradeAccounts: undefined,
    },
  };
  return impersonal;
}

const decisions: [string, AccountDecision][] = [
  ['right', right()],
  ['wrong', wrong()],
  ['requestReset', requestReset('one')],
  ['resetPassword', resetPassword('one', true, 'hash', 'portal-8')],
  ['confirmEmail', confirmEmail('one', true)],
  ['acceptInvitation', acceptInvitation('one', 'hash', 'portal-8', questions)],
  ['changePassword', changePassword('one', 'hash', 'portal-8')],
  ['changeContactEmail', changeContactEmail('one')],
  ['restoreContactEmail', restoreContactEmail('one')],
  ['unlock', unlock(reason)],
  ['suspend', suspend('s', 'CompanyStatus', reason)],
  ['reinstate', reinstate('CompanyStatus', reason)],
  ['endAllSessions', endAllSessions('EndedByOwner')],
  ['expireDeadlines', expireDeadlines()],
  ['syncLegacyAccount', syncLegacyAccount('one', record, 0)],
  ['legacyAccessBroughtOver', legacyAccessBroughtOver('one')],
];

test('an erased person leaves the account as it was, without what was personal', () => {
  fc.assert(
    fc.property(anyLife, (life) => {
      expect(fold(life, true)[0]).toEqual(withoutPerson(fold(life, false)[0]));
    }),
    { numRuns: 300 },
  );
});

test('no history, possible or not, makes a decision fail, or make what cannot be stored', () => {
  fc.assert(
    fc.property(anyLife, fc.boolean(), fc.nat(3 * DAY), (life, erased, wait) => {
      const [state, end] = fold(life, erased);
      for (const [name, decision] of decisions) {
        for (const { type, data } of eventsOrRefusal(name, () => decision(state, end + wait))) {
          z.strictObject(accountEvents[type]).parse(data);
        }
      }
    }),
    { numRuns: 300 },
  );
});

function eventsOrRefusal<T>(name: string, decide: () => readonly T[]): readonly T[] {
  try {
    return decide();
  } catch (error) {
    if (error instanceof DomainError || (error as Error).name === 'PasswordMovedOn') return [];
    throw new Error(`${name} fails`, { cause: error });
  }
}

test('what is due is over once it is recorded, and the next deadline lies ahead', () => {
  fc.assert(
    fc.property(anyLife, fc.nat(10 * DAY), (life, wait) => {
      const [state, end] = fold(life, false);
      const now = end + wait;
      const next = nextDeadline(state);
      expect(dueEvents(state, now).length > 0).toBe(next !== null && next <= now);
      const after = dueEvents(state, now).reduce<Account>(
        (known, event) => accountDecider.evolve(known, event, now),
        state,
      );
      expect(dueEvents(after, now)).toEqual([]);
      expect(nextDeadline(after) ?? Infinity).toBeGreaterThan(now);
    }),
    { numRuns: 300 },
  );
});

test("an erased person's addresses are neither confirmed nor restored", () => {
  const erased = (event: AccountEvent): AccountEvent =>
    ({ ...event, data: afterErasure(accountEvents[event.type], event.data) }) as AccountEvent;
  const asked = [...registered, emailChangeRequested('c-1', 'new')].map(erased);
  given(asked).when(changeContactEmail('c-1')).thenRefused('LinkDead');
  given(asked).when(restoreContactEmail('c-1')).thenRefused('LinkDead');
  given(asked, erased(emailChanged('c-1', 'new', 'key-ada')))
    .when(restoreContactEmail('c-1'))
    .thenRefused('LinkDead');
});

test('erasing a person ends the account for good', () => {
  fc.assert(
    fc.property(anyLife, (life) => {
      const [state, end] = fold(life, false);
      const { emailKey, legacy } = state.status === 'Registered' ? state : { emailKey: null, legacy: null };
      expect(accountDecider.evolve(state, personErased, end)).toEqual({
        status: 'Ended',
        emailKey,
        legacyAccountId: legacy?.legacyAccountId,
      });
    }),
    { numRuns: 50 },
  );
});
