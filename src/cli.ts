import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { declareLegacyRetirement } from './cli/declare-legacy-retirement.js';
import { role } from './domain/account/events.js';
import { isEmailAddress } from './domain/email/address.js';

const FAILED = 1;
const MISUSED = 2;

const jsonOption = () => new Option('--json', 'print JSON for other programs').default(false);
const roleOption = () =>
  new Option('--role <role>', 'what they are').choices(role.options).makeOptionMandatory();

function emailAddress(text: string): string {
  if (!isEmailAddress(text)) throw new InvalidArgumentError('It is no e-mail address in plain ASCII.');
  return text;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text))
    throw new InvalidArgumentError('It is no whole number below a thousand million.');
  return Number(text);
}

/** Each command loads what it needs when it runs: most need little. */
function portcullis(): Command {
  const program = new Command('portcullis')
    .description('The account service of a customs-trade portal, and what its operators do.')
    .option('--data <folder>', 'folder of the stores, instead of DATA_DIR')
    .exitOverride()
    .showHelpAfterError('(add --help for what there is)')
    .addHelpText('after', helpAfter);
  program.hook('preAction', () => {
    const { data } = program.opts<{ data?: string }>();
    if (data !== undefined) process.env.DATA_DIR = data;
  });
  declareService(program);
  declareStaff(program.command('staff').description('invite members of staff, and change their roles'));
  declareProjections(
    program.command('projections').description('the views made from the log, and the reactions to it'),
  );
  const legacy = program.command('legacy').description('the legacy portal: its accounts, and its end');
  declareLegacy(legacy);
  declareLegacyRetirement(legacy);
  declareCopies(program);
  return program;
}

const helpAfter = `
Every command works beside a running service: reading ones read its files, the others are done by the service itself
(or here, when none runs). Settings come from the environment, as for the service: see .env.example.

Exit codes: 0 done, 1 not done (the reason is on standard error), 2 not understood.`;

function declareService(program: Command): void {
  program
    .command('serve')
    .description('run the service until Ctrl-C')
    .option('--demo', 'with made-up people, on this machine only, in a folder of its own', false)
    .action(async ({ demo }: { demo: boolean }) =>
      demo ? (await import('./demo/serve-demo.js')).serveDemo() : (await import('./main.js')).serve(),
    );
  program
    .command('doctor')
    .description('look for what is wrong, and say what to do about it')
    .addOption(jsonOption())
    .action(async (options) => (await import('./cli/doctor.js')).doctor(options));
  program
    .command('history')
    .description("an account's history in plain language, from the log itself")
    .argument('<account>', 'its id, or its e-mail address')
    .addOption(jsonOption())
    .action(async (account, options) => (await import('./cli/history.js')).showHistory(account, options));
}

function declareStaff(staff: Command): void {
  staff
    .command('add')
    .description('invite somebody: prints a link by which they choose a password')
    .requiredOption('--email <address>', 'their address, which becomes the user name', emailAddress)
    .requiredOption('--given-name <name>', 'given name')
    .requiredOption('--family-name <name>', 'family name')
    .addOption(roleOption())
    .option('--mail', 'do not print the link: it is mailed to them, and nobody else sees it', false)
    .addOption(jsonOption())
    .action(async (options) => (await import('./cli/staff.js')).addStaff(options));
  for (const [name, act, description] of [
    ['grant', 'grantRole', 'give a member of staff one more role'],
    ['revoke', 'revokeRole', 'take a role away; ends their sessions'],
  ] as const) {
    staff
      .command(name)
      .description(description)
      .argument('<account>', 'its id, or its e-mail address')
      .addOption(roleOption())
      .requiredOption('--reason <text>', 'why; kept sealed in the history')
      .action(async (account, options) => (await import('./cli/staff.js')).changeRole(act, account, options));
  }
}

function declareProjections(projections: Command): void {
  const load = () => import('./cli/projections.js');
  projections
    .command('list')
    .description('each with its position, and whether it goes on')
    .addOption(jsonOption())
    .action(async (options) => (await load()).listProjections(options));
  projections
    .command('lag')
    .description('how far each is behind the log')
    .addOption(jsonOption())
    .action(async (options) => (await load()).showLag(options));
  projections
    .command('parked')
    .description('what could not be dealt with and was set aside, with its cause')
    .addOption(jsonOption())
    .action(async (options) => (await load()).listParked(options));
  projections
    .command('retry')
    .description('try again what was set aside')
    .argument('<name>', 'of the projection or reaction')
    .argument('<stream>', 'as "parked" shows it')
    .action(async (name, stream) => (await load()).retryParked(name, stream));
  projections
    .command('rebuild')
    .description('make views anew from the whole log, beside those in use')
    .argument('[name]', 'of one projection; all when left out')
    .action(async (name) => (await load()).rebuildProjections(name));
}

function declareLegacy(legacy: Command): void {
  legacy
    .command('import')
    .description('take over the accounts of a file; the same file again appends nothing')
    .argument('<file>', 'JSON Lines, or CSV whose first line names the columns')
    .option('--report <file>', 'where to tell of rows that are refused, instead of <file>.refused.jsonl')
    .addOption(jsonOption())
    .action(async (file, options) => (await import('./cli/legacy-import.js')).importLegacy(file, options));
  legacy
    .command('generate')
    .description('make up a directory to try things with, on standard output')
    .requiredOption('--rows <number>', 'how many accounts', wholeNumber)
    .option('--seed <number>', 'the same seed makes the same file', wholeNumber, 1)
    .addOption(new Option('--format <format>', 'of the file').choices(['csv', 'jsonl']).default('csv'))
    .action(async (options) => (await import('./cli/legacy-generate.js')).generateLegacy(options));
}

function declareCopies(program: Command): void {
  program
    .command('backup')
    .description('copy log and keys, apart, while the service runs')
    .argument('<folder>', 'new or empty: gets log/ and keys/')
    .option('--keys <folder>', 'where the keys go, instead of keys/: another disk, another readership')
    .action(async (folder, options) => (await import('./cli/backup.js')).backUp(folder, options));
  program
    .command('restore')
    .description('fill an empty DATA_DIR from a backup')
    .argument('<folder>', 'as "backup" left it')
    .option('--keys <folder>', 'where the keys are, instead of keys/')
    .option('--erasures <file>', 'a newer erasures.jsonl: those persons are erased here too')
    .option(
      '--accept-missing-keys',
      'go on where sealed values of some persons cannot be read any more',
      false,
    )
    .action(async (folder, options) => (await import('./cli/restore.js')).restore(folder, options));
  program
    .command('migrate')
    .description('copy log, keys and blobs from files to servers; again, it goes on where it stopped')
    .requiredOption('--from <store>', 'embedded: and the folder, such as embedded:data')
    .addOption(serverOption('--to <address>', 'esdb://… for the log', 'EVENT_STORE_URL'))
    .addOption(serverOption('--keys-to <address>', 'mongodb://… for keys and blobs', 'READ_STORE_URL'))
    .addOption(
      new Option('--prefix <prefix>', 'of the streams there').env('EVENT_STORE_PREFIX').default('', 'none'),
    )
    .action(async (options) => (await import('./cli/migrate.js')).migrate(options));
}

/** Better from the environment where it holds a password: others on the machine can see arguments. */
const serverOption = (flags: string, description: string, setting: string) =>
  new Option(flags, description).env(setting).makeOptionMandatory();

// Whoever reads may stop (`| head`): what was begun still comes to its end.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
try {
  await portcullis().parseAsync();
} catch (error) {
  process.exitCode = error instanceof CommanderError ? (error.exitCode === 0 ? 0 : MISUSED) : FAILED;
  if (!(error instanceof CommanderError)) {
    const { sentenceOf } = await import('./cli/failures.js');
    process.stderr.write(`portcullis: ${sentenceOf(error)}\n`);
  }
}
