import { accountDecider } from '../../src/domain/account/account.js';
import { legacyAccountDecider } from '../../src/domain/legacy-account/legacy-account.js';
import { ownerReplacementDecider } from '../../src/domain/owner-replacement/owner-replacement.js';
import { replacementPlacesDecider } from '../../src/domain/replacement-places/replacement-places.js';
import { tradeAccountDecider } from '../../src/domain/trade-account/trade-account.js';
import type { CommandContext } from '../../src/engine/streams.js';
import type { Position } from '../../src/ports.js';
import {
  LEGACY,
  NUMBERS,
  PEOPLE,
  type AceAction,
  type AceFault,
  type AceStep,
  type Legacy,
  type Number,
  type Tell,
  type Who,
} from './ace-actions.js';
import { deed, opened } from './ace-deeds.js';
import { AceFacts } from './ace-facts.js';
import { AceModel, type Expected } from './ace-model.js';
import { expectAceLawful } from './ace-rules.js';
import { expectNoClaimLeft, expectSessionsEnded, expectSettled } from './ace-settled.js';
import { AceViews } from './ace-views.js';
import { AceWorld, isAway, isDeadly, OWNER_WAIT_MS } from './ace-world.js';

const none: AceFault = { fault: 'none' };
const deciders = [
  accountDecider,
  legacyAccountDecider,
  tradeAccountDecider,
  ownerReplacementDecider,
  replacementPlacesDecider,
] as const;

/** One history of legacy accounts, trade accounts and their owners, told to the service on a failing log. What nobody comes between
 *  must be answered, and recorded, as the model says; for everything else the rules of the log hold. */
export class AceRun {
  readonly seen = new Set<string>();
  private readonly world = new AceWorld();
  private readonly names = new Map<string, string>();
  private readonly facts = new AceFacts((id) => this.names.get(id) ?? id);
  private readonly model = new AceModel(this.facts);
  private readonly views = new AceViews();
  private readTo: Position | null = null;

  async through(steps: readonly AceStep[]): Promise<void> {
    const { world, names } = this;
    const desk = world.instance();
    LEGACY.forEach((user) => names.set(desk.directory.idOf(user), user));
    NUMBERS.forEach((number) => names.set(world.tradeAccounts.idOf('Importer', number), number));
    for (const who of PEOPLE) await opened(desk, who, () => world.fresh());
    await this.readOn();
    for (const step of steps) await this.take(step);
    await this.end();
  }

  private async take(step: AceStep): Promise<void> {
    switch (step.step) {
      case 'act':
        return this.act(step.action, step.on, step.fault, step.resend);
      case 'atOnce':
        return this.atOnce(step.actions);
      case 'rush':
        return this.rush(step.legacy);
      case 'replace':
        return this.replace(step);
      case 'contest':
        return this.contest(step);
      case 'overrule':
        await this.calmly({ do: step.how, who: step.who, number: step.number });
        await this.calmly(this.aboutSynced(step.who, step.tell));
        return this.react(false, none);
      case 'deprive':
        await this.calmly({ do: 'grant', who: step.who, number: step.number });
        await this.calmly({ do: 'revoke', who: step.who, number: step.number });
        await this.calmly(step.tell);
        return this.sync(step.who, step.tell.legacy, none);
      case 'cutSync':
        await this.calmly(step.tell);
        await this.sync(step.who, step.tell.legacy, { fault: 'killed', at: step.at, written: true });
        for (const number of NUMBERS) await this.calmly({ do: step.how, who: step.who, number });
        return this.react(false, none);
      case 'overtake':
        return this.overtake(step);
      case 'twoLogins': {
        for (const tell of step.tells) await this.calmly(tell);
        const [one, other] = step.tells.map(({ legacy }) => this.syncing(step.who, legacy));
        return this.atOnce([one!, other!]);
      }
      case 'flood':
        for (let time = 0; time < step.times; time += 1) {
          await this.calmly({ do: 'submit', who: PEOPLE[time % 4]!, number: step.number, heir: 'dot' });
        }
        return;
      case 'react':
        return this.react(step.fromStart, step.fault);
      case 'restart':
        this.world.desks[step.on] = this.world.instance();
        return;
      case 'wait':
        this.world.clock.at += step.ms;
    }
  }

  private async act(action: AceAction, on: 0 | 1, fault: AceFault, resend: boolean): Promise<void> {
    const elsewhere = on === 0 ? 1 : 0;
    const isCalm = fault.fault !== 'outrun' && fault.fault !== 'killed';
    const expected = isCalm ? this.expected(action) : null;
    const context = this.world.fresh();
    const work = this.deed(action, on);
    this.world.arm(fault, async () => {
      await this.outrun(fault, elsewhere);
    });
    const answer = await this.world.carryOut(() => work(context), isDeadly(fault));
    this.world.disarm();
    // An instance that was killed knows nothing any more.
    if (answer === 'killed') this.world.desks[on] = this.world.instance();
    const types = await this.readOn();
    this.agree(action, expected, answer, types, fault);
    this.seen.add(`${action.do} ${answer}`);
    if (!resend || !isCalm || answer !== 'done' || types.length === 0) return;
    const again = this.deed(action, elsewhere);
    expect(await this.world.carryOut(() => again(context), false)).toBe('done');
    expect(await this.readOn()).toEqual([]);
  }

  private agree(
    action: AceAction,
    expected: Expected | null,
    answer: string,
    types: readonly string[],
    { fault }: AceFault,
  ): void {
    if (expected === null) return;
    expect({ action, answer }).toEqual({ action, answer: expected.answer });
    // A place that was taken in vain is given back, and taken again when the request is repeated.
    if (answer === 'TradeAccountContested' && fault !== 'none') return;
    expect({ action, types: [...types].sort() }).toEqual({ action, types: [...expected.events].sort() });
  }

  private calmly(action: AceAction): Promise<void> {
    return this.act(action, 0, none, false);
  }

  private async apply(number: Number, heir: Who, first: 'rita' | 'ruth'): Promise<void> {
    const before = this.facts.applications.length;
    await this.calmly({ do: 'submit', who: heir, number, heir });
    if (this.facts.applications.length === before) return;
    await this.calmly({ do: 'consent', nth: 0 });
    await this.calmly({ do: 'take', nth: 0, by: first });
    await this.calmly({ do: 'approve', nth: 0, by: first });
  }

  private async replace(step: Extract<AceStep, { step: 'replace' }>): Promise<void> {
    await this.apply(step.number, step.heir, 'rita');
    if (step.between === 'object') {
      await this.calmly({ do: 'object', nth: 0 });
      this.world.clock.at += OWNER_WAIT_MS;
    }
    if (step.between === 'suspend') await this.calmly({ do: 'suspend', who: step.heir });
    await this.act({ do: 'approve', nth: 0, by: 'ruth' }, 0, step.fault, false);
  }

  private async contest(step: Extract<AceStep, { step: 'contest' }>): Promise<void> {
    for (const heir of step.heirs) await this.apply(step.number, heir, 'rita');
    await this.atOnce([
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
      return this.react(false, none);
    }
    await this.react(false, none);
    const news = this.aboutSynced(who, first);
    // Back to what it was before, while the news are under way.
    const gives = this.facts.legacy.get(news.legacy)?.gives ?? then.gives;
    await this.calmly(news);
    await this.react(false, { fault: 'outrun', at: 0, other: { ...news, gives }, reacts: true });
  }

  /** The same news, of the legacy account that somebody is synced with. */
  private aboutSynced(who: Who, tell: Tell): Tell {
    return { ...tell, legacy: this.facts.people.get(who)!.synced?.legacy ?? tell.legacy };
  }

  private syncing = (who: Who, legacy: Legacy): AceAction => ({ do: 'sync', who, legacy, right: true });

  private sync(who: Who, legacy: Legacy, fault: AceFault): Promise<void> {
    return this.act(this.syncing(who, legacy), 0, fault, false);
  }

  private rush(legacy: Legacy): Promise<void> {
    const each = PEOPLE.map((who) => ({ do: 'sync', who, legacy, right: true }) as const);
    return this.atOnce([...each, ...each]);
  }

  /** Side by side, at both instances. */
  private async atOnce(actions: readonly AceAction[]): Promise<void> {
    const asked = actions.map((action, index) =>
      this.answer(action, index % 2 === 0 ? 0 : 1, this.world.fresh()),
    );
    await Promise.all(asked);
    await this.readOn();
  }

  /** A reaction that fails comes to the same event again later. */
  private async react(fromStart: boolean, fault: AceFault): Promise<void> {
    this.world.arm(fault, async () => {
      await this.outrun(fault, 1);
    });
    try {
      await this.world.react(fromStart);
    } catch (error) {
      if (!isAway(error)) throw error;
    }
    this.world.disarm();
    await this.readOn();
  }

  private async outrun(fault: AceFault, on: 0 | 1): Promise<void> {
    if (fault.fault !== 'outrun') return;
    await this.answer(fault.other, on, this.world.fresh());
    if (fault.reacts) await this.world.react(false);
  }

  private async answer(action: AceAction, on: 0 | 1, context: CommandContext): Promise<void> {
    const work = this.deed(action, on);
    this.seen.add(`${action.do} ${await this.world.carryOut(() => work(context), false)}`);
  }

  private deed(action: AceAction, on: 0 | 1) {
    const password = action.do === 'sync' ? (this.facts.legacy.get(action.legacy)?.password ?? '') : '';
    const id = this.applicationOf(action)?.id ?? 'none';
    return deed(this.world.desks[on]!, action, id, password);
  }

  private expected(action: AceAction): Expected | null {
    return this.model.expect(action, this.applicationOf(action), this.world.clock.at);
  }

  private applicationOf(action: AceAction) {
    return 'nth' in action ? this.facts.applications.at(-1 - action.nth) : undefined;
  }

  /** Takes in what is new in the log, and returns its types. */
  private async readOn(): Promise<string[]> {
    const events = await this.world.since(this.readTo);
    for (const event of events) {
      this.facts.apply(event);
      this.seen.add(event.type);
    }
    this.views.takeOn(events);
    this.readTo = events.at(-1)?.position ?? this.readTo;
    return events.map(({ type }) => type);
  }

  private async end(): Promise<void> {
    await this.react(false, none);
    expectSettled(this.facts);
    // As if they had lost their places: what waited for somebody who is there again is done now, and nothing else, and that once.
    await this.react(true, none);
    expectSettled(this.facts);
    expectNoClaimLeft(this.facts);
    const head = this.readTo;
    await this.react(true, none);
    expect(this.readTo).toBe(head);
    const log = await this.world.since(null);
    expectAceLawful(log, OWNER_WAIT_MS);
    expectSessionsEnded(log);
    const streams = [...new Set(log.map(({ stream }) => stream))];
    for (const stream of streams) await this.expectOneState(stream);
    await this.views.expectTrue(log, this.world.instance().streams);
  }

  /** Whoever asks, and whatever they knew before. */
  private async expectOneState(stream: string): Promise<void> {
    const hyphen = stream.indexOf('-');
    const decider = deciders.find(({ category }) => category === stream.slice(0, hyphen));
    if (!decider) return;
    const read = async (desk: { streams: ReturnType<AceWorld['instance']>['streams'] }) =>
      (await desk.streams.read(decider as typeof accountDecider, stream.slice(hyphen + 1))).state;
    const cold = await read(this.world.instance());
    for (const desk of this.world.desks) expect(await read(desk)).toEqual(cold);
  }
}
