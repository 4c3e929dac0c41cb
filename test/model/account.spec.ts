import fc from 'fast-check';
import type { LockoutRules } from '../../src/domain/account/sign-in.js';
import { MINUTE } from '../support/given.js';
import { history } from './actions.js';
import { Run } from './run.js';

// SOAK=1 runs many more, from a new seed each time; a failure names its seed, and SEED=… repeats it.
const soak = process.env.SOAK === '1';
const seed = Number(process.env.SEED ?? (soak ? Date.now() & 0x7fffffff : 20_260_302));
const RUNS = soak ? 5_000 : 100;

const rules = fc.constantFrom<LockoutRules>(
  { failuresMax: 5, lockMs: 15 * MINUTE },
  { failuresMax: 5, lockMs: 15 * MINUTE },
  { failuresMax: 3, lockMs: MINUTE },
  { failuresMax: 5, lockMs: 0 },
);

test(
  'an account does what the model says, through faults, conflicts, repetitions and clocks that step back',
  async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(rules, history, async (lockout, steps) => {
        const run = new Run(lockout);
        await run.through(steps);
        run.seen.forEach((type) => seen.add(type));
      }),
      { seed, numRuns: RUNS },
    );
    // Histories that never get there would prove nothing about it.
    expect(REACHED.filter((type) => !seen.has(type))).toEqual([]);
  },
  soak ? 3_600_000 : 120_000,
);

const REACHED = [
  'a hundred failures',
  'ten wrong sets of answers',
  'AccountLocked',
  'AccountReinstated',
  'AccountSuspended',
  'AccountUnlocked',
  'ContactEmailChanged',
  'ContactEmailRestored',
  'FormerEmailReleased',
  'LockExpired',
  'LoginSucceeded',
  'PasswordChanged',
  'PasswordReset',
  'PasswordResetRepudiated',
  'RecoveryBlocked',
  'RecoveryUnblocked',
  'RegistrationExpired',
  'ResetLinkExpired',
  'ResetLinkRevoked',
  'SessionEnded',
];
