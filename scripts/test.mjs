// Everything that must hold: types, lint, format, layers, and all tests. Ends with the line "N passed, N failed".
import { join } from 'node:path';
import { buildFerretDb } from '../test/support/ferretdb/build.mjs';
import { runJest } from './jest.mjs';
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

const ferretdb = buildFerretDb();
if (ferretdb === 'no Go') {
  console.log(
    'skipped: ferretdb (there is no Go to build it with; suites on MongoDB need it or MONGODB_URL)',
  );
} else {
  console.log(`${ferretdb === 'built' ? 'ok' : 'FAILED'}: ferretdb`);
  if (ferretdb === 'built') passed += 1;
  else failed += 1;
}

const tests = runJest(process.argv.slice(2));
passed += tests.passed;
failed += tests.failed;

// The acceptance tests that go furthest through the stores once more, on servers; `npm run soak` takes nearly all.
const onServersToo =
  '/(auditor|contact-email|deadlines|legacy-sync|officer|owner-replacement|partner|resets|suspension|trade-accounts).spec';
if (ferretdb === 'built' || process.env.MONGODB_URL !== undefined) {
  console.log('\nThe acceptance tests on servers:');
  const onServers = runJest([`test/acceptance${onServersToo}`, '--testTimeout=120000'], {
    TEST_STORES: 'servers',
  });
  passed += onServers.passed;
  failed += onServers.failed;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
