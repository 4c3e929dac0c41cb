import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Anyone } from './access.js';
import * as answers from './answers.js';
import { Answers } from './describe.js';
import { Readiness } from './readiness.js';

@ApiTags('Health')
@Controller('health')
@Anyone()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('live')
  @Answers(200, answers.health)
  @ApiOperation({ summary: 'The process answers' })
  live() {
    return { status: 'up' };
  }

  /** Details are for the operator, on ADMIN_ADDRESS. */
  @Get('ready')
  @Answers(200, answers.health)
  @ApiOperation({ summary: 'The stores answer; 503 while they do not' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const { ready } = await this.readiness.check();
    if (!ready) void reply.status(503);
    return { status: ready ? 'ready' : 'not ready' };
  }
}
