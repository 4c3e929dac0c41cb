import {
  NUMBERS,
  PEOPLE,
  type AceAction,
  type AceFault,
  type Legacy,
  type Number,
  type Tell,
  type Who,
} from './ace-actions.js';
import type { AceRun } from './ace-run.js';
import type { AceStep } from './ace-steps.js';
import { OWNER_WAIT_MS } from './ace-world.js';

export const none: AceFault = { fault: 'none' };
type Script = Exclude<AceStep, { step: 'act' | 'atOnce' | 'react' | 'restart' | 'wait' }>;

/** Leads to where random steps seldom get. */
export class AceScripts {
  constructor(private readonly run: Pick<AceRun, 'act' | 'atOnce' | 'react' | 'wait' | 'facts'>) {}

  async play(step: Script): Promise<void> {
    switch (step.step) {
      case 'rush':
        return this.rush(step.legacy);
      case 'replace':
        return this.replace(step);
      case 'contest':
        return this.contest(step);
      case 'overrule':
        await this.calmly({ do: step.how, who: step.who, number: step.number });
        await this.calmly(this.aboutSynced(step.who, step.tell));
        return this.run.react(false, none);
      case 'deprive':
        await this.calmly({ do: 'grant', who: step.who, number: step.number });
        await this.calmly({ do: 'revoke', who: step.who, number: step.number });
        await this.calmly(step.tell);
        return this.sync(step.who, step.tell.legacy, none);
      case 'cutSync':
        await this.calmly(step.tell);
        await this.sync(step.who, step.tell.legacy, { fault: 'killed', at: step.at, written: true });
        for (const number of NUMBERS) await this.calmly({ do: step.how, who: step.who, number });
        return this.run.react(false, none);
      case 'overtake':
        return this.overtake(step);
      case 'twoLogins': {
        for (const tell of step.tells) await this.calmly(tell);
        const [one, other] = step.tells.map(({ legacy }) => this.syncing(step.who, legacy));
        return this.run.atOnce([one!, other!]);
      }
      case 'flood':
        for (let time = 0; time < step.times; time += 1) {
          await this.calmly({ do: 'submit', who: PEOPLE[time % 4]!, number: step.number, heir: 'dot' });
        }
        return;
    }
  }

  private calmly(action: AceAction): Promise<void> {
    return this.run.act(action, 0, none, false);
  }

  private async apply(number: Number, heir: Who, first: 'rita' | 'ruth'): Promise<void> {
    const before = this.run.facts.applications.length;
    await this.calmly({ do: 'submit', who: heir, number, heir });
    if (this.run.facts.applications.length === before) return;
    await this.calmly({ do: 'consent', nth: 0 });
    await this.calmly({ do: 'take', nth: 0, by: first });
    await this.calmly({ do: 'approve', nth: 0, by: first });
  }

  private async replace(step: Extract<AceStep, { step: 'replace' }>): Promise<void> {
    await this.apply(step.number, step.heir, 'rita');
    if (step.between === 'object') {
      await this.calmly({ do: 'object', nth: 0 });
      this.run.wait(OWNER_WAIT_MS);
    }
    if (step.between === 'suspend') await this.calmly({ do: 'suspend', who: step.heir });
    await this.run.act({ do: 'approve', nth: 0, by: 'ruth' }, 0, step.fault, false);
  }

  private async contest(step: Extract<AceStep, { step: 'contest' }>): Promise<void> {
    for (const heir of step.heirs) await this.apply(step.number, heir, 'rita');
    await this.run.atOnce([
      { do: 'approve', nth: 0, by: 'ruth' },
      ...(step.suspend ? [{ do: 'suspend', who: step.heirs[0] } as const] : []),
      { do: 'approve', nth: 1, by: 'ruth' },
    ]);
  }

  private async overtake({ who, first, then, sync }: Extract<AceStep, { step: 'overtake' }>): Promise<void> {
    if (sync) {
      await this.calmly(first);
      const other = { ...then, legacy: first.legacy };
      const fault = { fault: 'outrun', at: 1, other, reacts: false, dies: true } as const;
      await this.sync(who, first.legacy, fault);
      return this.run.react(false, none);
    }
    await this.run.react(false, none);
    const news = this.aboutSynced(who, first);
    // Back to what it was before, while the news are under way.
    const gives = this.run.facts.legacy.get(news.legacy)?.gives ?? then.gives;
    await this.calmly(news);
    await this.run.react(false, { fault: 'outrun', at: 0, other: { ...news, gives }, reacts: true });
  }

  /** The same news, of the legacy account that somebody is synced with. */
  private aboutSynced(who: Who, tell: Tell): Tell {
    return { ...tell, legacy: this.run.facts.people.get(who)!.synced?.legacy ?? tell.legacy };
  }

  private syncing = (who: Who, legacy: Legacy): AceAction => ({ do: 'sync', who, legacy, right: true });

  private sync(who: Who, legacy: Legacy, fault: AceFault): Promise<void> {
    return this.run.act(this.syncing(who, legacy), 0, fault, false);
  }

  private rush(legacy: Legacy): Promise<void> {
    const each = PEOPLE.map((who) => ({ do: 'sync', who, legacy, right: true }) as const);
    return this.run.atOnce([...each, ...each]);
  }
}
