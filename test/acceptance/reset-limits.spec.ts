import { ReadAccountEventsHandler } from '../../src/projections/audit-trail.js';
import { MailedPortal } from '../support/mailed-portal.js';
import {
  answers,
  lockOut,
  newPassword,
  partner,
  PASSWORD,
  resetLink,
  signedIn,
  staff,
} from '../support/people.js';
import type { Answer } from '../support/portal-client.js';
import { MINUTE } from '../support/portal.js';

const world = new MailedPortal();
const ASK = '/api/v1/password-reset-requests';
const RESET = '/api/v1/password-resets';

async function eventsOf(accountId: string, ...types: string[]): Promise<string[]> {
  const trail = world.portal.app.get(ReadAccountEventsHandler);
  const events = await trail.execute({ accountId, fromRevision: 0, limit: 1_000, reveal: false });
  return events.map(({ type }) => type).filter((type) => types.includes(type));
}

/** How often each status was answered. */
function tally(results: readonly Answer[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of results) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

const times = (count: number, send: (index: number) => Promise<Answer>) =>
  Promise.all(Array.from({ length: count }, (_, index) => send(index)));

describe('a reset link', () => {
  it('that is used 64 times at once sets one password', async () => {
    const { portal } = world;
    const id = await partner(portal, 'race@broker.example');
    const token = await resetLink(portal, 'race@broker.example');
    const passwordOf = (index: number) => `Number-${index}-harbor`;
    const results = await times(64, (index) =>
      portal.client().post(RESET, newPassword(token, passwordOf(index))),
    );
    expect(tally(results)).toEqual({ 200: 1, 410: 63 });
    expect(await eventsOf(id, 'PasswordReset')).toEqual(['PasswordReset']);
    const winner = results.findIndex(({ status }) => status === 200);
    await signedIn(portal, 'race@broker.example', passwordOf(winner));
    await portal.settled();
    const notices = (await portal.mailTo('race@broker.example')).filter(({ subject }) =>
      subject.endsWith('your password was reset'),
    );
    expect(notices).toHaveLength(1);
  });

  it('takes three wrong sets of answers, though 64 come at once', async () => {
    const { portal } = world;
    const id = await partner(portal, 'answers@broker.example');
    const token = await resetLink(portal, 'answers@broker.example');
    const wrong = answers.map(({ questionId }) => ({ questionId, answer: 'a guess' }));
    const results = await times(64, () =>
      portal.client().post(RESET, { ...newPassword(token), answers: wrong }),
    );
    expect(tally(results)).toEqual({ 422: 3, 410: 61 });
    expect((await portal.client().post(RESET, newPassword(token))).status).toBe(410);
    expect(await eventsOf(id, 'ResetAnswersRefused', 'ResetLinkRevoked', 'PasswordReset')).toEqual([
      'ResetAnswersRefused',
      'ResetAnswersRefused',
      'ResetAnswersRefused',
      'ResetLinkRevoked',
    ]);
  });

  it.each([
    ['one after the other', (send: () => Promise<Answer>) => inTurn(10, send)],
    ['at once', (send: () => Promise<Answer>) => times(10, send)],
  ])('is mailed once for ten clicks on “Forgot your password?”, %s, and one lives', async (how, click) => {
    const { portal } = world;
    const email = `${how.replaceAll(' ', '-')}@broker.example`;
    const id = await partner(portal, email);
    const before = (await portal.mailTo(email)).length;
    expect(tally(await click(() => portal.client().post(ASK, { email })))).toEqual({ 202: 10 });
    expect(await portal.mailTo(email)).toHaveLength(before + 1);
    expect(await eventsOf(id, 'ResetRequested', 'ResetLinkSent')).toEqual([
      'ResetRequested',
      'ResetLinkSent',
    ]);
    const token = await portal.mailedToken(email, 'reset');
    expect((await portal.client().post(RESET, newPassword(token))).status).toBe(200);
  });

  it('is mailed at most five times, however long somebody clicks', async () => {
    const { portal } = world;
    await partner(portal, 'flood@broker.example');
    for (let click = 1; click <= 40; click += 1) {
      await portal.client().post(ASK, { email: 'flood@broker.example' });
      await portal.settled();
      portal.clock.advance(6 * MINUTE);
    }
    const mails = await portal.mailTo('flood@broker.example');
    expect(mails.filter(({ subject }) => subject.endsWith('set a new password'))).toHaveLength(5);
    const token = await portal.mailedToken('flood@broker.example', 'reset');
    expect((await portal.client().post(RESET, newPassword(token))).status).toBe(200);
  });

  it('is not sent during a lock: the owner is told why and whom to contact', async () => {
    const { portal } = world;
    const id = await partner(portal, 'locked@broker.example');
    await lockOut(portal, 'locked@broker.example');
    const answer = await portal.client().post(ASK, { email: 'locked@broker.example' });
    expect((await portal.client().post(ASK, { email: 'nobody@broker.example' })).body).toEqual(answer.body);
    const mail = (await portal.mailTo('locked@broker.example')).at(-1)!;
    expect(mail.subject).toBe('CTPAT Portal: no new password for now');
    expect(mail.text).not.toContain('token=');
    expect(mail.text).toContain('because an incorrect password was entered too many times');
    expect(mail.text).toMatch(/The lock ends by itself on January 15, 2026 at \d\d:\d\d UTC\./);
    expect(mail.text).toContain(
      'Contact your Supply Chain Security Specialist or management at the field office',
    );
    expect(await eventsOf(id, 'ResetRequested', 'ResetLinkSent')).toEqual([]);
  });

  it('that was out before a lock is refused until the lock ends, and unspent', async () => {
    const { portal } = world;
    await partner(portal, 'before@broker.example');
    const token = await resetLink(portal, 'before@broker.example');
    await lockOut(portal, 'before@broker.example');
    for (const path of [RESET, `${RESET}/questions`]) {
      const body = path === RESET ? newPassword(token) : { token };
      const refused = await portal.client().post(path, body);
      expect([refused.status, refused.body.code]).toEqual([409, 'LinkShut']);
      expect(refused.body.nextSteps.join()).toContain('contact your Supply Chain Security Specialist');
    }
    portal.clock.advance(15 * MINUTE);
    expect((await portal.client().post(RESET, newPassword(token))).status).toBe(200);
  });

  it('lifts no suspension, and is refused while one holds', async () => {
    const { portal } = world;
    const id = await partner(portal, 'suspended@broker.example');
    const token = await resetLink(portal, 'suspended@broker.example');
    const officer = await staff(portal, 'specialist');
    await officer.post(`/api/v1/accounts/${id}/suspensions`, { reason: 'Under review.' });
    expect((await portal.client().post(RESET, newPassword(token))).body.code).toBe('LinkShut');
    await portal.client().post(ASK, { email: 'suspended@broker.example' });
    const mail = (await portal.mailTo('suspended@broker.example')).at(-1)!;
    expect(mail.text).toContain('Your account was suspended by decision of an officer.');
    expect((await portal.client().signIn('suspended@broker.example', PASSWORD)).status).toBe(401);
  });
});

async function inTurn(count: number, send: () => Promise<Answer>): Promise<Answer[]> {
  const results: Answer[] = [];
  while (results.length < count) results.push(await send());
  return results;
}
