import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { LegacyPortalState } from '../commands/legacy-portal-state.js';
import { helpEntries } from '../domain/help/help-entries.js';
import type { HelpEntry } from '../domain/help/help-entry.js';
import { withUsersHere } from '../domain/help/users-here.js';
import { afterRetirement } from '../domain/help/after-retirement.js';
import { Anyone } from './access.js';
import { Answers } from './describe.js';
import * as answers from './help-answers.js';
import { refuse } from './problem.js';
import { UserAccess } from './user-access.js';

@ApiTags('Help')
@Controller('help')
@Anyone()
export class HelpController {
  constructor(
    private readonly legacyPortal: LegacyPortalState,
    private readonly userAccess: UserAccess,
  ) {}

  @Get()
  @Answers(200, answers.help)
  @ApiOperation({ summary: 'What the help pages advise, an entry for each topic' })
  async list() {
    return { entries: await this.entries() };
  }

  @Get(':topic')
  @Answers(200, answers.helpEntry)
  @ApiParam({ name: 'topic', enum: helpEntries.map(({ topic }) => topic) })
  @ApiOperation({ summary: 'What the help pages advise on one topic' })
  async byTopic(@Param('topic') topic: string) {
    const found = (await this.entries()).find((entry) => entry.topic === topic);
    if (found) return found;
    throw refuse('NotFound', {
      errors: [{ pointer: '#/path/topic', detail: 'must be a topic of GET /api/v1/help' }],
    });
  }

  private async entries(): Promise<readonly HelpEntry[]> {
    const entries = (await this.legacyPortal.isRetired()) ? helpEntries.map(afterRetirement) : helpEntries;
    return this.userAccess.where === 'portal' ? withUsersHere(entries) : entries;
  }
}
