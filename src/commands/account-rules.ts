import type { PasswordPolicyName } from '../domain/account/events.js';
import type { LockoutRules } from '../domain/account/sign-in.js';

/** The operator's choices that decisions need. Bound in the app module from the configuration. */
export abstract class AccountRules {
  abstract readonly lockout: LockoutRules;
  abstract readonly passwordPolicy: PasswordPolicyName;
  abstract readonly sessionMs: number;
  abstract readonly sessionIdleMs: number;
  abstract readonly staffSessionMs: number;
  abstract readonly staffSessionIdleMs: number;
}
