// Everything that must hold: types, lint, format, layers, and all tests. Ends with the line "N passed, N failed".
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, install, requireNode, run } from './ready.mjs';

requireNode();
install();
build();

const bin = (name) => join('node_modules', name);
const checks = [
  ['types', [bin('typescript/bin/tsc'), '--noEmit']],
  ['lint', [bin('eslint/bin/eslint.js'), '.']],
  ['format', [bin('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.']],
  [
    'layers',
    [bin('dependency-cruiser/bin/dependency-cruise.mjs'), '--config', '.dependency-cruiser.cjs', 'src'],
  ],
];

let passed = 0;
let failed = 0;
for (const [name, args] of checks) {
  const ok = run(process.execPath, args) === 0;
  console.log(`${ok ? 'ok' : 'FAILED'}: ${name}`);
  if (ok) passed += 1;
  else failed += 1;
}

const folder = mkdtempSync(join(tmpdir(), 'portcullis-test-'));
const report = join(folder, 'report.json');
const jest = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning', bin('jest/bin/jest.js')];
const status = run(process.execPath, [...jest, '--json', `--outputFile=${report}`, ...process.argv.slice(2)]);
try {
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  passed += numPassedTests;
  failed += numFailedTests + numRuntimeErrorTestSuites;
  // Jest can fail without a failed test, such as over handles left open.
  if (status !== 0 && numFailedTests + numRuntimeErrorTestSuites === 0) failed += 1;
} catch (error) {
  console.error(`the tests left no report: ${error.message}`);
  failed += 1;
}
rmSync(folder, { recursive: true, force: true });

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
