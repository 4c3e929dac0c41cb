/** What a help page advises, for those who look it up: what the portal does by itself needs no entry. */
export interface HelpEntry {
  readonly topic: string;
  readonly title: string;
  /** What it answers. None: the page says it unasked. */
  readonly question: { readonly text: string; readonly isReconstructed: boolean } | null;
  /** Abbreviations are spelled out once, where they come first: each entry may be read by itself. */
  readonly text: string;
  /** The help page that it comes from, and the numbers of its sentences, from 1. */
  readonly source: { readonly page: string; readonly sentences: readonly number[] };
}

/** The page is the same for all entries of a file. */
export type PageEntry = Omit<HelpEntry, 'source'> & { readonly sentences: readonly number[] };
