import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { refuseIfAny, type Mistake } from '../domain/account/input-rules.js';
import { pointerTo } from './pointer.js';
import type { PortalRequest } from './portal-request.js';
import { factsOf } from './route-facts.js';

/** Refuses what a route does not read: else it would look as if it had been. A stranger's `If-Match` would even be answered by
 *  whichever account the body names. */
@Injectable()
export class UndeclaredInput implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { body, query, headers, routeOptions } = context.switchToHttp().getRequest<PortalRequest>();
    // Pages read their requests themselves, and others add what they like to links.
    if (!routeOptions.url?.startsWith('/api/')) return true;
    const facts = factsOf(context.getClass(), context.getHandler() as () => unknown);
    const mistakes: Mistake[] = [];
    if (!facts.takesBody && !facts.takesFile) mistakes.push(...undeclared(body, ''));
    if (!facts.takesQuery) mistakes.push(...undeclared(query, '#/query'));
    if (!facts.takesIfMatch && headers['if-match'] !== undefined) {
      mistakes.push({ pointer: '#/headers/If-Match', detail: 'is not used at this address' });
    }
    refuseIfAny(mistakes);
    return true;
  }
}

const undeclared = (part: unknown, parent: string): Mistake[] =>
  Object.keys(part ?? {}).map((name) => ({
    pointer: pointerTo(parent, name),
    detail: 'is not a field of this request',
  }));
