import { Presets, SingleBar } from 'cli-progress';
import type { Progress } from '../control/acts.js';

/** On a terminal, and only there. */
export function progressBar(unit: string): { show: (progress: Progress) => void; stop: () => void } {
  if (!process.stderr.isTTY) return { show: () => undefined, stop: () => undefined };
  const bar = new SingleBar(
    {
      format: `{bar} {percentage}% | {value} of {total} ${unit} | {eta_formatted} left`,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  bar.start(0, 0);
  const show = ({ done, total }: Progress) => {
    bar.setTotal(total);
    bar.update(done);
  };
  return { show, stop: () => bar.stop() };
}
