import { CommandBus } from '@nestjs/cqrs';
import { InviteStaff, type StaffInvitation } from '../../src/commands/invite-staff.js';
import { SuspendAccount } from '../../src/commands/suspend-account.js';
import type { Role } from '../../src/domain/account/events.js';
import { Ids } from '../../src/ports.js';
import type { PortalClient } from '../support/portal-client.js';
import { lockOut, partner, signedIn, staff } from '../support/people.js';
import { type Portal } from '../support/portal.js';

export const roles: readonly Role[] = [
  'specialist',
  'fieldOfficeManager',
  'dutyOfficer',
  'auditor',
  'applicationTeam',
  'serviceDesk',
];

/** Somebody who sends requests, and why a door may be shut to them. */
export interface Caller {
  readonly name: string;
  readonly client: PortalClient;
  readonly roles: readonly Role[];
  /** The answer to everything but open doors; null: signed in. */
  readonly shut: 'NotSignedIn' | 'AccountShut' | null;
  readonly passwordIsOld: boolean;
}

const somebody = { roles: [], shut: null, passwordIsOld: false } as const;

/** Everybody whose session is minutes old. */
export async function freshCallers(portal: Portal): Promise<Caller[]> {
  const partnerSession = async (name: string) => {
    const email = `${name.replace(/\W+/g, '-')}@broker.example`;
    const accountId = await partner(portal, email);
    return { name, email, accountId, client: await signedIn(portal, email) };
  };
  const everyRole = await Promise.all(
    roles.map(async (role) => ({
      ...somebody,
      name: `a ${role}`,
      client: await staff(portal, role),
      roles: [role],
    })),
  );
  const suspended = await partnerSession('a suspended partner');
  await suspend(portal, suspended.accountId);
  const locked = await partnerSession('a locked partner');
  await lockOut(portal, locked.email);
  const signedOut = await partnerSession('a partner who signed out');
  await signedOut.client.delete('/api/v1/sessions/current');
  return [
    { ...somebody, name: 'a stranger', client: portal.client(), shut: 'NotSignedIn' },
    { ...somebody, ...(await partnerSession('a partner')) },
    ...everyRole,
    { ...somebody, ...suspended, shut: 'NotSignedIn' },
    { ...somebody, ...locked, shut: 'AccountShut' },
    { ...somebody, ...signedOut, shut: 'NotSignedIn' },
  ];
}

async function suspend(portal: Portal, accountId: string): Promise<void> {
  const command = new SuspendAccount(accountId, 'OfficerDecision', 'Under review.', operatorContext(portal));
  await portal.app.get(CommandBus).execute(command);
}

/** The caller who may call a route: by role, or any partner. */
export function callerFor(callers: readonly Caller[], who: 'anyone' | 'signed-in' | readonly Role[]): Caller {
  const found = callers.find((caller) =>
    typeof who === 'string'
      ? caller.name === (who === 'anyone' ? 'a stranger' : 'a partner')
      : caller.roles.some((role) => who.includes(role)),
  );
  if (!found) throw new Error(`nobody may call a route for ${String(who)}`);
  return found;
}

/** The token of the link by which a new member of staff enrols. */
export async function invitationFor(portal: Portal, email: string): Promise<string> {
  const invitation = { email, givenName: 'Ina', familyName: 'Vited', role: 'auditor' } as const;
  const { enrolmentUrl } = await portal.app
    .get(CommandBus)
    .execute<InviteStaff, StaffInvitation>(new InviteStaff(invitation, operatorContext(portal)));
  return new URL(enrolmentUrl).searchParams.get('token')!;
}

function operatorContext(portal: Portal) {
  const commandId = portal.app.get(Ids).next();
  const actor = { kind: 'operator', id: 'test', role: null } as const;
  return { commandId, actor, correlationId: commandId, causationId: commandId };
}
