import { SetMetadata } from '@nestjs/common';
import type { Role } from '../domain/account/events.js';

/** Who may call a route, and how sure we must be of them. A route without a policy is refused, and fails a test. */
export interface AccessPolicy {
  readonly who: 'anyone' | 'signed-in' | readonly Role[];
  /** The least authenticator assurance level (NIST SP 800-63B); 0 for strangers. */
  readonly aal: 0 | 1 | 2 | 3;
  /** The password must have been given within the last five minutes. */
  readonly stepUp: boolean;
  /** Open to those who must change a weak password first. */
  readonly withWeakPassword: boolean;
}

export const ACCESS_POLICY = 'portcullis:access';

export const Anyone = () => policy({ who: 'anyone', aal: 0 });

export const SignedIn = (options: Partial<Pick<AccessPolicy, 'stepUp' | 'withWeakPassword'>> = {}) =>
  policy({ who: 'signed-in', aal: 1, ...options });

export const Staff = (...roles: [Role, ...Role[]]) => policy({ who: roles, aal: 1 });

/** Likewise, and the password must have been given within the last five minutes. */
export const StaffSteppedUp = (...roles: [Role, ...Role[]]) => policy({ who: roles, aal: 1, stepUp: true });

/** Who looks accounts up, and who of them may change something. */
export const lookers = ['specialist', 'fieldOfficeManager', 'dutyOfficer'] as const satisfies readonly Role[];
export const officers = ['specialist', 'fieldOfficeManager'] as const satisfies readonly Role[];

const policy = (given: Partial<AccessPolicy> & Pick<AccessPolicy, 'who' | 'aal'>) =>
  SetMetadata(ACCESS_POLICY, { stepUp: false, withWeakPassword: false, ...given } satisfies AccessPolicy);
