// The long versions: 500 kills, 50 power cuts, thousands of random histories. Takes hours. Ends with "N passed, N failed".
import { runJest } from './jest.mjs';
import { build, install, requireNode } from './ready.mjs';

requireNode();
install();
build();

const chosen = process.argv.slice(2);
const suites = chosen.length > 0 ? chosen : ['test/crash', 'test/model'];
// One at a time: each wants the machine for itself.
let { passed, failed } = runJest(['--runInBand', '--verbose', ...suites], { SOAK: '1' });
if (chosen.length === 0) {
  // All acceptance tests on servers, but for those that measure time or ask thousands of times at once, for which FerretDB is no match.
  const ignored = ['--testPathIgnorePatterns', '/acceptance/(races|uniformity)'];
  const onServers = runJest(['test/acceptance', '--runInBand', '--testTimeout=240000', ...ignored], {
    TEST_STORES: 'servers',
  });
  passed += onServers.passed;
  failed += onServers.failed;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
