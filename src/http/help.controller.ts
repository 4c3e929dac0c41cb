import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { LegacyPortalState } from '../commands/legacy-portal-state.js';
import { helpEntries, type HelpEntry } from '../domain/help/help-entries.js';
import { withUsersHere } from '../domain/help/users-here.js';
import { afterRetirement } from '../domain/help/after-retirement.js';
import { Anyone } from './access.js';
import { Answers } from './describe.js';
import * as answers from './help-answers.js';
import { refuse } from './problem.js';
import { UserAccess } from './user-access.js';

const page = 'ACE Portal Modernization FAQs';

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
  @ApiOperation({ summary: 'What the FAQ advises, an entry for each topic' })
  async list() {
    return { entries: (await this.entries()).map(shown) };
  }

  @Get(':topic')
  @Answers(200, answers.helpEntry)
  @ApiParam({ name: 'topic', enum: helpEntries.map(({ topic }) => topic) })
  @ApiOperation({ summary: 'What the FAQ advises on one topic' })
  async byTopic(@Param('topic') topic: string) {
    const found = (await this.entries()).find((entry) => entry.topic === topic);
    if (found) return shown(found);
    throw refuse('NotFound', {
      errors: [{ pointer: '#/path/topic', detail: 'must be a topic of GET /api/v1/help' }],
    });
  }

  private async entries(): Promise<readonly HelpEntry[]> {
    const entries = (await this.legacyPortal.isRetired()) ? helpEntries.map(afterRetirement) : helpEntries;
    return this.userAccess.where === 'portal' ? withUsersHere(entries) : entries;
  }
}

const shown = ({ sentences, ...entry }: HelpEntry) => ({ ...entry, source: { page, sentences } });
