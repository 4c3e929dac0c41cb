import { faqEntries } from './faq-entries.js';
import type { HelpEntry, PageEntry } from './help-entry.js';
import { resourcesEntries } from './resources-entries.js';

const from = (page: string, entries: readonly PageEntry[]): HelpEntry[] =>
  entries.map(({ sentences, ...entry }) => ({ ...entry, source: { page, sentences } }));

export const helpEntries: readonly HelpEntry[] = [
  ...from('ACE Portal Modernization FAQs', faqEntries),
  ...from('C-TPAT Portal Resources', resourcesEntries),
];
