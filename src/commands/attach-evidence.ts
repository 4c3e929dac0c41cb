import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ownerReplacementDecider } from '../domain/owner-replacement/owner-replacement.js';
import { attachEvidence } from '../domain/owner-replacement/submission.js';
import { Streams, type CommandContext, type Current } from '../engine/streams.js';
import { ClientLimits, Clock } from '../ports.js';
import { EvidenceFiles, evidenceTypeOf } from './evidence-files.js';

/** The applicant adds the letterhead, or the original of a form that was e-mailed. */
export class AttachEvidence {
  constructor(
    readonly applicationId: string,
    readonly accountId: string,
    readonly file: { readonly declaredType: string; readonly bytes: Uint8Array },
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(AttachEvidence)
export class AttachEvidenceHandler implements ICommandHandler<AttachEvidence, Current<unknown>> {
  constructor(
    private readonly streams: Streams,
    private readonly files: EvidenceFiles,
    private readonly limits: ClientLimits,
    private readonly clock: Clock,
  ) {}

  /** Throws `ApplicationUnknown`, `ApplicationClosed`, `TooMuchEvidence`, `FileTypeRefused`, `TooManyRequests`. */
  async execute({ applicationId, accountId, file, context }: AttachEvidence): Promise<Current<unknown>> {
    const done = await this.streams.done(ownerReplacementDecider, applicationId, context);
    if (done) return done;
    const mediaType = await evidenceTypeOf(file.bytes, file.declaredType);
    const { state } = await this.streams.read(ownerReplacementDecider, applicationId);
    // Refused before it is stored: what no event names would stay for ever.
    attachEvidence(accountId, { blob: '', mediaType, bytes: 0 })(state, this.clock.now());
    // Each costs room for ever.
    await this.limits.spend(context.clientKey ?? 'unknown');
    const evidence = await this.files.put(applicationId, mediaType, file.bytes);
    return this.streams.decide(
      ownerReplacementDecider,
      applicationId,
      attachEvidence(accountId, evidence),
      context,
    );
  }
}
