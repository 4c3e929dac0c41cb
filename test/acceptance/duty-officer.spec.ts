import { projected } from '../support/history.js';
import { MailedPortal } from '../support/mailed-portal.js';
import { lockOut, partner, resetLink, staff } from '../support/people.js';

const world = new MailedPortal();

describe('How to reset your password:', () => {
  it('If these instructions still do not work, please send an email to or call the Duty Officer of the Day at (202) 344‐1180.', async () => {
    const { portal } = world;
    await partner(portal, 'call@broker.example');
    await lockOut(portal, 'call@broker.example');
    await portal.client().post('/api/v1/password-reset-requests', { email: 'call@broker.example' });
    const [, locked, noReset] = await portal.mailTo('call@broker.example');
    for (const mail of [locked, noReset]) {
      expect(mail?.text).toContain('You can also contact the Duty Officer of the Day at (202) 344-1180.');
    }
    expect(noReset?.subject).toBe('CTPAT Portal: no new password for now');
  });

  it('Be advised that the Duty Officer cannot reset your password for you, they can only check the account to see if there is another problem.', async () => {
    const { portal } = world;
    const id = await partner(portal, 'advised@broker.example');
    await resetLink(portal, 'advised@broker.example');
    await lockOut(portal, 'advised@broker.example');
    expect((await portal.mailsTo('advised@broker.example')).at(-1)).toContain(
      'Be advised that the Duty Officer cannot reset your password or unlock your account for you; they can only check the account to see if there is another problem.',
    );
    const officer = await staff(portal, 'dutyOfficer');
    await portal.settled();
    await projected(portal);
    const checked = await officer.get('/api/v1/accounts?email=advised@broker.example');
    expect(checked.body).toMatchObject({
      accountId: id,
      status: 'locked',
      lock: { cause: 'TooManyFailures', since: expect.any(String), until: expect.any(String) },
      openReset: { requestedAt: expect.any(String) },
    });
    const acts = ['unlocks', 'suspensions', 'reinstatements', 'recovery-unblocks'];
    for (const act of acts) {
      const refused = await officer.post(`/api/v1/accounts/${id}/${act}`, { reason: 'Asked nicely.' });
      expect([refused.status, refused.body.code]).toEqual([403, 'Forbidden']);
    }
    expect((await officer.get(`/api/v1/accounts/${id}`)).body).toEqual(checked.body);
  });
});
