import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accessDecider, type accessEvents } from '../domain/access/access.js';
import type { NewEvent } from '../domain/events.js';
import { Streams, type CommandContext } from '../engine/streams.js';

/** A member of staff looked at something: recorded before it is shown. */
export class RecordAccess {
  constructor(
    readonly staffId: string,
    readonly look: NewEvent<typeof accessEvents>,
    readonly context: CommandContext,
  ) {}
}

@CommandHandler(RecordAccess)
export class RecordAccessHandler implements ICommandHandler<RecordAccess, void> {
  constructor(private readonly streams: Streams) {}

  async execute({ staffId, look, context }: RecordAccess): Promise<void> {
    await this.streams.record(accessDecider, staffId, [look], context);
  }
}
