// The long versions: 500 kills, 50 power cuts, thousands of random histories. Takes hours. Ends with "N passed, N failed".
import { runJest } from './jest.mjs';
import { build, install, requireNode } from './ready.mjs';

requireNode();
install();
build();

const chosen = process.argv.slice(2);
const suites = chosen.length > 0 ? chosen : ['test/crash', 'test/model'];
// One at a time: each wants the machine for itself.
const { passed, failed } = runJest(['--runInBand', '--verbose', ...suites], { SOAK: '1' });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
