import {
  applyDecorators,
  Injectable,
  SetMetadata,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { Reflector } from '@nestjs/core';
import { ApiHeader } from '@nestjs/swagger';
import { refuseIfAny, type Mistake } from '../domain/account/input-rules.js';
import { pointerTo } from './pointer.js';
import type { PortalRequest } from './portal-request.js';

const TAKES_IF_MATCH = 'portcullis:if-match';

/** The route changes one account, and refuses when its revision is another than `If-Match` says. */
export const TakesIfMatch = () =>
  applyDecorators(
    SetMetadata(TAKES_IF_MATCH, true),
    ApiHeader({
      name: 'If-Match',
      required: false,
      description: 'The ETag of the account as last seen; 412 when it has changed since',
      schema: { type: 'string', examples: ['"12"'] },
    }),
  );

/** Refuses what a route does not read: else it would look as if it had been. A stranger's `If-Match` would even be answered by
 *  whichever account the body names. */
@Injectable()
export class UndeclaredInput implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const { body, query, headers, routeOptions } = context.switchToHttp().getRequest<PortalRequest>();
    // Pages read their requests themselves, and others add what they like to links.
    if (!routeOptions.url?.startsWith('/api/')) return true;
    const declared = declaredParts(context);
    const mistakes: Mistake[] = [];
    const refuseAll = (part: unknown, parent: string) => {
      for (const name of Object.keys(part ?? {})) {
        mistakes.push({ pointer: pointerTo(parent, name), detail: 'is not a field of this request' });
      }
    };
    if (!declared.has(RouteParamtypes.BODY)) refuseAll(body, '');
    if (!declared.has(RouteParamtypes.QUERY)) refuseAll(query, '#/query');
    if (headers['if-match'] !== undefined && !this.reflector.get(TAKES_IF_MATCH, context.getHandler())) {
      mistakes.push({ pointer: '#/headers/If-Match', detail: 'is not used at this address' });
    }
    refuseIfAny(mistakes);
    return true;
  }
}

/** The parts of the request for which the route's method has a parameter. */
function declaredParts(context: ExecutionContext): ReadonlySet<number> {
  const { name } = context.getHandler();
  const parameters = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), name) as object | undefined;
  // Keys are '<kind>:<index>'; those of our own decorators begin with text of chance.
  const kinds = Object.keys(parameters ?? {}).map((key) => /^(\d+):\d+$/.exec(key)?.[1]);
  return new Set(kinds.map(Number));
}
