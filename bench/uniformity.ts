import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PASSWORD } from './bench-people.js';
import { below, main, median, type BenchRow } from './row.js';
import { addressOf, situations, type Filled, type Situation } from './uniformity-people.js';

/** Refused sign-ins, reset requests and registrations of every kind of address, in turns; and again with a slow store, which
 *  those that are written must wait for. How far the medians lie apart is what a stranger could learn. */

const ROUNDS = 24;
/** Between requests: enough that none waits for the hashes of the one before. */
const APART_MS = 120;
const DELAYS_MS = [0, 5];
const APART_MS_MAX = 1;

type Body = (email: string) => object;

const answers = ['first-pet', 'nickname', 'first-ship'].map((questionId, index) => ({
  questionId,
  answer: `answer ${index}`,
}));
const requests: readonly { what: string; path: string; body: Body }[] = [
  {
    what: 'refused sign-ins',
    path: '/api/v1/sessions',
    body: (email) => ({ email, password: 'not the password' }),
  },
  { what: 'reset requests', path: '/api/v1/password-reset-requests', body: (email) => ({ email }) },
  {
    what: 'registrations',
    path: '/api/v1/registrations',
    body: (email) => ({
      email,
      givenName: 'Kim',
      familyName: 'Partner',
      password: PASSWORD,
      passwordAgain: PASSWORD,
      securityAnswers: answers,
    }),
  },
];

export async function run(): Promise<BenchRow[]> {
  const directory = mkdtempSync(join(tmpdir(), 'portcullis-bench-'));
  const child = fork(fileURLToPath(new URL('./uniformity-child.js', import.meta.url)), {
    env: {
      ...process.env,
      DATA_DIR: directory,
      PORT: '0',
      ADMIN_ADDRESS: '127.0.0.1:0',
      LOG_LEVEL: 'error',
      CLIENT_FAILURES_MAX: '1000000',
      CLIENT_REQUESTS_MAX: '1000000',
      UV_THREADPOOL_SIZE: String(availableParallelism() + 2),
    },
  });
  const agent = new Agent({ keepAlive: true });
  try {
    const { url } = await ask<Filled>(child, { fill: DELAYS_MS.length * requests.length * ROUNDS });
    const rows: BenchRow[] = [];
    for (const [index, commitMs] of DELAYS_MS.entries()) {
      await ask(child, { commitMs });
      for (const [kind, { what, path, body }] of requests.entries()) {
        const first = (index * requests.length + kind) * ROUNDS;
        const times = await rounds(first, (email) => timed(agent, new URL(path, url), body(email)));
        rows.push(rowOf(what, commitMs, times));
      }
    }
    return rows;
  } finally {
    agent.destroy();
    child.send('stop');
    await once(child, 'exit');
    rmSync(directory, { recursive: true });
  }
}

async function ask<T = object>(child: ChildProcess, what: object): Promise<T> {
  child.send(what);
  const [told] = (await once(child, 'message')) as [T];
  return told;
}

type Times = Record<Situation, number[]>;

/** All kinds of addresses one shortly after the other, in an order that turns from round to round. The first round is for the
 *  compilers. */
async function rounds(first: number, send: (email: string) => Promise<number>): Promise<Times> {
  const times = Object.fromEntries(situations.map((situation) => [situation, [] as number[]])) as Times;
  for (let round = 0; round < ROUNDS; round += 1) {
    const order = situations.map((_, index) => situations[(index + round) % situations.length]!);
    await Promise.all(
      order.map(async (situation, index) => {
        await pause(index * APART_MS);
        const ms = await send(addressOf(situation, first + round));
        if (round > 0) times[situation].push(ms);
      }),
    );
  }
  return times;
}

function timed(agent: Agent, url: URL, body: object): Promise<number> {
  const payload = JSON.stringify(body);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) };
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
      if (answer.statusCode !== 401 && answer.statusCode !== 202) {
        reject(new Error(`${url.pathname} answered ${answer.statusCode}`));
      }
      answer.resume().on('end', () => resolve(performance.now() - start));
    });
    sent.on('error', reject).end(payload);
  });
}

function rowOf(what: string, commitMs: number, times: Times): BenchRow {
  const medians = situations.map((situation) => [situation, median(times[situation])] as const);
  const values = medians.map(([, ms]) => ms);
  const note = medians.map(([situation, ms]) => `${situation} ${ms.toFixed(2)}`).join(', ');
  const slow = commitMs > 0 ? `, commits ${commitMs} ms slower` : '';
  return below(
    `${what}: medians apart${slow}`,
    'ms',
    APART_MS_MAX,
    Math.max(...values) - Math.min(...values),
    note,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(run);
