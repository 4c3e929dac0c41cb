import type { INestApplicationContext } from '@nestjs/common';
import { CommandBus, type ICommand } from '@nestjs/cqrs';
import { AnswerOwnerReplacement } from '../commands/answer-owner-replacement.js';
import { ApproveOwnerReplacement } from '../commands/approve-owner-replacement.js';
import { AttachEvidence } from '../commands/attach-evidence.js';
import { Emails } from '../commands/emails.js';
import { MailedLinks } from '../commands/mailed-link.js';
import { OpenTradeAccount } from '../commands/open-trade-account.js';
import { ReviewOwnerReplacement } from '../commands/review-owner-replacement.js';
import { SubmitOwnerReplacement, type TypedForm } from '../commands/submit-owner-replacement.js';
import { WithdrawOwnerReplacement } from '../commands/withdraw-owner-replacement.js';
import { DomainError } from '../domain/domain-error.js';
import {
  ownerReplacementDecider,
  type OwnerReplacement,
} from '../domain/owner-replacement/owner-replacement.js';
import { Streams, type CommandContext } from '../engine/streams.js';
import type { DemoClock } from './demo-clock.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What becomes of an application in the demo. */
const endings = [
  'submitted',
  'in review',
  'objected',
  'returned',
  'rejected',
  'withdrawn',
  'completed',
  'superseded',
] as const;
type Ending = (typeof endings)[number];

const OWNER = 'ada@harbor-imports.example';
const APPLICANT = 'hana@harbor-imports.example';
const REVIEWERS = ['rita@portal.example', 'ruth@portal.example'] as const;

const newOwner = {
  firstName: 'Hana',
  lastName: 'Silva',
  dateOfBirth: '04/17/1984',
  telephone: '(757) 555-0142',
  email: APPLICANT,
};
const letterhead = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

/** Applications of each form in each state, each about a trade account of its own, by the commands that people send. */
export async function fillReplacements(
  app: INestApplicationContext,
  clock: DemoClock,
  context: (step: string) => CommandContext,
): Promise<void> {
  const scene = new Scene(app, clock, context);
  for (const [index, ending] of endings.entries()) {
    await scene.play(scene.formA(`DEMO-${index + 1}`), ending);
    await scene.play(scene.formB(`10-000000${index + 1}`), ending);
  }
}

class Scene {
  constructor(
    private readonly app: INestApplicationContext,
    private readonly clock: DemoClock,
    private readonly context: (step: string) => CommandContext,
  ) {}

  formA = (number: string): TypedForm => ({
    ...{ form: 'A', type: 'Importer', number, designation: 'TAO', newOwner },
  });

  formB = (number: string): TypedForm => ({
    ...{ form: 'B', type: 'Exporter', number, newOwner },
    corporate: {
      companyName: 'Harbor Imports',
      fiscalYearEnd: '12/31',
      address1: '1 Pier Road',
      city: 'Norfolk',
      state: 'VA',
      zip: '23510',
    },
    justification: 'Ada Okafor takes up another task.',
  });

  async play(form: TypedForm, ending: Ending): Promise<void> {
    this.clock.setBack(6 * DAY);
    await this.open(form);
    if (ending !== 'superseded') return this.bringAbout(await this.submit(form, ending), ending);
    const late = await this.submit(form, 'too late');
    await this.bringAbout(await this.submit(form, 'in time'), 'completed');
    await this.bringAbout(late, 'superseded');
  }

  private async bringAbout(id: string, ending: Ending): Promise<void> {
    if (ending === 'submitted') return;
    if (ending === 'withdrawn') {
      const by = await this.account(APPLICANT);
      const about = this.context(`withdraw ${id}`);
      return this.when(id, 'Submitted', () => new WithdrawOwnerReplacement(id, by, about));
    }
    // The owner had time to object meanwhile.
    this.clock.setBack(DAY);
    const [rita] = REVIEWERS;
    await this.review(id, rita, 'take');
    switch (ending) {
      case 'in review':
        return;
      case 'objected':
        return this.object(id);
      case 'returned':
        return this.review(id, rita, { returnFor: 'The signature is missing.' });
      case 'rejected':
        return this.review(id, rita, { rejectFor: 'The letter is not of this company.' });
      case 'completed':
      case 'superseded':
        for (const reviewer of REVIEWERS) await this.approve(id, reviewer);
        return;
      default:
        ending satisfies never;
    }
  }

  private async open({ type, number }: TypedForm): Promise<void> {
    const input = {
      ...{ type: type as 'Importer', number, companyName: 'Harbor Imports' },
      ...{ accountId: await this.account(OWNER), isOwner: true, permissions: ['file', 'read'] },
    };
    await this.send(new OpenTradeAccount(input, this.context(`open ${type} ${number}`)));
  }

  private async submit(form: TypedForm, which: string): Promise<string> {
    const applicantId = await this.account(APPLICANT);
    const about = this.context(`submit ${form.number} ${which}`);
    const id = about.commandId;
    await this.when(id, 'Unknown', () => new SubmitOwnerReplacement(form, { applicantId }, about));
    const { state } = await this.app.get(Streams).read(ownerReplacementDecider, id);
    if (form.form === 'A' || state.status === 'Unknown' || state.evidence.length > 0) return id;
    const file = { declaredType: 'application/pdf', bytes: letterhead };
    await this.send(new AttachEvidence(id, applicantId, file, this.context(`attach ${id}`)));
    return id;
  }

  private async review(id: string, by: string, act: ReviewOwnerReplacement['act']): Promise<void> {
    const reviewerId = await this.account(by);
    const step = act === 'take' ? 'take' : 'decide';
    const before = act === 'take' ? 'Submitted' : 'InReview';
    const about = this.context(`${step} ${id}`);
    await this.when(id, before, () => new ReviewOwnerReplacement(id, reviewerId, act, about));
  }

  /** Streams remember commands for a day, and these are made up days apart: what an interrupted start has done is seen by its state. */
  private async when(id: string, status: OwnerReplacement['status'], command: () => ICommand): Promise<void> {
    const { state } = await this.app.get(Streams).read(ownerReplacementDecider, id);
    if (state.status === status) await this.send(command());
  }

  private async approve(id: string, by: string): Promise<void> {
    const command = new ApproveOwnerReplacement(
      id,
      await this.account(by),
      this.context(`approve ${id} ${by}`),
    );
    try {
      await this.send(command);
    } catch (error) {
      // What it is there to show: another application came first.
      if (!(error instanceof DomainError) || !['OwnerChanged', 'ApplicationClosed'].includes(error.code))
        throw error;
    }
  }

  private async object(id: string): Promise<void> {
    const token = this.app.get(MailedLinks).token('owner-objection', id, 'owner');
    const answer = { objection: 'I have not left the company.' };
    await this.send(new AnswerOwnerReplacement(token, answer, this.context(`object ${id}`)));
  }

  private async account(email: string): Promise<string> {
    const emails = this.app.get(Emails);
    const accountId = await emails.accountOf(emails.keyOf(email));
    if (accountId === null) throw new Error(`${email} is no persona of the demo`);
    return accountId;
  }

  private async send(command: ICommand): Promise<void> {
    await this.app.get(CommandBus).execute(command);
  }
}
