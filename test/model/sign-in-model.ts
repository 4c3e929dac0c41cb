import { DAY, HOUR } from '../support/given.js';

/** What an account should do, told a second time and more simply: no events, no folds, no code of the service's own. A time is in
 *  milliseconds. Each command answers with the types of what it records, or with the code of its refusal. */

export type Answer = readonly string[] | string;

interface Session {
  readonly id: string;
  readonly ends: number;
  readonly passwordAt: number;
}
export class SignInModel {
  status: 'none' | 'unconfirmed' | 'confirmed' | 'ended' = 'none';
  confirmBy = 0;
  wrongConfirmations = 0;
  password = '';
  usable = true;
  inARow = 0;
  sinceSuccess = 0;
  locks = 0;
  /** Infinity: until an officer ends it. */
  lockedUntil: number | null = null;
  suspended: readonly string[] = [];
  sessions: readonly Session[] = [];

  constructor(readonly rules: { readonly failuresMax: number; readonly lockMs: number }) {}

  /** Ends everything whose time is up; returns what is recorded of it. */
  expire(now: number): string[] {
    if (this.status === 'unconfirmed' && now >= this.confirmBy) {
      this.status = 'ended';
      return ['RegistrationExpired'];
    }
    if (this.lockedUntil === null || now < this.lockedUntil) return [];
    this.lockedUntil = null;
    return ['LockExpired'];
  }

  get shut(): boolean {
    return this.lockedUntil !== null || this.suspended.length > 0;
  }

  get opens(): boolean {
    return this.status === 'confirmed' && !this.shut && this.usable;
  }

  register(password: string, now: number): Answer {
    if (this.status === 'ended') return 'RegistrationAbandoned';
    if (this.status !== 'none') return 'AccountExists';
    Object.assign(this, { status: 'unconfirmed', password, confirmBy: now + 48 * HOUR });
    return ['AccountRegistered'];
  }

  confirm(password: string): Answer {
    if (this.status !== 'unconfirmed') return 'LinkDead';
    if (password === this.password) {
      this.status = 'confirmed';
      return ['EmailConfirmed'];
    }
    this.wrongConfirmations += 1;
    if (this.wrongConfirmations < 5) return ['ConfirmationRefused'];
    this.status = 'ended';
    return ['ConfirmationRefused', 'RegistrationExpired'];
  }

  signIn(password: string, sessionId: string, ends: number, now: number): Answer {
    if (!this.opens) return [];
    if (password !== this.password) return this.wrongPassword(now);
    this.succeeded();
    const live = this.sessions.filter((session) => now < session.ends);
    const kept = live.slice(-9);
    const ended = this.sessions.length - kept.length;
    this.sessions = [...kept, { id: sessionId, ends, passwordAt: now }];
    return [...Array.from({ length: ended }, () => 'SessionEnded'), 'LoginSucceeded'];
  }

  confirmPassword(sessionId: string, password: string, now: number): Answer {
    if (!this.opens || !this.live(sessionId, now)) return 'SessionEnded';
    if (password !== this.password) return this.wrongPassword(now);
    this.succeeded();
    this.sessions = this.sessions.map((one) => (one.id === sessionId ? { ...one, passwordAt: now } : one));
    return ['PasswordConfirmed'];
  }

  protected succeeded(): void {
    Object.assign(this, { inARow: 0, sinceSuccess: 0, locks: 0 });
  }

  private wrongPassword(now: number): Answer {
    this.inARow += 1;
    this.sinceSuccess += 1;
    if (this.sinceSuccess >= 100) {
      Object.assign(this, { usable: false, lockedUntil: Infinity, inARow: 0, locks: this.locks + 1 });
    } else if (this.inARow >= this.rules.failuresMax) {
      const forMs = Math.min(this.rules.lockMs * 2 ** this.locks, DAY);
      const lockedUntil = this.rules.lockMs === 0 ? Infinity : now + forMs;
      Object.assign(this, { lockedUntil, inARow: 0, locks: this.locks + 1 });
    } else {
      return ['LoginFailed'];
    }
    return ['LoginFailed', 'AccountLocked'];
  }

  live(sessionId: string, now: number): Session | undefined {
    return this.shut ? undefined : this.sessions.find(({ id, ends }) => id === sessionId && now < ends);
  }

  signOut(sessionId: string): Answer {
    const kept = this.sessions.filter(({ id }) => id !== sessionId);
    if (kept.length === this.sessions.length) return [];
    this.sessions = kept;
    return ['SessionEnded'];
  }

  unlock(): Answer {
    if (this.status === 'none' || this.status === 'ended') return 'AccountUnknown';
    if (this.lockedUntil === null) return 'NotLocked';
    this.lockedUntil = null;
    return ['AccountUnlocked'];
  }

  suspend(cause: string): Answer {
    if (this.status === 'none' || this.status === 'ended') return 'AccountUnknown';
    if (this.status === 'unconfirmed') return 'AccountUnconfirmed';
    if (this.suspended.includes(cause)) return 'AlreadySuspended';
    this.suspended = [...this.suspended, cause];
    this.sessions = [];
    return ['AccountSuspended'];
  }

  reinstate(cause: string): Answer {
    if (this.status === 'none' || this.status === 'ended') return 'AccountUnknown';
    if (!this.suspended.includes(cause)) return 'NotSuspended';
    this.suspended = this.suspended.filter((one) => one !== cause);
    return ['AccountReinstated'];
  }
}
