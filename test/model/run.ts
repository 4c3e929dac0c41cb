import { accountDecider } from '../../src/domain/account/account.js';
import type { LockoutRules } from '../../src/domain/account/sign-in.js';
import type { Account } from '../../src/domain/account/state.js';
import { AccountModel } from './account-model.js';
import type { Action, Fault, Step, Typed } from './actions.js';
import { expectLawful } from './log-rules.js';
import type { Answer } from './sign-in-model.js';
import { Story, type Telling } from './story.js';
import { ID, World } from './world.js';

type Script = Exclude<Step, { step: 'act' | 'burst' | 'wait' | 'waitForUnlock' }>;

/** One history, told to the service on a failing log and to the model, which have to agree after each step. */
export class Run {
  readonly seen = new Set<string>();
  private readonly world: World;
  private readonly story: Story;
  private model: AccountModel;
  private lastAt = 0;

  constructor(private readonly rules: LockoutRules) {
    this.world = new World(rules);
    this.model = new AccountModel(rules);
    this.story = new Story(rules, () => this.model);
  }

  async through(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      await this.take(step);
      const { state } = await this.world.account(0);
      expect(viewOf(state)).toEqual(this.expected());
    }
    await this.end();
  }

  private async take(step: Step): Promise<void> {
    switch (step.step) {
      case 'act':
        return this.act(step.action, step.on, step.fault, step.resend);
      case 'burst':
        return this.burst(step.guesses, step.on);
      case 'wait':
        this.world.clock.at += step.ms;
        return;
      case 'waitForUnlock':
        return this.waitForUnlock();
      default:
        return this.takeScript(step);
    }
  }

  /** Leads to where random steps seldom get. */
  private async takeScript(step: Script): Promise<void> {
    switch (step.step) {
      case 'hammer':
        for (let locks = 0; locks < step.locks && this.model.opens; locks += 1) {
          await this.burst(Array<Typed>(this.rules.failuresMax).fill('wrong'), 0);
          this.waitForUnlock();
          await this.calmly({ do: 'expire' });
        }
        return;
      case 'guessAnswers':
        for (let links = 0; links < step.links; links += 1) {
          await this.calmly({ do: 'requestReset' });
          for (let sets = 0; sets < 3; sets += 1)
            await this.calmly({ do: 'reset', nth: 0, answers: 'wrong' });
        }
        return;
      case 'recover':
        await this.calmly({ do: 'requestReset' });
        await this.calmly({ do: 'reset', nth: 0, answers: 'right' });
        return step.disown ? this.calmly({ do: 'repudiate', nth: 0 }) : undefined;
      case 'race': {
        await this.calmly({ do: 'requestReset' });
        const other: Action = { do: 'reset', nth: 0, answers: 'right' };
        return this.act({ do: 'signIn', password: step.password }, 0, { fault: 'outrun', other }, false);
      }
      case 'move':
        await this.calmly({ do: 'signIn', password: 'right' });
        for (let times = 0; times < step.times; times += 1) {
          await this.calmly({ do: 'requestEmailChange' });
          await this.calmly({ do: 'confirmEmailChange', nth: 0 });
        }
        if (!step.takeBack) return;
        await this.calmly({ do: 'requestEmailChange' });
        await this.calmly({ do: 'restoreEmail', nth: 1 });
    }
  }

  private calmly(action: Action): Promise<void> {
    return this.act(action, 0, { fault: 'none' }, false);
  }

  private waitForUnlock(): void {
    const { lockedUntil } = this.model;
    if (lockedUntil === null || lockedUntil === Infinity) return;
    this.world.clock.at = Math.max(this.world.clock.at, lockedUntil);
  }

  private async act(action: Action, on: 0 | 1, fault: Fault, resend: boolean): Promise<void> {
    const context = this.world.fresh();
    const elsewhere = on === 0 ? 1 : 0;
    const telling = this.story.tell(action);
    this.world.arm(fault.fault, async () => {
      if (fault.fault !== 'outrun') return;
      const first = this.story.tell(fault.other);
      const { answer } = await this.world.carryOut(elsewhere, first.make, this.world.fresh());
      this.agree(first, answer);
    });
    const { answer } = await this.world.carryOut(on, telling.make, context);
    this.world.disarm();
    this.agree(telling, answer);
    if (!resend || typeof answer === 'string' || answer.length === 0) return;
    expect(await this.world.carryOut(elsewhere, telling.make, context)).toEqual({ answer, repeated: true });
  }

  private async burst(guesses: readonly Typed[], on: 0 | 1): Promise<void> {
    const tellings = guesses.map((guess) => this.story.signIn(guess));
    const makes = tellings.map(({ make }) => make);
    const answers = await this.world.carryOutAtOnce(on, makes);
    answers.forEach((answer, index) => this.agree(tellings[index]!, answer));
  }

  /** Tells the model, which must answer the same. */
  private agree(telling: Telling, answer: Answer): void {
    const now = Math.max(this.world.clock.at, this.lastAt);
    const next = this.model.copy();
    const over = telling.untimed ? [] : next.expire(now);
    const expected = telling.model(next, now);
    if (typeof expected === 'string') {
      expect(answer).toBe(expected);
      return;
    }
    const events = [...over, ...expected];
    // That a confirmation is mailed once more changes nothing that the model knows.
    const told =
      typeof answer === 'string' ? answer : answer.filter((type) => type !== 'ConfirmationLinkRequested');
    expect(told).toEqual(events);
    this.model = next;
    if (answer.length > 0) this.lastAt = now;
    events.forEach((type) => this.seen.add(type));
    if (next.sinceSuccess === 100) this.seen.add('a hundred failures');
    if (next.wrongSets === 10) this.seen.add('ten wrong sets of answers');
  }

  private async end(): Promise<void> {
    const cold = (await this.world.instance().read(accountDecider, ID)).state;
    expect((await this.world.account(0)).state).toEqual(cold);
    expect((await this.world.account(1)).state).toEqual(cold);
    expectLawful(await this.world.store.log.readStream(`account-${ID}`, 0, 100_000), this.rules.failuresMax);
  }

  private expected(): object {
    const { model } = this;
    if (model.status === 'none') return { status: 'Unknown' };
    if (model.status === 'ended') return { status: 'Ended' };
    const { inARow, sinceSuccess, locks, usable, wrongSets, recoveryBlocked, email, resetId, link } = model;
    return {
      status: model.status === 'confirmed' ? 'Confirmed' : 'Unconfirmed',
      lockedUntil: model.lockedUntil,
      suspended: [...model.suspended].sort(),
      sessions: model.sessions.map(({ id }) => id),
      link: link && { id: link.id, wrongSets: link.wrongSets, sent: link.sent },
      change: model.change?.id ?? null,
      formerEmails: model.formerEmails.map(({ id }) => id),
      ...{ inARow, sinceSuccess, locks, usable, wrongSets, recoveryBlocked, email, resetId },
    };
  }
}

/** What the model knows of an account. */
function viewOf(account: Account): object {
  if (account.status !== 'Registered') return { status: account.status };
  const { stage, lock, failures, recovery, emailChange } = account;
  const { link } = recovery;
  return {
    status: stage.name,
    lockedUntil: lock && (lock.until ?? Infinity),
    suspended: account.suspensions.map(({ cause }) => cause).sort(),
    inARow: failures.inARow,
    sinceSuccess: failures.sinceSuccess,
    locks: failures.locksSinceSuccess,
    usable: !account.password?.disabled,
    sessions: account.sessions.map(({ id }) => id),
    link: link && { id: link.id, wrongSets: link.refusals, sent: link.expiresAt !== null },
    wrongSets: recovery.refusals,
    recoveryBlocked: recovery.blockedSince !== null,
    email: account.emailKey,
    change: emailChange?.id ?? null,
    formerEmails: account.formerEmails.map(({ changeId }) => changeId),
    resetId: recovery.lastResetId,
  };
}
