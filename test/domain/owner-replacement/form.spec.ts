import {
  applicationMistakes,
  letterMistakes,
  written,
  type TypedApplication,
  type TypedLetter,
} from '../../../src/domain/owner-replacement/form.js';
import { isMonthAndDay } from '../../../src/domain/owner-replacement/form-dates.js';
import { isPostOfficeBox, isState, isZip } from '../../../src/domain/owner-replacement/postal.js';
import { T0 } from '../../support/given.js';

const newOwner: TypedApplication['newOwner'] = {
  firstName: 'Grace',
  lastName: "O'Hopper-Ñandú",
  dateOfBirth: '12/09/1976',
  telephone: '(202) 555-0123',
  email: 'grace@harbor.example',
};
const corporate: TypedLetter['corporate'] = {
  companyName: '3M & Sons, Inc.',
  fiscalYearEnd: '12/31',
  address1: '1 Pier Road',
  city: 'St. Paul',
  state: 'MN',
  zip: '55101',
};
const form: TypedApplication = { type: 'Broker', number: 'X7Q', designation: 'TAO', newOwner };
const letter: TypedLetter = {
  type: 'Exporter',
  number: '12-3456789',
  newOwner,
  corporate,
  justification: 'The owner has left.',
};

const inForm = (change: Partial<TypedApplication['newOwner']>) =>
  applicationMistakes({ ...form, newOwner: { ...newOwner, ...change } }, T0).map(({ pointer }) => pointer);
const inLetter = (change: Partial<TypedLetter['corporate']>) =>
  letterMistakes({ ...letter, corporate: { ...corporate, ...change } }, T0).map(({ pointer }) => pointer);

test('forms well filled in have no mistakes', () => {
  expect(applicationMistakes(form, T0)).toEqual([]);
  expect(letterMistakes(letter, T0)).toEqual([]);
});

test('every mistake is told at once, each by its pointer', () => {
  const empty = <T extends object>(all: T) =>
    Object.fromEntries(Object.keys(all).map((field) => [field, ' '])) as { [F in keyof T]: string };
  const mistakes = letterMistakes(
    {
      ...letter,
      type: '',
      number: '',
      newOwner: empty(newOwner),
      corporate: empty(corporate),
      justification: '  ',
    },
    T0,
  );
  expect(mistakes.map(({ pointer }) => pointer)).toEqual([
    '/type',
    '/number',
    '/corporate/companyName',
    '/corporate/fiscalYearEnd',
    '/corporate/address1',
    '/corporate/city',
    '/corporate/state',
    '/corporate/zip',
    '/newOwner/firstName',
    '/newOwner/lastName',
    '/newOwner/dateOfBirth',
    '/newOwner/telephone',
    '/newOwner/email',
    '/justification',
  ]);
  expect(new Set(mistakes.map(({ detail }) => detail))).toEqual(new Set(['must be given']));
});

test.each([
  ['firstName', ['Grace 2', '<b>', '-', '']],
  ['middleName', ['7']],
  ['lastName', ['', '@']],
  [
    'telephone',
    ['', '555-0123', '(102) 555-0123', '202 155 0123', 'call me', '+0 123 4567', '+1 202 555 01234'],
  ],
  ['extension', ['x12', '1234567']],
  ['fax', ['12']],
  ['email', ['', 'grace', 'grace@harbor', 'grüße@harbor.example']],
  ['loginId', ['GHOPPER']],
] as const)('the new owner’s %s is checked', (field, wrong) => {
  for (const value of wrong)
    expect([value, inForm({ [field]: value })]).toEqual([value, [`/newOwner/${field}`]]);
});

test('what people usually type is taken', () => {
  for (const telephone of [
    '2025550123',
    '+1 202 555 0123',
    '1-202-555-0123',
    '202.555.0123',
    '+44 20 7946 0018',
  ]) {
    expect([telephone, inForm({ telephone })]).toEqual([telephone, []]);
  }
  expect(
    inForm({ middleName: ' Brewster ', extension: '12', fax: '202-555-0199', loginId: 'g@harbor.example' }),
  ).toEqual([]);
  expect(
    inLetter({ state: 'dc', zip: '20229-0001', address2: 'P.O. Box 12', city: "Coeur d'Alene" }),
  ).toEqual([]);
});

test('an Exporter has an Employer Identification Number, a Protest Filer a filer number', () => {
  const numbers = (type: string, number: string) => letterMistakes({ ...letter, type, number }, T0).length;
  for (const number of ['12-3456789', '123456789', '12-3456789AB'])
    expect(numbers('Exporter', number)).toBe(0);
  for (const number of ['12-345678', '1-23456789', 'AB-3456789', '12-3456789A'])
    expect(numbers('Exporter', number)).toBe(1);
  for (const number of ['AB1', '12-3456789']) expect(numbers('ProtestFiler', number)).toBe(0);
  for (const number of ['A', '#12', 'A'.repeat(21)]) expect(numbers('ProtestFiler', number)).toBe(1);
});

describe('a date of birth', () => {
  test.each(['01/01/1900', '02/29/2024', '03/02/2026', '12/31/1999'])('may be %s', (dateOfBirth) => {
    expect(inForm({ dateOfBirth })).toEqual([]);
  });
  test.each([
    ['in the future', '03/03/2026'],
    ['before 1900', '12/31/1899'],
    ['on a day that there is not', '02/29/2023'],
    ['in a thirteenth month', '13/01/1980'],
    ['in no month', '00/10/1980'],
    ['with the day first', '31/12/1980'],
    ['without zeros', '1/2/1980'],
    ['with two digits for the year', '01/02/80'],
    ['in another form', '1980-01-02'],
    ['followed by more', '01/02/1980\n'],
  ])('may not be %s', (_, dateOfBirth) => {
    // Blanks at the ends are the typist's, and taken off.
    expect(inForm({ dateOfBirth: dateOfBirth.replace('\n', 'x') })).toEqual(['/newOwner/dateOfBirth']);
  });
});

test('the end of a fiscal year is a day as MM/DD', () => {
  for (const day of ['12/31', '02/28', '02/29', '01/01'])
    expect([day, isMonthAndDay(day)]).toEqual([day, true]);
  for (const day of ['02/30', '13/01', '00/10', '06/31', '6/30', '31/12', '12/31/2025', '1231', ''])
    expect([day, isMonthAndDay(day)]).toEqual([day, false]);
  expect(inLetter({ fiscalYearEnd: '02/30' })).toEqual(['/corporate/fiscalYearEnd']);
});

describe('an address', () => {
  test.each([
    ...[
      'P.O. Box 12',
      'PO Box 12',
      'po box 12',
      'P O Box 12',
      'POBox 12',
      'P.O.Box12',
      'P. O. Box #12',
      'P-O-Box 12',
    ],
    ...[
      'P.O.B. 12',
      'POB 12',
      'P0 Box 12',
      'PO Bx 12',
      'P.O. Drawer 12',
      'Post Office Box 12',
      'Postoffice Box 12',
    ],
    ...[
      'Post Ofc Box 12',
      'Post Box 12',
      'Postal Box 12',
      'Post Office Drawer 3',
      'G.P.O. Box 12'.replace(/\./g, ''),
    ],
    ...[
      'Caller Box 12',
      'Lock Box 12',
      'Lockbox 12',
      'Box 12',
      'Box No. 12',
      'BOX #12',
      'Apartado Postal 12',
      'Apartado 12',
    ],
    ...['1 Pier Road, P.O. Box 12', 'Ｐ.Ｏ. Ｂｏｘ 12', 'P.O.  Box', 'p.o.\tbox 12', 'P.O. Box A'],
  ])('may not be %s', (address1) => {
    expect(isPostOfficeBox(address1)).toBe(true);
    expect(inLetter({ address1 })).toEqual(['/corporate/address1']);
  });
  test.each([
    ...[
      '1 Pier Road',
      '12 Boxwood Lane',
      '500 Polk Street',
      '100 Post Office Square',
      '3 Box Hill Drive',
      '12 Post Road',
    ],
    ...[
      '1 Popo Boxer Way',
      'RR 2 Box 15',
      'HC 1 Box 3',
      '4 Lockboxer Road',
      'Boxborough Road 5',
      '9 Depot Street',
    ],
  ])('may be %s', (address1) => {
    expect(inLetter({ address1 })).toEqual([]);
  });
  test('is in a state with a ZIP code', () => {
    for (const state of ['VA', 'va', 'PR', 'AE']) expect(isState(state)).toBe(true);
    for (const state of ['XX', 'Virginia', 'V', '']) expect(isState(state)).toBe(false);
    for (const zip of ['23510', '23510-1234']) expect(isZip(zip)).toBe(true);
    for (const zip of ['2351', '235101', '23510-12', '00000', 'K1A 0B1', '23510 1234'])
      expect(isZip(zip)).toBe(false);
  });
});

test('is kept without blanks around values, and without fields left empty', () => {
  expect(written({ ...newOwner, firstName: ' Grace ', fax: '  ' })).toEqual({
    firstName: 'Grace',
    lastName: "O'Hopper-Ñandú",
    dateOfBirth: '12/09/1976',
    telephone: '(202) 555-0123',
    email: 'grace@harbor.example',
  });
});
