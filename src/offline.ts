import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import type { Config } from './config.js';
import type { OperatorActs } from './control/operator-acts.js';
import { Follower } from './engine/follower.js';
import { LiveProjections } from './engine/live-projections.js';
import { operatorActs } from './operator-acts.js';
import { beginAtLog } from './service.js';
import { ServiceLog } from './service-log.js';
import { openStores } from './open-stores.js';

export interface Offline {
  readonly acts: OperatorActs;
  close(): Promise<void>;
}

/** The service without its doors and without its mail, for an operator's act while no service runs on the DATA_DIR. Throws
 *  `DataDirectoryInUse`. */
export async function openOffline(config: Config): Promise<Offline> {
  const stores = await openStores(config);
  let app: INestApplicationContext | undefined;
  const close = () => (app ? app.close() : stores.close());
  try {
    const log = new ServiceLog('silent');
    const module = AppModule.compose(config, stores, log);
    app = await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
    await beginAtLog(app, config, stores, log);
    app.get(Follower).start();
    app.get(LiveProjections).start();
    return { acts: operatorActs(app, config), close };
  } catch (error) {
    await close();
    throw error;
  }
}
