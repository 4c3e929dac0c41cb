import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Anyone } from '../access.js';
import { SESSION_COOKIE } from '../authentication.js';
import type { Problem } from '../problem.js';
import { TakesForms } from '../request-checks.js';
import { isInternetExplorer } from './internet-explorer.js';
import { FROM_LEGACY, fromLegacy } from './legacy-screens.js';
import { PageRenderer } from './page-renderer.js';
import type { ApiCall, Form } from './page.js';
import { notices, screenAt, screens } from './screens.js';
import { accountTemplate, render, stylesheet } from './templates.js';

const paths = screens.map(({ path }) => path);

/** Screens for people. Each is a client of the API and holds no rule: a form's fields become the API's JSON, its answer the page. */
@ApiExcludeController()
@Controller()
@Anyone()
export class PagesController {
  constructor(private readonly pages: PageRenderer) {}

  @Get()
  home(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return reply.redirect(request.cookies[SESSION_COOKIE] === undefined ? '/sign-in' : '/account', 303);
  }

  @Get('portal.css')
  style(@Res() reply: FastifyReply) {
    return reply.type('text/css').header('cache-control', 'public, max-age=3600').send(stylesheet);
  }

  /** Shows, and spends nothing: mail scanners follow links too. */
  @Get(paths)
  async show(@Req() request: FastifyRequest<{ Querystring: Form }>, @Res() reply: FastifyReply) {
    const screen = screenAt(request.routeOptions.url ?? '');
    const { token = '', notice = '', from } = request.query;
    const form: Form = screen.byLink && typeof token === 'string' ? { token } : {};
    const page = await this.pages.form(
      request,
      screen,
      form,
      null,
      notices[from === FROM_LEGACY ? FROM_LEGACY : notice] ?? null,
      fromLegacy(from),
    );
    return sendPage(reply, page.status, page.html);
  }

  @Post(paths)
  @TakesForms()
  async submit(@Req() request: FastifyRequest<{ Body: unknown }>, @Res() reply: FastifyReply) {
    const screen = screenAt(request.routeOptions.url ?? '');
    const form = formOf(request.body);
    const answer = await this.pages.call(request, screen.call(form));
    if (answer.statusCode < 300) {
      const cookie = answer.headers['set-cookie'];
      if (cookie !== undefined) void reply.header('set-cookie', cookie);
      return reply.redirect(
        form.from === FROM_LEGACY ? `${screen.then}?from=${FROM_LEGACY}` : screen.then,
        303,
      );
    }
    const page = await this.pages.form(
      request,
      screen,
      form,
      answer.json<Problem>(),
      null,
      fromLegacy(form.from),
    );
    return sendPage(reply, answer.statusCode, page.html);
  }

  @Get('account')
  async account(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const me = await this.pages.read(request, '/api/v1/me');
    const history = await this.pages.read(request, '/api/v1/me/history?limit=50');
    if (me.statusCode !== 200 || history.statusCode !== 200) return reply.redirect('/sign-in', 303);
    const { entries } = history.json<{ entries: object[] }>();
    const html = render(accountTemplate, {
      title: 'Your account',
      isInternetExplorer: isInternetExplorer(request),
      me: me.json(),
      entries,
    });
    return sendPage(reply, 200, html);
  }

  @Post('sign-out')
  @TakesForms()
  async signOut(@Req() request: FastifyRequest<{ Body: unknown }>, @Res() reply: FastifyReply) {
    const call: ApiCall = { method: 'DELETE', url: '/api/v1/sessions/current' };
    const answer = await this.pages.call(request, call, formOf(request.body).csrf);
    const cookie = answer.headers['set-cookie'];
    if (cookie !== undefined) void reply.header('set-cookie', cookie);
    return reply.redirect('/sign-in?notice=signed-out', 303);
  }
}

/** Under `no-referrer` browsers call the origin of a page's own forms “null”, and they would be refused as foreign. `strict-origin` tells
 *  others no more than the portal's name: a token in the page's address goes nowhere. */
export const sendPage = (
  reply: FastifyReply,
  status: number,
  html: string,
  referrerPolicy: 'strict-origin' | 'no-referrer' = 'strict-origin',
) =>
  reply
    .status(status)
    .headers({ 'cache-control': 'no-store', 'referrer-policy': referrerPolicy })
    .type('text/html')
    .send(html);

/** A form's fields; one sent twice, or as something else than text, counts as left empty. */
export function formOf(body: unknown): Form {
  if (typeof body !== 'object' || body === null) return {};
  return Object.fromEntries(Object.entries(body).filter(([, value]) => typeof value === 'string'));
}
