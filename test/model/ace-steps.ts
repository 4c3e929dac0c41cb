import fc from 'fast-check';
import {
  action,
  at,
  fault,
  legacy,
  number,
  on,
  telling,
  who,
  type AceAction,
  type AceFault,
  type Given,
  type Legacy,
  type Number,
  type Tell,
  type Who,
} from './ace-actions.js';

export type AceStep =
  | {
      readonly step: 'act';
      readonly action: AceAction;
      readonly on: 0 | 1;
      readonly fault: AceFault;
      readonly resend: boolean;
    }
  | { readonly step: 'atOnce'; readonly actions: readonly AceAction[] }
  /** Everybody for one legacy account at once, at both instances. */
  | { readonly step: 'rush'; readonly legacy: Legacy }
  /** An owner is replaced from the application to the second approval, with this in between. */
  | {
      readonly step: 'replace';
      readonly number: Number;
      readonly heir: Who;
      readonly between: 'nothing' | 'object' | 'suspend';
      readonly fault: AceFault;
    }
  /** Two heirs with one approval each; the second ones come at once, with a suspension between. */
  | {
      readonly step: 'contest';
      readonly number: Number;
      readonly heirs: readonly [Who, Who];
      readonly suspend: boolean;
    }
  /** Access is decided here, and then told otherwise. */
  | {
      readonly step: 'overrule';
      readonly who: Who;
      readonly number: Number;
      readonly how: 'grant' | 'revoke';
      readonly tell: Tell;
    }
  /** Access that was given and taken away here, before its owner syncs. */
  | { readonly step: 'deprive'; readonly who: Who; readonly number: Number; readonly tell: Tell }
  /** A sync that is cut off; what came over by then is taken away again. */
  | {
      readonly step: 'cutSync';
      readonly who: Who;
      readonly tell: Tell;
      readonly at: number;
      readonly how: 'grant' | 'revoke';
    }
  /** The legacy portal tells one thing while another is brought to where it belongs, or while it is synced. */
  | {
      readonly step: 'overtake';
      readonly who: Who;
      readonly first: Tell;
      readonly then: Tell;
      readonly sync: boolean;
    }
  /** One account, two legacy accounts at once. */
  | { readonly step: 'twoLogins'; readonly who: Who; readonly tells: readonly [Tell, Tell] }
  /** So many applications for one trade account, one after the other. */
  | { readonly step: 'flood'; readonly number: Number; readonly times: number }
  /** The reactions take what is new; or what there ever was, as if they had lost their place. */
  | { readonly step: 'react'; readonly fromStart: boolean; readonly fault: AceFault }
  | { readonly step: 'restart'; readonly on: 0 | 1 }
  | { readonly step: 'wait'; readonly ms: number };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Where something is sure to be under way. */
const midway = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ fault: 'none' }) },
  { weight: 3, arbitrary: fc.record({ fault: fc.constant('killed'), at, written: fc.boolean() }) },
  { weight: 2, arbitrary: fault },
) as fc.Arbitrary<AceFault>;

const scripts = [
  {
    weight: 6,
    arbitrary: fc.record({
      step: fc.constant('replace'),
      number: fc.constantFrom('T-1', 'T-2'),
      heir: who,
      between: fc.constantFrom('nothing', 'nothing', 'nothing', 'object', 'suspend'),
      fault: midway,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      step: fc.constant('overrule'),
      who: fc.constantFrom('ada', 'ben'),
      number,
      how: fc.constantFrom('grant', 'revoke'),
      tell: telling,
    }),
  },
  { weight: 2, arbitrary: fc.record({ step: fc.constant('deprive'), who, number, tell: telling }) },
  {
    weight: 2,
    arbitrary: fc.record({
      step: fc.constant('cutSync'),
      who,
      tell: telling,
      at,
      how: fc.constantFrom('grant', 'revoke'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      step: fc.constant('overtake'),
      who,
      first: telling,
      then: telling,
      sync: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ step: fc.constant('twoLogins'), who, tells: fc.tuple(telling, telling) }),
  },
];

const step = fc.oneof(
  ...scripts,
  {
    weight: 30,
    arbitrary: fc.record({ step: fc.constant('act'), action, on, fault, resend: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      step: fc.constant('atOnce'),
      actions: fc.array(action, { minLength: 2, maxLength: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ step: fc.constant('rush'), legacy }) },
  {
    weight: 2,
    arbitrary: fc.record({
      step: fc.constant('contest'),
      number,
      heirs: fc.tuple(who, who),
      suspend: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ step: fc.constant('flood'), number, times: fc.constantFrom(2, 6) }) },
  {
    weight: 6,
    arbitrary: fc.record({ step: fc.constant('react'), fromStart: fc.boolean(), fault }),
  },
  { weight: 1, arbitrary: fc.record({ step: fc.constant('restart'), on }) },
  {
    weight: 1,
    arbitrary: fc.record({
      step: fc.constant('act'),
      action: fc.record({ do: fc.constant('erase'), who: fc.constantFrom('cyd', 'dot') }),
      on,
      fault: fc.constant({ fault: 'none' }),
      resend: fc.constant(false),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      step: fc.constant('wait'),
      ms: fc.constantFrom(1, MINUTE, 11 * MINUTE, 16 * MINUTE, HOUR, 73 * HOUR),
    }),
  },
) as fc.Arbitrary<AceStep>;

const told = (legacyUser: Legacy, ...all: Given[]): AceStep =>
  calm({ do: 'tell', legacy: legacyUser, status: 'Active', password: 'old', gives: all });
const owns = (owned: Number): Given => ({ number: owned, owner: true, permissions: ['File', 'Read'] });
const calm = (done: AceAction): AceStep => ({
  ...{ step: 'act', action: done, on: 0, fault: { fault: 'none' }, resend: false },
});

/** Most begin with an owner who came over; what has not come by then may come later. */
export const aceHistory: fc.Arbitrary<readonly AceStep[]> = fc
  .tuple(fc.integer({ min: 0, max: 9 }), fc.array(step, { maxLength: 40, size: 'max' }))
  .map(([odds, steps]) =>
    odds === 0
      ? steps
      : [
          told('L1', owns('T-1'), { ...owns('T-2'), owner: false }),
          told('L2', { ...owns('T-1'), owner: false }, owns('T-2')),
          calm({ do: 'sync', who: 'ada', legacy: 'L1', right: true }),
          ...(odds < 6 ? [calm({ do: 'sync', who: 'ben', legacy: 'L2', right: true })] : []),
          calm({ do: 'signIn', who: 'ada' }),
          ...steps,
        ],
  );

const reads = (number: Number, legacyUser: Legacy, permission = 'Read'): Tell => ({
  ...{ do: 'tell', legacy: legacyUser, status: 'Active', password: 'old' },
  gives: [{ number, owner: false, permissions: [permission] }],
});

/** What must be told in every run, however few there are: news that come while a sync is cut off, and news of news. */
export const aceExamples: [readonly AceStep[]][] = [
  [[{ step: 'overtake', who: 'cyd', first: reads('T-1', 'L4'), then: reads('T-2', 'L4'), sync: true }]],
  [
    [
      calm(reads('T-1', 'L4')),
      calm({ do: 'sync', who: 'cyd', legacy: 'L4', right: true }),
      ...[{ step: 'overtake', who: 'cyd', sync: false } as const].map((step) => ({
        ...step,
        first: reads('T-1', 'L4', 'File'),
        then: reads('T-1', 'L4'),
      })),
    ],
  ],
];
