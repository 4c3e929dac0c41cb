import type { INestApplicationContext } from '@nestjs/common';
import { CommandBus, type ICommand } from '@nestjs/cqrs';
import { v5 } from 'uuid';
import { AcceptInvitation } from '../commands/accept-invitation.js';
import { ConfirmRegistration } from '../commands/confirm-registration.js';
import { Emails } from '../commands/emails.js';
import { InviteStaff } from '../commands/invite-staff.js';
import { LegacyDirectory } from '../commands/legacy-directory.js';
import { MailedLinks } from '../commands/mailed-link.js';
import { RegisterAccount } from '../commands/register-account.js';
import { RequestReset } from '../commands/request-reset.js';
import { SuspendAccount } from '../commands/suspend-account.js';
import { SyncLegacyAccount } from '../commands/sync-legacy-account.js';
import { accountDecider } from '../domain/account/account.js';
import { resetLinkSent } from '../domain/account/recovery.js';
import { signIn, type LockoutRules } from '../domain/account/sign-in.js';
import type { AccountDecision, Registered } from '../domain/account/state.js';
import { DomainError } from '../domain/domain-error.js';
import { finishFilling, LOG_MARK_ID, logMarkDecider } from '../domain/service/log-mark.js';
import { Streams, type CommandContext } from '../engine/streams.js';
import type { DemoClock } from './demo-clock.js';
import { legacyPersonas, type LegacyPersona } from './legacy-personas.js';
import { fillReplacements } from './fill-replacements.js';
import { demoAnswers, personas, type Persona } from './personas.js';

const NAMESPACE = '0d7f2c84-52a5-4f43-8a34-3f5be0f7a7b1';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const LOCKS = 8;

/** Fills an empty demo log with the personas, by the commands that people send; only their past is set by the clock. Interrupted,
 *  it goes on at the next start: command ids are made from names. */
export async function fillDemo(app: INestApplicationContext, clock: DemoClock): Promise<void> {
  const { state } = await app.get(Streams).read(logMarkDecider, LOG_MARK_ID);
  if (state.filled) return;
  const stage = new Stage(app, clock);
  for (const persona of personas) await stage.enter(persona);
  for (const [index, persona] of legacyPersonas.entries()) await stage.enterLegacy(persona, index + 1);
  await fillReplacements(app, clock, (step) => stage.context(step));
  clock.setBack(0);
  await app.get(Streams).decide(logMarkDecider, LOG_MARK_ID, finishFilling(), stage.context('filled'));
}

class Stage {
  private readonly streams: Streams;
  private readonly commands: CommandBus;

  constructor(
    private readonly app: INestApplicationContext,
    private readonly clock: DemoClock,
  ) {
    this.streams = app.get(Streams);
    this.commands = app.get(CommandBus);
  }

  context(step: string): CommandContext {
    const commandId = v5(step, NAMESPACE);
    return {
      commandId,
      actor: { kind: 'system', id: 'demo', role: null },
      correlationId: commandId,
      causationId: commandId,
    };
  }

  async enter(persona: Persona): Promise<void> {
    const holder = await this.app.get(Emails).accountOf(this.app.get(Emails).keyOf(persona.email));
    if (holder !== null) return;
    // The young ones first saw the portal just now: their links must still live.
    this.clock.setBack(persona.situation === 'unconfirmed' ? 0 : 10 * DAY);
    if (persona.role !== null) return this.enrol(persona, persona.role);
    await this.register(persona);
    const accountId = this.context(`register ${persona.email}`).commandId;
    if (persona.situation !== 'unconfirmed') await this.confirm(persona, accountId);
    await this.bringAbout(persona, accountId);
  }

  async enterLegacy({ record, password, syncedBy, triedBy }: LegacyPersona, line: number): Promise<void> {
    this.clock.setBack(9 * DAY);
    const { legacyUserId } = record;
    const context = this.context(`import ${legacyUserId}`);
    await this.app.get(LegacyDirectory).take(record, { file: 'demo', line }, context);
    if (triedBy !== null) await this.failToSync(legacyUserId, triedBy);
    if (syncedBy === null) return;
    this.clock.setBack(8 * DAY);
    const { commandId: accountId } = this.context(`register ${syncedBy}`);
    const syncing = this.context(`sync ${legacyUserId}`);
    await this.send(new SyncLegacyAccount(accountId, legacyUserId, password, syncing));
  }

  private async failToSync(legacyUserId: string, triedBy: string): Promise<void> {
    this.clock.setBack(HOUR);
    const { commandId: accountId } = this.context(`register ${triedBy}`);
    const trying = this.context(`try ${legacyUserId}`);
    try {
      await this.send(new SyncLegacyAccount(accountId, legacyUserId, 'not this one', trying));
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'LegacySyncRefused') throw error;
    }
  }

  private async bringAbout({ email, situation }: Persona, accountId: string): Promise<void> {
    switch (situation) {
      case 'locked':
        return this.lock(accountId);
      case 'suspended': {
        this.clock.setBack(DAY);
        const reason = 'Certificate of the company under review.';
        return this.send(
          new SuspendAccount(accountId, 'OfficerDecision', reason, this.context(`suspend ${email}`)),
        );
      }
      case 'reset open':
        this.clock.setBack(0);
        return this.send(new RequestReset(email, this.context(`reset ${email}`)));
      case 'reset expired':
        return this.expireReset(email, accountId);
      case 'healthy':
      case 'unconfirmed':
      case 'staff':
        return;
      default:
        situation satisfies never;
    }
  }

  private async register({ email, givenName, familyName, password }: Persona): Promise<void> {
    const input = {
      email,
      givenName,
      familyName,
      password,
      passwordAgain: password,
      securityAnswers: demoAnswers,
    };
    await this.send(new RegisterAccount(input, this.context(`register ${email}`)));
  }

  private async confirm({ email, password }: Persona, accountId: string): Promise<void> {
    const { stage } = await this.account(accountId);
    if (stage.name === 'Confirmed') return;
    const token = this.app.get(MailedLinks).token('confirm', accountId, stage.linkId);
    await this.send(new ConfirmRegistration(token, password, this.context(`confirm ${email}`)));
  }

  private async enrol(
    { email, givenName, familyName, password }: Persona,
    role: NonNullable<Persona['role']>,
  ) {
    const invitation = this.context(`invite ${email}`);
    await this.send(new InviteStaff({ email, givenName, familyName, role }, invitation));
    const { stage } = await this.account(invitation.commandId);
    if (stage.name === 'Confirmed') return;
    const token = this.app.get(MailedLinks).token('enrol', invitation.commandId, stage.linkId);
    const input = { token, password, passwordAgain: password, securityAnswers: demoAnswers };
    await this.send(new AcceptInvitation(input, this.context(`enrol ${email}`)));
  }

  /** Wrong passwords until the lock has doubled to a whole day: long enough to be looked at. */
  private async lock(accountId: string): Promise<void> {
    const rules: LockoutRules = { failuresMax: 5, lockMs: 15 * 60_000 };
    for (let round = 0; round < LOCKS; round += 1) {
      this.clock.setBack((LOCKS - 1 - round) * 25 * HOUR);
      for (let guess = 0; guess < rules.failuresMax; guess += 1) {
        const { password } = await this.account(accountId);
        const session = { id: 'none', tokenHash: 'none', expiresAt: 0 };
        const client = { address: '192.0.2.44', agent: 'demo' };
        const attempt = { passwordVersion: password?.version ?? 0, matches: false, session, client };
        await this.decide(accountId, signIn(attempt, rules), `guess ${round} ${guess}`);
      }
    }
  }

  private async expireReset(email: string, accountId: string): Promise<void> {
    this.clock.setBack(2 * DAY);
    await this.send(new RequestReset(email, this.context(`reset ${email}`)));
    const { recovery } = await this.account(accountId);
    const { revision } = await this.streams.read(accountDecider, accountId);
    const sent = resetLinkSent(recovery.link?.id ?? '', `<${accountId}.demo>`, revision, DAY);
    await this.decide(accountId, sent, 'reset link sent');
  }

  private async account(accountId: string): Promise<Registered> {
    const { state } = await this.streams.read(accountDecider, accountId);
    if (state.status !== 'Registered') throw new Error('a persona of the demo is not registered');
    return state;
  }

  private async decide(accountId: string, decision: AccountDecision, step: string): Promise<void> {
    await this.streams.decide(accountDecider, accountId, decision, this.context(`${accountId} ${step}`));
  }

  private async send(command: ICommand): Promise<void> {
    await this.commands.execute(command);
  }
}
