import type { Decider } from '../decider.js';
import { accountEvents } from './events.js';
import { evolve } from './evolve.js';
import type { Account } from './state.js';

/** One stream an account: `account-<id>`. */
export const accountDecider: Decider<typeof accountEvents, Account> = {
  category: 'account',
  events: accountEvents,
  initial: { status: 'Unknown' },
  evolve,
};
