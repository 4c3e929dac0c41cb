/** Whose word the access of an account to a trade account rests on: the legacy portal's, or this portal's. */
export interface Word {
  readonly accountId: string;
  /** The newest telling of the legacy portal that had an effect here; null: none. */
  readonly heard: number | null;
  /** Somebody decided here since: the legacy portal has no say any more. */
  readonly decidedHere: boolean;
}

/** After access was granted or revoked: by the legacy portal, as of this telling; without one, here. */
export function withWord(
  words: readonly Word[],
  accountId: string,
  legacyVersion: number | undefined,
): readonly Word[] {
  const heard = words.find((word) => word.accountId === accountId)?.heard ?? null;
  const word =
    legacyVersion === undefined
      ? { accountId, heard, decidedHere: true }
      : { accountId, heard: legacyVersion, decidedHere: false };
  return [...words.filter((other) => other.accountId !== accountId), word];
}

/** Whether this telling comes late: it, or a newer one, had its effect. */
export const wasHeard = (word: Word | null, legacyVersion: number | undefined): boolean =>
  legacyVersion !== undefined && word !== null && word.heard !== null && word.heard >= legacyVersion;
