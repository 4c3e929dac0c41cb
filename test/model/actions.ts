import fc from 'fast-check';

/** What people, officers, mail and time do to one account. `nth`: which one of those known, counted back from the latest. */
export type Action =
  | { readonly do: 'register' }
  | { readonly do: 'confirm'; readonly password: Typed }
  | { readonly do: 'signIn'; readonly password: Typed }
  | { readonly do: 'confirmPassword'; readonly nth: number; readonly password: Typed }
  | { readonly do: 'signOut'; readonly nth: number }
  | { readonly do: 'unlock' }
  | { readonly do: 'suspend'; readonly cause: Cause }
  | { readonly do: 'reinstate'; readonly cause: Cause }
  | { readonly do: 'requestReset' }
  | { readonly do: 'linkSent'; readonly nth: number }
  | { readonly do: 'reset'; readonly nth: number; readonly answers: Typed }
  | { readonly do: 'repudiate'; readonly nth: number }
  | { readonly do: 'unblockRecovery' }
  | { readonly do: 'changePassword'; readonly nth: number }
  | { readonly do: 'changeQuestions' }
  | { readonly do: 'requestEmailChange' }
  | { readonly do: 'confirmEmailChange'; readonly nth: number }
  | { readonly do: 'restoreEmail'; readonly nth: number }
  | { readonly do: 'expire' };

/** 'former': what was right before it was changed. */
export type Typed = 'right' | 'wrong' | 'former';
export type Cause = 'OfficerDecision' | 'SecurityConcern' | 'CompanyStatus';

/** What goes wrong with the append of an action; 'outrun': another instance carries out `other` in between. */
export type Fault =
  | { readonly fault: 'none' }
  | { readonly fault: 'outrun'; readonly other: Action }
  | {
      readonly fault: 'unknownButWritten' | 'unknownAndLost' | 'unknownTwice' | 'unavailable' | 'unreadable';
    };

export type Step =
  | {
      readonly step: 'act';
      readonly action: Action;
      readonly on: 0 | 1;
      readonly fault: Fault;
      readonly resend: boolean;
    }
  /** Guesses at once at one instance, the right password somewhere among them. */
  | { readonly step: 'burst'; readonly guesses: readonly Typed[]; readonly on: 0 | 1 }
  /** Locks the account again and again, waiting for the end of each lock. */
  | { readonly step: 'hammer'; readonly locks: number }
  /** Asks for one link after the other, and answers each three times wrong. */
  | { readonly step: 'guessAnswers'; readonly links: number }
  /** Asks for a link and sets a new password by it, and may say that somebody else did. */
  | { readonly step: 'recover'; readonly disown: boolean }
  /** A password is compared while a reset by another instance makes it the former one. */
  | { readonly step: 'race'; readonly password: Typed }
  /** Moves to new addresses, one after the other; one more may wait while the last is taken back. */
  | { readonly step: 'move'; readonly times: number; readonly takeBack: boolean }
  | { readonly step: 'wait'; readonly ms: number }
  | { readonly step: 'waitForUnlock' };

const nth = fc.nat(2);
const typed = fc.constantFrom<Typed>('right', 'wrong', 'former');
const cause = fc.constantFrom<Cause>('OfficerDecision', 'SecurityConcern', 'CompanyStatus');
const just = <T extends Action['do']>(name: T) => fc.constant({ do: name });

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 1, arbitrary: just('register') },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('confirm' as const), password: typed }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('signIn' as const),
      password: fc.constantFrom<Typed>('right', 'wrong', 'wrong', 'former'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('confirmPassword' as const), nth, password: typed }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('signOut' as const), nth }) },
  { weight: 2, arbitrary: just('unlock') },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('suspend' as const), cause }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reinstate' as const), cause }) },
  { weight: 5, arbitrary: just('requestReset') },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('linkSent' as const), nth }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('reset' as const), nth: fc.nat(1), answers: typed }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('repudiate' as const), nth }) },
  { weight: 2, arbitrary: just('unblockRecovery') },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('changePassword' as const), nth: fc.nat(1) }) },
  { weight: 1, arbitrary: just('changeQuestions') },
  { weight: 2, arbitrary: just('requestEmailChange') },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('confirmEmailChange' as const), nth: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restoreEmail' as const), nth }) },
  { weight: 1, arbitrary: just('expire') },
) as fc.Arbitrary<Action>;

const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 8, arbitrary: fc.constant({ fault: 'none' } as const) },
  { weight: 2, arbitrary: fc.record({ fault: fc.constant('outrun' as const), other: action }) },
  {
    weight: 3,
    arbitrary: fc.record({
      fault: fc.constantFrom(
        'unknownButWritten' as const,
        'unknownAndLost' as const,
        'unknownTwice' as const,
        'unavailable' as const,
        'unreadable' as const,
      ),
    }),
  },
);

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const on = fc.constantFrom(0 as const, 1 as const);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.record({ step: fc.constant('act' as const), action, on, fault, resend: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      step: fc.constant('burst' as const),
      guesses: fc.array(typed, { minLength: 2, maxLength: 12 }),
      on,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ step: fc.constant('hammer' as const), locks: fc.constantFrom(1, 2, 34) }),
  },
  { weight: 1, arbitrary: fc.record({ step: fc.constant('guessAnswers' as const), links: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ step: fc.constant('recover' as const), disown: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ step: fc.constant('race' as const), password: typed }) },
  {
    weight: 1,
    arbitrary: fc.record({ step: fc.constant('move' as const), times: fc.nat(6), takeBack: fc.boolean() }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      step: fc.constant('wait' as const),
      // Backwards too: clocks are set.
      ms: fc.constantFrom(
        1,
        SECOND,
        5 * MINUTE,
        15 * MINUTE,
        HOUR,
        23 * HOUR,
        49 * HOUR,
        169 * HOUR,
        -SECOND,
        -HOUR,
        -30 * HOUR,
      ),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ step: 'waitForUnlock' as const }) },
);

/** Most accounts are confirmed before anything else happens to them. */
export const history: fc.Arbitrary<readonly Step[]> = fc
  .tuple(fc.integer({ min: 0, max: 9 }), fc.array(step, { maxLength: 60, size: 'max' }))
  .map(([odds, steps]) =>
    odds === 0 ? steps : [act({ do: 'register' }), act({ do: 'confirm', password: 'right' }), ...steps],
  );

const act = (done: Action): Step => ({
  step: 'act',
  action: done,
  on: 0,
  fault: { fault: 'none' },
  resend: false,
});
