import type { OpenAPIObject } from '@nestjs/swagger';
import type { Operation } from '../../src/http/operation.js';
import type { Answer } from '../support/portal-client.js';
import { importLegacy, LEGACY_PASSWORD, legacyAccount } from '../support/legacy.js';
import {
  ANOTHER_PASSWORD,
  answers,
  lockOut,
  newPassword,
  partner,
  PASSWORD,
  registration,
  resetLink,
  signedIn,
  staff,
} from '../support/people.js';
import { HandoffRoom } from '../support/handoff-room.js';
import { Portal } from '../support/portal.js';
import { projected } from '../support/history.js';
import type { PortalClient } from '../support/portal-client.js';
import { Company, designation, letter, pdf, reviewer } from '../support/replacement.js';
import { broughtOver } from '../support/trade.js';
import { invitationFor } from './callers.js';
import { everyRoute, namesOfEverything } from './every-route.js';

const { portal, legacy, close } = await HandoffRoom.open();
afterAll(close);
const routes = everyRoute(portal).filter(({ url }) => /^\/(api|health|\.well-known)\//.test(url));
const document = (await portal.client().get('/api/openapi.json')).body as OpenAPIObject;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods as Record<string, Operation>).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
    operation,
  })),
);
const exporter = { type: letter.type as 'Exporter', number: letter.number };
const operationOf = (name: string) => operations.find((other) => other.name === name)!.operation;
const headersOf = (name: string) =>
  (operationOf(name).parameters ?? []).flatMap((parameter) =>
    'in' in parameter && parameter.in === 'header' ? [parameter.name] : [],
  );

describe('the description of the API', () => {
  it('is OpenAPI 3.1 of every route, and of no other', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(operations.map(({ name }) => name).sort()).toEqual(routes.map(({ name }) => name).sort());
  });

  it('says of each route what it does, by a name of its own', () => {
    for (const { name, operation } of operations) {
      expect({ name, summary: operation.summary }).toEqual({
        name,
        summary: expect.stringMatching(/^.{8,}$/),
      });
      expect(operation.tags).toHaveLength(1);
    }
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('says who may call it, and how they prove it', () => {
    for (const { name, facts } of routes) {
      const isPublic = facts.policy!.who === 'anyone';
      const { security, responses } = operationOf(name);
      expect({ name, security }).toEqual({
        name,
        security: isPublic ? [] : [{ bearer: [] }, { cookie: [] }],
      });
      if (!isPublic) expect(Object.keys(responses)).toEqual(expect.arrayContaining(['401', '403']));
    }
    expect(Object.keys(document.components!.securitySchemes!).sort()).toEqual(['bearer', 'cookie']);
  });

  it('says what it takes in headers', () => {
    expect(headersOf('POST /api/v1/accounts/:id/unlocks')).toEqual([
      'Idempotency-Key',
      'If-Match',
      'X-CSRF-Token',
    ]);
    expect(headersOf('POST /api/v1/sessions')).toEqual(['Idempotency-Key']);
    expect(headersOf('GET /api/v1/me/history')).toEqual(['Consistency-Token']);
    expect(headersOf('GET /api/v1/password-rules')).toEqual([]);
  });

  it('says every way in which it refuses, as a problem', () => {
    for (const { operation } of operations) {
      for (const [status, response] of Object.entries(operation.responses)) {
        if (Number(status) < 400) continue;
        expect(response).toMatchObject({
          description: expect.stringMatching(/^`\w+`/),
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        });
      }
    }
    const unlock = operationOf('POST /api/v1/accounts/:id/unlocks').responses;
    const statuses = ['201', '400', '401', '403', '404', '409', '412', '413', '415', '422', '500', '503'];
    expect(Object.keys(unlock)).toEqual(statuses);
  });

  it('refers to nothing that it does not hold, and lets no input class take more than it says', () => {
    const text = JSON.stringify(document);
    const names = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map((found) => found[1]!);
    expect(names.length).toBeGreaterThan(50);
    for (const name of names) {
      expect(document.components!.schemas![name]).toMatchObject({ additionalProperties: false });
    }
  });
});

describe('good answers', () => {
  const seen = new Set<string>();

  /** The answer is good, and of the status and shape that the route's description gives. */
  function expectDescribed(name: string, answer: Answer): void {
    const { status, shape, headers, fileTypes } = routes.find((route) => route.name === name)!.facts.answer!;
    expect({ name, status: answer.status, text: answer.text }).toMatchObject({ name, status });
    if (shape) expect({ name, error: shape.safeParse(answer.body).error?.message }).toEqual({ name });
    else if (fileTypes.length > 0) expect(fileTypes).toContain(answer.headers.get('content-type'));
    else expect({ name, text: answer.text }).toEqual({ name, text: '' });
    for (const header of headers) expect(answer.headers.has(header)).toBe(true);
    expect(Object.keys(operationOf(name).responses)).toContain(String(status));
    seen.add(name);
  }

  it('of strangers are as described', async () => {
    const client = portal.client();
    const get = async (path: string) => expectDescribed(`GET ${path}`, await client.get(path));
    const post = async (path: string, body: object) =>
      expectDescribed(`POST /api/v1/${path}`, await client.post(`/api/v1/${path}`, body));
    for (const path of ['/health/live', '/health/ready', '/.well-known/jwks.json']) await get(path);
    for (const path of ['password-rules', 'security-questions', 'help']) await get(`/api/v1/${path}`);
    expectDescribed('GET /api/v1/help/:topic', await client.get('/api/v1/help/browsers'));
    await post('registrations', registration('new@broker.example'));
    const token = await portal.mailedToken('new@broker.example', 'confirm');
    await post('registrations/confirmations', { token, password: PASSWORD });
    const passwords = { password: PASSWORD, passwordAgain: PASSWORD };
    const invitation = await invitationFor(portal, 'invited@cbp.example');
    await post('enrolments', { token: invitation, ...passwords, securityAnswers: answers });
    await post('sessions', { email: 'new@broker.example', password: PASSWORD });
    await post('password-reset-requests', { email: 'new@broker.example' });
    const reset = await portal.mailedToken('new@broker.example', 'reset');
    await post('password-resets/questions', { token: reset });
    await post('password-resets', newPassword(reset));
    await post('repudiations', { token: await portal.mailedToken('new@broker.example', 'not-me') });
  });

  it('of owners are as described', async () => {
    const accountId = await partner(portal, 'owner@broker.example');
    await broughtOver(portal, { accountId });
    await projected(portal);
    const ada = await signedIn(portal, 'owner@broker.example');
    const other = await signedIn(portal, 'owner@broker.example');
    const get = async (path: string) =>
      expectDescribed(`GET /api/v1/${path}`, await ada.get(`/api/v1/${path}`));
    const post = async (path: string, body: object) =>
      expectDescribed(`POST /api/v1/${path}`, await ada.post(`/api/v1/${path}`, body));
    for (const path of ['me', 'me/history', 'me/sessions', 'me/trade-accounts', 'references']) {
      await get(path);
    }
    const { sessions } = (await ada.get('/api/v1/me/sessions')).body as {
      sessions: { sessionId: string; current: boolean }[];
    };
    const { sessionId } = sessions.find(({ current }) => !current)!;
    expectDescribed('DELETE /api/v1/me/sessions/:id', await ada.delete(`/api/v1/me/sessions/${sessionId}`));
    expect((await other.get('/api/v1/me')).status).toBe(401);
    await post('sessions/current/step-ups', { password: PASSWORD });
    await post('me/password-changes', { password: ANOTHER_PASSWORD, passwordAgain: ANOTHER_PASSWORD });
    await post('me/security-question-changes', { securityAnswers: answers });
    await post('me/contact-email-changes', { email: 'moved@broker.example' });
    await importLegacy(portal, legacyAccount('DESCRIBED'));
    await post('me/legacy-syncs', { legacyUserId: 'DESCRIBED', legacyPassword: LEGACY_PASSWORD });
    await get('me');
    await post('me/legacy-handoffs', {});
    const { ticket } = (await ada.post('/api/v1/me/legacy-handoffs')).body as { ticket: string };
    expectDescribed('POST /api/v1/legacy-handoffs/redemptions', await legacy.redeem(ticket));
    const token = await portal.mailedToken('moved@broker.example', 'confirm-email');
    await post('contact-email-confirmations', { token });
    for (const [method, path] of [
      ['DELETE', 'sessions/current'],
      ['DELETE', 'me/sessions'],
    ] as const) {
      const again = await signedIn(portal, 'moved@broker.example', ANOTHER_PASSWORD);
      expectDescribed(`${method} /api/v1/${path}`, await again.delete(`/api/v1/${path}`));
    }
  });

  it('of staff are as described', async () => {
    const id = await partner(portal, 'checked@broker.example');
    await resetLink(portal, 'checked@broker.example');
    await lockOut(portal, 'checked@broker.example');
    const officer = await staff(portal, 'specialist');
    const lookedUp = '/api/v1/accounts?email=checked@broker.example';
    expectDescribed('GET /api/v1/accounts', await officer.get(lookedUp));
    const change = async (what: string) =>
      expectDescribed(
        `POST /api/v1/accounts/:id/${what}`,
        await officer.post(`/api/v1/accounts/${id}/${what}`, { reason: 'Because.' }),
      );
    await change('unlocks');
    await change('suspensions');
    expectDescribed('GET /api/v1/accounts/:id', await officer.get(`/api/v1/accounts/${id}`));
    await change('reinstatements');
    const reset = await portal.mailedToken('checked@broker.example', 'reset');
    await portal.client().post('/api/v1/password-resets', newPassword(reset));
    const notMe = await portal.mailedToken('checked@broker.example', 'not-me');
    await portal.client().post('/api/v1/repudiations', { token: notMe });
    await change('recovery-unblocks');
    const auditor = await staff(portal, 'auditor');
    const audit = `/api/v1/audit/accounts/${id}`;
    expectDescribed('GET /api/v1/audit/accounts/:id/events', await auditor.get(`${audit}/events?limit=200`));
    expectDescribed('GET /api/v1/audit/events', await auditor.get('/api/v1/audit/events?limit=200'));
    expectDescribed('GET /api/v1/legacy-logouts', await auditor.get('/api/v1/legacy-logouts'));
    const revealed = await auditor.post(`${audit}/revelations`, { reason: 'Asked by its owner.' });
    expectDescribed('POST /api/v1/audit/accounts/:id/revelations', revealed);
  });

  it('of applicants, owners and the ACE Application team are as described', async () => {
    const company = new Company(portal);
    const { applicant, rita, ruth } = await company.cast();
    const clerk = await reviewer(portal, 'clerk');
    const get = async (by: PortalClient, name: string, path = name) =>
      expectDescribed(`GET /api/v1/${name}`, await by.get(`/api/v1/${path}`));
    const post = async (by: PortalClient, name: string, id?: string, body: object = {}) => {
      const answer = await by.post(`/api/v1/${name.replace(':id', id ?? '')}`, body);
      expectDescribed(`POST /api/v1/${name}`, answer);
      return answer.body.applicationId as string;
    };
    const attach = async (by: PortalClient, name: string, id: string) =>
      expectDescribed(
        `POST /api/v1/${name}`,
        await by.sendFile(`/api/v1/${name.replace(':id', id)}`, 'application/pdf', pdf),
      );
    await broughtOver(portal, { accountId: await partner(portal, 'x@broker.example'), ...exporter });
    const written = await post(applicant, 'me/owner-replacements/letters', undefined, letter);
    await attach(applicant, 'me/owner-replacements/:id/evidence', written);
    await get(applicant, 'me/owner-replacements/:id', `me/owner-replacements/${written}`);
    await get(rita, 'owner-replacements/:id/evidence/:number', `owner-replacements/${written}/evidence/1`);
    await post(applicant, 'me/owner-replacements/:id/withdrawals', written);
    const mailed = { ...designation, number: company.number, applicantEmail: 'office@broker.example' };
    const entered = await post(clerk, 'owner-replacements/designations', undefined, mailed);
    await attach(clerk, 'owner-replacements/:id/evidence', entered);
    await post(rita, 'owner-replacements/:id/reviews', entered);
    await get(rita, 'owner-replacements/:id', `owner-replacements/${entered}`);
    await post(ruth, 'owner-replacements/:id/returns', entered, { reason: 'Not readable.' });
    const letterMailed = { ...letter, applicantEmail: 'office@broker.example' };
    const rejected = await post(clerk, 'owner-replacements/letters', undefined, letterMailed);
    await attach(clerk, 'owner-replacements/:id/evidence', rejected);
    await post(rita, 'owner-replacements/:id/reviews', rejected);
    await post(rita, 'owner-replacements/:id/rejections', rejected, { reason: 'Not signed.' });
    const form = { ...designation, number: company.number };
    const designated = await post(applicant, 'me/owner-replacements/designations', undefined, {
      ...form,
      newOwner: { ...form.newOwner, email: company.email('heir') },
    });
    await projected(portal);
    await get(applicant, 'me/owner-replacements');
    await get(rita, 'owner-replacements');
    const byOwner = async (answer: string, more: object = {}) => {
      const token = await portal.mailedToken(company.email('owner'), `owner-${answer}`);
      await post(portal.client(), `owner-replacement-${answer}s`, undefined, { token, ...more });
    };
    await byOwner('objection', { reason: 'I am still here.' });
    await byOwner('consent');
    await post(rita, 'owner-replacements/:id/reviews', designated);
    await post(rita, 'owner-replacements/:id/approvals', designated);
    await post(ruth, 'owner-replacements/:id/approvals', designated);
  });

  it('were seen of every route', () => {
    expect([...seen].sort()).toEqual(routes.map(({ name }) => name).sort());
  });
});

describe('the reader', () => {
  it('is not there unless it is asked for', async () => {
    expect(namesOfEverything(portal).filter((name) => name.includes('/api/docs'))).toEqual([]);
    expect((await portal.client().get('/api/docs')).status).toBe(404);
  });

  it('brings its own styles, and loosens the rules for itself alone', async () => {
    const open = await Portal.open({ API_DOCS: 'on' });
    try {
      const policyOf = async (path: string) => {
        const { status, headers } = await open.client().get(path);
        return [status, /style-src ([^;]*)/.exec(headers.get('content-security-policy') ?? '')?.[1]];
      };
      expect(await policyOf('/api/docs')).toEqual([200, "'self' 'unsafe-inline'"]);
      expect(await policyOf('/api/docs/swagger-ui-init.js')).toEqual([200, "'self' 'unsafe-inline'"]);
      expect(await policyOf('/api/docs/nothing')).toEqual([404, "'self' 'unsafe-inline'"]);
      expect(await policyOf('/api/v1/password-rules')).toEqual([200, "'self'"]);
      expect(await policyOf('/api/documents')).toEqual([404, "'self'"]);
      const { headers, text } = await open.client().get('/api/docs');
      expect(headers.get('content-security-policy')).toContain("script-src 'self';");
      expect(text).not.toMatch(/<script>|onload=|https?:\/\/(?!www\.w3\.org)/);
    } finally {
      await open.close();
    }
  });
});
