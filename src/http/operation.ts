import type { OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { problems, type ProblemCode } from './problem.js';
import type { RouteFacts } from './route-facts.js';

export type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Responses = Operation['responses'];
type Parameters = NonNullable<Operation['parameters']>;

const writing: ReadonlySet<string> = new Set(['post', 'put', 'patch', 'delete']);

/** An operation as Nest describes it, with everything that its route declares. */
export function completed(operation: Operation, method: string, path: string, facts: RouteFacts): Operation {
  const { policy } = facts;
  const isPublic = policy?.who === 'anyone';
  return {
    ...operation,
    operationId: (operation.operationId ?? '').replace('Controller.', '_'),
    security: isPublic ? [] : [{ bearer: [] }, { cookie: [] }],
    ...(policy && !isPublic && { description: whoMay(policy) }),
    parameters: [...(operation.parameters ?? []).map(exact), ...headersOf(method, facts)],
    responses: { ...goodAnswer(facts), ...refusals(codesOf(method, path, facts)) },
  };
}

function whoMay({ who, aal, stepUp, withWeakPassword }: NonNullable<RouteFacts['policy']>): string {
  const callers = typeof who === 'string' ? 'everybody who is signed in' : `staff: ${who.join(', ')}`;
  return [
    `For ${callers}; assurance level ${aal}.`,
    ...(stepUp ? ['The password must have been given within the last five minutes.'] : []),
    ...(withWeakPassword ? ['Also with a password that has to be changed.'] : []),
  ].join(' ');
}

/** Ids in addresses are UUIDs. */
const exact = (parameter: Parameters[number]): Parameters[number] =>
  'in' in parameter && parameter.in === 'path' && parameter.name === 'id'
    ? { ...parameter, schema: { type: 'string', format: 'uuid' } }
    : parameter;

function headersOf(method: string, facts: RouteFacts): Parameters {
  const header = (name: string, description: string) => ({
    name,
    in: 'header' as const,
    required: false,
    description,
    schema: { type: 'string' },
  });
  const found: Parameters = [];
  if (writing.has(method) && facts.takesIdempotencyKey) {
    found.push(header('Idempotency-Key', 'Makes the same request, sent again within a day, one request'));
  }
  if (facts.takesIfMatch) {
    found.push(header('If-Match', 'The ETag of the account as last seen; 412 when it has changed since'));
  }
  if (facts.takesConsistencyToken) {
    found.push(header('Consistency-Token', 'As a write answered with it: the answer then shows that write'));
  }
  if (writing.has(method) && facts.policy?.who !== 'anyone') {
    found.push(header('X-CSRF-Token', 'With the session cookie: the csrfToken of that session'));
  }
  return found;
}

function goodAnswer({ answer }: RouteFacts): Responses {
  if (!answer) return {};
  const { status, shape, headers, fileTypes } = answer;
  const file = { schema: { type: 'string', format: 'binary' } };
  return {
    [status]: {
      description: shape || fileTypes.length > 0 ? 'Done' : 'Done; nothing to tell',
      headers: Object.fromEntries(headers.map((name) => [name, { schema: { type: 'string' } }])),
      ...(fileTypes.length > 0 && { content: Object.fromEntries(fileTypes.map((type) => [type, file])) }),
      ...(shape && { content: { 'application/json': { schema: schemaOf(shape) } } }),
    },
  };
}

/** Every code that the route may answer with, from what it declares. */
function codesOf(method: string, path: string, facts: RouteFacts): readonly string[] {
  const { policy, refusals } = facts;
  const isPublic = policy?.who === 'anyone';
  const codes: [boolean, ProblemCode[]][] = [
    [true, ['MalformedRequest', 'InvalidInput', 'InternalError']],
    [writing.has(method), ['CrossSite', 'MalformedBody', 'BodyTooLarge', 'UnsupportedMediaType']],
    [!isPublic, ['NotSignedIn', 'AccountShut', 'StoreUnavailable']],
    [typeof policy?.who === 'object', ['Forbidden']],
    [(policy?.aal ?? 0) > 1, ['AssuranceRequired']],
    [!isPublic && !policy?.withWeakPassword, ['PasswordChangeRequired']],
    [policy?.stepUp ?? false, ['StepUpRequired']],
    [path.includes('{'), ['NotFound']],
    [facts.takesIdempotencyKey && writing.has(method), ['IdempotencyKeyReused', 'OutcomeUnknown', 'Busy']],
    [facts.takesIfMatch, ['StaleRevision']],
    [facts.takesConsistencyToken, ['ProjectionLagging']],
  ];
  return [...codes.flatMap(([holds, meant]) => (holds ? meant : [])), ...refusals];
}

const RULE_STATUS = 409;

function refusals(codes: readonly string[]): Responses {
  const entries = codes.map((code) => {
    const [status, title] = Object.hasOwn(problems, code) ? problems[code as ProblemCode] : [RULE_STATUS, ''];
    return { status, line: title === '' ? `\`${code}\`` : `\`${code}\`: ${title}` };
  });
  const statuses = [...new Set(entries.map(({ status }) => status))];
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: entries
          .filter((entry) => entry.status === status)
          .map(({ line }) => line)
          .join('  \n'),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

export function schemaOf(shape: z.ZodType): object {
  const { $schema: _, ...schema } = z.toJSONSchema(shape);
  return schema;
}
