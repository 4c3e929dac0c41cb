// Compiles the benches with the sources they measure, and runs them: all, or those named.
import { availableParallelism } from 'node:os';
import { install, requireNode, run } from './ready.mjs';

requireNode();
install();
const compiled = run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.bench.json']);
if (compiled !== 0) process.exit(compiled);
// One thread for each password being hashed, and two for files and names; node reads it before it starts.
const environment = { UV_THREADPOOL_SIZE: String(availableParallelism() + 2) };
process.exitCode = run(process.execPath, ['dist-bench/bench/all.js', ...process.argv.slice(2)], environment);
