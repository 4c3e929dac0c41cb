import { refuse } from './problem.js';

export const accessElsewhere = {
  create:
    'In your legacy ACE Portal account, click “User Access” in the Tools tab and create an individual user for each person.',
  then: 'Each of them then follows the steps to set up an account here, signs in to it, and syncs it with their own legacy user id and password.',
} as const;

export const accessHere = [
  'Create an individual user for each person, with some or all of your own permissions: POST /api/v1/me/trade-accounts/{id}/users. Only the Account Owner can.',
  'Each of them gets a mail with a legacy user id of their own, and a link to set its password.',
  'Each of them then creates an account here, signs in to it, and syncs it with that user id and password.',
] as const;

/** Where Account Owners create individual users. Bound in the app module from the configuration. */
export class UserAccess {
  constructor(
    readonly where: 'legacy' | 'portal',
    /** null: the legacy portal is not available. */
    readonly legacyPortal: string | null,
    /** Of the Managing User Access training guide. */
    readonly guide: string | null,
  ) {}

  steps(): readonly string[] {
    return this.where === 'portal' ? accessHere : [accessElsewhere.create, accessElsewhere.then];
  }

  /** Throws `UserAccessElsewhere`, with the way there. */
  refuseElsewhere(): void {
    if (this.where === 'portal') return;
    const portal = this.legacyPortal === null ? [] : [`The legacy ACE Portal is at ${this.legacyPortal}`];
    const guide = this.guide === null ? [] : [`The Managing User Access training guide is at ${this.guide}`];
    throw refuse('UserAccessElsewhere', { nextSteps: [...this.steps(), ...portal, ...guide] });
  }
}
