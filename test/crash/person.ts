import { ANOTHER_PASSWORD, answers, newPassword, PASSWORD, registration } from '../support/people.js';
import type { Answer } from '../support/portal-client.js';
import type { SeededRandom } from '../support/seeded-random.js';

/** An event that must stand in the account's stream. `marks`: what only this request said, or one of several sent at once. */
export interface Expected {
  readonly type: string;
  readonly marks?: readonly string[];
  /** As the answer told. */
  revision?: number;
}

/** What one append writes: all of it or nothing. */
export type Batch = readonly Expected[];

/** One thing asked of the service, sent under the same keys until it is answered. */
export interface Ask {
  /** Several are sent at once. The first named one is that of the request; events carry it where the request can put it. */
  readonly keys: readonly string[];
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  readonly token?: string;
  /** In this order, each once, however often it is sent. */
  readonly writes: readonly Batch[];
  /** What it is answered with, the first time and later. */
  readonly statuses: readonly number[];
  readonly answered?: (answer: Answer) => void;
}

/** Where links come from. */
export interface Post {
  /** The newest link to this page mailed to the address; null until it came. */
  linkTo(address: string, page: string): string | null;
}

export const LOCKOUT_FAILURES = 5;
const GUESSES_AT_ONCE = 8;
const SESSIONS_KEPT_MAX = 8;

interface Session {
  readonly token: string;
}

/** Someone with an account, who does one thing after the other, and an officer who does things to it in between: what must stand in
 *  the account's stream is known to the event. */
export class Person {
  /** What was acknowledged, in order. */
  readonly acknowledged: Expected[] = [];
  /** Sent, and not answered yet: all, some or none of its appends may have been made, each whole. */
  pending: Ask | null = null;
  /** Of the requests that are pending, sent at once: those that were answered, though others were not. */
  readonly answeredKeys = new Set<string>();
  private stage: 'Stranger' | 'Unconfirmed' | 'Confirmed' = 'Stranger';
  private password = PASSWORD;
  private failures = 0;
  private locked = false;
  private suspended = false;
  private sessions: Session[] = [];
  private sessionsOpen = 0;
  private reset: 'none' | 'asked' | 'refused once' = 'none';
  /** The link of the reset before, which is dead. */
  private usedLink: string | null = null;
  private registeredAgain = false;
  private asked = 0;

  constructor(
    readonly email: string,
    private readonly random: SeededRandom,
    private readonly post: Post,
    private readonly officer: string,
  ) {}

  /** Takes note of the answer to what is pending. Returns what is wrong with it, or null. */
  take(answer: Answer, repeated: boolean): string | null {
    const ask = this.pending!;
    if (!ask.statuses.includes(answer.status) || (!repeated && answer.status !== ask.statuses[0])) {
      return `${ask.method} ${ask.path} for ${this.email}: ${answer.status} ${answer.text}`;
    }
    const { revision } = (answer.body ?? {}) as { revision?: number };
    for (const batch of ask.writes) for (const event of batch) this.acknowledged.push({ ...event, revision });
    ask.answered?.(answer);
    this.pending = null;
    return null;
  }

  /** What to do next; null while a mail is awaited. */
  next(): Ask | null {
    this.pending = this.choose();
    this.answeredKeys.clear();
    return this.pending;
  }

  private choose(): Ask | null {
    if (this.stage === 'Stranger') return this.register();
    if (this.stage === 'Unconfirmed') return this.confirm();
    if (this.reset !== 'none' && !this.locked && !this.suspended) return this.setPassword();
    if (this.random.chance(0.02) && !this.registeredAgain) return this.registerAgain();
    if (this.suspended) return this.random.chance(0.4) ? this.reinstate() : this.signIn();
    if (this.locked) return this.random.chance(0.4) ? this.unlock() : this.signIn();
    const chance = this.random.next();
    if (chance < 0.25) return this.guess();
    if (chance < 0.3) return this.guessOften();
    if (chance < 0.45 && this.sessions.length > 0) return this.signOut();
    if (chance < 0.55 && this.sessions.length > 0) return this.look();
    if (chance < 0.63) return this.askForReset();
    if (chance < 0.7) return this.suspend();
    return this.sessionsOpen < SESSIONS_KEPT_MAX ? this.signIn() : this.suspend();
  }

  private register(): Ask {
    return this.ask('POST', '/registrations', registration(this.email), {
      writes: [[{ type: 'AccountRegistered' }]],
      statuses: [202],
      answered: () => (this.stage = 'Unconfirmed'),
    });
  }

  private registerAgain(): Ask {
    return this.ask('POST', '/registrations', registration(this.email), {
      writes: [[{ type: 'RegistrationAttempted' }]],
      statuses: [202],
      answered: () => (this.registeredAgain = true),
    });
  }

  private confirm(): Ask | null {
    const token = this.post.linkTo(this.email, 'confirm');
    if (token === null) return null;
    return this.ask(
      'POST',
      '/registrations/confirmations',
      { token, password: this.password },
      {
        writes: [[{ type: 'EmailConfirmed' }]],
        statuses: [200],
        answered: () => (this.stage = 'Confirmed'),
      },
    );
  }

  private signIn(): Ask {
    const [key] = this.newKeys(1);
    const opens = !this.locked && !this.suspended;
    return {
      keys: [key!],
      method: 'POST',
      path: '/sessions',
      body: { email: this.email, password: this.password },
      writes: opens ? [[{ type: 'LoginSucceeded', marks: [key!] }]] : [],
      // The session of a sign-in that was answered is not shown twice.
      statuses: opens ? [201, 409] : [401],
      answered: ({ status, body }) => {
        if (!opens) return;
        this.failures = 0;
        this.sessionsOpen += 1;
        if (status === 201) this.sessions.push({ token: body.token as string });
      },
    };
  }

  private guess(): Ask {
    return this.guesses(this.newKeys(1));
  }

  private guessOften(): Ask {
    return this.guesses(this.newKeys(GUESSES_AT_ONCE));
  }

  private guesses(keys: readonly string[]): Ask {
    const writes: Batch[] = [];
    for (let failures = this.failures + 1; writes.length < keys.length; failures += 1) {
      const failed = { type: 'LoginFailed', marks: keys };
      const locks = failures === LOCKOUT_FAILURES;
      writes.push(locks ? [failed, { type: 'AccountLocked' }] : [failed]);
      if (locks) break;
    }
    return {
      keys,
      method: 'POST',
      path: '/sessions',
      body: { email: this.email, password: 'Wrong-Harbor-13' },
      writes,
      statuses: [401],
      answered: () => {
        this.failures += writes.length;
        this.locked = this.failures >= LOCKOUT_FAILURES;
        if (this.locked) this.failures = 0;
      },
    };
  }

  private signOut(): Ask {
    const { token } = this.sessions.at(-1)!;
    return this.ask('DELETE', '/sessions/current', undefined, {
      token,
      writes: [[{ type: 'SessionEnded' }]],
      // Once it has ended, its token opens nothing.
      statuses: [204, 401],
      answered: () => {
        this.sessions.pop();
        this.sessionsOpen -= 1;
      },
    });
  }

  private look(): Ask {
    const { token } = this.random.oneOf(this.sessions);
    return this.ask('GET', '/me', undefined, { token, writes: [], statuses: [200] });
  }

  private askForReset(): Ask {
    return this.ask(
      'POST',
      '/password-reset-requests',
      { email: this.email },
      {
        writes: [[{ type: 'ResetRequested' }]],
        statuses: [202],
        answered: () => (this.reset = 'asked'),
      },
    );
  }

  private setPassword(): Ask | null {
    const token = this.post.linkTo(this.email, 'reset');
    if (token === null || token === this.usedLink) return null;
    if (this.reset === 'asked' && this.random.chance(0.3)) {
      const wrong = answers.map(({ questionId }) => ({ questionId, answer: 'None of these' }));
      return this.ask(
        'POST',
        '/password-resets',
        { ...newPassword(token), answers: wrong },
        {
          writes: [[{ type: 'ResetAnswersRefused' }]],
          statuses: [422],
          answered: () => (this.reset = 'refused once'),
        },
      );
    }
    const password = this.password === PASSWORD ? ANOTHER_PASSWORD : PASSWORD;
    return this.ask('POST', '/password-resets', newPassword(token, password), {
      writes: [[{ type: 'PasswordReset' }]],
      statuses: [200],
      answered: () => {
        this.password = password;
        this.usedLink = token;
        this.reset = 'none';
        this.failures = 0;
        this.endSessions();
      },
    });
  }

  private suspend(): Ask {
    return this.byOfficer('suspensions', 'AccountSuspended', () => {
      this.suspended = true;
      this.endSessions();
    });
  }

  private reinstate(): Ask {
    return this.byOfficer('reinstatements', 'AccountReinstated', () => (this.suspended = false));
  }

  private unlock(): Ask {
    return this.byOfficer('unlocks', 'AccountUnlocked', () => (this.locked = false));
  }

  private byOfficer(act: string, type: string, answered: () => void): Ask {
    const [key] = this.newKeys(1);
    return {
      keys: [key!],
      method: 'POST',
      path: `/accounts/${this.accountId}/${act}`,
      body: { reason: key },
      token: this.officer,
      writes: [[{ type, marks: [key!] }]],
      statuses: [201],
      answered,
    };
  }

  private ask(
    method: string,
    path: string,
    body: object | undefined,
    rest: Pick<Ask, 'writes' | 'statuses' | 'answered' | 'token'>,
  ): Ask {
    return { keys: this.newKeys(1), method, path, body, ...rest };
  }

  private endSessions(): void {
    this.sessions = [];
    this.sessionsOpen = 0;
  }

  /** As the link told that confirmed the account. */
  private get accountId(): string {
    return this.post.linkTo(this.email, 'confirm')!.split('.')[1]!;
  }

  private newKeys(count: number): string[] {
    return Array.from({ length: count }, () => `${this.email}-${++this.asked}`);
  }
}
