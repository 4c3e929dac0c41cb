import { DomainError } from '../domain/domain-error.js';
import { entryOf } from '../domain/legacy-account/claim.js';
import { forwardReset, wasForwardedLately } from '../domain/legacy-account/forwarded-reset.js';
import { legacyAccountDecider, type LegacyAccount } from '../domain/legacy-account/legacy-account.js';
import { legacyAccountUnknown, requestPasswordLink } from '../domain/legacy-account/password-link.js';
import type { CommandContext, Streams } from '../engine/streams.js';
import type { Clock, Ids, LegacyResetPortal } from '../ports.js';

/** How somebody who forgot a legacy password gets another one. Whoever asks for it neither sees nor sets it. */
export abstract class LegacyResets {
  /** Whether the legacy portal keeps the passwords. It may have accounts that are not known here. */
  abstract readonly atPortal: boolean;

  /** Asks for a reset, and returns the legacy account as it is then. `legacyUserId` is needed only where the account is not known here.
   *  Throws `LegacyAccountUnknown`, and what each way refuses. */
  abstract request(
    legacyAccountId: string,
    legacyUserId: string | undefined,
    reason: string,
    context: CommandContext,
  ): Promise<LegacyAccount>;
}

/** By a mailed link, to the address on file. */
export class MailedLegacyResets extends LegacyResets {
  override readonly atPortal = false;

  constructor(
    private readonly streams: Streams,
    private readonly ids: Ids,
  ) {
    super();
  }

  /** Throws what `requestPasswordLink` throws. */
  override async request(
    legacyAccountId: string,
    _legacyUserId: string | undefined,
    reason: string,
    context: CommandContext,
  ): Promise<LegacyAccount> {
    const decision = requestPasswordLink(this.ids.next(), 'Reset', reason);
    return (await this.streams.decide(legacyAccountDecider, legacyAccountId, decision, context)).state;
  }
}

/** By asking the legacy portal, which tells its user how to go on. */
export class AskedLegacyResets extends LegacyResets {
  override readonly atPortal = true;

  constructor(
    private readonly streams: Streams,
    /** null: it takes no such requests. */
    private readonly portal: LegacyResetPortal | null,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** Throws `LegacyResetElsewhere`, `LegacyPortalAway`. */
  override async request(
    legacyAccountId: string,
    givenUserId: string | undefined,
    reason: string,
    context: CommandContext,
  ): Promise<LegacyAccount> {
    if (this.portal === null) {
      throw new DomainError('LegacyResetElsewhere', 'The legacy portal resets its passwords itself.');
    }
    const done = await this.streams.done(legacyAccountDecider, legacyAccountId, context);
    if (done) return done.state;
    const { state } = await this.streams.read(legacyAccountDecider, legacyAccountId);
    const legacyUserId = entryOf(state)?.profile.legacyUserId ?? givenUserId;
    if (legacyUserId === undefined) throw legacyAccountUnknown();
    if (wasForwardedLately(state, this.clock.now())) return state;
    // Asked before it is recorded: what the log says was taken there, was.
    await this.portal.ask(legacyUserId);
    return (await this.streams.decide(legacyAccountDecider, legacyAccountId, forwardReset(reason), context))
      .state;
  }
}
