import {
  AccessDeniedError,
  convertToCommandError,
  DeadlineExceededError,
  InvalidArgumentError,
  NotLeaderError,
  StreamDeletedError,
} from '@eventstore/db-client';

/** Nothing came back in time. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
  constructor(ms: number) {
    super(`no answer within ${ms} ms`);
  }
}

/** The promise's value, or `Unanswered` after so long: the client has promises that never settle. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Unanswered(ms)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** No answer at all: the connection may be half open. */
export const isSilence = (error: unknown): boolean =>
  error instanceof Unanswered || typed(error) instanceof DeadlineExceededError;

/** Whether it is certain that the server wrote nothing: it said so, or was never asked. */
export function nothingWritten(error: unknown): boolean {
  const known = typed(error);
  if (
    known instanceof NotLeaderError ||
    known instanceof AccessDeniedError ||
    known instanceof StreamDeletedError ||
    known instanceof InvalidArgumentError
  ) {
    return true;
  }
  return NEVER_TAKEN.test(reason(error));
}

// By their texts, since the codes are those of a connection that broke in mid-append too. First the server's own, then those of
// grpc-js for calls that found no connection.
const NEVER_TAKEN =
  /Server Is Not Ready|Server Is Too Busy|No leader info available|No connection established|Name resolution failed|Waiting for LB pick/;

/** For people; holds no credentials, which the client puts in no error. */
export function reason(error: unknown): string {
  const { message, name } = error as Partial<Error>;
  return message || (typed(error) as { type?: string }).type || name || String(error);
}

/** In an outage the client's errors are often those of gRPC, as they came. */
const typed = (error: unknown): unknown =>
  error instanceof Error
    ? convertToCommandError(error as Parameters<typeof convertToCommandError>[0])
    : error;
