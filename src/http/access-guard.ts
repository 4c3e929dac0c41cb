import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { CommandBus } from '@nestjs/cqrs';
import { AccountRules } from '../commands/account-rules.js';
import { ContinueSession } from '../commands/continue-session.js';
import { sameToken } from '../commands/session-tokens.js';
import { isWeaker } from '../domain/account/input-rules.js';
import { SESSION_RECORDED_EVERY_MS } from '../domain/account/sessions.js';
import { PASSWORD_FRESH_MS } from '../domain/account/step-up.js';
import { Clock, Ids } from '../ports.js';
import { ACCESS_POLICY, type AccessPolicy } from './access.js';
import { Authentication, credentialsOf } from './authentication.js';
import { PortalKeys } from './portal-keys.js';
import type { Caller, PortalRequest } from './portal-request.js';
import { refuse } from './problem.js';
import { ErrorLog } from './problem-filter.js';

const readingMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Stands before every route. What has no policy is refused. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authentication: Authentication,
    private readonly keys: PortalKeys,
    private readonly rules: AccountRules,
    private readonly commands: CommandBus,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly log: ErrorLog,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const policy = this.reflector.getAllAndOverride<AccessPolicy | undefined>(ACCESS_POLICY, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (!policy) throw refuse('Forbidden');
    if (policy.who === 'anyone') return true;
    const request = context.switchToHttp().getRequest<PortalRequest>();
    const credentials = credentialsOf(request);
    if (!credentials) throw refuse('NotSignedIn');
    const { 'consistency-token': seen, 'if-match': expected } = request.headers;
    const current = seen !== undefined || expected !== undefined;
    const caller = await this.authentication.callerOf(credentials.token, current);
    if (credentials.from === 'cookie') this.refuseForgery(request, caller);
    this.refuseUnless(policy, caller);
    request.caller = caller;
    this.continueSession(caller, request.id);
    return true;
  }

  private refuseForgery(request: PortalRequest, { session }: Caller): void {
    if (readingMethods.has(request.method)) return;
    const sent = request.headers['x-csrf-token'];
    // An Origin that is not ours was refused on arrival; a cookie's write must come with ours.
    if (request.headers.origin === undefined) throw refuse('CrossSite');
    if (typeof sent !== 'string' || !sameToken(sent, this.keys.csrfToken(session.id)))
      throw refuse('CrossSite');
  }

  private refuseUnless(policy: AccessPolicy, { account, session }: Caller): void {
    const { who } = policy;
    if (typeof who !== 'string' && !account.roles.some((role) => who.includes(role)))
      throw refuse('Forbidden');
    if (session.aal < policy.aal) throw refuse('AssuranceRequired');
    const weak = account.password !== null && isWeaker(account.password.policy, this.rules.passwordPolicy);
    if (weak && !policy.withWeakPassword) throw refuse('PasswordChangeRequired');
    if (policy.stepUp && this.clock.now() - session.passwordAt >= PASSWORD_FRESH_MS)
      throw refuse('StepUpRequired');
  }

  /** Not waited for: a request is not held up by the record that its session is in use. */
  private continueSession({ accountId, session }: Caller, requestId: string): void {
    if (this.clock.now() - session.seenAt < SESSION_RECORDED_EVERY_MS) return;
    const context = {
      commandId: this.ids.next(),
      actor: { kind: 'account' as const, id: accountId, role: null },
      correlationId: requestId,
      causationId: requestId,
    };
    this.commands
      .execute(new ContinueSession(accountId, session.id, context))
      .catch((error: unknown) => this.log.unexpected(error));
  }
}
