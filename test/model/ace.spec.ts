import fc from 'fast-check';
import { counted, progress, soaking } from '../support/soak.js';
import { AceRun } from './ace-run.js';
import { aceExamples, aceHistory } from './ace-steps.js';

// SOAK=1 runs many more, from a new seed each time; a failure names its seed, and SEED=… repeats it.
const seed = Number(process.env.SEED ?? (soaking ? Date.now() & 0x7fffffff : 20_260_302));

test(
  'legacy accounts and account owners do what the model says, through faults, crashes, races and reactions that come late or twice',
  async () => {
    const seen = new Set<string>();
    let told = 0;
    await fc.assert(
      fc.asyncProperty(aceHistory, async (steps) => {
        const run = new AceRun();
        await run.through(steps);
        run.seen.forEach((type) => seen.add(type));
        if ((told += 1) % 250 === 0) progress(`${told} histories (SEED=${seed})`);
      }),
      { seed, numRuns: counted(60, 3_000), examples: aceExamples },
    );
    // Histories that never get there would prove nothing about it.
    expect(REACHED.filter((type) => !seen.has(type))).toEqual([]);
  },
  soaking ? 3_600_000 : 120_000,
);

const REACHED = [
  'AccountOwnerNamed',
  'AccountOwnerReplaced',
  'AccountSuspended',
  'LegacyAccountChanged',
  'LegacyAccountClaimed',
  'LegacyClaimReleased',
  'LegacyCredentialRefused',
  'LegacySynced',
  'NewOwnerInvited',
  'OwnerConsented',
  'OwnerObjected',
  'OwnerReplacementCompleted',
  'OwnerReplacementRejected',
  'OwnerReplacementReturned',
  'OwnerReplacementSuperseded',
  'OwnerReplacementWithdrawn',
  'PersonErased',
  'ReplacementPlaceFreed',
  'SessionEnded',
  'UserAccessRevoked',
  'approve NewOwnerSuspended',
  'approve OwnerChanged',
  'approve OwnerObjects',
  'approve OwnApplication',
  'approve WaitNotOver',
  'approve killed',
  'submit TradeAccountContested',
  'sync AccountShut',
  'sync AlreadySynced',
  'sync LegacyAccountNotInGoodStanding',
  'sync LegacyAccountUsed',
  'sync LegacySyncRefused',
  'sync killed',
];
