// Writes .env.example from the built configuration schema.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, install, root } from './ready.mjs';

install();
build();

const { exampleEnvironment } = await import('../dist/config.js');
writeFileSync(join(root, '.env.example'), exampleEnvironment());
