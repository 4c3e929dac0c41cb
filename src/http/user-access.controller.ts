import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { SignedIn } from './access.js';
import { Answers } from './describe.js';
import * as answers from './trade-account-answers.js';
import { UserAccess } from './user-access.js';

/** Tools → User Access. */
@ApiTags('Trade accounts')
@Controller('user-access')
@SignedIn()
export class UserAccessController {
  constructor(private readonly access: UserAccess) {}

  @Get()
  @Answers(200, answers.userAccess)
  @ApiOperation({ summary: '“User Access” of the Tools tab: where Account Owners create users, and how' })
  where() {
    const { where, legacyPortal, guide } = this.access;
    const isElsewhere = where === 'legacy';
    return {
      where,
      steps: this.access.steps(),
      legacyPortal: isElsewhere ? legacyPortal : null,
      guide: isElsewhere ? guide : null,
    };
  }
}
