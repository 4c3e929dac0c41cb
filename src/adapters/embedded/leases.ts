import { randomUUID } from 'node:crypto';
import { type LeaseMark, Leases } from '../../ports.js';

/** Leases of one process. An embedded store has one service, which so gets whatever it asks for. */
export class MemoryLeases extends Leases {
  private readonly marks = new Map<string, LeaseMark>();

  override async take(name: string, holder: string, staleBeat: string | null): Promise<LeaseMark> {
    const standing = this.marks.get(name);
    if (standing && standing.holder !== holder && standing.beat !== staleBeat) return standing;
    const taken = { holder, beat: randomUUID() };
    this.marks.set(name, taken);
    return taken;
  }

  override async release(name: string, holder: string): Promise<void> {
    if (this.marks.get(name)?.holder === holder) this.marks.delete(name);
  }
}
