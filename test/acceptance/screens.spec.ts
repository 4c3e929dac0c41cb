import { Browser } from '../support/browser.js';
import { MailedPortal } from '../support/mailed-portal.js';
import { ANOTHER_PASSWORD, partner, PASSWORD, signedIn } from '../support/people.js';

const world = new MailedPortal();
const USER_NAME = 'User name (your contact e-mail address)';
const twice = { 'New password': ANOTHER_PASSWORD, 'New password again': ANOTHER_PASSWORD };
const askedQuestions = {
  'What was the name of your first pet?': 'Barnacle',
  'What nickname did your family give you?': 'Skipper',
  'What was the name of the first ship or aircraft you travelled on?': 'Queen of Nanaimo',
};

const atLogin = () => new Browser(world.portal.url).open('/');

async function asked(email: string): Promise<Browser> {
  await partner(world.portal, email);
  const browser = await (await atLogin()).click('Forgot your password?');
  return browser.submit('Submit', { 'User Email': email });
}

/** The page that the link in the newest mail opens. */
async function followed(email: string): Promise<Browser> {
  await asked(email);
  const mail = (await world.portal.mailsTo(email)).at(-1)!;
  const [, path] = /https:\/\/portal\.example(\/reset\?\S+)/.exec(mail)!;
  return new Browser(world.portal.url).open(path!);
}

describe('CTPAT Portal, on the screen', () => {
  it('Remember to bookmark this page on your web browser.', async () => {
    const login = await atLogin();
    expect(login.path).toBe('/sign-in');
    // The address by itself leads here again, on any day and in any browser.
    const bookmarked = await new Browser(world.portal.url).open(login.path);
    expect([bookmarked.status, bookmarked.html]).toEqual([200, login.html]);
  });

  it('Once you are on the login page, you will need to add your email address and password.', async () => {
    const login = await atLogin();
    expect(login.blocks).toEqual([USER_NAME, 'Password']);
    expect((await login.submit('Submit', { Password: PASSWORD })).text).toContain(
      'must be an e-mail address',
    );
  });

  it('Click the Submit button.', async () => {
    await partner(world.portal, 'screen@broker.example');
    const login = await atLogin();
    const account = await login.submit('Submit', {
      [USER_NAME]: 'screen@broker.example',
      Password: PASSWORD,
    });
    await account.click('I have no legacy ACE Portal account');
    expect([account.status, account.path]).toEqual([200, '/account']);
    expect(account.text).toContain('You are signed in as screen@broker.example');
  });

  it('If you are unable to access your account, double check that your user name is correct.', async () => {
    const login = await atLogin();
    await login.submit('Submit', { [USER_NAME]: 'nobody@broker.example', Password: PASSWORD });
    expect([login.status, login.path]).toEqual([401, '/sign-in']);
    expect(login.text).toContain('Check that your user name is correct');
  });

  it('If your account seems locked, contact your Supply Chain Security Specialist or management at the field office assigned to your account.', async () => {
    const login = await atLogin();
    await login.submit('Submit', { [USER_NAME]: 'nobody@broker.example', Password: PASSWORD });
    expect(login.text).toContain(
      'If your account seems locked, contact your Supply Chain Security Specialist or management at the field office assigned to your account.',
    );
  });
});

describe('How to reset your password, on the screen:', () => {
  it('Go to the CTPAT Portal login screen.', async () => {
    const login = await atLogin();
    expect([login.status, login.path]).toEqual([200, '/sign-in']);
    expect(login.text).toContain('CTPAT Portal login');
  });

  it('Click on the “Forgot your password?” link below the “Submit” button.', async () => {
    const login = await atLogin();
    const { html } = login;
    expect(html.indexOf('>Forgot your password?</a>')).toBeGreaterThan(html.indexOf('>Submit</button>'));
    expect((await login.click('Forgot your password?')).status).toBe(200);
  });

  it('In the block for “User Email,” type in the e‐mail address exactly as you typed it when you originally accessed the CTPAT Portal.', async () => {
    const page = await (await atLogin()).click('Forgot your password?');
    expect(page.blocks).toEqual(['User Email']);
    expect(page.text).toContain('exactly as you typed it when you originally accessed the portal');
  });

  it('Click “Submit”.', async () => {
    await asked('submit@broker.example');
    const mail = (await world.portal.mailTo('submit@broker.example')).at(-1)!;
    expect(mail.subject).toBe('CTPAT Portal: set a new password');
  });

  it('You will be redirected back to the CTPAT login screen.', async () => {
    const login = await asked('redirected@broker.example');
    expect(login.path).toMatch(/^\/sign-in(\?|$)/);
    const account = await login.submit('Submit', {
      [USER_NAME]: 'redirected@broker.example',
      Password: PASSWORD,
    });
    expect(account.path).toBe('/sync');
    expect((await account.click('I have no legacy ACE Portal account')).path).toBe('/account');
  });

  it('Wait at that screen until you see an acknowledgement that an email will be sent with the temporary password.', async () => {
    const known = await asked('acknowledged@broker.example');
    expect(known.text).toContain(
      'you will receive an email within 24 hours with an active link to set a new password.',
    );
    const unknown = await (await atLogin()).click('Forgot your password?');
    await unknown.submit('Submit', { 'User Email': 'nobody@broker.example' });
    expect([unknown.path, unknown.html]).toEqual([known.path, known.html]);
  });

  it('Click on the link provided in the email and follow the instructions to create a new password.', async () => {
    const page = await followed('link@broker.example');
    const login = await page.submit('Set new password', { ...askedQuestions, ...twice });
    expect(login.text).toContain('Your new password is set');
    await signedIn(world.portal, 'link@broker.example', ANOTHER_PASSWORD);
  });

  it('You will be asked the answers to three security questions before setting your new password.', async () => {
    const page = await followed('questions@broker.example');
    expect(page.blocks).toEqual([...Object.keys(askedQuestions), ...Object.keys(twice)]);
    const wrong = { ...askedQuestions, 'What nickname did your family give you?': 'Admiral' };
    await page.submit('Set new password', { ...wrong, ...twice });
    expect(page.text).toContain('The answers do not match.');
  });

  it('You will be asked to type this new password twice.', async () => {
    const page = await followed('twice@broker.example');
    const differing = { ...twice, 'New password again': `${ANOTHER_PASSWORD}!` };
    await page.submit('Set new password', { ...askedQuestions, ...differing });
    expect(page.text).toContain('must be the same password again');
  });

  it('Follow the password requirements displayed on the screen.', async () => {
    const page = await followed('rules@broker.example');
    expect(page.text).toContain('Password requirements: At least 8 characters');
    const short = { 'New password': 'Tug-42', 'New password again': 'Tug-42' };
    await page.submit('Set new password', { ...askedQuestions, ...short });
    expect(page.text).toContain('must have at least 8 characters');
    // What was wrong can be corrected on the same page.
    await page.submit('Set new password', { ...askedQuestions, ...twice });
    expect(page.text).toContain('Your new password is set');
  });
});

describe('Do you have an existing login.cbp.gov account? If No:', () => {
  it('Click "Create an Account"', async () => {
    const page = await (await atLogin()).click('Create an Account');
    expect([page.status, page.path]).toEqual([200, '/register']);
  });

  it('Fill in the requested information', async () => {
    const page = await (await atLogin()).click('Create an Account');
    expect(page.blocks).toEqual([
      'Contact e-mail address',
      'Given name',
      'Family name',
      'New password',
      'New password again',
      ...[1, 2, 3].flatMap((number) => [`Security question ${number}`, `Answer ${number}`]),
    ]);
    await page.submit('Sign Up', { 'Contact e-mail address': 'half@broker.example' });
    expect(page.status).toBe(422);
    expect(await world.portal.mailTo('half@broker.example')).toEqual([]);
  });

  it('Click "Sign Up"', async () => {
    const page = await (await atLogin()).click('Create an Account');
    await page.submit('Sign Up', {
      'Contact e-mail address': 'signup@broker.example',
      'Given name': 'Ada',
      'Family name': 'Broker',
      ...twice,
      ...Object.fromEntries(
        [
          ['first-pet', 'Barnacle'],
          ['nickname', 'Skipper'],
          ['first-ship', 'Queen of Nanaimo'],
        ].flatMap(([question, answer], index) => [
          [`Security question ${index + 1}`, question],
          [`Answer ${index + 1}`, answer],
        ]),
      ),
    });
    expect(page.text).toContain('We sent a mail to this address.');
    const [mail] = await world.portal.mailsTo('signup@broker.example');
    const [, path] = /https:\/\/portal\.example(\/confirm\?\S+)/.exec(mail!)!;
    const confirm = await page.open(path!);
    const login = await confirm.submit('Confirm', { Password: ANOTHER_PASSWORD });
    expect(login.text).toContain('Your e-mail address is confirmed.');
    await signedIn(world.portal, 'signup@broker.example', ANOTHER_PASSWORD);
  });
});
