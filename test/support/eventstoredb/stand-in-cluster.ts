import { Log } from './log.js';
import type { Member, Membership } from './node.js';
import { StandIn, type StandInOptions } from './stand-in.js';

/** Nodes that serve one log and tell each other's clients who leads. */
export class StandInCluster implements Membership {
  readonly log = new Log();
  readonly nodes: StandIn[] = [];
  private readonly dead = new Set<StandIn>();
  private leading: StandIn | null = null;

  static async start(size = 3, options: StandInOptions = {}): Promise<StandInCluster> {
    const cluster = new StandInCluster();
    for (let n = 0; n < size; n++) {
      cluster.nodes.push(await StandIn.start({ ...options, log: cluster.log, membership: cluster }));
    }
    cluster.elect();
    return cluster;
  }

  /** Null between the death of a leader and the next election: nodes then say that they are not ready. */
  get leader(): StandIn | null {
    return this.leading;
  }

  /** Names all nodes. */
  get connectionString(): string {
    const hosts = this.nodes.map(({ endpoint }) => `${endpoint.address}:${endpoint.port}`);
    return `esdb://${hosts.join(',')}?tls=false`;
  }

  /** Names one node, the last to lead, which tells of the others. */
  get discoveringConnectionString(): string {
    const { address, port } = this.nodes.at(-1)!.endpoint;
    return `esdb+discover://${address}:${port}?tls=false`;
  }

  members(): readonly Member[] {
    return this.nodes.map((node) => ({
      ...node.endpoint,
      isAlive: !this.dead.has(node),
      isLeader: node === this.leading,
    }));
  }

  /** Kills the leader; `elect` gives the others a new one. */
  async killLeader(): Promise<StandIn> {
    const leader = this.leading!;
    this.leading = null;
    this.dead.add(leader);
    await leader.kill();
    return leader;
  }

  /** Makes the first node that lives, other than today's leader, the new one. */
  elect(): void {
    const heirs = this.nodes.filter((node) => !this.dead.has(node) && node !== this.leading);
    this.leading = heirs[0] ?? null;
  }

  /** The node comes back as a follower. */
  async revive(node: StandIn): Promise<void> {
    await node.restart();
    this.dead.delete(node);
  }

  async close(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.close()));
  }
}
