import fc from 'fast-check';

/** Who trades, and who reviews; an applicant may be a reviewer too. */
export const PEOPLE = ['ada', 'ben', 'cyd', 'dot'] as const;
export const REVIEWERS = ['rita', 'ruth', 'rosa', 'ada'] as const;
export const LEGACY = ['L1', 'L2', 'L3'] as const;
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

/** What goes wrong from the `at`-th append of an action on. 'outrun': `other` happens elsewhere before it; 'killed': the instance
 *  ends there, after the append or before it, and nobody asks again. */
export type AceFault =
  | { readonly fault: 'none' }
  | { readonly fault: 'outrun'; readonly at: number; readonly other: AceAction }
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
  { weight: 1, arbitrary: fc.record({ do: doing('withdraw'), nth, who }) },
  { weight: 5, arbitrary: fc.record({ do: doing('take'), nth, by }) },
  { weight: 2, arbitrary: fc.record({ do: doing('return', 'reject'), nth, by }) },
  { weight: 10, arbitrary: fc.record({ do: doing('approve'), nth, by }) },
  { weight: 4, arbitrary: fc.record({ do: doing('suspend', 'reinstate', 'reinstate', 'signIn'), who }) },
  { weight: 3, arbitrary: fc.record({ do: doing('grant', 'revoke'), who, number }) },
) as fc.Arbitrary<AceAction>;

const fault = fc.oneof(
  { weight: 8, arbitrary: fc.constant({ fault: 'none' }) },
  { weight: 3, arbitrary: fc.record({ fault: fc.constant('outrun'), at, other: action }) },
  { weight: 3, arbitrary: fc.record({ fault: fc.constant('killed'), at, written: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      fault: fc.constantFrom('unknownButWritten', 'unknownAndLost', 'unavailable', 'unreadable'),
      at,
    }),
  },
) as fc.Arbitrary<AceFault>;

const step = fc.oneof(
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
    weight: 3,
    arbitrary: fc.record({
      step: fc.constant('replace'),
      number,
      heir: who,
      between: fc.constantFrom('nothing', 'nothing', 'nothing', 'object', 'suspend'),
      fault,
    }),
  },
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
      action: fc.record({ do: fc.constant('erase'), who }),
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
          calm({ do: 'signIn', who: 'ada' }),
          ...steps,
        ],
  );
