// Starts the service from a checkout, built as needed: `npm start` the real one, `npm run demo` the demo.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { build, install, requireNode, root } from './ready.mjs';

requireNode();
install();
build();

const service = spawn(process.execPath, [join(root, 'dist', 'cli.js'), 'serve', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  // Read before node starts: one thread for each password being hashed, and two for files and names.
  env: { UV_THREADPOOL_SIZE: String(availableParallelism() + 2), ...process.env },
});
// Ctrl-C reaches the service by itself; a supervisor's signal to this process is handed on.
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => signal === 'SIGTERM' && service.kill(signal));
service.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal ? 1 : 0);
});
