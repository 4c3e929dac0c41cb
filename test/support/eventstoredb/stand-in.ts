import gossip from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { Server, ServerCredentials } from '@grpc/grpc-js';

import { append } from './appends.js';
import { BatchAppends } from './batch-appends.js';
import type { Certificate } from './certificate.js';
import { remove, tombstone } from './deletions.js';
import { Faults } from './faults.js';
import { Front } from './front.js';
import { Log } from './log.js';
import {
  type Call,
  type Endpoint,
  type Membership,
  type Node,
  respond,
  SERVER_22_10,
  type ServerOptions,
} from './node.js';
import { Read } from './reads.js';
import { type Refusal, tooSlow } from './refusals.js';
import { clusterInfo, supportedMethods } from './server-info.js';

const MESSAGE_BYTES_MAX = 17 * 1024 * 1024;

export interface StandInOptions extends Partial<ServerOptions> {
  /** A log that other stand-ins may serve too, or have served. */
  readonly log?: Log;
  /** Without, the stand-in is a cluster of its own. */
  readonly membership?: Membership;
  readonly certificate?: Certificate;
}

/** An EventStoreDB server for tests: the real protocol on a free local port, a log in memory, and faults on demand. */
export class StandIn implements Node {
  readonly log: Log;
  readonly faults = new Faults();
  readonly options: ServerOptions;
  readonly membership: Membership;
  readonly breaks = new Set<(refusal: Refusal) => void>();

  private readonly security: string;

  private constructor(
    private readonly server: Server,
    private readonly front: Front,
    { log = new Log(), membership, certificate, ...options }: StandInOptions,
  ) {
    this.log = log;
    this.security = certificate ? `tls=true&tlsCAFile=${certificate.file}` : 'tls=false';
    this.options = { ...SERVER_22_10, ...options };
    this.membership = membership ?? {
      members: () => [{ ...this.endpoint, isAlive: true, isLeader: true }],
    };
    serve(this, server);
  }

  static async start(options: StandInOptions = {}): Promise<StandIn> {
    const server = new Server({
      'grpc.max_receive_message_length': MESSAGE_BYTES_MAX,
      'grpc.max_send_message_length': MESSAGE_BYTES_MAX,
    });
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync('127.0.0.1:0', credentialsOf(options.certificate), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    const front = new Front(port);
    await front.listen();
    return new StandIn(server, front, options);
  }

  get endpoint(): Endpoint {
    return { address: '127.0.0.1', port: this.front.port };
  }

  get connectionString(): string {
    return `esdb://127.0.0.1:${this.front.port}?${this.security}`;
  }

  /** As kill -9: connections are reset, new ones refused. The log stays. */
  async kill(): Promise<void> {
    await this.front.shut();
  }

  /** Serves the same log on the same port again. */
  async restart(): Promise<void> {
    await this.front.shut();
    await this.front.listen();
  }

  /** As SIGSTOP: connections stay, new ones are taken, nothing is answered. */
  freeze(): void {
    this.front.freeze();
  }

  /** As SIGCONT. */
  thaw(): void {
    this.front.thaw();
  }

  /** As a pulled cable: today's connections stay, silent for good; new ones are served. */
  strandConnections(): void {
    this.front.strand();
  }

  /** Resets all connections; new ones are taken. */
  dropConnections(): void {
    this.front.cutAll();
  }

  /** Ends all reads and subscriptions that are open. */
  dropSubscriptions(refusal: Refusal = tooSlow()): void {
    for (const stop of [...this.breaks]) stop(refusal);
  }

  /** Reads and subscriptions that their clients have not ended. */
  get openReads(): number {
    return this.breaks.size;
  }

  cut(call: Call): void {
    this.front.cut(call.getPeer());
  }

  async close(): Promise<void> {
    await this.front.shut();
    this.server.forceShutdown();
  }
}

function credentialsOf(certificate: Certificate | undefined): ServerCredentials {
  if (!certificate) return ServerCredentials.createInsecure();
  const { key, chain } = certificate;
  return ServerCredentials.createSsl(null, [{ private_key: key, cert_chain: chain }]);
}

function serve(node: Node, server: Server): void {
  server.addService(streams.StreamsService, {
    read: (call) => void new Read(node, call).serve(),
    append: (call, answer) => append(node, call, answer),
    delete: (call, answer) => remove(node, call, answer),
    tombstone: (call, answer) => tombstone(node, call, answer),
    batchAppend: (call) => void new BatchAppends(node, call),
  } satisfies streams.IStreamsServer);
  server.addService(features.ServerFeaturesService, {
    getSupportedMethods: (call, answer) =>
      respond(node, 'features', call, answer, () => supportedMethods(node.options)),
  } satisfies features.IServerFeaturesServer);
  server.addService(gossip.GossipService, {
    read: (call, answer) => respond(node, 'gossip', call, answer, () => clusterInfo(node.membership)),
  } satisfies gossip.IGossipServer);
}
