import { CommandBus } from '@nestjs/cqrs';
import { InviteStaff, type StaffInvitation } from '../../src/commands/invite-staff.js';
import type { Role } from '../../src/domain/account/events.js';
import { Ids } from '../../src/ports.js';
import type { Portal } from './portal.js';
import type { PortalClient } from './portal-client.js';

export const PASSWORD = 'Sturdy-Harbor-42';
export const ANOTHER_PASSWORD = 'Quiet-Lantern-77';
export const answers = [
  { questionId: 'first-pet', answer: 'Barnacle' },
  { questionId: 'nickname', answer: 'Skipper' },
  { questionId: 'first-ship', answer: 'Queen of Nanaimo' },
];

export const registration = (email: string) => ({
  email,
  givenName: 'Ada',
  familyName: 'Broker',
  password: PASSWORD,
  passwordAgain: PASSWORD,
  securityAnswers: answers,
});

/** Registers and confirms a partner, and returns the account's id. */
export async function partner(portal: Portal, email: string): Promise<string> {
  const client = portal.client();
  await client.post('/api/v1/registrations', registration(email));
  const token = await portal.mailedToken(email, 'confirm');
  const confirmed = await client.post('/api/v1/registrations/confirmations', { token, password: PASSWORD });
  if (confirmed.status !== 200) throw new Error(`not confirmed: ${confirmed.text}`);
  return token.split('.')[1]!;
}

/** Invites and enrols a member of staff, and returns a client signed in as such. */
export async function staff(
  portal: Portal,
  role: Role,
  email = `${role}@cbp.example`,
): Promise<PortalClient> {
  const commandId = portal.app.get(Ids).next();
  const invitation = await portal.app.get(CommandBus).execute<InviteStaff, StaffInvitation>(
    new InviteStaff(
      { email, givenName: 'Olive', familyName: 'Officer', role },
      {
        commandId,
        actor: { kind: 'operator', id: 'test', role: null },
        correlationId: commandId,
        causationId: commandId,
      },
    ),
  );
  const token = new URL(invitation.enrolmentUrl).searchParams.get('token');
  const client = portal.client();
  const enrolled = await client.post('/api/v1/enrolments', {
    token,
    password: PASSWORD,
    passwordAgain: PASSWORD,
    securityAnswers: answers,
  });
  if (enrolled.status !== 200) throw new Error(`not enrolled: ${enrolled.text}`);
  await client.signIn(email, PASSWORD);
  return client;
}

export async function signedIn(portal: Portal, email: string, password = PASSWORD): Promise<PortalClient> {
  const client = portal.client();
  const answer = await client.signIn(email, password);
  if (answer.status !== 201) throw new Error(`not signed in: ${answer.text}`);
  return client;
}

/** Five wrong passwords, which lock the account. */
export async function lockOut(portal: Portal, email: string): Promise<void> {
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    const answer = await portal.client().signIn(email, 'not the password');
    if (answer.status !== 401) throw new Error(`not refused: ${answer.text}`);
  }
}

/** “Forgot your password?”, and the token of the link that comes by mail. */
export async function resetLink(portal: Portal, email: string): Promise<string> {
  const answer = await portal.client().post('/api/v1/password-reset-requests', { email });
  if (answer.status !== 202) throw new Error(`not accepted: ${answer.text}`);
  return portal.mailedToken(email, 'reset');
}

/** The whole form behind a reset link, well filled in. */
export const newPassword = (token: string, password = ANOTHER_PASSWORD) => ({
  token,
  answers,
  password,
  passwordAgain: password,
});
