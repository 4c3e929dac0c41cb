import { RandomIds, SystemClock } from '../adapters/system.js';
import { Emails } from '../commands/emails.js';
import type { Config } from '../config.js';
import { accountDecider } from '../domain/account/account.js';
import { isEmailAddress } from '../domain/email/address.js';
import { isUndecodable } from '../engine/codec.js';
import { streamName, Streams } from '../engine/streams.js';
import { accountHistory } from '../projections/account-history.js';
import { CommandFailed } from './data-directory.js';
import { existingConfig, keptSettings, openReadable, type ReadableLog } from './kept-stores.js';
import { instantText, plural, say, sayJson } from './printing.js';

const PAGE = 250;

interface Line {
  readonly at: number | null;
  readonly by: string;
  readonly sentence: string;
}

/** An account's history in plain language, from the log itself: whatever the views hold. */
export async function showHistory(account: string, { json }: { json: boolean }): Promise<void> {
  const config = await existingConfig(keptSettings());
  const readable = await openReadable(config);
  try {
    const accountId = await accountIdOf(account, readable, config);
    const lines = await historyOf(accountId, readable);
    if (lines.length === 0) throw new CommandFailed(`There is no account ${accountId} in this log.`);
    if (json) return sayJson({ accountId, entries: lines });
    say(
      `Account ${accountId}: ${plural(lines.length, 'entry', 'entries')}, in the words that its owner reads.`,
    );
    say();
    const byWidth = Math.max(...lines.map(({ by }) => by.length));
    for (const { at, by, sentence } of lines) {
      say(`${at === null ? ' '.repeat(23) : instantText(at)}  ${by.padEnd(byWidth)}  ${sentence}`);
    }
  } finally {
    await readable.close();
  }
}

async function accountIdOf(account: string, { events, codec }: ReadableLog, config: Config): Promise<string> {
  if (!isEmailAddress(account)) return account;
  const clock = new SystemClock();
  const streams = new Streams(events, codec, clock, new RandomIds(), { soleWriter: false });
  const emails = new Emails(config.ADDRESS_KEY, streams, clock);
  const found = await emails.accountOf(emails.keyOf(account));
  if (found === null) throw new CommandFailed('No account has this e-mail address.');
  return found;
}

async function historyOf(accountId: string, { events, codec }: ReadableLog): Promise<Line[]> {
  const stream = streamName(accountDecider, accountId);
  const lines: Line[] = [];
  for (let from = 0; ; from += PAGE) {
    const page = await events.readStream(stream, from, PAGE);
    for (const event of await codec.decode(page)) {
      if (isUndecodable(event)) {
        const { type, revision } = event.record;
        lines.push({ at: null, by: '', sentence: `(${type}, revision ${revision}: ${event.cause})` });
        continue;
      }
      const entry = accountHistory.fold(null, event);
      const { actor } = event.meta;
      if (entry) lines.push({ at: entry.at, by: whoIs(actor), sentence: entry.sentence });
    }
    if (page.length < PAGE) return lines;
  }
}

const whoIs = ({ kind, id, role }: { kind: string; id: string; role: string | null }): string => {
  if (kind === 'account') return role === null ? 'owner' : `${role} ${id}`;
  return kind === 'stranger' ? kind : `${kind} ${id}`;
};
