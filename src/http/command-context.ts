import { createHash } from 'node:crypto';
import { createParamDecorator, Injectable, type ExecutionContext, type PipeTransform } from '@nestjs/common';
import canonicalize from 'canonicalize';
import { v5 } from 'uuid';
import { RecentMap } from '../engine/recent-map.js';
import type { CommandContext } from '../engine/streams.js';
import { CommandIdReused } from '../engine/streams.js';
import { Clock, Ids } from '../ports.js';
import { PortalKeys } from './portal-keys.js';
import { addressOf, type PortalRequest } from './portal-request.js';
import { refuse } from './problem.js';

const NAMESPACE = '6f2f0a52-5d0a-4c53-9a58-2f6d0f3a9c11';
const KEY = /^[\x21-\x7e]{1,200}$/;
const REVISION = /^(?:W\/)?"(\d{1,15})"$/;
/** What can be guessed stays out of fingerprints, which the log keeps. The token of a mailed link cannot, and counts. */
const secretFields: ReadonlySet<string> = new Set(['password', 'passwordAgain', 'answer', 'legacyPassword']);
const KEYS_REMEMBERED_MAX = 20_000;

const RequestOf = createParamDecorator((_: unknown, context: ExecutionContext) =>
  context.switchToHttp().getRequest<PortalRequest>(),
);

/** Makes the context of a command out of its request: who, from where, and which repetition of which request. */
@Injectable()
export class CommandContexts implements PipeTransform<PortalRequest, CommandContext> {
  /** Which body a key stands for. Streams remember the keys of commands that left events, for a day; this covers the others. */
  private readonly bodies = new RecentMap<string, string>(KEYS_REMEMBERED_MAX);

  constructor(
    private readonly keys: PortalKeys,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  transform(request: PortalRequest): CommandContext {
    const { caller } = request;
    const clientKey = this.keys.clientKey(addressOf(request), this.clock.now());
    const ifRevision = revisionOf(request.headers['if-match']);
    return {
      ...this.commandId(request, caller?.accountId ?? null, clientKey),
      actor: caller
        ? { kind: 'account', id: caller.accountId, role: caller.account.roles[0] ?? null }
        : { kind: 'stranger', id: clientKey, role: null },
      correlationId: request.id,
      causationId: request.id,
      clientKey,
      ...(ifRevision !== null && { ifRevision }),
    };
  }

  /** Called once the request was answered: the key of one that was refused may be used for a better one. */
  answered({ idempotency }: PortalRequest, status: number): void {
    if (idempotency && status >= 400 && status < 500) this.bodies.delete(idempotency.use);
  }

  private commandId(
    request: PortalRequest,
    accountId: string | null,
    clientKey: string,
  ): Pick<CommandContext, 'commandId' | 'fingerprint'> {
    const key = request.headers['idempotency-key'];
    if (key === undefined) return { commandId: this.ids.next() };
    if (typeof key !== 'string' || !KEY.test(key)) {
      const detail = 'must be 1 to 200 visible ASCII characters, such as a UUID';
      throw refuse('InvalidInput', { errors: [{ pointer: '#/headers/Idempotency-Key', detail }] });
    }
    const route = [request.method, request.routeOptions.url, request.params];
    const use = v5(JSON.stringify([accountId ?? clientKey, ...route, key]), NAMESPACE);
    const fingerprint = this.keys.fingerprint(textOf(request.body));
    const before = this.bodies.get(use);
    if (before !== undefined && before !== fingerprint) {
      throw new CommandIdReused('this Idempotency-Key was used with another request');
    }
    this.bodies.set(use, fingerprint);
    request.idempotency = { use };
    // A stranger's command goes to whichever account the body names. Were its id the same for all bodies, the account's own memory
    // of it would tell, long after the one here is gone, whether the former body had named one.
    return { commandId: accountId === null ? v5(fingerprint, use) : use, fingerprint };
  }
}

/** The parameter of a controller's method that carries the command's context. */
export const Context = () => RequestOf(CommandContexts);

/** The body as it is compared with that of a repetition. A file counts by its hash. */
function textOf(body: unknown): string {
  if (Buffer.isBuffer(body)) return createHash('sha256').update(body).digest('hex');
  return canonicalize(withoutSecrets(body)) ?? '';
}

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !secretFields.has(name))
      .map(([name, inner]) => [name, withoutSecrets(inner)]),
  );
}

function revisionOf(ifMatch: string | undefined): number | null {
  if (ifMatch === undefined || ifMatch === '*') return null;
  const [, revision] = REVISION.exec(ifMatch) ?? [];
  if (revision === undefined) {
    const detail = 'must be an ETag as this service gave it, such as "12"';
    throw refuse('InvalidInput', { errors: [{ pointer: '#/headers/If-Match', detail }] });
  }
  return Number(revision);
}
