import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { DomainError } from '../domain/domain-error.js';
import type { EvidenceType } from '../domain/owner-replacement/events.js';
import { ownerReplacementDecider, type Application } from '../domain/owner-replacement/owner-replacement.js';
import { isApplicant, noSuchApplication, submitted } from '../domain/owner-replacement/submission.js';
import { Streams, type Current } from '../engine/streams.js';
import { EvidenceFiles } from './evidence-files.js';

/** An application with all that it says, as it stands in the log. `by`: the account that wants to see its own; null: staff. */
export class ShowOwnerReplacement {
  constructor(
    readonly applicationId: string,
    readonly by: string | null,
  ) {}
}

@QueryHandler(ShowOwnerReplacement)
export class ShowOwnerReplacementHandler implements IQueryHandler<
  ShowOwnerReplacement,
  Current<Application>
> {
  constructor(private readonly streams: Streams) {}

  /** Throws `ApplicationUnknown`, also for what is another's. */
  async execute({ applicationId, by }: ShowOwnerReplacement): Promise<Current<Application>> {
    const current = await this.streams.read(ownerReplacementDecider, applicationId);
    const state = submitted(current.state);
    if (by !== null && !isApplicant(state, by)) throw noSuchApplication();
    return { ...current, state };
  }
}

/** A file of an application; `number` counts from 1. */
export class ReadEvidence {
  constructor(
    readonly applicationId: string,
    readonly number: number,
  ) {}
}

export interface EvidenceFile {
  readonly mediaType: EvidenceType;
  readonly bytes: Uint8Array;
}

@QueryHandler(ReadEvidence)
export class ReadEvidenceHandler implements IQueryHandler<ReadEvidence, EvidenceFile> {
  constructor(
    private readonly streams: Streams,
    private readonly files: EvidenceFiles,
  ) {}

  /** Throws `ApplicationUnknown`, `EvidenceUnknown`. */
  async execute({ applicationId, number }: ReadEvidence): Promise<EvidenceFile> {
    const { state } = await this.streams.read(ownerReplacementDecider, applicationId);
    const evidence = submitted(state).evidence[number - 1];
    const bytes = evidence && (await this.files.get(applicationId, evidence));
    if (!evidence || !bytes) throw new DomainError('EvidenceUnknown', 'This application has no such file.');
    return { mediaType: evidence.mediaType, bytes };
  }
}
