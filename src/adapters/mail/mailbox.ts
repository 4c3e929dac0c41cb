import { type Clock, type Instant, type Mail, Mailer } from '../../ports.js';

export interface ReceivedMail extends Mail {
  /** Counts the mails received: '1' is the first. */
  readonly id: string;
  readonly receivedAt: Instant;
}

const KEPT_MAX = 500;

/** Everybody's mailbox, for the demo: keeps the last mails in memory and sends nothing. */
export class Mailbox extends Mailer {
  private readonly mails = new Map<string, ReceivedMail>();
  private received = 0;

  constructor(private readonly clock: Clock) {
    super();
  }

  async send(mail: Mail): Promise<void> {
    this.received += 1;
    const id = String(this.received);
    this.mails.set(id, { ...mail, id, receivedAt: this.clock.now() });
    this.mails.delete(String(this.received - KEPT_MAX));
  }

  /** Newest first. */
  list(): ReceivedMail[] {
    return [...this.mails.values()].reverse();
  }

  /** null once it was pushed out by newer ones. */
  get(id: string): ReceivedMail | null {
    return this.mails.get(id) ?? null;
  }

  async close(): Promise<void> {
    this.mails.clear();
  }
}
