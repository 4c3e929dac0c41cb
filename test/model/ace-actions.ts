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

export const who = fc.constantFrom(...PEOPLE);
const by = fc.constantFrom(...REVIEWERS);
export const legacy = fc.constantFrom(...LEGACY);
export const number = fc.constantFrom(...NUMBERS);
const nth = fc.nat(2);
export const on = fc.constantFrom(0 as const, 1 as const);
export const at = fc.nat(4);

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
export const telling = fc
  .tuple(tell, fc.constantFrom('T-1' as const, 'T-2' as const), fc.boolean())
  .map(([told, number, owner]) => ({
    ...told,
    status: 'Active',
    password: 'old',
    gives: [...told.gives.filter((one) => one.number !== number), { number, owner, permissions: ['Read'] }],
  }));
const doing = <T extends AceAction['do']>(...names: T[]) => fc.constantFrom(...names);

export const action = fc.oneof(
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

export const fault = fc.oneof(
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
