/** One line of the table that `npm run bench` prints. `asked` and `measured` are in `unit`. */
export interface BenchRow {
  readonly name: string;
  readonly measured: number;
  readonly unit: string;
  /** The bound, with its sense: '>= 0.65', '< 15'. */
  readonly asked: string;
  readonly met: boolean;
  readonly note?: string;
}

export const atLeast = (
  name: string,
  unit: string,
  bound: number,
  measured: number,
  note?: string,
): BenchRow => ({
  name,
  measured,
  unit,
  asked: `>= ${bound}`,
  met: measured >= bound,
  note,
});

export const below = (
  name: string,
  unit: string,
  bound: number,
  measured: number,
  note?: string,
): BenchRow => ({ name, measured, unit, asked: `< ${bound}`, met: measured < bound, note });

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

/** Runs a bench by itself: prints its rows and fails when one is missed. */
export async function main(run: () => Promise<BenchRow[]>): Promise<void> {
  const rows = await run();
  for (const { name, measured, unit, asked, met, note } of rows) {
    const verdict = met ? 'met   ' : 'MISSED';
    console.log(
      `${verdict} ${name}: ${measured.toFixed(2)} ${unit} (asked: ${asked})${note ? `; ${note}` : ''}`,
    );
  }
  if (rows.some(({ met }) => !met)) process.exitCode = 1;
}
