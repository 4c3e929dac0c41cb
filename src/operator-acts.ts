import type { INestApplicationContext } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { NoMailer } from './adapters/mail/no-mailer.js';
import { Emails } from './commands/emails.js';
import { LegacyDirectory } from './commands/legacy-directory.js';
import { isShared, type Config } from './config.js';
import { OperatorActs } from './control/operator-acts.js';
import { rebuildInThreads } from './embedded-projections.js';
import { LiveProjections } from './engine/live-projections.js';
import { Reactor } from './engine/reactor.js';
import { masterKey } from './engine/secrets.js';
import { Ids, LegacySecrets, Mailer } from './ports.js';
import { rebuildHere } from './rebuild-here.js';

/** The operator's acts on the composed application and its stores. */
export function operatorActs(app: INestApplicationContext, config: Config, workerUrl?: URL): OperatorActs {
  const live = app.get(LiveProjections);
  const options = {
    dataDir: config.DATA_DIR,
    masterKeys: [config.MASTER_KEY, ...config.MASTER_KEYS_OLD].map(masterKey),
    ...(workerUrl && { workerUrl }),
  };
  return new OperatorActs({
    mode: config.MODE,
    commands: app.get(CommandBus),
    emails: app.get(Emails),
    live,
    reactor: app.get(Reactor),
    ids: app.get(Ids),
    legacyDirectory: app.get(LegacyDirectory),
    legacySecrets: app.get(LegacySecrets),
    canMail: !(app.get(Mailer) instanceof NoMailer),
    rebuild: (names, onProgress, signal) =>
      isShared(config)
        ? rebuildHere(app, names, onProgress, signal)
        : rebuildInThreads(names, live, options, onProgress, signal),
  });
}
