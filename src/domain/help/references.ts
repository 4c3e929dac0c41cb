import { z } from 'zod';
import type { TradeAccountType } from '../trade-account/events.js';

export const referenceName = z.enum(['legacyPortal', 'protest', 'aes', 'aceReports']);
export const referenceState = z.enum(['available', 'comingSoon', 'retired']);
export type ReferenceName = z.infer<typeof referenceName>;

/** What the portal leads to, as its “References” tab lists it. */
export interface Reference {
  readonly name: ReferenceName;
  readonly state: z.infer<typeof referenceState>;
  /** As people read it, such as “January 2023 (tentative)”. It is only shown: nothing begins or ends by it. */
  readonly date: string | null;
  readonly link: string | null;
}

export interface ReferenceText {
  readonly title: string;
  readonly purpose: string;
  /** What its link also stands on: the page of trade accounts of this type. */
  readonly pageOf: TradeAccountType | null;
  /** What to do while it is coming soon and the legacy portal is there. */
  readonly meanwhile: string | null;
}

export const referenceTexts: Readonly<Record<ReferenceName, ReferenceText>> = {
  legacyPortal: {
    title: 'Legacy ACE Portal',
    purpose: 'For what is not in the modernized portal yet.',
    pageOf: null,
    meanwhile: null,
  },
  protest: {
    title: 'Protest',
    purpose: 'Launches the Protest System, where protests are filed.',
    pageOf: 'ProtestFiler',
    meanwhile: 'Until its link is here, open the Legacy ACE Portal to launch the Protest Module.',
  },
  aes: {
    title: 'AES',
    purpose: 'Opens the Automated Export System (AES), all of whose functions stay as they are.',
    pageOf: 'Exporter',
    meanwhile: 'Until its link is here, open the Legacy ACE Portal to access AES.',
  },
  aceReports: {
    title: 'ACE Reports',
    purpose: 'Reports on your trade data, which the modernization does not change.',
    pageOf: null,
    meanwhile: null,
  },
};

/** As the FAQ has it. ACE Reports stay where they were: in the legacy portal. */
export const referencesOfFaq = [
  'legacyPortal=available@January 2023 (tentative) https://ace.cbp.dhs.gov',
  'protest=comingSoon',
  'aes=comingSoon',
  'aceReports=available https://ace.cbp.dhs.gov',
].join(',');

const ENTRY = /^(\w+)=(\w+)(?:@([^@:]{1,60}?))?(?: (https:\/\/\S+))?$/;

const reference = z
  .string()
  .regex(ENTRY, 'each must be name=state[@date][ https://link], such as aes=comingSoon@May 2023')
  .transform((text) => {
    const [, name, state, date = null, link = null] = ENTRY.exec(text) ?? [];
    return { name, state, date, link };
  })
  .pipe(
    z.object({
      name: z.enum(referenceName.options, `names are ${referenceName.options.join(', ')}`),
      state: z.enum(referenceState.options, `states are ${referenceState.options.join(', ')}`),
      date: z.string().nullable(),
      link: z.url('a link must be an address').nullable(),
    }),
  )
  .refine(({ state, link }) => state !== 'available' || link !== null, 'what is available needs a link');

/** Reads what `referencesOfFaq` shows: every reference once, in the order in which people see them. */
export const references = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  )
  .pipe(z.array(reference))
  .refine(
    (found) =>
      found.length === referenceName.options.length &&
      new Set(found.map(({ name }) => name)).size === found.length,
    `must name each of ${referenceName.options.join(', ')} once`,
  );
