import { Controller, Get, Query, Req } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Position } from '../ports.js';
import {
  ListTradeAccounts,
  tradeAccountAccess,
  type OwnTradeAccount,
  type TradeAccountPage,
} from '../projections/trade-account-access.js';
import { SignedIn } from './access.js';
import { Answers } from './describe.js';
import { PageQuery } from './fields.js';
import { AsOf, FreshViews } from './fresh-views.js';
import type { PortalRequest } from './portal-request.js';
import { ShownReferences } from './shown-references.js';
import * as answers from './trade-account-answers.js';

@ApiTags('Trade accounts')
@Controller('me/trade-accounts')
@SignedIn()
export class TradeAccountsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly views: FreshViews,
    private readonly references: ShownReferences,
  ) {}

  @Get()
  @Answers(200, answers.tradeAccounts)
  @ApiOperation({ summary: 'The trade accounts that you may use, and what you may do there' })
  async list(@Req() request: PortalRequest, @Query() page: PageQuery, @AsOf() asOf: Position | null) {
    const { accountId } = request.caller!;
    await this.views.wait(tradeAccountAccess.name, asOf);
    const query = new ListTradeAccounts(accountId, page.limit, page.cursor);
    const { tradeAccounts, next } = await this.queries.execute<ListTradeAccounts, TradeAccountPage>(query);
    const types = new Set(tradeAccounts.map(({ account }) => account.type));
    const referencesOf = await this.references.byAccountType(types);
    return {
      tradeAccounts: tradeAccounts.map((own) => ({
        ...shown(own, accountId),
        references: referencesOf(own.account.type),
      })),
      next,
    };
  }
}

const shown = ({ tradeAccountId, account, permissions }: OwnTradeAccount, accountId: string) => ({
  tradeAccountId,
  type: account.type,
  number: account.number ?? null,
  companyName: account.companyName ?? null,
  isOwner: account.owner === accountId,
  permissions,
});
