import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startDemo, type RunningDemo } from '../support/demo.js';

const readme = readFileSync('README.md', 'utf8');

/** The tour's blocks, in order, as one script; what a block prints is set off by a line with its number. */
function tour(): string[] {
  const [, section = ''] = readme.split('## Five minutes with curl');
  return [...section.split('\n## ')[0]!.matchAll(/```bash\n([\s\S]*?)```/g)].map(([, block]) => block!);
}

describe('the five-minute tour of the README', () => {
  let directory: string;
  let demo: RunningDemo;
  let printed: string[];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'portcullis-tour-'));
    demo = await startDemo(join(directory, 'data'));
    const script = tour().join('\necho; echo "=====";\n');
    const env = { ...process.env, P: demo.url, ADMIN: demo.adminUrl, DATA_DIR: join(directory, 'data') };
    const { stdout } = await promisify(execFile)('bash', ['-c', script], { env, timeout: 60_000 });
    printed = stdout.split('=====');
  }, 120_000);

  afterAll(async () => {
    await demo?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('has a part for each kind of user', () => expect(printed).toHaveLength(8));

  it('takes a stranger to an account', () => {
    expect(printed[1]).toContain('"lengthMin":8');
    expect(printed[1]).toContain('Open the mail that we sent');
    expect(printed[1]).toContain('Sign in with your e-mail address');
  });

  it('shows a partner the account, and locks it after five wrong passwords', () => {
    expect(printed[2]).toContain('"email":"kim@harborside.example"');
    expect(printed[2]).toContain('You confirmed your e-mail address.');
    expect(printed[2]!.match(/"code":"SignInRefused"/g)).toHaveLength(5);
    expect(printed[2]).toContain('AccountShut');
  });

  it('lets the duty officer look, and the specialist act', () => {
    expect(printed[3]).toContain('"status":"locked"');
    expect(printed[3]!.match(/"code":"Forbidden"/g)).toHaveLength(1);
    expect(printed[3]!.match(/"revision":/g)).toHaveLength(3);
  });

  it('recovers a forgotten password', () => {
    expect(printed[4]).toContain('What was the name of your first pet?');
    expect(printed[4]).toContain('Sign in with your new password');
    expect(printed[4]).toContain('Your account was locked for 15 minutes after 5 wrong passwords.');
  });

  it('shows an auditor what is stored, and personal values only for a reason', () => {
    const [stored, ...revealed] = printed[5]!.split(/(?="sealed":false)/);
    expect(stored).toContain('"type":"AccountRegistered"');
    expect(stored).toContain('"sealed":true');
    expect(stored).not.toContain('kim@harborside.example');
    expect(revealed.join('')).toContain('kim@harborside.example');
  });

  it('brings the access of a legacy account over, and has the Service Desk send a reset', () => {
    expect(printed[6]).toContain('"from":"legacy ACE Portal"');
    expect(printed[6]).toContain('"type":"Importer"');
    expect(printed[6]).toContain('"name":"legacyPortal"');
    expect(printed[6]).toContain('HANASI09');
    expect(printed[6]).toContain('A link goes to the e-mail address on file');
  });

  it('tells an operator how things are', () => {
    expect(printed[7]).toContain('"status":"ready"');
    expect(printed[7]).toContain('portcullis_projection_lag_seconds');
    expect(printed[7]).toContain('Your account was locked for 15 minutes after 5 wrong passwords.');
  });
});
