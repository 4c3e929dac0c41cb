import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { hash, verify } from '@node-rs/argon2';
import autocannon from 'autocannon';
import { emailOf, PASSWORD } from './bench-people.js';
import { HttpService } from './http-service.js';
import { atLeast, below, main, median, type BenchRow } from './row.js';

const ROUNDS = 5;
const ROUND_SECONDS = 4;
const CONNECTIONS = 32;

/** The service over HTTP, with the load generator on the same cores. What is compared alternates, round by round. */
export async function run(): Promise<BenchRow[]> {
  const service = await HttpService.start();
  try {
    return [...(await commands(service)), ...(await signIns(service))];
  } finally {
    await service.stop();
  }
}

interface Round {
  readonly rate: number;
  readonly p99Ms: number;
}

/** Officers' suspensions and reinstatements: they hash nothing, seal a reason, and are durable before they are answered. */
async function commands(service: HttpService): Promise<BenchRow[]> {
  const work: Round[] = [];
  const nothing: Round[] = [];
  const lags: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    await service.ask('do nothing');
    const idle = await commandRound(service);
    await service.ask('do work');
    const busy = await commandRound(service);
    const { lagSeconds } = await service.ask('measure');
    // The first round is for the compilers and the caches.
    if (round === 0) continue;
    nothing.push(idle);
    work.push(busy);
    lags.push(lagSeconds);
  }
  const rate = median(work.map((round) => round.rate));
  const ratio = median(work.map((round, index) => round.rate / nothing[index]!.rate));
  const note = `${perSecond(rate)} against ${perSecond(median(nothing.map((round) => round.rate)))}`;
  return [
    atLeast('commands over HTTP, durable', '/s', 3_000, rate),
    below('commands over HTTP, p99', 'ms', 50, median(work.map(({ p99Ms }) => p99Ms))),
    atLeast('commands over HTTP, against the same route doing nothing', 'ratio', 0.45, ratio, note),
    below('projections behind, at the end of a round', 's', 1, Math.max(...lags)),
  ];
}

async function commandRound({ ready }: HttpService): Promise<Round> {
  // Each connection has accounts of its own, so that suspensions and reinstatements alternate as they should.
  let connection = 0;
  const setupClient = (client: autocannon.Client) => {
    const own = ready.accountIds.filter((_, index) => index % CONNECTIONS === connection);
    connection += 1;
    client.setRequests(
      own.flatMap((id) => [
        request(ready.officerToken, id, 'suspensions'),
        request(ready.officerToken, id, 'reinstatements'),
      ]),
    );
  };
  return result(
    await autocannon({ url: ready.url, connections: CONNECTIONS, duration: ROUND_SECONDS, setupClient }),
  );
}

const request = (token: string, id: string, act: string): autocannon.Request => ({
  method: 'POST',
  path: `/api/v1/accounts/${id}/${act}`,
  headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
  body: JSON.stringify({ reason: 'Routine review of the certificate.', cause: 'OfficerDecision' }),
});

async function signIns(service: HttpService): Promise<BenchRow[]> {
  const { url, accountIds } = service.ready;
  const requests = accountIds.map((_, account): autocannon.Request => ({
    method: 'POST',
    path: '/api/v1/sessions',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: emailOf(account), password: PASSWORD }),
  }));
  const raw: number[] = [];
  const rounds: Round[] = [];
  const delays: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const rawRate = await rawHashes();
    await service.ask('begin');
    const options = { url, connections: 8, duration: ROUND_SECONDS, requests };
    const measured = result(await autocannon(options));
    const { loopDelayMs } = await service.ask('measure');
    if (round === 0) continue;
    raw.push(rawRate);
    rounds.push(measured);
    delays.push(loopDelayMs);
  }
  const ratio = median(rounds.map(({ rate }, index) => rate / raw[index]!));
  const note = `${perSecond(median(rounds.map(({ rate }) => rate)))} against ${perSecond(median(raw))} hashes`;
  return [
    atLeast('sign-in over HTTP, against raw hashing', 'ratio', 0.75, ratio, note),
    below('event-loop delay while signing in, p99', 'ms', 15, median(delays)),
  ];
}

/** Verifications of one hash with the service's parameters, as many at a time as there are cores. */
async function rawHashes(): Promise<number> {
  const hashed = await hash(PASSWORD, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
  const end = performance.now() + ROUND_SECONDS * 1_000;
  let count = 0;
  const lane = async () => {
    while (performance.now() < end) {
      await verify(hashed, PASSWORD);
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return count / ROUND_SECONDS;
}

/** A round ends in mid-work: what it left suspended refuses the first suspension of the next, once a connection. */
function result({ requests, latency, non2xx, errors }: autocannon.Result): Round {
  if (non2xx > CONNECTIONS || errors > 0)
    throw new Error(`${non2xx} refusals and ${errors} errors under load`);
  return { rate: requests.average, p99Ms: latency.p99 };
}

const perSecond = (rate: number) => `${Math.round(rate).toLocaleString('en')}/s`;

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(run);
