import { legacyPagePaths } from './legacy-screens.js';
import { answersIn, email, password, questions, text, type Page } from './page.js';

const toSignIn = { href: '/sign-in', text: 'Back to the login screen' };
const newPassword = [
  password('password', 'New password', 'new-password'),
  password('passwordAgain', 'New password again', 'new-password'),
];

/** What the login screen says after something was done elsewhere. */
export const notices: Readonly<Record<string, string>> = {
  registered:
    'We sent a mail to this address. Follow its link within 48 hours and enter your password. If no mail comes, check that you typed the address correctly.',
  confirmed: 'Your e-mail address is confirmed. Sign in now.',
  enrolled: 'Your password is set. Sign in now.',
  asked:
    'If this address has an account, you will receive an email within 24 hours with an active link to set a new password.',
  reset: 'Your new password is set, and all sessions were ended. Sign in now.',
  changed: 'Your contact e-mail address is changed. From now on it is your user name.',
  repudiated:
    'All sessions were ended. Contact your Supply Chain Security Specialist or management at the field office assigned to your account.',
  consented: 'Thank you. You will be told by mail when you are not the Account Owner any more.',
  objected: 'Nobody can approve the application now. You will be told by mail what becomes of it.',
  'signed-out': 'You signed out.',
  legacy:
    'The legacy ACE Portal leads here: this is the only way to log in. Once you are signed in you can go back to it without signing in again.',
};

export const screens: readonly Page[] = [
  {
    path: '/sign-in',
    title: 'CTPAT Portal login',
    intro: [],
    fields: [
      email('User name (your contact e-mail address)'),
      password('password', 'Password', 'current-password'),
    ],
    submit: 'Submit',
    links: [
      { href: '/forgot', text: 'Forgot your password?' },
      { href: '/register', text: 'Create an Account' },
    ],
    byLink: false,
    call: ({ email: address, password: secret }) => ({
      method: 'POST',
      url: '/api/v1/sessions',
      body: { email: address, password: secret },
    }),
    then: '/welcome',
  },
  {
    path: '/forgot',
    title: 'Forgot your password?',
    intro: [
      'Type in the e-mail address exactly as you typed it when you originally accessed the portal. Click only once: asking again sends no other link.',
    ],
    fields: [email('User Email')],
    submit: 'Submit',
    links: [toSignIn],
    byLink: false,
    call: ({ email: address }) => ({
      method: 'POST',
      url: '/api/v1/password-reset-requests',
      body: { email: address },
    }),
    then: '/sign-in?notice=asked',
  },
  {
    path: '/register',
    title: 'Create an Account',
    intro: ['Your contact e-mail address will be your user name.'],
    fields: [
      email('Contact e-mail address'),
      text('givenName', 'Given name', 'given-name'),
      text('familyName', 'Family name', 'family-name'),
      ...newPassword,
      ...questions,
    ],
    submit: 'Sign Up',
    links: [toSignIn],
    byLink: false,
    call: (form) => ({
      method: 'POST',
      url: '/api/v1/registrations',
      body: {
        email: form.email,
        givenName: form.givenName,
        familyName: form.familyName,
        password: form.password,
        passwordAgain: form.passwordAgain,
        securityAnswers: answersIn(form),
      },
    }),
    then: '/sign-in?notice=registered',
  },
  {
    path: '/confirm',
    title: 'Confirm your e-mail address',
    intro: ['Enter the password that you chose when you registered.'],
    fields: [password('password', 'Password', 'current-password')],
    submit: 'Confirm',
    links: [toSignIn],
    byLink: true,
    call: ({ token, password: secret }) => ({
      method: 'POST',
      url: '/api/v1/registrations/confirmations',
      body: { token, password: secret },
    }),
    then: '/sign-in?notice=confirmed',
  },
  {
    path: '/enrol',
    title: 'Choose your password',
    intro: ['You were invited to the portal. Choose a password and three security questions.'],
    fields: [...newPassword, ...questions],
    submit: 'Enrol',
    links: [],
    byLink: true,
    call: (form) => ({
      method: 'POST',
      url: '/api/v1/enrolments',
      body: {
        token: form.token,
        password: form.password,
        passwordAgain: form.passwordAgain,
        securityAnswers: answersIn(form),
      },
    }),
    then: '/sign-in?notice=enrolled',
  },
  {
    path: '/reset',
    title: 'Set a new password',
    intro: ['Answer your three security questions, then type the new password twice.'],
    fields: newPassword,
    submit: 'Set new password',
    links: [toSignIn],
    byLink: true,
    call: (form) => ({
      method: 'POST',
      url: '/api/v1/password-resets',
      body: {
        token: form.token,
        answers: answersIn(form),
        password: form.password,
        passwordAgain: form.passwordAgain,
      },
    }),
    then: '/sign-in?notice=reset',
  },
  {
    path: '/confirm-email',
    title: 'Confirm your new contact e-mail address',
    intro: ['From then on this address is your user name.'],
    fields: [],
    submit: 'Confirm',
    links: [],
    byLink: true,
    call: ({ token }) => ({ method: 'POST', url: '/api/v1/contact-email-confirmations', body: { token } }),
    then: '/sign-in?notice=changed',
  },
  {
    path: '/not-me',
    title: 'This wasn’t me',
    intro: ['This takes back what you were told of by mail, and ends all sessions of your account.'],
    fields: [],
    submit: 'This wasn’t me',
    links: [],
    byLink: true,
    call: ({ token }) => ({ method: 'POST', url: '/api/v1/repudiations', body: { token } }),
    then: '/sign-in?notice=repudiated',
  },
  {
    path: '/owner-consent',
    title: 'Consent to another Account Owner',
    intro: ['The application to replace you as Account Owner can then be approved at once.'],
    fields: [],
    submit: 'I consent',
    links: [],
    byLink: true,
    call: ({ token }) => ({ method: 'POST', url: '/api/v1/owner-replacement-consents', body: { token } }),
    then: '/sign-in?notice=consented',
  },
  {
    path: '/owner-objection',
    title: 'Object to another Account Owner',
    intro: ['Nobody can then approve the application to replace you as Account Owner.'],
    fields: [text('reason', 'Why you object', 'off')],
    submit: 'I object',
    links: [],
    byLink: true,
    call: ({ token, reason }) => ({
      method: 'POST',
      url: '/api/v1/owner-replacement-objections',
      body: { token, reason },
    }),
    then: '/sign-in?notice=objected',
  },
];

export const screenAt = (path: string): Page => screens.find((screen) => screen.path === path)!;

/** Every address of a page, as the API's prefix does not apply to them. */
export const pagePaths: readonly string[] = [
  '/',
  'portal.css',
  'account',
  'sign-out',
  ...legacyPagePaths,
  ...screens.map(({ path }) => path.slice(1)),
];
