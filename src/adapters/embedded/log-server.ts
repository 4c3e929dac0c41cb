import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';

import type { AppendRequest } from '../append-request.js';
import type { LogDatabase } from './log-database.js';
import { type FromWriter, type ToWriter, unpack } from './log-messages.js';

/** Commits what comes through the port, all that arrived during one commit in the next one, until 'close'. */
export function serveAppends(port: MessagePort, log: LogDatabase): void {
  port.on('message', (first: ToWriter) => {
    const group: AppendRequest[] = [];
    let closing = false;
    for (
      let next: ToWriter | undefined = first;
      next;
      next = receiveMessageOnPort(port)?.message as ToWriter
    ) {
      if (next === 'close') closing = true;
      else unpack(next, group);
    }
    if (group.length > 0) port.postMessage(log.commit(group) satisfies FromWriter);
    if (closing) {
      log.close();
      port.close();
    }
  });
  port.postMessage('ready' satisfies FromWriter);
}
