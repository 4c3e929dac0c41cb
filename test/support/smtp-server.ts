import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

export interface Delivered extends Email {
  /** As the envelope said, not the headers. */
  readonly recipients: readonly string[];
  readonly raw: string;
}

type Step = 'greeting' | 'from' | 'to' | 'data';

/** A mail server on a free port of this machine that keeps what it takes. */
export class TestMailServer {
  readonly delivered: Delivered[] = [];
  connections = 0;
  private readonly answers = new Map<Step, Error>();
  private server: SMTPServer | null = null;
  private port = 0;

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  /** What it took, oldest first, as a reader sees it. */
  mails(): { to: string; subject: string; text: string }[] {
    return this.delivered.flatMap(({ recipients, subject = '', text = '' }) =>
      recipients.map((to) => ({ to, subject, text })),
    );
  }

  /** The first start takes a free port, later ones the same again. */
  async start(): Promise<this> {
    const server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      closeTimeout: 50,
      onConnect: (_session, answer) => {
        this.connections += 1;
        answer(this.answers.get('greeting'));
      },
      onMailFrom: (_address, _session, answer) => answer(this.answers.get('from')),
      onRcptTo: (_address, _session, answer) => answer(this.answers.get('to')),
      onData: (stream, session, answer) => {
        const recipients = session.envelope.rcptTo.map(({ address }) => address);
        buffer(stream)
          .then(async (raw) => {
            const refusal = this.answers.get('data');
            if (!refusal) {
              this.delivered.push({ ...(await PostalMime.parse(raw)), recipients, raw: raw.toString() });
            }
            answer(refusal);
          })
          .catch(answer);
      },
    });
    server.on('error', () => undefined);
    await new Promise<void>((listening) => server.listen(this.port, '127.0.0.1', () => listening()));
    this.port = (server.server.address() as AddressInfo).port;
    this.server = server;
    return this;
  }

  /** From now on the step is answered with this code; without one, as it should be. */
  answer(step: Step, code?: number, words = 'as the test wants it'): void {
    if (code === undefined) this.answers.delete(step);
    else this.answers.set(step, Object.assign(new Error(words), { responseCode: code }));
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (server) await new Promise<void>((closed) => server.close(closed));
  }
}
