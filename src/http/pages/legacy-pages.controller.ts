import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest, LightMyRequestResponse } from 'fastify';
import { Anyone } from '../access.js';
import type { Problem } from '../problem.js';
import { TakesForms } from '../request-checks.js';
import { isInternetExplorer } from './internet-explorer.js';
import { FROM_LEGACY, fromLegacy, syncScreen } from './legacy-screens.js';
import { arrivalTemplate, goBackTemplate, referencesTemplate, ticketTemplate } from './legacy-templates.js';
import { PageRenderer } from './page-renderer.js';
import type { ApiCall, Form } from './page.js';
import { formOf, sendPage } from './pages.controller.js';
import { render } from './templates.js';

interface Me {
  readonly csrfToken: string;
  readonly legacySync: object | null;
  readonly tasks: readonly { readonly code: string }[];
}
interface Ticket {
  readonly ticket: string;
  readonly postTo: string;
}
type Asked = FastifyRequest<{ Querystring: Form }>;
type Sent = FastifyRequest<{ Body: unknown }>;

const handoff: ApiCall = { method: 'POST', url: '/api/v1/me/legacy-handoffs' };

/** The way from the legacy portal and back to it, on the screen. A client of the API, as all pages are. */
@ApiExcludeController()
@Controller()
@Anyone()
export class LegacyPagesController {
  constructor(private readonly pages: PageRenderer) {}

  /** Where the legacy portal's web server sends people. Our cookie does not come along with a request that another site led to:
   *  what this page leads to is a request of our own. */
  @Get('legacy')
  arrive(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const next = `/welcome?from=${FROM_LEGACY}`;
    void reply.header('refresh', `0; url=${next}`);
    return this.send(request, reply, 200, arrivalTemplate, { title: 'Legacy ACE Portal', next });
  }

  /** Leads everybody on who signed in, or came: unsynced accounts sync first. */
  @Get('welcome')
  async welcome(@Req() request: Asked, @Res() reply: FastifyReply) {
    const { from } = request.query;
    const me = await this.me(request);
    const came = from === FROM_LEGACY ? `?from=${FROM_LEGACY}` : '';
    if (me === null) return reply.redirect(`/sign-in${came}`, 303);
    if (mustSync(me)) return reply.redirect(`/sync${came}`, 303);
    return reply.redirect(came !== '' && me.legacySync !== null ? '/hand-off' : '/account', 303);
  }

  @Get('sync')
  async sync(@Req() request: Asked, @Res() reply: FastifyReply) {
    const { from } = request.query;
    return this.syncPage(request, reply, fromLegacy(from), null);
  }

  @Post('sync')
  @TakesForms()
  async submitSync(@Req() request: Sent, @Res() reply: FastifyReply) {
    const form = formOf(request.body);
    const { call, then } = syncScreen(form.from);
    const answer = await this.pages.call(request, call(form), form.csrf);
    if (answer.statusCode < 300) {
      return reply.redirect(form.from === FROM_LEGACY ? `${then}?from=${FROM_LEGACY}` : then, 303);
    }
    return this.syncPage(request, reply, form, answer);
  }

  @Get('account/references')
  async references(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.referencesPage(request, reply, null);
  }

  @Get('hand-off')
  async goBack(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const me = await this.me(request);
    if (me === null || mustSync(me)) return reply.redirect(`/welcome?from=${FROM_LEGACY}`, 303);
    const shown = { title: 'Legacy ACE Portal', problem: null, csrf: me.csrfToken };
    return this.send(request, reply, 200, goBackTemplate, shown);
  }

  @Post('hand-off')
  @TakesForms()
  async handOver(@Req() request: Sent, @Res() reply: FastifyReply) {
    const answer = await this.pages.call(request, handoff, formOf(request.body).csrf);
    if (answer.statusCode !== 201) {
      const { code } = answer.json<Problem>();
      if (code === 'LegacyNotSynced') return reply.redirect(`/sync?from=${FROM_LEGACY}`, 303);
      return this.referencesPage(request, reply, answer);
    }
    const { ticket, postTo } = answer.json<Ticket>();
    void reply.header('content-security-policy', policyFor(new URL(postTo).origin));
    const shown = { title: 'Legacy ACE Portal', ticket, postTo };
    return sendPage(reply, 200, render(ticketTemplate, { ...basics(request), ...shown }), 'no-referrer');
  }

  private async syncPage(
    request: FastifyRequest,
    reply: FastifyReply,
    form: Form,
    refused: LightMyRequestResponse | null,
  ) {
    const me = await this.me(request);
    if (me === null || !mustSync(me)) {
      const came = form.from === FROM_LEGACY ? `?from=${FROM_LEGACY}` : '';
      return reply.redirect(`/welcome${came}`, 303);
    }
    const screen = syncScreen(form.from);
    const hidden = { csrf: me.csrfToken, ...fromLegacy(form.from) };
    const problem = refused?.json<Problem>() ?? null;
    const { html } = await this.pages.form(request, screen, form, problem, null, hidden);
    return sendPage(reply, refused?.statusCode ?? 200, html);
  }

  private async referencesPage(
    request: FastifyRequest,
    reply: FastifyReply,
    refused: LightMyRequestResponse | null,
  ) {
    const me = await this.me(request);
    if (me === null) return reply.redirect('/sign-in', 303);
    const { references } = (await this.pages.read(request, '/api/v1/references')).json<{
      references: object[];
    }>();
    const problem = refused?.json<Problem>() ?? null;
    const shown = { title: 'References', references, problem, csrf: me.csrfToken };
    return this.send(request, reply, refused?.statusCode ?? 200, referencesTemplate, shown);
  }

  /** null for who is not signed in, or may not go on. */
  private async me(request: FastifyRequest): Promise<Me | null> {
    const answer = await this.pages.read(request, '/api/v1/me');
    return answer.statusCode === 200 ? answer.json<Me>() : null;
  }

  private send(
    request: FastifyRequest,
    reply: FastifyReply,
    status: number,
    template: Parameters<typeof render>[0],
    shown: object,
  ) {
    return sendPage(reply, status, render(template, { ...basics(request), ...shown }));
  }
}

const basics = (request: FastifyRequest) => ({
  isInternetExplorer: isInternetExplorer(request),
  stray: [],
});

const mustSync = ({ tasks }: Me): boolean => tasks.some(({ code }) => code === 'SyncAccounts');

/** The page with the ticket has one form, which goes to the legacy portal and nowhere else. */
const policyFor = (origin: string): string =>
  [
    "default-src 'none'",
    "style-src 'self'",
    `form-action ${origin}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join(';');
