import fc from 'fast-check';

/** Who trades, and who reviews; an applicant may be a reviewer too. */
export const PEOPLE = ['ada', 'ben', 'cyd', 'dot'] as const;
export const REVIEWERS = ['rita', 'ruth', 'rosa', 'ada'] as const;
export const LEGACY = ['L1', 'L2', 'L3', 'L4', 'L5'] as const;
export const NUMBERS = ['T-1', 'T-2', 'T-3'] as const;
export type Who = (typeof PEOPLE)[number];
export type Reviewer = (typeof REVIEWERS)[number];
export type Legacy = (typeof LEGACY)[number];
export type Number = (typeof NUMBERS)[number];
export type LegacyStatus = 'Active' | 'Inactive' | 'NotInGoodStanding';

export interface Given {
  readonly number: Number;
  readonly owner: boolean;
  readonly permissions: readonly string[];
}

/** What happens around legacy accounts, trade accounts and their owners. `nth`: which application, counted back from the latest. */
export type AceAction =
  | {
      readonly do: 'tell';
      readonly legacy: Legacy;
      readonly status: LegacyStatus;
      readonly password: 'old' | 'new';
      readonly gives: readonly Given[];
    }
  | { readonly do: 'sync'; readonly who: Who; readonly legacy: Legacy; readonly right: boolean }
  | { readonly do: 'submit'; readonly who: Who; readonly number: Number; readonly heir: Who }
  | { readonly do: 'consent' | 'object'; readonly nth: number }
  | { readonly do: 'withdraw'; readonly nth: number; readonly who: Who }
  | { readonly do: 'take' | 'return' | 'reject'; readonly nth: number; readonly by: Reviewer }
  | { readonly do: 'approve'; readonly nth: number; readonly by: Reviewer }
  | { readonly do: 'suspend' | 'reinstate' | 'signIn'; readonly who: Who }
  | { readonly do: 'erase'; readonly who: Who }
  | { readonly do: 'grant' | 'revoke'; readonly who: Who; readonly number: Number };

export type Tell = Extract<AceAction, { do: 'tell' }>;

/** What goes wrong from the `at`-th append of an action on. 'outrun': `other` happens elsewhere before it, and what it brings
 *  about by itself too where the reactions run there, and this one may end with that; 'killed': the instance
 *  ends there, after the append or before it, and nobody asks again. */
export type AceFault =
  | { readonly fault: 'none' }
  | {
      readonly fault: 'outrun';
      readonly at: number;
      readonly other: AceAction;
      readonly reacts: boolean;
      readonly dies?: boolean;
    }
  | { readonly fault: 'killed'; readonly at: number; readonly written: boolean }
  | {
      readonly fault: 'unknownButWritten' | 'unknownAndLost' | 'unavailable' | 'unreadable';
      readonly at: number;
    };

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
const who = fc.constantFrom(...PEOPLE);
const by = fc.constantFrom(...REVIEWERS);
const legacy = fc.constantFrom(...LEGACY);
const number = fc.constantFrom(...NUMBERS);
const nth = fc.nat(2);
const on = fc.constantFrom(0 as const, 1 as const);
const at = fc.nat(4);

const gives = fc.uniqueArray(
  fc.record({
    number,
    owner: fc.boolean(),
    permissions: fc.constantFrom(['Read'], ['File'], ['File', 'Read'], []),
  }),
  { maxLength: 3, selector: (one) => one.number },
);
const tell = fc.record({
  do: fc.constant('tell' as const),
  legacy,
  status: fc.constantFrom('Active', 'Active', 'Active', 'Inactive', 'NotInGoodStanding'),
  password: fc.constantFrom('old', 'old', 'old', 'new'),
  gives,
});
/** One that can be synced, and that says something. */
const telling = fc
  .tuple(tell, fc.constantFrom('T-1' as const, 'T-2' as const), fc.boolean())
  .map(([told, number, owner]) => ({
    ...told,
    status: 'Active',
    password: 'old',
    gives: [...told.gives.filter((one) => one.number !== number), { number, owner, permissions: ['Read'] }],
  }));
const doing = <T extends AceAction['do']>(...names: T[]) => fc.constantFrom(...names);

const action = fc.oneof(
  { weight: 6, arbitrary: tell },
  {
    weight: 8,
    arbitrary: fc.record({
      do: doing('sync'),
      who,
      legacy,
      right: fc.constantFrom(true, true, false),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: doing('submit'), who, number, heir: who }) },
  { weight: 3, arbitrary: fc.record({ do: doing('consent', 'consent', 'object'), nth }) },
  { weight: 3, arbitrary: fc.record({ do: doing('withdraw'), nth, who }) },
  { weight: 5, arbitrary: fc.record({ do: doing('take'), nth, by }) },
  { weight: 2, arbitrary: fc.record({ do: doing('return', 'reject'), nth, by }) },
  { weight: 10, arbitrary: fc.record({ do: doing('approve'), nth, by }) },
  { weight: 4, arbitrary: fc.record({ do: doing('suspend', 'reinstate', 'reinstate', 'signIn'), who }) },
  { weight: 3, arbitrary: fc.record({ do: doing('grant', 'revoke'), who, number }) },
) as fc.Arbitrary<AceAction>;

const fault = fc.oneof(
  { weight: 8, arbitrary: fc.constant({ fault: 'none' }) },
  {
    weight: 3,
    arbitrary: fc.record({ fault: fc.constant('outrun'), at, other: action, reacts: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ fault: fc.constant('killed'), at, written: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      fault: fc.constantFrom('unknownButWritten', 'unknownAndLost', 'unavailable', 'unreadable'),
      at,
    }),
  },
) as fc.Arbitrary<AceFault>;

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
