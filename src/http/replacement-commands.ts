import { Injectable } from '@nestjs/common';
import { CommandBus, type ICommand } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import {
  SubmitOwnerReplacement,
  type SubmittedApplication,
  type SubmittedBy,
  type TypedForm,
} from '../commands/submit-owner-replacement.js';
import type { CommandContext, Current } from '../engine/streams.js';
import { FreshViews } from './fresh-views.js';

/** Sends commands about applications, and says in the answer where the application stands. */
@Injectable()
export class ReplacementCommands {
  constructor(
    private readonly commands: CommandBus,
    private readonly views: FreshViews,
  ) {}

  async submit(input: TypedForm, by: SubmittedBy, reply: FastifyReply, context: CommandContext) {
    const command = new SubmitOwnerReplacement(input, by, context);
    const { applicationId, revision, position } = await this.commands.execute<
      SubmitOwnerReplacement,
      SubmittedApplication
    >(command);
    this.views.mark(reply, position);
    return { applicationId, revision };
  }

  async change(command: ICommand, applicationId: string, reply: FastifyReply) {
    const { revision, position } = await this.commands.execute<ICommand, Current<unknown>>(command);
    this.views.mark(reply, position);
    return { applicationId, revision };
  }
}
