import { Mailer } from '../../ports.js';

/** Stands in where no mail server is named: every mail waits, visibly, until one is. */
export class NoMailer extends Mailer {
  async send(): Promise<void> {
    throw new Error('SMTP_URL is not set: mail waits');
  }

  async close(): Promise<void> {}
}
