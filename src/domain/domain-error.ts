/** A business rule refused the command; nothing was written. `sentence` is for people and holds nothing personal. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  constructor(
    readonly code: string,
    sentence: string,
  ) {
    super(sentence);
  }
}
