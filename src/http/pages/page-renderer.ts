import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest, InjectOptions, LightMyRequestResponse } from 'fastify';
import type { Problem } from '../problem.js';
import { PublicOrigin } from '../public-origin.js';
import { isInternetExplorer } from './internet-explorer.js';
import type { ApiCall, Field, Form, Page } from './page.js';
import { formTemplate, render } from './templates.js';

interface Choice {
  readonly id: string;
  readonly text: string;
}

interface ShownField extends Field {
  readonly value: string;
  readonly error: string | null;
  /** Goes along unseen: which question an answer is to. */
  readonly fixed: { readonly name: string; readonly value: string } | null;
}

/** Turns the API's answers into screens. */
@Injectable()
export class PageRenderer {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly origin: PublicOrigin,
  ) {}

  /** Sends what the form says to the API, as the browser that sent the form. */
  call(
    request: FastifyRequest,
    { method, url, body }: ApiCall,
    csrf?: string,
  ): Promise<LightMyRequestResponse> {
    return this.api({
      method,
      url,
      remoteAddress: request.ip,
      headers: {
        ...sender(request),
        origin: this.origin.value,
        ...(csrf !== undefined && { 'x-csrf-token': csrf }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { payload: JSON.stringify(body) }),
    });
  }

  read(request: FastifyRequest, url: string): Promise<LightMyRequestResponse> {
    return this.api({ method: 'GET', url, remoteAddress: request.ip, headers: sender(request) });
  }

  async form(
    request: FastifyRequest,
    page: Page,
    form: Form,
    problem: Problem | null,
    notice: string | null,
    /** Goes along with the form, unseen. */
    hidden: Form = {},
  ): Promise<{ status: number; html: string }> {
    const link = page.path === '/reset' ? await this.resetQuestions(request, form.token ?? '') : null;
    const dead = link !== null && 'problem' in link ? link.problem : null;
    const questions = link !== null && 'questions' in link ? answerFields(link.questions) : [];
    const shown = dead ?? problem;
    const errors = shown?.errors ?? [];
    const choices = page.fields.some(({ type }) => type === 'question') ? await this.choices(request) : [];
    const fields = [...questions, ...page.fields.map((field) => ({ ...field, fixed: null }))].map(
      (field): ShownField => ({
        ...field,
        // A password is never sent back to the screen.
        value: field.type === 'password' ? '' : (form[field.name] ?? firstChoice(field, choices)),
        error: errors.find(({ pointer }) => pointer === field.pointer)?.detail ?? null,
      }),
    );
    const html = render(formTemplate, {
      ...page,
      isInternetExplorer: isInternetExplorer(request),
      fields,
      notice,
      problem: shown,
      stray: errors.filter(({ pointer }) => !fields.some((field) => field.pointer === pointer)),
      open: dead === null,
      token: form.token ?? null,
      hidden,
      choices,
      rules: fields.some(({ name }) => name === 'passwordAgain') ? await this.rules(request) : [],
    });
    return { status: dead?.status ?? 200, html };
  }

  private async resetQuestions(
    request: FastifyRequest,
    token: string,
  ): Promise<{ questions: Choice[] } | { problem: Problem }> {
    const call: ApiCall = { method: 'POST', url: '/api/v1/password-resets/questions', body: { token } };
    const answer = await this.call(request, call);
    return answer.statusCode === 200 ? answer.json() : { problem: answer.json() };
  }

  private async choices(request: FastifyRequest): Promise<Choice[]> {
    return (await this.read(request, '/api/v1/security-questions')).json<{ questions: Choice[] }>().questions;
  }

  private async rules(request: FastifyRequest): Promise<string[]> {
    return (await this.read(request, '/api/v1/password-rules')).json<{ rules: string[] }>().rules;
  }

  private api(options: InjectOptions): Promise<LightMyRequestResponse> {
    const server = this.host.httpAdapter.getInstance() as FastifyInstance;
    return server.inject(options);
  }
}

const sender = ({ headers }: FastifyRequest) => ({
  ...(headers.cookie !== undefined && { cookie: headers.cookie }),
  ...(headers['user-agent'] !== undefined && { 'user-agent': headers['user-agent'] }),
});

/** Three different questions to begin with. */
const firstChoice = ({ name, type }: Field, choices: readonly Choice[]): string =>
  type === 'question' ? (choices[Number(name.slice(-1))]?.id ?? '') : '';

const answerFields = (questions: readonly Choice[]) =>
  questions.map(({ id, text }, index) => ({
    name: `answer${index}`,
    label: text,
    type: 'text' as const,
    autocomplete: 'off',
    pointer: `/answers/${index}/answer`,
    fixed: { name: `question${index}`, value: id },
  }));
