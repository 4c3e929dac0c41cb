import type { Envelope } from '../../engine/envelope.js';
import { type Mailer, MailRefused } from '../../ports.js';
import { type Letter, rendered } from './letter.js';

export type Outcome = 'Taken' | 'Refused';

/** A Message-ID of event id, kind and host fits what the log takes (200). */
const HOST_LENGTH_MAX = 120;

/** Sends the letters of one event, each with a Message-ID that is the same whenever it is sent. */
export class Post {
  private readonly host: string;
  /** By event, while it is not recorded, and by kind: one mail that fails does not send its fellows again and again. */
  private readonly outcomes = new Map<string, Map<string, Outcome>>();

  /** The host of `publicUrl` ends the Message-IDs. */
  constructor(
    private readonly mailer: Mailer,
    publicUrl: string,
    /** Told of each mail that the server refused for good; `kind` says which of the event's mails. */
    private readonly onRefused?: (event: Envelope, kind: string, refusal: MailRefused) => void,
  ) {
    this.host = new URL(publicUrl).hostname;
    if (this.host.length > HOST_LENGTH_MAX) throw new RangeError('the host of PUBLIC_URL is too long');
  }

  /** Throws what the mailer throws, to be called again. */
  async send(event: Envelope, letters: readonly Letter[]): Promise<ReadonlyMap<string, Outcome>> {
    const outcomes = this.outcomes.get(event.eventId) ?? new Map<string, Outcome>();
    this.outcomes.set(event.eventId, outcomes);
    for (const letter of letters) {
      if (!outcomes.has(letter.kind)) outcomes.set(letter.kind, await this.sendOne(event, letter));
    }
    return outcomes;
  }

  /** The event is recorded, or calls for nothing any more. */
  forget({ eventId }: Envelope): void {
    this.outcomes.delete(eventId);
  }

  messageId(eventId: string, kind: string): string {
    return `<${eventId}.${kind}@${this.host}>`;
  }

  private async sendOne(event: Envelope, letter: Letter): Promise<Outcome> {
    const messageId = this.messageId(event.eventId, letter.kind);
    try {
      await this.mailer.send({ messageId, to: letter.to!, ...rendered(letter) });
      return 'Taken';
    } catch (error) {
      if (!(error instanceof MailRefused)) throw error;
      this.onRefused?.(event, letter.kind, error);
      return 'Refused';
    }
  }
}
