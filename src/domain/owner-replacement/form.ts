import type { Mistake } from '../account/input-rules.js';
import { isEmailAddress } from '../email/address.js';
import type { TradeAccountType } from '../trade-account/events.js';
import { designation, type Corporate, type NewOwner } from './events.js';
import { isDateOfBirth, isMonthAndDay } from './form-dates.js';
import { isPostOfficeBox, isState, isZip } from './postal.js';

/** Accounts of these types are replaced by a letter on company letterhead (Form B), all others by the application form (Form A). */
export const letterheadTypes = ['Exporter', 'ProtestFiler'] as const satisfies readonly TradeAccountType[];
export const applicationTypes = [
  'Broker',
  'Importer',
  'Carrier',
  'FTZ',
  'FacilityOperator',
  'Surety',
] as const satisfies readonly TradeAccountType[];

/** As typed: everything may be wrong, and what must be given may be empty. */
interface TypedForm {
  readonly type: string;
  readonly number: string;
  readonly newOwner: NewOwner;
}

export interface TypedApplication extends TypedForm {
  readonly designation: string;
}

export interface TypedLetter extends TypedForm {
  readonly corporate: Corporate;
  readonly justification: string;
}

/** A field without blanks at its ends. */
type Rule = (value: string) => boolean;

const NAME = /^[\p{L}\p{M}][\p{L}\p{M} .'’-]*$/u;
const EIN = /^\d{2}-?\d{7}(?:[A-Z0-9]{2})?$/i;
const FILER_NUMBER = /^[A-Z0-9][A-Z0-9 -]{1,19}$/i;
const NORTH_AMERICAN = /^(?:\+?1)?[2-9]\d{2}[2-9]\d{6}$/;
const INTERNATIONAL = /^\+[2-9]\d{6,14}$/;

const isEin: Rule = (value) => EIN.test(value);
const isNumber: Rule = (value) => FILER_NUMBER.test(value);
const isName: Rule = (value) => NAME.test(value);
const isTelephone: Rule = (value) => {
  const digits = value.replace(/[ ().-]/g, '');
  return NORTH_AMERICAN.test(digits) || INTERNATIONAL.test(digits);
};
const telephoneDetail = 'must be a telephone number such as (202) 555-0123, or +44 20 7946 0018 abroad';
const nameDetail = 'must be a name: letters, blanks, hyphens and apostrophes';

/** All that is wrong with Form A. `now` bounds the date of birth. */
export const applicationMistakes = (form: TypedApplication, now: number): Mistake[] => [
  ...oneOf('/type', form.type, applicationTypes),
  ...required('/number', form.number, isNumber, 'must be the number of the trade account'),
  ...oneOf('/designation', form.designation, designation.options),
  ...newOwnerMistakes(form.newOwner, now),
];

/** All that is wrong with Form B. */
export const letterMistakes = (letter: TypedLetter, now: number): Mistake[] => [
  ...oneOf('/type', letter.type, letterheadTypes),
  ...(letter.type === 'Exporter'
    ? required(
        '/number',
        letter.number,
        isEin,
        'must be an Employer Identification Number such as 12-3456789',
      )
    : required('/number', letter.number, isNumber, 'must be a Protest Filer number: letters and digits')),
  ...corporateMistakes(letter.corporate),
  ...newOwnerMistakes(letter.newOwner, now),
  ...required('/justification', letter.justification),
];

const corporateMistakes = (corporate: Corporate): Mistake[] => [
  ...required('/corporate/companyName', corporate.companyName),
  ...required('/corporate/fiscalYearEnd', corporate.fiscalYearEnd, isMonthAndDay, 'must be a day as MM/DD'),
  ...required(
    '/corporate/address1',
    corporate.address1,
    (value) => !isPostOfficeBox(value),
    'may not be a Post Office box',
  ),
  ...required('/corporate/city', corporate.city, isName, 'must be the name of a city'),
  ...required('/corporate/state', corporate.state, isState, 'must be the two letters of a state'),
  ...required('/corporate/zip', corporate.zip, isZip, 'must be a ZIP code such as 20229 or 20229-0001'),
];

const newOwnerMistakes = (owner: NewOwner, now: number): Mistake[] => [
  ...required('/newOwner/firstName', owner.firstName, isName, nameDetail),
  ...optional('/newOwner/middleName', owner.middleName, isName, nameDetail),
  ...required('/newOwner/lastName', owner.lastName, isName, nameDetail),
  ...required(
    '/newOwner/dateOfBirth',
    owner.dateOfBirth,
    (value) => isDateOfBirth(value, now),
    'must be a day as MM/DD/YYYY, on or after 01/01/1900 and not in the future',
  ),
  ...required('/newOwner/telephone', owner.telephone, isTelephone, telephoneDetail),
  ...optional('/newOwner/extension', owner.extension, (value) => /^\d{1,6}$/.test(value), 'must be digits'),
  ...optional('/newOwner/fax', owner.fax, isTelephone, telephoneDetail),
  ...required('/newOwner/email', owner.email, isEmailAddress, 'must be an e-mail address in plain ASCII'),
  ...optional(
    '/newOwner/loginId',
    owner.loginId,
    isEmailAddress,
    'must be the e-mail address that the new owner signs in with',
  ),
];

function oneOf(pointer: string, value: string, choices: readonly string[]): Mistake[] {
  return required(pointer, value, (given) => choices.includes(given), `must be one of ${choices.join(', ')}`);
}

function required(pointer: string, value: string, holds: Rule = () => true, detail = ''): Mistake[] {
  if (value.trim() === '') return [{ pointer, detail: 'must be given' }];
  return optional(pointer, value, holds, detail);
}

function optional(pointer: string, value: string | undefined, holds: Rule, detail: string): Mistake[] {
  const trimmed = value?.trim() ?? '';
  return trimmed === '' || holds(trimmed) ? [] : [{ pointer, detail }];
}

/** A part of the form as it is kept: blanks around values, and fields left empty, are gone. */
export const written = <T extends object>(typed: T): T =>
  Object.fromEntries(
    Object.entries(typed as Record<string, string | undefined>)
      .map(([field, value]) => [field, value?.trim() ?? ''] as const)
      .filter(([, value]) => value !== ''),
  ) as T;
