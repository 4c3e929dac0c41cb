import { EventStore } from '../../src/ports.js';
import { describeApi } from '../../src/http/openapi.js';
import { problemShape } from '../../src/http/problem.js';
import type { Answer } from '../support/portal-client.js';
import { Portal } from '../support/portal.js';
import { callerFor, freshCallers, type Caller } from './callers.js';
import { everyRoute, type Route } from './every-route.js';
import { brokenBodies, CANARY, hostileTo, strangeFields } from './hostile-values.js';
import { Samples, withValue, type Schema } from './samples.js';

const portal = await Portal.open();
afterAll(() => portal.close());
const samples = new Samples(describeApi(portal.app));
const routes = everyRoute(portal).filter(({ operation }) => operation !== undefined);
const writing = routes.filter(({ method }) => method !== 'GET');
const withBody = routes.filter(({ facts }) => facts.takesBody);
const withId = routes.filter(({ url }) => url.includes(':id'));
const names = (some: readonly Route[]) => some.map((route) => [route.name, route] as const);

const SOMEBODY = '01890a5d-ac96-774b-bcce-b302099a8057';
/** As legacy accounts are named. */
const LEGACY = 'a'.repeat(43);
let callers: Caller[];
let events: EventStore;
let head: string | null;

beforeAll(async () => {
  callers = await freshCallers(portal);
  events = portal.app.get(EventStore);
  await portal.settled();
});
beforeEach(async () => {
  head = await events.head();
});

const bodyOf = ({ operation }: Route): Schema => {
  const { content } = operation!.requestBody as { content: Record<string, { schema: Schema }> };
  return content['application/json']!.schema;
};
const goodIdOf = (url: string) => (url.includes('legacy-accounts') ? LEGACY : SOMEBODY);
const addressOf = ({ url }: Route, id = goodIdOf(url)) =>
  url.replace(':id', id).replace(':number', '1').replace(':userId', SOMEBODY);
const goodQuery = ({ operation }: Route) =>
  (operation?.parameters ?? [])
    .filter((parameter) => 'in' in parameter && parameter.in === 'query')
    .map((parameter) => parameter as { name: string; schema: Schema });

/** Sends to the route as whoever may call it. */
function send(route: Route, body: unknown, more: { query?: string; headers?: Record<string, string> } = {}) {
  const { client } = callerFor(callers, route.facts.policy!.who);
  const asked = goodQuery(route).find(({ name }) => name === 'email') ? '?email=a@b.example' : '';
  return client.send(route.method, addressOf(route) + (more.query ?? asked), body, more.headers ?? {});
}

/** What every refusal is: ours to answer for, named, documented, and silent about what was sent. */
function expectRefusal(route: Route, answer: Answer, pointer: string | RegExp, sent: unknown): void {
  const about = `${route.name} ${JSON.stringify(sent)?.slice(0, 200)} → ${answer.status} ${answer.text.slice(0, 300)}`;
  expect(answer.status >= 400 && answer.status < 500 ? '' : about).toBe('');
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const { data, error } = problemShape.safeParse(answer.body);
  expect(error ? `${about} ${error.message}` : '').toBe('');
  const pointers = (data?.errors ?? []).map((mistake) => mistake.pointer);
  const names = (found: string) =>
    typeof pointer === 'string' ? found.startsWith(pointer) : pointer.test(found);
  expect(pointers.some(names) ? '' : `${about} names ${pointers.join(', ')}`).toBe('');
  expect(Object.keys(route.operation!.responses)).toContain(String(answer.status));
  const told = answer.text + JSON.stringify([...answer.headers]);
  expect(told.includes(CANARY) ? about : '').toBe('');
  expect(told.length).toBeLessThan(10_000);
}

const expectNothingHappened = async () => expect(await events.head()).toBe(head);

describe.each(names(withBody))('%s', (_name, route) => {
  const schema = bodyOf(route);

  it('checks its input before anything else, and lets good input through the check', async () => {
    const answer = await send(route, samples.good(schema), { headers: { 'if-match': '"999999"' } });
    const wrongInput = (answer.body?.errors ?? []).map(({ pointer }: { pointer: string }) => pointer);
    // Where it is used, the revision is stale; elsewhere the header itself is refused: nothing happens either way.
    expect(wrongInput.every((pointer: string) => pointer === '#/headers/If-Match') ? [] : wrongInput).toEqual(
      [],
    );
    await expectNothingHappened();
  });

  it.each(samples.fields(schema).map((field) => [field.pointer, field.schema] as const))(
    'refuses what %s cannot be',
    async (pointer, field) => {
      const good = samples.good(schema);
      for (const value of hostileTo(field, pointer.split('/').at(-1)!)) {
        const body = withValue(good, pointer, value);
        expectRefusal(route, await send(route, body), pointer, value);
      }
      await expectNothingHappened();
    },
  );

  it('refuses fields that it does not have', async () => {
    const good = JSON.stringify(samples.good(schema));
    for (const strange of strangeFields) {
      const name = (JSON.parse(`{${strange}}`) as object) && strange.slice(1, strange.indexOf('"', 1));
      const pointer = /^[\w$.-]{1,64}$/.test(name) ? new RegExp(`^/${name.replace('$', '\\$')}$`) : /^$/;
      expectRefusal(route, await send(route, `${good.slice(0, -1)},${strange}}`), pointer, strange);
    }
    await expectNothingHappened();
  });

  it('refuses bodies that are no JSON object', async () => {
    for (const body of brokenBodies) {
      expectRefusal(route, await send(route, body), /^(\/|$)/, body);
    }
    await expectNothingHappened();
  });
});

describe.each(names(writing))('%s', (_name, route) => {
  it('refuses other types of content, and too much of it', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/xml',
      'application/jsonp',
      'application/json, text/plain',
      '',
    ]) {
      const answer = await send(route, `{"x":"${CANARY}"}`, { headers: { 'content-type': type } });
      expect(answer.status).toBe(415);
      expectRefusal(route, answer, '#/headers/Content-Type', type);
    }
    const large = route.facts.takesFile
      ? await send(route, `%PDF-1.7 ${CANARY.repeat(1_000_000)}`, {
          headers: { 'content-type': 'application/pdf' },
        })
      : await send(route, JSON.stringify({ x: CANARY.repeat(6_000) }));
    expect(large.status).toBe(413);
    expectRefusal(route, large, '', 'a large body');
    await expectNothingHappened();
  });

  it('refuses odd values of the headers that it takes', async () => {
    const body = route.facts.takesBody ? samples.good(bodyOf(route)) : undefined;
    const odd = {
      'Idempotency-Key': route.facts.takesIdempotencyKey ? ['', 'a b', 'ä', 'x'.repeat(201), 'a, b'] : [],
      'If-Match': ['', '12', '"a"', '"1", "2"', '"-1"', '"1e3"', `"${'9'.repeat(30)}"`, CANARY, 'W/12'],
    };
    for (const [name, values] of Object.entries(odd)) {
      for (const value of values) {
        const answer = await send(route, body, { headers: { [name]: value } });
        expectRefusal(route, answer, `#/headers/${name}`, value);
      }
    }
    await expectNothingHappened();
  });
});

describe.each(names(routes.filter(({ url }) => url.startsWith('/api/'))))('%s', (_name, route) => {
  it('refuses questions that it does not know, and those it knows when they make no sense', async () => {
    const asked = goodQuery(route);
    const rest = asked.some(({ name }) => name === 'email') ? '&email=a@b.example' : '';
    const strange = ['isAdmin', '__proto__', 'constructor', '$where', 'email[$gt]', 'limit[]'];
    for (const name of strange) {
      const answer = await send(route, undefined, { query: `?${encodeURIComponent(name)}=${CANARY}${rest}` });
      expectRefusal(route, answer, '#/query', name);
    }
    const wrong: Record<string, string[]> = {
      limit: [
        '',
        '0',
        '201',
        '-1',
        '1.5',
        '1e2',
        '0x10',
        ' 5',
        '+5',
        'NaN',
        CANARY,
        '99999999999999999999',
        '%00',
      ],
      cursor: ['', '%00', `${CANARY}%0d%0a`, CANARY, CANARY.repeat(60), '-1', "'", '{"$gt":""}'],
      after: [CANARY, '0', `${CANARY}'`, '%00', CANARY.repeat(10), '../..', ''],
      email: [
        ...['', CANARY, `${CANARY}%00@b.example`, `${CANARY}%0d%0a@b.example`, 'a@b.example%2Cc@d.example'],
      ],
    };
    for (const { name } of asked) {
      const others = name === 'email' ? '' : rest;
      for (const value of [...wrong[name]!, `1&${name}=2`]) {
        const answer = await send(route, undefined, { query: `?${name}=${value}${others}` });
        expectRefusal(route, answer, `#/query/${name}`, value);
      }
    }
    await expectNothingHappened();
  });

  it('refuses a token of consistency that it did not give', async () => {
    if (!route.facts.takesConsistencyToken) return;
    for (const token of ['', CANARY, 'x'.repeat(60), 'A'.repeat(5_000), '0']) {
      const answer = await send(route, undefined, { headers: { 'consistency-token': token } });
      expectRefusal(route, answer, '#/headers/Consistency-Token', token);
    }
    await expectNothingHappened();
  });
});

describe.each(names(withId))('%s', (_name, route) => {
  it('knows UUIDs in lower case (keyed hashes for legacy accounts), and nothing else', async () => {
    const { client } = callerFor(callers, route.facts.policy!.who);
    const body = route.facts.takesBody ? samples.good(bodyOf(route)) : undefined;
    for (const id of [
      CANARY,
      '1',
      SOMEBODY.toUpperCase(),
      `${SOMEBODY}%00`,
      `${SOMEBODY}%0a`,
      '%00',
      '%252e',
      '[object%20Object]',
      "'%20OR%201=1--",
      '%7B%22$gt%22:%22%22%7D',
      `${SOMEBODY},${SOMEBODY}`,
      'x'.repeat(99),
    ]) {
      const answer = await client.send(route.method, addressOf(route, id), body, {});
      expect(`${id} ${answer.status}`).toBe(`${id} 404`);
      expectRefusal(route, answer, '#/path/id', id);
    }
    await expectNothingHappened();
  });
});
