import { z } from 'zod';

/** By which rules a password was chosen. */
export const passwordPolicyName = z.enum(['portal-8', 'nist-800-63b-4']);
