import { DAY, HOUR, MINUTE } from '../support/given.js';
import { SignInModel, type Answer } from './sign-in-model.js';

interface Link {
  readonly id: string;
  readonly askedAt: number;
  readonly times: number;
  readonly dies: number;
  readonly sent: boolean;
  readonly wrongSets: number;
}
interface Change {
  readonly id: string;
  readonly email: string;
  readonly ends: number;
}

/** The model with recovery and the contact address. */
export class AccountModel extends SignInModel {
  answers = '';
  link: Link | null = null;
  wrongSets = 0;
  recoveryBlocked = false;
  declinedAt = -Infinity;
  resetId: string | null = null;
  mailsSent = 0;
  email = '';
  change: Change | null = null;
  formerEmails: readonly Change[] = [];

  copy(): AccountModel {
    return Object.assign(new AccountModel(this.rules), this);
  }

  override expire(now: number): string[] {
    const over = super.expire(now);
    if (this.link && now >= this.link.dies) {
      this.link = null;
      over.push('ResetLinkExpired');
    }
    if (this.change && now >= this.change.ends) {
      this.change = null;
      over.push('ContactEmailChangeExpired');
    }
    const kept = this.formerEmails.filter(({ ends }) => now < ends);
    over.push(...this.formerEmails.slice(kept.length).map(() => 'FormerEmailReleased'));
    this.formerEmails = kept;
    return over;
  }

  requestReset(id: string, now: number): Answer {
    // The confirmation's link is sent again; nothing that this model looks at.
    if (this.status !== 'confirmed') return [];
    if (this.shut || this.recoveryBlocked) {
      if (now - this.declinedAt < HOUR) return [];
      this.declinedAt = now;
      return ['ResetRequestDeclined'];
    }
    const { link } = this;
    if (link && (now - link.askedAt < 5 * MINUTE || link.times >= 5)) return [];
    this.link = link
      ? { ...link, askedAt: now, times: link.times + 1, dies: link.sent ? link.dies : now + DAY }
      : { id, askedAt: now, times: 1, dies: now + DAY, sent: false, wrongSets: 0 };
    return ['ResetRequested'];
  }

  /** `mail`: mails are numbered, and one before another that is recorded is as good as recorded. */
  linkSent(id: string, mail: number, now: number): Answer {
    if (this.status === 'none' || this.status === 'ended' || mail <= this.mailsSent) return [];
    this.mailsSent = mail;
    if (this.link?.id === id && !this.link.sent) this.link = { ...this.link, sent: true, dies: now + DAY };
    return ['ResetLinkSent'];
  }

  reset(id: string, answers: string, password: string): Answer {
    if (this.link?.id !== id) return 'LinkDead';
    if (this.shut || this.recoveryBlocked) return 'LinkShut';
    if (answers === this.answers) {
      const withdrawn = this.change ? ['ContactEmailChangeExpired'] : [];
      this.succeeded();
      Object.assign(this, { password, usable: true, link: null, wrongSets: 0, sessions: [] });
      Object.assign(this, { resetId: id, change: null });
      return [...withdrawn, 'PasswordReset'];
    }
    this.wrongSets += 1;
    this.link = { ...this.link, wrongSets: this.link.wrongSets + 1 };
    const blocks = this.wrongSets >= 10;
    if (!blocks && this.link.wrongSets < 3) return ['ResetAnswersRefused'];
    this.link = null;
    if (!blocks) return ['ResetAnswersRefused', 'ResetLinkRevoked'];
    this.recoveryBlocked = true;
    return ['ResetAnswersRefused', 'ResetLinkRevoked', 'RecoveryBlocked'];
  }

  repudiate(id: string): Answer {
    if (this.status !== 'confirmed' || this.resetId !== id) return 'LinkDead';
    const revoked = [
      ...(this.link ? ['ResetLinkRevoked'] : []),
      ...(this.change ? ['ContactEmailChangeExpired'] : []),
    ];
    Object.assign(this, { usable: false, sessions: [], link: null, change: null, resetId: null });
    this.recoveryBlocked = true;
    return [...revoked, 'PasswordResetRepudiated', 'RecoveryBlocked'];
  }

  unblockRecovery(): Answer {
    if (this.status === 'none' || this.status === 'ended') return 'AccountUnknown';
    if (!this.recoveryBlocked) return 'RecoveryNotBlocked';
    Object.assign(this, { recoveryBlocked: false, wrongSets: 0 });
    return ['RecoveryUnblocked'];
  }

  /** The code of the refusal, or null: only who has just typed the password, in a session that lives, may change what guards it. */
  private refusesOwner(sessionId: string, now: number): string | null {
    const session = this.opens ? this.live(sessionId, now) : undefined;
    if (!session) return 'SessionEnded';
    return now - session.passwordAt >= 5 * MINUTE ? 'PasswordNeeded' : null;
  }

  changePassword(sessionId: string, password: string, now: number): Answer {
    const refusal = this.refusesOwner(sessionId, now);
    if (refusal) return refusal;
    const revoked = this.link ? ['ResetLinkRevoked'] : [];
    this.sessions = this.sessions.filter(({ id }) => id === sessionId);
    Object.assign(this, { password, link: null });
    return [...revoked, 'PasswordChanged'];
  }

  changeQuestions(sessionId: string, answers: string, now: number): Answer {
    const refusal = this.refusesOwner(sessionId, now);
    if (refusal) return refusal;
    const revoked = this.link ? ['ResetLinkRevoked'] : [];
    Object.assign(this, { answers, link: null });
    return [...revoked, 'SecurityQuestionsChanged'];
  }

  requestEmailChange(sessionId: string, id: string, email: string, now: number): Answer {
    const refusal = this.refusesOwner(sessionId, now);
    if (refusal) return refusal;
    if (email === this.email) return 'EmailUnchanged';
    if (this.formerEmails.length >= 5) return 'TooManyEmailChanges';
    const withdrawn = this.change ? ['ContactEmailChangeExpired'] : [];
    this.change = { id, email, ends: now + 48 * HOUR };
    return [...withdrawn, 'ContactEmailChangeRequested'];
  }

  confirmEmailChange(id: string, now: number): Answer {
    if (this.change?.id !== id) return 'LinkDead';
    if (this.shut) return 'LinkShut';
    const revoked = this.link ? ['ResetLinkRevoked'] : [];
    this.formerEmails = [...this.formerEmails, { id, email: this.email, ends: now + 7 * DAY }];
    Object.assign(this, { email: this.change.email, change: null, link: null });
    return [...revoked, 'ContactEmailChanged'];
  }

  restoreEmail(id: string): Answer {
    const index = this.formerEmails.findIndex((former) => former.id === id);
    if (index < 0 && this.change?.id !== id) return 'LinkDead';
    const released = index < 0 ? [] : this.formerEmails.slice(index + 1);
    const events = [
      ...(this.link ? ['ResetLinkRevoked'] : []),
      ...(index >= 0 && this.change ? ['ContactEmailChangeExpired'] : []),
      ...released.map(() => 'FormerEmailReleased'),
      'ContactEmailRestored',
    ];
    if (index >= 0) {
      this.email = this.formerEmails[index]!.email;
      this.formerEmails = this.formerEmails.slice(0, index);
    }
    Object.assign(this, { change: null, link: null, sessions: [], usable: false });
    return events;
  }
}
