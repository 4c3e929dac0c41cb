import { deriveKey, equalInConstantTime, keyedHash, type MasterKey } from '../engine/secrets.js';

/** What a mailed link is for; a token made for one purpose opens nothing else. */
export type LinkPurpose =
  | 'confirm'
  | 'enrol'
  | 'reset'
  | 'confirm-email'
  | 'not-me-reset'
  | 'not-me-email'
  | 'owner-consent'
  | 'owner-objection'
  | 'legacy-password';

/** The page that shows the link; only POST consumes it, so that a mail scanner's GET spends nothing. */
const pages: Record<LinkPurpose, string> = {
  confirm: 'confirm',
  enrol: 'enrol',
  reset: 'reset',
  'confirm-email': 'confirm-email',
  'not-me-reset': 'not-me',
  'not-me-email': 'not-me',
  'owner-consent': 'owner-consent',
  'owner-objection': 'owner-objection',
  'legacy-password': 'legacy-password',
};

export interface OpenedLink<P extends LinkPurpose = LinkPurpose> {
  readonly purpose: P;
  readonly accountId: string;
  readonly linkId: string;
}

const TOKEN_LENGTH_MAX = 300;

/** Links as mailed. A token is computed from ids that the log holds and a key: nothing secret is stored, and a mail can be made
 *  again after a crash. Whether the link still lives is the account's to say. */
export class MailedLinks {
  private readonly keys: ReadonlyMap<string, Buffer>;
  private readonly currentId: string;

  /** `publicUrl` without a trailing slash. */
  constructor(
    current: MasterKey,
    older: readonly MasterKey[],
    private readonly publicUrl: string,
  ) {
    this.currentId = current.id;
    this.keys = new Map([current, ...older].map((key) => [key.id, deriveKey(key.bytes, 'mailed-link')]));
  }

  url(purpose: LinkPurpose, accountId: string, linkId: string): string {
    return `${this.publicUrl}/${pages[purpose]}?token=${this.token(purpose, accountId, linkId)}`;
  }

  token(purpose: LinkPurpose, accountId: string, linkId: string): string {
    const proof = this.proof(this.currentId, purpose, accountId, linkId)!;
    return [this.currentId, accountId, linkId, proof].join('.');
  }

  /** null for anything that this service did not make for one of these purposes. */
  open<P extends LinkPurpose>(purposes: readonly P[], token: string): OpenedLink<P> | null {
    const parts = token.length > TOKEN_LENGTH_MAX ? [] : token.split('.');
    const [keyId, accountId, linkId, proof] = parts;
    if (parts.length !== 4 || !keyId || !accountId || !linkId || !proof) return null;
    for (const purpose of purposes) {
      const expected = this.proof(keyId, purpose, accountId, linkId);
      if (expected !== null && equalInConstantTime(proof, expected)) return { purpose, accountId, linkId };
    }
    return null;
  }

  private proof(keyId: string, purpose: string, accountId: string, linkId: string): string | null {
    const key = this.keys.get(keyId);
    return key ? keyedHash(key, [purpose, accountId, linkId]) : null;
  }
}
