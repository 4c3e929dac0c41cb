import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { RecordAccess } from '../commands/record-access.js';
import type { accessEvents } from '../domain/access/access.js';
import type { NewEvent } from '../domain/events.js';
import type { CommandContext } from '../engine/streams.js';
import { Ids } from '../ports.js';
import type { PortalRequest } from './portal-request.js';

/** Looks of staff: each is recorded, also one that repeats a request, and before anything is shown. A look that leaves no trace is a
 *  leak. */
@Injectable()
export class Looks {
  constructor(
    private readonly commands: CommandBus,
    private readonly ids: Ids,
  ) {}

  async record(
    look: NewEvent<typeof accessEvents>,
    { caller }: Pick<PortalRequest, 'caller'>,
    context: CommandContext,
  ): Promise<void> {
    const lookContext = { ...context, commandId: this.ids.next() };
    await this.commands.execute(new RecordAccess(caller!.accountId, look, lookContext));
  }
}
