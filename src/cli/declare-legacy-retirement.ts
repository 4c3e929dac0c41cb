import { InvalidArgumentError, type Command } from 'commander';

export function declareLegacyRetirement(legacy: Command): void {
  const load = () => import('./legacy-retirement.js');
  legacy
    .command('announce-retirement')
    .description('have everybody who is synced told when the legacy portal will be retired')
    .requiredOption('--at <date>', 'at least 14 days ahead, such as 2030-01-31 or 2030-01-31T18:00Z', instant)
    .action(async ({ at }: { at: number }) => (await load()).announceRetirement(at));
  legacy
    .command('call-off-retirement')
    .description('have everybody who was told of it told that it does not come')
    .action(async () => (await load()).callOffRetirement());
  legacy
    .command('retire')
    .description('close the legacy portal, for ever, once everybody was told 14 days ago')
    .action(async () => (await load()).retireLegacyPortal());
}

/** A day (its start in UTC), or an instant with its offset: what depends on this machine's zone is no instant. */
function instant(text: string): number {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const at = isDay || isInstant ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at) || at < 0)
    throw new InvalidArgumentError('It is no date such as 2030-01-31, or 2030-01-31T18:00Z.');
  return at;
}
