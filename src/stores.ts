import type { Allowances } from './adapters/client-limits.js';
import type { BlobStore, ClientLimits, Clock, EventStore, KeyStore, Leases, ReadStore } from './ports.js';

/** Everything that is kept, opened. */
export interface Stores {
  readonly events: EventStore;
  readonly keys: KeyStore;
  readonly blobs: BlobStore;
  /** What queries read. */
  readonly views: ReadStore;
  /** Where reactions keep their checkpoints; on files another connection than that for queries, which cannot write. */
  readonly checkpoints: ReadStore;
  /** The folder of files that a projection thread opens by itself; null where there is none. */
  readonly dataDir: string | null;
  /** What several instances need besides; null where one service has the stores to itself. */
  readonly shared: SharedParts | null;
  /** Closes everything, in order. */
  close(): Promise<void>;
}

export interface SharedParts {
  readonly leases: Leases;
  readonly limits: (allowances: Allowances, clock: Clock) => ClientLimits;
}

/** Where built worker threads are, for those who do not run built code. */
export interface WorkerUrls {
  readonly logWriter?: URL;
  readonly keyWriter?: URL;
  readonly projections?: URL;
}
