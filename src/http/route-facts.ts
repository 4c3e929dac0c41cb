import { GUARDS_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { ACCESS_POLICY, type AccessPolicy } from './access.js';
import { CommandContexts } from './command-context.js';
import { ANSWER, REFUSALS, TAKES_IF_MATCH, type GoodAnswer } from './describe.js';
import { TAKES_FILE } from './file-body.js';
import { FreshViews } from './fresh-views.js';
import { PasswordGuard } from './password-strategy.js';

/** What a route's method declares by its decorators and parameters, for those who check or describe all routes. */
export interface RouteFacts {
  /** None: the route is refused to everybody. */
  readonly policy: AccessPolicy | undefined;
  readonly takesBody: boolean;
  /** The body is a file as it stands, and no JSON. */
  readonly takesFile: boolean;
  readonly takesQuery: boolean;
  readonly takesIfMatch: boolean;
  readonly takesIdempotencyKey: boolean;
  readonly takesConsistencyToken: boolean;
  readonly answer: GoodAnswer | undefined;
  readonly refusals: readonly string[];
}

export type Method = (...parameters: never[]) => unknown;
export type Class = abstract new (...parameters: never[]) => unknown;

interface Parameter {
  readonly pipes?: readonly unknown[];
}

export function factsOf(controller: Class, method: Method): RouteFacts {
  const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, method.name) ?? {}) as Readonly<
    Record<string, Parameter>
  >;
  const guards = (Reflect.getMetadata(GUARDS_METADATA, method) ?? []) as unknown[];
  // Keys are '<kind>:<index>'; those of our own decorators begin with text of chance.
  const takes = (kind: RouteParamtypes) =>
    Object.keys(parameters).some((key) => /^(\d+):\d+$/.exec(key)?.[1] === String(kind));
  const isPiped = (pipe: unknown) => Object.values(parameters).some(({ pipes }) => pipes?.includes(pipe));
  return {
    policy: metadata<AccessPolicy>(ACCESS_POLICY, controller, method),
    takesBody: takes(RouteParamtypes.BODY),
    takesFile: metadata<boolean>(TAKES_FILE, controller, method) ?? false,
    takesQuery: takes(RouteParamtypes.QUERY),
    takesIfMatch: metadata<boolean>(TAKES_IF_MATCH, controller, method) ?? false,
    takesIdempotencyKey: isPiped(CommandContexts) || guards.includes(PasswordGuard),
    takesConsistencyToken: isPiped(FreshViews),
    answer: metadata<GoodAnswer>(ANSWER, controller, method),
    refusals: metadata<string[]>(REFUSALS, controller, method) ?? [],
  };
}

/** Of the method, or else of its class. */
const metadata = <T>(key: string, controller: Class, method: Method): T | undefined =>
  (Reflect.getMetadata(key, method) ?? Reflect.getMetadata(key, controller)) as T | undefined;
