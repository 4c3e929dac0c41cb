import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { legacyAccountDecider } from '../domain/legacy-account/legacy-account.js';
import { lapseLogout, recordLogoutAnswer } from '../domain/legacy-account/logging-out.js';
import { hasLapsed } from '../domain/legacy-account/logouts.js';
import { Streams, type CommandContext } from '../engine/streams.js';
import { Clock, LegacyLogouts } from '../ports.js';
import { LegacyLogoutTokens } from './legacy-logout-tokens.js';

/** Tells the legacy portal of one logout, once, and records what it said. */
export class SendLegacyLogout {
  constructor(
    readonly legacyAccountId: string,
    readonly logoutId: string,
    readonly context: CommandContext,
  ) {}
}

/** Over: acknowledged, lapsed, or dealt with before. */
export type LegacyLogoutOutcome = 'Over' | 'Unacknowledged';

@CommandHandler(SendLegacyLogout)
export class SendLegacyLogoutHandler implements ICommandHandler<SendLegacyLogout, LegacyLogoutOutcome> {
  constructor(
    private readonly streams: Streams,
    private readonly tokens: LegacyLogoutTokens,
    private readonly logouts: LegacyLogouts,
    private readonly clock: Clock,
  ) {}

  /** Throws `LegacyPortalAway` where it was not tried. */
  async execute({ legacyAccountId, logoutId, context }: SendLegacyLogout): Promise<LegacyLogoutOutcome> {
    const { state } = await this.streams.read(legacyAccountDecider, legacyAccountId);
    const logout = state.logouts.find((each) => each.logoutId === logoutId);
    if (!logout) return 'Over';
    const isLapsed = hasLapsed(logout, this.clock.now());
    const trouble = isLapsed ? null : await this.logouts.send(await this.tokens.sign(logout));
    const decision = isLapsed ? lapseLogout(logoutId) : recordLogoutAnswer(logoutId, trouble);
    await this.streams.decide(legacyAccountDecider, legacyAccountId, decision, context);
    return trouble === null ? 'Over' : 'Unacknowledged';
  }
}
