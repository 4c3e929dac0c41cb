/** Whether the full counts run, as `npm run soak` has them. */
export const soaking = process.env.SOAK === '1';

/** How often, or how long: a little in `npm test`, in full in `npm run soak`. */
export const counted = (inTest: number, inSoak: number): number => (soaking ? inSoak : inTest);

/** Shows somebody who waits for a soak how far it is. */
export function progress(text: string): void {
  if (soaking) process.stderr.write(`  ${new Date().toISOString().slice(11, 19)} ${text}\n`);
}
