import type { Decider, Decision } from '../../domain/decider.js';
import type { EventShapes } from '../../domain/events.js';
import { type Envelope, partsOf } from '../../engine/envelope.js';
import type { Reaction } from '../../engine/projection.js';
import type { Streams } from '../../engine/streams.js';
import type { Mailer, MailRefused } from '../../ports.js';
import type { Letter } from './letter.js';
import { Post, type Outcome } from './post.js';

export interface NoticedMailsOptions {
  readonly streams: Streams;
  readonly mailer: Mailer;
  /** Its host ends the Message-IDs. */
  readonly publicUrl: string;
  /** Told of each mail that the server refused for good; `kind` says which of the event's mails. */
  readonly onRefused?: (event: Envelope, kind: string, refusal: MailRefused) => void;
}

/** Mails what an event of one kind of stream calls for, and records it there: what stands in the stream is never mailed again, and
 *  what does not is, with the same Message-ID. Throws what the mailer and the store throw, to be called again. */
export abstract class NoticedMails<S extends EventShapes, State> implements Reaction {
  abstract readonly name: string;
  abstract readonly types: ReadonlySet<string>;
  protected readonly streams: Streams;
  private readonly post: Post;

  constructor(
    private readonly decider: Decider<S, State>,
    { streams, mailer, publicUrl, onRefused }: NoticedMailsOptions,
  ) {
    this.streams = streams;
    this.post = new Post(mailer, publicUrl, onRefused);
  }

  readonly react = async (envelope: Envelope): Promise<void> => {
    const { id } = partsOf(envelope.stream);
    const { state, revision } = await this.streams.read(this.decider, id);
    if (revision < envelope.revision)
      throw new Error(`${envelope.stream} was read as it was before this event`);
    if (this.noticedUpTo(state) < envelope.revision) {
      const letters = (await this.letters(envelope, id, state)).filter(({ to }) => to !== undefined);
      if (letters.length > 0) await this.record(envelope, id, await this.post.send(envelope, letters));
    }
    this.post.forget(envelope);
  };

  /** Everything up to this revision that calls for a mail has had it; `Infinity` where nobody is to be told any more. */
  protected abstract noticedUpTo(state: State): number;
  /** Those without an address are not sent. */
  protected abstract letters(
    envelope: Envelope,
    id: string,
    state: State,
  ): Promise<readonly Letter[]> | readonly Letter[];
  /** `messageId` is that of the first letter; null where the mail server refused one for good: of several, that is what somebody has
   *  to look at. `kinds` names those that were sent. */
  protected abstract recorded(
    envelope: Envelope,
    messageId: string | null,
    kinds: ReadonlySet<string>,
  ): Decision<S, State>;
  /** Of the record: the same whenever the reaction comes back to the event. */
  protected abstract commandId(eventId: string): string;

  private async record(
    envelope: Envelope,
    id: string,
    outcomes: ReadonlyMap<string, Outcome>,
  ): Promise<void> {
    const { eventId, meta } = envelope;
    const [first = ''] = outcomes.keys();
    const isRefused = [...outcomes.values()].includes('Refused');
    const messageId = isRefused ? null : this.post.messageId(eventId, first);
    const decision = this.recorded(envelope, messageId, new Set(outcomes.keys()));
    await this.streams.decide(this.decider, id, decision, {
      commandId: this.commandId(eventId),
      actor: { kind: 'system', id: this.name, role: null },
      correlationId: meta.correlationId,
      causationId: eventId,
    });
  }
}
