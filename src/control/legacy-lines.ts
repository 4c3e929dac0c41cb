/** A line of a file of any size, without its end; `text` is null for one too long to be held. The first is line 1. */
export interface Line {
  readonly number: number;
  readonly text: string | null;
}

export const LINE_CHARS_MAX = 64 * 1024;

/** The lines that each piece of the text completes. */
export async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<Line[]> {
  let begun = '';
  let tooLong = false;
  let number = 0;
  const ended = (text: string): Line => {
    number += 1;
    const whole = tooLong || text.length > LINE_CHARS_MAX ? null : text.replace(/\r$/, '');
    tooLong = false;
    return { number, text: whole };
  };
  for await (const piece of pieces) {
    const parts = piece.split('\n');
    parts[0] = begun + parts[0];
    begun = parts.pop()!;
    yield parts.map(ended);
    if (begun.length > LINE_CHARS_MAX) {
      tooLong = true;
      begun = '';
    }
  }
  if (begun !== '' || tooLong) yield [ended(begun)];
}
