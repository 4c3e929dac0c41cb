import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { Follower } from '../../engine/follower.js';
import { LiveProjections } from '../../engine/live-projections.js';
import { lagOf } from '../../engine/projection-lag.js';
import { Reactor } from '../../engine/reactor.js';
import { Clock, type Position } from '../../ports.js';
import { CountLegacyLogouts } from '../../projections/legacy-logouts.js';

/** Mail that waits longer than this needs an operator. */
const MAIL_OVERDUE_SECONDS = 3600;
/** Nobody needs to know more exactly that the legacy portal is away. */
const LOGOUTS_COUNTED_MAX = 1_000;
const SIGN_IN_ROUTE = '/api/v1/sessions';

/** What Prometheus scrapes. Labels are route templates and names of ours: never an address, an id or a token. */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();
  private readonly requests = new Histogram({
    name: 'portcullis_http_request_seconds',
    help: 'Answers by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [this.registry],
  });
  private readonly signIns = new Counter({
    name: 'portcullis_sign_ins_total',
    help: 'Sign-ins by outcome; refused ones include those at shut doors, which leave no event',
    labelNames: ['outcome'],
    registers: [this.registry],
  });

  constructor(
    private readonly follower: Follower,
    private readonly live: LiveProjections,
    private readonly reactor: Reactor,
    private readonly clock: Clock,
    private readonly queries: QueryBus,
  ) {
    collectDefaultMetrics({ register: this.registry });
    this.projections();
    this.reactions();
    this.legacyLogouts();
  }

  /** In the text format of Prometheus. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  readonly contentType = this.registry.contentType;

  observe(server: FastifyInstance): void {
    server.addHook('onResponse', (request, reply, done) => {
      const route = request.routeOptions.url ?? 'none';
      const labels = { method: request.method, route, status: String(reply.statusCode) };
      this.requests.observe(labels, reply.elapsedTime / 1000);
      if (request.method === 'POST' && route === SIGN_IN_ROUTE) this.countSignIn(reply.statusCode);
      done();
    });
  }

  private countSignIn(status: number): void {
    const outcomes: Record<number, string> = { 201: 'succeeded', 401: 'refused' };
    this.signIns.inc({ outcome: outcomes[status] ?? 'not tried' });
  }

  private projections(): void {
    const { live } = this;
    this.gauge('projection_lag_events', 'Events a view has still to see', 'projection', async (set) => {
      for (const { name, position } of live.states()) set(name, (await this.lag(position)).events);
    });
    this.gauge('projection_lag_seconds', 'Age of the oldest of them', 'projection', async (set) => {
      for (const { name, position } of live.states()) set(name, (await this.lag(position)).seconds);
    });
    this.gauge('projection_parked', 'Streams left out of a view', 'projection', async (set) => {
      for (const { name, parkedCount } of live.states()) set(name, parkedCount);
    });
    this.gauge('projection_failing', '1 while a projection does not go on', 'projection', async (set) => {
      for (const { name, failure } of live.states()) set(name, failure === null ? 0 : 1);
    });
  }

  private reactions(): void {
    const { reactor } = this;
    this.gauge('reaction_lag_seconds', 'Age of the oldest event not dealt with', 'reaction', async (set) => {
      for (const { name, position } of reactor.states()) set(name, (await this.lag(position)).seconds);
    });
    this.gauge('reaction_parked', 'Events given up', 'reaction', async (set) => {
      for (const { name, parkedCount } of reactor.states()) set(name, parkedCount);
    });
    this.gauge('reaction_retries', 'Tries that failed since the start', 'reaction', async (set) => {
      for (const { name, retries } of reactor.states()) set(name, retries);
    });
    this.gauge('mail_overdue', 'Alert: 1 while mail waits for more than an hour', 'reaction', async (set) => {
      for (const { name, position } of reactor.states()) {
        if (name === 'mails') set(name, (await this.lag(position)).seconds > MAIL_OVERDUE_SECONDS ? 1 : 0);
      }
    });
  }

  private legacyLogouts(): void {
    const { queries } = this;
    new Gauge({
      name: 'portcullis_legacy_logouts_unacknowledged',
      help: `Logouts that the legacy portal has not acknowledged; ${LOGOUTS_COUNTED_MAX} stands for as many or more`,
      registers: [this.registry],
      async collect() {
        this.set(
          await queries.execute<CountLegacyLogouts, number>(new CountLegacyLogouts(LOGOUTS_COUNTED_MAX)),
        );
      },
    });
  }

  private gauge(
    name: string,
    help: string,
    label: string,
    collect: (set: (value: string, amount: number) => void) => Promise<void>,
  ): void {
    new Gauge({
      name: `portcullis_${name}`,
      help,
      labelNames: [label],
      registers: [this.registry],
      async collect() {
        await collect((value, amount) => this.set({ [label]: value }, amount));
      },
    });
  }

  private lag(position: Position | null) {
    return lagOf(this.follower, position, this.clock.now());
  }
}
