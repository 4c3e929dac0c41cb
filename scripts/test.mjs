// Everything that must hold: types, lint, format, layers, and all tests. Ends with the line "N passed, N failed".
import { buildFerretDb } from '../test/support/ferretdb/build.mjs';
import { runChecks } from './checks.mjs';
import { runJest } from './jest.mjs';
import { build, install, requireNode } from './ready.mjs';

requireNode();
install();
build();

let { passed, failed } = await runChecks();

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
  const onServers = runJest([`test/acceptance${onServersToo}`], {
    TEST_STORES: 'servers',
  });
  passed += onServers.passed;
  failed += onServers.failed;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
