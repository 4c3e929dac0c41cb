import { Controller, Get, Req } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { TradeAccountType } from '../domain/trade-account/events.js';
import type { Position } from '../ports.js';
import {
  ListTradeAccounts,
  tradeAccountAccess,
  type TradeAccountPage,
} from '../projections/trade-account-access.js';
import { SignedIn } from './access.js';
import { Answers } from './describe.js';
import { AsOf, FreshViews } from './fresh-views.js';
import * as answers from './help-answers.js';
import type { PortalRequest } from './portal-request.js';
import { ShownReferences } from './shown-references.js';

const PAGE = 200;

@ApiTags('Help')
@Controller('references')
@SignedIn()
export class ReferencesController {
  constructor(
    private readonly references: ShownReferences,
    private readonly queries: QueryBus,
    private readonly views: FreshViews,
  ) {}

  @Get()
  @Answers(200, answers.references)
  @ApiOperation({ summary: 'What the portal leads to, and what of it belongs on the pages of your accounts' })
  async list(@Req() request: PortalRequest, @AsOf() asOf: Position | null) {
    await this.views.wait(tradeAccountAccess.name, asOf);
    const types = await this.typesOf(request.caller!.accountId);
    return { references: await this.references.all(types) };
  }

  /** The types of all trade accounts that the account may use. */
  private async typesOf(accountId: string): Promise<ReadonlySet<TradeAccountType>> {
    const types = new Set<TradeAccountType>();
    for (let cursor: string | null | undefined; cursor !== null;) {
      const query = new ListTradeAccounts(accountId, PAGE, cursor);
      const page = await this.queries.execute<ListTradeAccounts, TradeAccountPage>(query);
      for (const { account } of page.tradeAccounts) types.add(account.type);
      cursor = page.next;
    }
    return types;
  }
}
