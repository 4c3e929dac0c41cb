import { accountDecider } from '../../src/domain/account/account.js';
import { legacyAccountDecider } from '../../src/domain/legacy-account/legacy-account.js';
import { ownerReplacementDecider } from '../../src/domain/owner-replacement/owner-replacement.js';
import { replacementPlacesDecider } from '../../src/domain/replacement-places/replacement-places.js';
import { tradeAccountDecider } from '../../src/domain/trade-account/trade-account.js';
import type { CommandContext } from '../../src/engine/streams.js';
import type { Position } from '../../src/ports.js';
import { LEGACY, NUMBERS, PEOPLE, type AceAction, type AceFault } from './ace-actions.js';
import { deed, opened } from './ace-deeds.js';
import { AceFacts } from './ace-facts.js';
import { AceModel, type Expected } from './ace-model.js';
import { expectAceLawful } from './ace-rules.js';
import { expectNoClaimLeft, expectSessionsEnded, expectSettled } from './ace-settled.js';
import { AceScripts, none } from './ace-scripts.js';
import type { AceStep } from './ace-steps.js';
import { AceViews } from './ace-views.js';
import { AceWorld, isAway, isDeadly, OWNER_WAIT_MS } from './ace-world.js';

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
  readonly facts = new AceFacts((id) => this.names.get(id) ?? id);
  private readonly model = new AceModel(this.facts);
  private readonly views = new AceViews();
  private readonly scripts = new AceScripts(this);
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
      case 'react':
        return this.react(step.fromStart, step.fault);
      case 'restart':
        return this.restart(step.on);
      case 'wait':
        return this.wait(step.ms);
      default:
        return this.scripts.play(step);
    }
  }

  /** The next one knows nothing but what the log holds. */
  private restart(on: 0 | 1): void {
    this.world.kill(this.world.desks[on]!);
    this.world.desks[on] = this.world.instance();
  }

  wait(ms: number): void {
    this.world.clock.at += ms;
  }

  async act(action: AceAction, on: 0 | 1, fault: AceFault, resend: boolean): Promise<void> {
    const elsewhere = on === 0 ? 1 : 0;
    const isCalm = fault.fault !== 'outrun' && fault.fault !== 'killed';
    const expected = isCalm ? this.expected(action) : null;
    const context = this.world.fresh();
    const work = this.deed(action, on);
    this.world.arm(fault, async () => {
      await this.outrun(fault, elsewhere);
    });
    const answer = await this.world.carryOut(() => work(context), isDeadly(fault));
    if (answer === 'killed') this.restart(on);
    this.world.disarm();
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

  /** Side by side, at both instances. */
  async atOnce(actions: readonly AceAction[]): Promise<void> {
    const asked = actions.map((action, index) =>
      this.answer(action, index % 2 === 0 ? 0 : 1, this.world.fresh()),
    );
    await Promise.all(asked);
    await this.readOn();
  }

  /** A reaction that fails comes to the same event again later. */
  async react(fromStart: boolean, fault: AceFault): Promise<void> {
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
