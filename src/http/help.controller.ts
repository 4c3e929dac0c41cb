import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { helpEntries, type HelpEntry } from '../domain/help/help-entries.js';
import { withUsersHere } from '../domain/help/users-here.js';
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
  private readonly entries: readonly HelpEntry[];

  constructor({ where }: UserAccess) {
    this.entries = where === 'portal' ? withUsersHere(helpEntries) : helpEntries;
  }

  @Get()
  @Answers(200, answers.help)
  @ApiOperation({ summary: 'What the FAQ advises, an entry for each topic' })
  list() {
    return { entries: this.entries.map(shown) };
  }

  @Get(':topic')
  @Answers(200, answers.helpEntry)
  @ApiParam({ name: 'topic', enum: helpEntries.map(({ topic }) => topic) })
  @ApiOperation({ summary: 'What the FAQ advises on one topic' })
  byTopic(@Param('topic') topic: string) {
    const found = this.entries.find((entry) => entry.topic === topic);
    if (found) return shown(found);
    throw refuse('NotFound', {
      errors: [{ pointer: '#/path/topic', detail: 'must be a topic of GET /api/v1/help' }],
    });
  }
}

const shown = ({ sentences, ...entry }: HelpEntry) => ({ ...entry, source: { page, sentences } });
