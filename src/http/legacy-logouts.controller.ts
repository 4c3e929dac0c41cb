import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { logoutCause, logoutTrouble } from '../domain/legacy-account/events.js';
import type { Position } from '../ports.js';
import { legacyLogouts, ListLegacyLogouts, type LegacyLogoutPage } from '../projections/legacy-logouts.js';
import { Staff } from './access.js';
import { Answers } from './describe.js';
import { PageQuery } from './fields.js';
import { AsOf, FreshViews } from './fresh-views.js';
import { iso } from './presentation.js';

const unacknowledged = z.strictObject({
  logouts: z.array(
    z.strictObject({
      ...{ logoutId: z.uuid(), accountId: z.string(), cause: logoutCause },
      since: z.iso.datetime().describe('When the session here ended, or the account was shut'),
      failures: z.int().describe('Tries so far that the legacy portal did not acknowledge'),
      trouble: logoutTrouble.nullable().describe('What went wrong last'),
      nextTryAt: z.iso
        .datetime()
        .describe('Not before this, unless the legacy portal acknowledges another one'),
    }),
  ),
  next: z.string().nullable(),
});

@ApiTags('Legacy portal')
@Controller('legacy-logouts')
@Staff('auditor', 'dutyOfficer')
export class LegacyLogoutsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly views: FreshViews,
  ) {}

  @Get()
  @Answers(200, unacknowledged)
  @ApiOperation({
    summary: 'Logouts that the legacy portal has not acknowledged, those that wait longest first',
  })
  async list(@Query() page: PageQuery, @AsOf() asOf: Position | null) {
    await this.views.wait(legacyLogouts.name, asOf);
    const query = new ListLegacyLogouts(page.limit, page.cursor);
    const { logouts, next } = await this.queries.execute<ListLegacyLogouts, LegacyLogoutPage>(query);
    return {
      logouts: logouts.map(({ logoutId, accountId, cause, since, failures, trouble, tryAt }) => ({
        ...{ logoutId, accountId, cause, since: iso(since), failures, trouble, nextTryAt: iso(tryAt) },
      })),
      next,
    };
  }
}
