import { keptSettings } from './kept-stores.js';
import { perform, type Performed } from './operate.js';
import { say } from './printing.js';

export async function announceRetirement(retiresAt: number): Promise<void> {
  const done = await perform(keptSettings(), 'announceLegacyRetirement', { retiresAt });
  const at = new Date(retiresAt).toISOString();
  if (!done.result.changed) return say(`Nothing to do: it was announced for ${at} before.`);
  say(`Announced: the legacy portal is retired on ${at} or later, by “portcullis legacy retire”.`);
  say(tellsPeople(done));
}

export async function callOffRetirement(): Promise<void> {
  const done = await perform(keptSettings(), 'callOffLegacyRetirement', {});
  if (!done.result.changed) return say('Nothing to do: no retirement of the legacy portal is announced.');
  say('Called off: the legacy portal is not retired for the time being.');
  say(tellsPeople(done));
}

export async function retireLegacyPortal(): Promise<void> {
  const { result } = await perform(keptSettings(), 'retireLegacyPortal', {});
  say(
    result.changed
      ? 'Retired: the legacy portal is closed.'
      : 'Nothing to do: the legacy portal was retired before.',
  );
}

function tellsPeople({
  result,
  byService,
}: Performed<'announceLegacyRetirement' | 'callOffLegacyRetirement'>): string {
  if (!result.mailed) return 'No mail server is set (SMTP_URL): nobody is told before there is one.';
  return byService
    ? 'It is being mailed to everybody concerned.'
    : 'It is mailed to everybody concerned while a service runs.';
}
