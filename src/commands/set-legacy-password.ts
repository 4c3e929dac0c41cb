import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { legacyAccountDecider } from '../domain/legacy-account/legacy-account.js';
import {
  awaitingLegacyPassword,
  legacyLinkIsDead,
  resetLegacyPassword,
} from '../domain/legacy-account/password-link.js';
import { Streams, type CommandContext } from '../engine/streams.js';
import { Clock, LegacySecrets } from '../ports.js';
import { AccountRules } from './account-rules.js';
import { LegacyResets } from './legacy-resets.js';
import { MailedLinks } from './mailed-link.js';
import { SecretChecks } from './secret-checks.js';

/** The mailed link, and the password of the legacy account twice. */
export class SetLegacyPassword {
  constructor(
    readonly input: { readonly token: string; readonly password: string; readonly passwordAgain: string },
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(SetLegacyPassword)
export class SetLegacyPasswordHandler implements ICommandHandler<SetLegacyPassword, void> {
  constructor(
    private readonly streams: Streams,
    private readonly links: MailedLinks,
    private readonly checks: SecretChecks,
    private readonly secrets: LegacySecrets,
    private readonly resets: LegacyResets,
    private readonly rules: AccountRules,
    private readonly clock: Clock,
  ) {}

  /** Throws `LegacyLinkDead`, `InvalidInput` (which spends nothing), `HasherBusy`, `QueueFull`. */
  async execute({ input, context }: SetLegacyPassword): Promise<void> {
    const link = this.links.open(['legacy-password'], input.token);
    // Where the legacy portal keeps the passwords, one that was set here would open nothing.
    if (!link || this.resets.atPortal) throw legacyLinkIsDead();
    const { accountId: legacyAccountId, linkId } = link;
    // In one row with the guesses at this account; of many uses at once, only the first costs a hash.
    await this.checks.oneAtATime(`legacy ${legacyAccountId}`, async () => {
      // What it did used the link up.
      if (await this.streams.done(legacyAccountDecider, legacyAccountId, context)) return;
      const { state } = await this.streams.read(legacyAccountDecider, legacyAccountId);
      const { legacyUserId, email, givenName, familyName } = awaitingLegacyPassword(
        state,
        linkId,
        this.clock.now(),
      );
      this.checks.refuseBadPassword(input, [legacyUserId, email, givenName, familyName]);
      const hash = await this.secrets.hash(input.password);
      const decision = resetLegacyPassword(linkId, hash, this.rules.passwordPolicy);
      await this.streams.decide(legacyAccountDecider, legacyAccountId, decision, context);
    });
  }
}
