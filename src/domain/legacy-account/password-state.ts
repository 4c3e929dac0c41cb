/** The password of a legacy account, and how often it was guessed at. */
export interface LegacyPassword {
  readonly hash: string | undefined;
  /** As the directory had it last. A file that says so again leaves a password that was set here since then. */
  readonly importedHash: string | undefined;
  /** Counts the hashes so far: a verdict on an older one says nothing of this one. */
  readonly version: number;
  readonly failuresInARow: number;
  readonly failuresSinceSuccess: number;
  readonly shutsSinceSuccess: number;
  /** No password is compared until then; `until` is null until there is another password. */
  readonly shut: { readonly until: number | null } | null;
}

const noFailures = {
  failuresInARow: 0,
  failuresSinceSuccess: 0,
  shutsSinceSuccess: 0,
  shut: null,
} as const;
export const noPassword: LegacyPassword = {
  hash: undefined,
  importedHash: undefined,
  version: 0,
  ...noFailures,
};

/** As the directory tells it now: guesses at another one count no more. */
export const imported = ({ version }: LegacyPassword, hash: string | undefined): LegacyPassword => ({
  ...noPassword,
  hash,
  importedHash: hash,
  version: version + 1,
});

/** As its user chose it here. */
export const chosen = (
  { importedHash, version }: LegacyPassword,
  hash: string | undefined,
): LegacyPassword => ({ ...noFailures, hash, importedHash, version: version + 1 });

/** None any more, and no verdict on a former one counts. */
export const none = ({ version }: LegacyPassword): LegacyPassword => ({
  ...noPassword,
  version: version + 1,
});

export const withoutFailures = (password: LegacyPassword): LegacyPassword => ({ ...password, ...noFailures });

/** One more wrong guess; `shut` where it was one too many. */
export function withFailure(
  password: LegacyPassword,
  { failures, shut }: { readonly failures: number; readonly shut?: { readonly until?: number } | undefined },
): LegacyPassword {
  const failuresSinceSuccess = password.failuresSinceSuccess + 1;
  if (!shut) return { ...password, failuresInARow: failures, failuresSinceSuccess };
  const shutsSinceSuccess = password.shutsSinceSuccess + 1;
  const until = shut.until ?? null;
  return { ...password, failuresInARow: 0, failuresSinceSuccess, shutsSinceSuccess, shut: { until } };
}
