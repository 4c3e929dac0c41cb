import { entryOf, isShutToPasswords } from '../domain/legacy-account/claim.js';
import { legacyAccountDecider } from '../domain/legacy-account/legacy-account.js';
import type { CommandContext, Streams } from '../engine/streams.js';
import type { Clock, LegacyPortal, LegacySecrets } from '../ports.js';
import type { LegacyDirectory } from './legacy-directory.js';

/** What became of comparing a legacy password: `version` names the one that it was compared with. */
export interface LegacyVerdict {
  readonly matches: boolean;
  readonly version: number;
}

/** Whether a legacy user id and password belong together: by the imported directory, or by asking the legacy portal. */
export abstract class LegacyCredentials {
  /** null where nothing was compared: nobody has this user id, or the door is shut. Throws `HasherBusy`, `LegacyPortalAway`. */
  abstract check(userId: string, password: string, context: CommandContext): Promise<LegacyVerdict | null>;
}

export class ImportedLegacyCredentials extends LegacyCredentials {
  constructor(
    private readonly directory: LegacyDirectory,
    private readonly streams: Streams,
    private readonly secrets: LegacySecrets,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async check(userId: string, password: string): Promise<LegacyVerdict | null> {
    const { state } = await this.streams.read(legacyAccountDecider, this.directory.idOf(userId));
    const isOpen = entryOf(state) !== null && !isShutToPasswords(state, this.clock.now());
    // Unknown accounts cost the same, so that nobody can tell which exist.
    const matches = await this.secrets.verify(isOpen ? state.password.hash : undefined, password);
    return isOpen ? { matches, version: state.password.version } : null;
  }
}

/** Takes over what the portal tells of the account, whenever a password is right. */
export class AskedLegacyCredentials extends LegacyCredentials {
  constructor(
    private readonly directory: LegacyDirectory,
    private readonly streams: Streams,
    private readonly portal: LegacyPortal,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async check(
    userId: string,
    password: string,
    context: CommandContext,
  ): Promise<LegacyVerdict | null> {
    const id = this.directory.idOf(userId);
    const { state } = await this.streams.read(legacyAccountDecider, id);
    // The portal is not asked either: it would count the guess, and lock the account by its own rules.
    if (isShutToPasswords(state, this.clock.now())) return null;
    const profile = await this.portal.check(userId, password);
    if (profile === null) return { matches: false, version: state.password.version };
    await this.directory.take(profile, null, { ...context, commandId: `${context.commandId}:told` });
    const told = await this.streams.read(legacyAccountDecider, id);
    return { matches: true, version: told.state.password.version };
  }
}
