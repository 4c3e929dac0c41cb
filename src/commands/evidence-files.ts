import { fileTypeFromBuffer } from 'file-type';
import { DomainError } from '../domain/domain-error.js';
import { evidenceType, type EvidenceType } from '../domain/owner-replacement/events.js';
import type { Evidence } from '../domain/owner-replacement/owner-replacement.js';
import type { Keyring } from '../engine/sealing.js';
import { seal, tryUnseal } from '../engine/sealing.js';
import type { BlobStore } from '../ports.js';

export const EVIDENCE_BYTES_MAX = 10 * 1024 * 1024;
export const EVIDENCE_TYPES = evidenceType.options;

/** Letterheads and original forms, sealed by the data key of their application. */
export class EvidenceFiles {
  constructor(
    private readonly blobs: BlobStore,
    private readonly keyring: Keyring,
  ) {}

  async put(applicationId: string, mediaType: EvidenceType, bytes: Uint8Array): Promise<Evidence> {
    const key = await this.keyring.sealingKey(applicationId);
    const blob = await this.blobs.put(seal(key, bytes, boxContext(applicationId)));
    return { blob, mediaType, bytes: bytes.length };
  }

  /** null once the application's data key was destroyed. Throws for a file that is missing or was altered. */
  async get(applicationId: string, { blob }: Evidence): Promise<Uint8Array | null> {
    const key = (await this.keyring.openingKeys([applicationId])).get(applicationId);
    if (!key) return null;
    const box = await this.blobs.get(blob);
    const bytes = box && tryUnseal(key, box, boxContext(applicationId));
    if (!bytes) throw new Error(`the file ${blob} of application ${applicationId} is missing or was altered`);
    return bytes;
  }
}

const boxContext = (applicationId: string) => `evidence|${applicationId}`;

/** What the content is, whatever it is called. Throws `FileTypeRefused` unless it is of a type that evidence can have, and of the one
 *  that was declared. */
export async function evidenceTypeOf(bytes: Uint8Array, declared: string): Promise<EvidenceType> {
  const found = evidenceType.safeParse((await fileTypeFromBuffer(bytes))?.mime);
  if (found.success && found.data === declared) return found.data;
  throw new DomainError('FileTypeRefused', 'The file is not of the type that it was sent as.');
}
