import { CommandBus } from '@nestjs/cqrs';
import { SuspendAccount } from '../../src/commands/suspend-account.js';
import { Ids } from '../../src/ports.js';
import { projected } from '../support/history.js';
import { MailedPortal } from '../support/mailed-portal.js';
import { lockOut, partner, PASSWORD, registration, resetLink, signedIn, staff } from '../support/people.js';
import { Portal } from '../support/portal.js';

const world = new MailedPortal();

describe('CTPAT Portal', () => {
  it('The CTPAT Portal is located at this web address: https://ctpat.cbp.dhs.gov/trade-web/index.', async () => {
    const portal = await Portal.open({ PUBLIC_URL: 'https://ctpat.cbp.dhs.gov/trade-web' });
    try {
      // Wherever a request claims to have come in, mail leads to the portal's own address.
      const from = { 'x-forwarded-host': 'portal.evil.example', 'x-forwarded-proto': 'http' };
      await portal.client().post('/api/v1/registrations', registration('ada@broker.example'), from);
      const [mail] = await portal.mailsTo('ada@broker.example');
      expect(mail).toMatch(/https:\/\/ctpat\.cbp\.dhs\.gov\/trade-web\/confirm\?token=/);
      expect(mail).not.toContain('evil');
    } finally {
      await portal.close();
    }
  });

  it('If your company is CTPAT certified, you must be a registered user in the CTPAT Portal in order to gain access.', async () => {
    const { portal } = world;
    const client = portal.client();
    expect((await client.get('/api/v1/me')).status).toBe(401);
    expect((await client.signIn('new@broker.example', PASSWORD)).status).toBe(401);
    await client.post('/api/v1/registrations', registration('new@broker.example'));
    expect((await client.signIn('new@broker.example', PASSWORD)).status).toBe(401);
    const token = await portal.mailedToken('new@broker.example', 'confirm');
    await client.post('/api/v1/registrations/confirmations', { token, password: PASSWORD });
    expect((await client.signIn('new@broker.example', PASSWORD)).status).toBe(201);
    expect((await client.get('/api/v1/me')).body).toMatchObject({ email: 'new@broker.example' });
  });

  it('Once you are on the login page, you will need to add your email address and password.', async () => {
    await partner(world.portal, 'both@broker.example');
    const client = world.portal.client();
    const email = 'both@broker.example';
    for (const [body, missing] of [
      [{ email }, '/password'],
      [{ password: PASSWORD }, '/email'],
    ] as const) {
      const refused = await client.post('/api/v1/sessions', body);
      expect(refused.status).toBe(422);
      expect(refused.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([missing]);
    }
    expect((await client.post('/api/v1/sessions', { email, password: PASSWORD })).status).toBe(201);
  });

  it('Click the Submit button.', async () => {
    const id = await partner(world.portal, 'submit@broker.example');
    const client = world.portal.client();
    const answer = await client.signIn('submit@broker.example', PASSWORD);
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ accountId: id, passwordChangeRequired: false });
    expect((await client.get('/api/v1/me')).body).toMatchObject({ accountId: id, status: 'active' });
  });
});

describe('What to do if you can’t access your account:', () => {
  it('If you are unable to access your account, double check that your user name is correct.', async () => {
    await partner(world.portal, 'typed@broker.example');
    const mistyped = await world.portal.client().signIn('tyepd@broker.example', PASSWORD);
    expect(mistyped.status).toBe(401);
    expect(mistyped.body.nextSteps[0]).toMatch(/^Check that your user name is correct:/);
    const wrong = await world.portal.client().signIn('typed@broker.example', 'not the password');
    expect(wrong.body).toEqual(mistyped.body);
  });

  it('The user name should be the same as the email address you entered into the Portal as your contact information.', async () => {
    await partner(world.portal, 'Same.Name@broker.example');
    for (const typed of ['Same.Name@broker.example', 'same.name@BROKER.example']) {
      const ada = await signedIn(world.portal, typed);
      expect((await ada.get('/api/v1/me')).body.email).toBe('Same.Name@broker.example');
    }
    for (const other of ['same.name@other.example', 'samename@broker.example']) {
      expect((await world.portal.client().signIn(other, PASSWORD)).status).toBe(401);
    }
  });

  it('If you need to reset your password, see below.', async () => {
    await partner(world.portal, 'below@broker.example');
    const refused = await world.portal.client().signIn('below@broker.example', 'not the password');
    expect(refused.body.nextSteps).toContain(
      'If you forgot your password, use “Forgot your password?” on the sign-in page.',
    );
  });

  it('If you are still unable to access your account, it may be locked.', async () => {
    await partner(world.portal, 'maybe@broker.example');
    await lockOut(world.portal, 'maybe@broker.example');
    const locked = await world.portal.client().signIn('maybe@broker.example', PASSWORD);
    const unknown = await world.portal.client().signIn('nobody@broker.example', PASSWORD);
    expect(locked.status).toBe(401);
    // The answer may not tell that there is an account to be locked.
    expect(locked.body).toEqual(unknown.body);
    expect(locked.body.nextSteps.join()).toContain('If your account seems locked');
  });

  it('This can happen for a number of reasons, to include entering an incorrect password too many times, or account suspension.', async () => {
    const { portal } = world;
    const officer = await staff(portal, 'specialist', 'reasons@cbp.example');
    const locked = await partner(portal, 'guessed@broker.example');
    await lockOut(portal, 'guessed@broker.example');
    const suspended = await partner(portal, 'suspended@broker.example');
    await officer.post(`/api/v1/accounts/${suspended}/suspensions`, { reason: 'Under review.' });
    await projected(portal);
    for (const [id, email, shown, mailed] of [
      [
        locked,
        'guessed',
        { status: 'locked', lock: { cause: 'TooManyFailures' } },
        /after 5 incorrect passwords/,
      ],
      [
        suspended,
        'suspended',
        { status: 'suspended', suspensions: [{ cause: 'OfficerDecision' }] },
        /suspended by decision of an officer/,
      ],
    ] as const) {
      expect((await portal.client().signIn(`${email}@broker.example`, PASSWORD)).status).toBe(401);
      expect((await officer.get(`/api/v1/accounts/${id}`)).body).toMatchObject(shown);
      expect((await portal.mailsTo(`${email}@broker.example`)).at(-1)).toMatch(mailed);
    }
  });

  it('This can happen for a number of reasons, including if you have entered an incorrect password too many times, or if your account has been suspended due to a change in your company’s C‐TPAT status.', async () => {
    const { portal } = world;
    const id = await partner(portal, 'company@broker.example');
    const commandId = portal.app.get(Ids).next();
    const actor = { kind: 'system', id: 'company-status', role: null } as const;
    const context = { commandId, actor, correlationId: commandId, causationId: commandId };
    const reason = 'The certification of the company was suspended.';
    await portal.app.get(CommandBus).execute(new SuspendAccount(id, 'CompanyStatus', reason, context));
    expect((await portal.client().signIn('company@broker.example', PASSWORD)).status).toBe(401);
    expect((await portal.mailsTo('company@broker.example')).at(-1)).toContain(
      'your account was suspended due to a change in your company’s CTPAT status.',
    );
  });

  it('If your account seems locked, contact your Supply Chain Security Specialist or management at the field office assigned to your account.', async () => {
    const { portal } = world;
    const step =
      'If your account seems locked, contact your Supply Chain Security Specialist or management at the field office assigned to your account.';
    for (const role of ['specialist', 'fieldOfficeManager'] as const) {
      const email = `${role}.helps@broker.example`;
      const id = await partner(portal, email);
      await lockOut(portal, email);
      expect((await portal.client().signIn(email, PASSWORD)).body.nextSteps).toContain(step);
      expect((await portal.mailsTo(email)).at(-1)).toContain(
        'contact your Supply Chain Security Specialist or management at the field office assigned to your account.',
      );
      const officer = await staff(portal, role, `${role}.helps@cbp.example`);
      const reason = 'Called, and answered what only she knows.';
      expect((await officer.post(`/api/v1/accounts/${id}/unlocks`, { reason })).status).toBe(201);
      await signedIn(portal, email);
    }
  });

  it('If your account seems locked, please contact your Supply Chain Security Specialist or the C‐TPAT Duty Officer of the day at or (202) 344‐1180 for assistance.', async () => {
    await partner(world.portal, 'duty@broker.example');
    await lockOut(world.portal, 'duty@broker.example');
    const mail = (await world.portal.mailsTo('duty@broker.example')).at(-1);
    expect(mail).toContain('contact your Supply Chain Security Specialist');
    expect(mail).toContain('the Duty Officer of the Day at (202) 344-1180');
  });
});

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
