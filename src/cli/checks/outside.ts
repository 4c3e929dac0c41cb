import { smtpTrouble } from '../../adapters/mail/smtp-trouble.js';
import { type Check, fail, ok, warn } from './check.js';

export const mail: Check = async ({ settings, mode }) => {
  const about = 'Mail';
  const { SMTP_URL } = settings;
  if (SMTP_URL === undefined) {
    if (mode === 'demo') return [ok(about, "goes to the demo's mailbox page")];
    return [warn(about, 'no mail server is set: all mail waits', 'set SMTP_URL')];
  }
  const trouble = await smtpTrouble(SMTP_URL);
  const fix = 'see whether the server runs and can be reached from here, and whether SMTP_URL is right';
  return [trouble === null ? ok(about, 'the mail server answers and lets us in') : fail(about, trouble, fix)];
};

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

export const publicAddress: Check = ({ settings }) => {
  const about = 'Public address';
  const { PUBLIC_URL, HOST, PORT } = settings;
  if (PUBLIC_URL === undefined) {
    const detail = `mailed links begin with http://${HOST}:${PORT}`;
    return [warn(about, detail, 'set PUBLIC_URL to what people type to get here, unless this is for a test')];
  }
  const { protocol, hostname } = new URL(PUBLIC_URL);
  if (protocol === 'http:' && !loopback.test(hostname)) {
    const fix = 'put TLS before the service, and set PUBLIC_URL to https://…';
    return [fail(about, `${PUBLIC_URL} is not https: browsers refuse the session cookie there`, fix)];
  }
  return [ok(about, PUBLIC_URL)];
};
