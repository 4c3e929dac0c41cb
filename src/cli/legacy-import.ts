import { resolve } from 'node:path';
import { keptSettings } from './kept-stores.js';
import { perform } from './operate.js';
import { plural, say, sayJson } from './printing.js';
import { progressBar } from './progress-bar.js';

export interface ImportOptions {
  readonly report?: string;
  readonly json: boolean;
}

/** Takes over a legacy directory: by the service, which reads the file itself, or here, when none runs. */
export async function importLegacy(file: string, { report, json }: ImportOptions): Promise<void> {
  const path = resolve(file);
  const input = { file: path, report: resolve(report ?? `${path}.refused.jsonl`) };
  const bar = progressBar('bytes');
  try {
    const options = { onProgress: bar.show, begin: true };
    const { result } = await perform(keptSettings(), 'importLegacy', input, options);
    bar.stop();
    if (json) return sayJson(result);
    const { imported, changed, unchanged, refused, ms } = result;
    const rows = imported + changed + unchanged + refused;
    const rate = Math.round((rows * 1_000) / Math.max(1, ms));
    say(`${plural(rows, 'row')} in ${(ms / 1_000).toFixed(1)} s (${rate} a second):`);
    say(`  ${imported} imported, ${changed} changed, ${unchanged} unchanged, ${refused} refused.`);
    if (result.report !== null) say(`Why rows were refused, line by line: ${result.report}`);
  } finally {
    bar.stop();
  }
}
