// Runs jest in ESM mode and counts its tests.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './ready.mjs';

/** Returns how many tests passed and failed; a suite that could not run, and a jest that left no report, count as failed. */
export function runJest(args, environment = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-test-'));
  const report = join(folder, 'report.json');
  const jest = [
    '--experimental-vm-modules',
    '--no-warnings=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
  ];
  const status = run(process.execPath, [...jest, '--json', `--outputFile=${report}`, ...args], environment);
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    // Jest can fail without a failed test, such as over handles left open.
    return { passed: numPassedTests, failed: status !== 0 && failed === 0 ? 1 : failed };
  } catch (error) {
    console.error(`the tests left no report: ${error.message}`);
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
