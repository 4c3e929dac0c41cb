import type { Instant } from '../ports.js';

/** What a command wrote in one stream, so that its repetition can be answered and not done again. */
export interface RememberedCommand {
  readonly at: Instant;
  /** Of the first event it wrote, and how many they were. */
  readonly revision: number;
  readonly count: number;
  readonly fingerprint: string | undefined;
}

const REMEMBERED_MAX = 512;
const REMEMBERED_MS = 24 * 3_600_000;

/** The command ids of one stream, as its own events tell them: those of the 24 hours before its last event, at most 512. */
export class CommandMemory {
  /** In order of time. */
  private readonly commands: Map<string, RememberedCommand>;

  constructor(from?: CommandMemory) {
    this.commands = new Map(from?.commands);
  }

  get(commandId: string): RememberedCommand | undefined {
    return this.commands.get(commandId);
  }

  /** Adds what was written next in the stream. */
  remember(commandId: string, written: RememberedCommand): void {
    const known = this.commands.get(commandId);
    // An id used again after it was forgotten stands for a new command, not for more of the old one.
    const continues = known !== undefined && known.revision + known.count === written.revision;
    const { revision, count } = continues ? known : { revision: written.revision, count: 0 };
    this.commands.delete(commandId);
    this.commands.set(commandId, { ...written, revision, count: count + written.count });
  }

  /** Lets go of what is no longer promised at `now`. */
  forget(now: Instant): void {
    for (const [id, { at }] of this.commands) {
      if (this.commands.size <= REMEMBERED_MAX && now - at <= REMEMBERED_MS) return;
      this.commands.delete(id);
    }
  }
}
