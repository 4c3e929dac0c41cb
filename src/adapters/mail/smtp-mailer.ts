import { createTransport } from 'nodemailer';
import { type Mail, Mailer, MailRefused } from '../../ports.js';
import { mailServer } from './mail-server.js';

export interface SmtpMailerOptions {
  /** `smtp://` or `smtps://`, as `mailServer` reads it. */
  readonly url: string;
  /** Sender of every mail: an address, or `Name <address>`. */
  readonly from: string;
  /** To connect, for the server's greeting, and for each of its answers. */
  readonly stepMs?: number;
  /** For one mail in all: a server that trickles its answers never stalls a step. */
  readonly mailMs?: number;
  readonly closeMs?: number;
}

/** An address as mail servers take it everywhere: one, in visible ASCII, without what could end a header or a command. */
const address = /^[^\s<>()[\]\\,;:"@\u0080-\uffff]+@[^\s<>()\\,;"@]+$/;

/** Hands mails to a mail server over kept connections. */
export class SmtpMailer extends Mailer {
  private readonly transport;
  private readonly sending = new Set<Promise<unknown>>();

  constructor(private readonly options: SmtpMailerOptions) {
    super();
    const { stepMs = 10_000 } = options;
    this.transport = createTransport(
      {
        ...mailServer(options.url),
        pool: true,
        // One connection that the server dropped while idle is worth another at once; the rest is for the caller to repeat.
        maxRequeues: 1,
        dnsTimeout: stepMs,
        connectionTimeout: stepMs,
        greetingTimeout: stepMs,
        socketTimeout: stepMs,
        // Nothing in a mail may make the service open a file or an address.
        disableFileAccess: true,
        disableUrlAccess: true,
      },
      { from: options.from, headers: { 'Auto-Submitted': 'auto-generated' } },
    );
  }

  async send(mail: Mail): Promise<void> {
    if (!address.test(mail.to)) throw new MailRefused('the address is none that mail can be sent to');
    const sending = this.transport.sendMail({
      messageId: mail.messageId,
      // As an object: a text would be read as a list of addresses.
      to: { name: '', address: mail.to },
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      signal: AbortSignal.timeout(this.options.mailMs ?? 60_000),
    });
    this.sending.add(sending);
    try {
      await sending;
    } catch (error) {
      throw failure(error as SmtpError);
    } finally {
      this.sending.delete(sending);
    }
  }

  /** Lets mails under way come to their end for a while, then gives them up. */
  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise((resolve) => {
      timer = setTimeout(resolve, this.options.closeMs ?? 3_000);
    });
    await Promise.race([Promise.allSettled(this.sending), enough]);
    clearTimeout(timer);
    this.transport.close({ force: true });
  }
}

/** What nodemailer tells of a failure. */
interface SmtpError extends Error {
  readonly code?: string;
  readonly originalCode?: string;
  readonly command?: string;
  readonly response?: string;
  readonly responseCode?: number;
  /** A 5xx answer that would come again. */
  readonly permanent?: boolean;
}

const AUTHENTICATION_REQUIRED = 530;

/** Only codes are passed on, never the server's words: those tend to repeat the address, and errors are logged. */
function failure(error: SmtpError): Error {
  const status = error.response?.match(/^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/)?.[1];
  const codes = [error.code, error.originalCode, error.command, error.responseCode, status].filter(Boolean);
  // A refused greeting, sign-in or sender says nothing of this mail: then the settings are wrong, and mail waits.
  const aboutThisMail = error.command === 'RCPT TO' || error.command === 'DATA';
  if (error.permanent && aboutThisMail && error.responseCode !== AUTHENTICATION_REQUIRED) {
    return new MailRefused(`the mail server refused the mail (${codes.join(' ')})`);
  }
  return new Error(`the mail server did not take the mail (${codes.join(' ')})`);
}
