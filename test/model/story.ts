import {
  changeContactEmail,
  requestContactEmailChange,
  restoreContactEmail,
} from '../../src/domain/account/contact-email.js';
import { changePassword, changeSecurityQuestions } from '../../src/domain/account/credentials.js';
import { expireDeadlines } from '../../src/domain/account/deadlines.js';
import { reinstate, suspend, unblockRecovery, unlock } from '../../src/domain/account/locks.js';
import {
  repudiateReset,
  requestReset,
  resetLinkSent,
  resetPassword,
} from '../../src/domain/account/recovery.js';
import { confirmEmail, register } from '../../src/domain/account/registration.js';
import { signOut } from '../../src/domain/account/sessions.js';
import { confirmPassword, signIn, type LockoutRules } from '../../src/domain/account/sign-in.js';
import type { Account } from '../../src/domain/account/state.js';
import { client, reason, registration } from '../domain/account/past.js';
import { DAY } from '../support/given.js';
import type { AccountModel } from './account-model.js';
import type { Action, Typed } from './actions.js';
import type { Answer } from './sign-in-model.js';
import type { Made } from './world.js';

/** One action, told to the service and to the model. */
export interface Telling {
  readonly make: Made;
  /** Without `untimed`, what time has made due is recorded first. */
  readonly untimed?: true;
  readonly model: (account: AccountModel, now: number) => Answer;
}

const hash = (secret: string) => `hash of ${secret}`;
const questions = (answers: string) => ({ ids: ['a', 'b', 'c'], answersHash: hash(answers) });
const passwordOf = (account: Account) => (account.status === 'Registered' ? account.password : null);
const answersOf = (account: Account) =>
  account.status === 'Registered' ? account.questions?.answersHash : '';

/** Makes up the secrets, names and ids of one account's story, and remembers them. */
export class Story {
  private made = 0;
  private readonly sessions: string[] = [];
  private readonly resets: string[] = [];
  private readonly changes: string[] = [];
  private readonly passwords: string[] = ['first password'];
  private readonly answers: string[] = ['first answers'];

  constructor(
    private readonly rules: LockoutRules,
    private readonly model: () => AccountModel,
  ) {}

  private next(what: string, known: string[]): string {
    this.made += 1;
    known.push(`${what}-${this.made}`);
    return known.at(-1)!;
  }

  typed(kind: Typed, right: string, known: readonly string[]): string {
    if (kind === 'wrong') return 'wrong';
    return kind === 'right' ? right : (known.findLast((one) => one !== right) ?? 'none before');
  }

  signIn(kind: Typed): Telling {
    const password = this.typed(kind, this.model().password, this.passwords);
    const id = this.next('session', this.sessions);
    const lifetime = DAY;
    return {
      make: (account) => (state, now) => {
        const held = passwordOf(account);
        const session = { id, tokenHash: `hash-${id}`, expiresAt: now + lifetime };
        const matches = held?.hash === hash(password);
        return signIn({ passwordVersion: held?.version ?? 0, matches, session, client }, this.rules)(
          state,
          now,
        );
      },
      model: (account, now) => account.signIn(password, id, now + lifetime, now),
    };
  }

  tell(action: Action): Telling {
    switch (action.do) {
      case 'register':
      case 'confirm':
      case 'signIn':
      case 'confirmPassword':
      case 'signOut':
      case 'changePassword':
      case 'changeQuestions':
        return this.tellOwn(action);
      case 'unlock':
        return { make: () => unlock(reason), model: (account) => account.unlock() };
      case 'suspend': {
        const { cause } = action;
        return {
          make: () => suspend(`by-${cause}`, cause, reason),
          model: (account) => account.suspend(cause),
        };
      }
      case 'reinstate': {
        const { cause } = action;
        return { make: () => reinstate(cause, reason), model: (account) => account.reinstate(cause) };
      }
      case 'unblockRecovery':
        return { make: () => unblockRecovery(reason), model: (account) => account.unblockRecovery() };
      case 'expire':
        return { make: () => expireDeadlines(), model: () => [] };
      default:
        return this.tellMailed(action);
    }
  }

  private tellOwn(action: Extract<Action, { do: OwnAction }>): Telling {
    const session = this.sessions.at('nth' in action ? -1 - action.nth : -1) ?? 'none';
    switch (action.do) {
      case 'register': {
        const [password, answers] = [this.passwords[0]!, this.answers[0]!];
        const input = { ...registration, passwordHash: hash(password), questions: questions(answers) };
        const model = (account: AccountModel, now: number) => {
          const answer = account.register(password, now);
          if (typeof answer !== 'string') Object.assign(account, { answers, email: registration.emailKey });
          return answer;
        };
        return { make: () => register(input), untimed: true, model };
      }
      case 'confirm': {
        const password = this.typed(action.password, this.model().password, this.passwords);
        const make: Made = (account) =>
          confirmEmail(registration.linkId, passwordOf(account)?.hash === hash(password));
        return { make, model: (account) => account.confirm(password) };
      }
      case 'signIn':
        return this.signIn(action.password);
      case 'confirmPassword': {
        const password = this.typed(action.password, this.model().password, this.passwords);
        const make: Made = (account) => {
          const held = passwordOf(account);
          return confirmPassword(
            session,
            held?.version ?? 0,
            held?.hash === hash(password),
            client,
            this.rules,
          );
        };
        return { make, model: (account, now) => account.confirmPassword(session, password, now) };
      }
      case 'signOut':
        return { make: () => signOut(session), untimed: true, model: (account) => account.signOut(session) };
      case 'changePassword': {
        const password = this.next('password', this.passwords);
        const make: Made = () => changePassword(session, hash(password), 'portal-8');
        return { make, model: (account, now) => account.changePassword(session, password, now) };
      }
      case 'changeQuestions': {
        const answers = this.next('answers', this.answers);
        const make: Made = () => changeSecurityQuestions(session, questions(answers));
        return { make, model: (account, now) => account.changeQuestions(session, answers, now) };
      }
    }
  }

  private tellMailed(action: Exclude<Action, { do: OwnAction | OfficersAction | 'expire' }>): Telling {
    const known = /mail/i.test(action.do) ? this.changes : this.resets;
    const id = 'nth' in action ? (known.at(-1 - action.nth) ?? 'none') : '';
    const session = this.sessions.at(-1) ?? 'none';
    switch (action.do) {
      case 'requestReset': {
        const made = this.next('reset', this.resets);
        return { make: () => requestReset(made), model: (account, now) => account.requestReset(made, now) };
      }
      case 'linkSent': {
        this.made += 1;
        const mail = this.made;
        const make: Made = () => resetLinkSent(id, `mail-${mail}`, mail, DAY);
        return { make, untimed: true, model: (account, now) => account.linkSent(id, mail, now) };
      }
      case 'reset': {
        const answers = this.typed(action.answers, this.model().answers, this.answers);
        const password = this.next('password', this.passwords);
        const make: Made = (account) =>
          resetPassword(id, answersOf(account) === hash(answers), hash(password), 'portal-8');
        return { make, model: (account) => account.reset(id, answers, password) };
      }
      case 'repudiate':
        return { make: () => repudiateReset(id), model: (account) => account.repudiate(id) };
      case 'requestEmailChange': {
        const changeId = this.next('change', this.changes);
        const emailKey = `key-${changeId}`;
        const change = { changeId, email: `${changeId}@example.org`, emailKey, held: true };
        const model = (account: AccountModel, now: number) =>
          account.requestEmailChange(session, changeId, emailKey, now);
        return { make: () => requestContactEmailChange(session, change), model };
      }
      case 'confirmEmailChange':
        return {
          make: () => changeContactEmail(id),
          model: (account, now) => account.confirmEmailChange(id, now),
        };
      case 'restoreEmail':
        return { make: () => restoreContactEmail(id), model: (account) => account.restoreEmail(id) };
    }
  }
}

type OwnAction =
  'register' | 'confirm' | 'signIn' | 'confirmPassword' | 'signOut' | 'changePassword' | 'changeQuestions';
type OfficersAction = 'unlock' | 'suspend' | 'reinstate' | 'unblockRecovery';
