/** Errors that say in a sentence what a person can do; of all others, where they arose may help to find a bug. */
const sentences: ReadonlySet<string> = new Set([
  'ActRefused',
  'CommandFailed',
  'ConfigError',
  'DataDirectoryInUse',
  'DomainError',
  'EventsNotKept',
  'OutcomeUnknown',
  'ServiceLost',
  'SocketPathTooLong',
  'StoreUnavailable',
]);

export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack, code } = error as NodeJS.ErrnoException;
  return sentences.has(name) || code !== undefined ? message : (stack ?? message);
}
