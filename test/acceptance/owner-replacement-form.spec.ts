import { MailedPortal } from '../support/mailed-portal.js';
import { partner, signedIn } from '../support/people.js';
import type { PortalClient } from '../support/portal-client.js';
import { designation, letter, newOwner, OWN, pdf, png, sendFile } from '../support/replacement.js';
import { broughtOver } from '../support/trade.js';

const world = new MailedPortal();
let ada: PortalClient;
beforeAll(async () => {
  const accountId = await partner(world.portal, 'ada@harbor.example');
  await broughtOver(world.portal, { accountId });
  await broughtOver(world.portal, { accountId, type: 'Exporter', number: letter.number });
  await broughtOver(world.portal, { accountId, type: 'ProtestFiler', number: 'PF-77' });
  ada = await signedIn(world.portal, 'ada@harbor.example');
});

type Errors = { pointer: string; detail: string }[];
const mistakesIn = async (form: object, path = 'letters') => {
  const { status, body } = await ada.post(`${OWN}/${path}`, form);
  // So few may be open for one trade account that the next test would find no place.
  if (status === 201) await ada.post(`${OWN}/${body.applicationId as string}/withdrawals`);
  return [status, ((body.errors ?? []) as Errors).map(({ pointer }) => pointer)];
};
const withCorporate = (change: object) => ({ ...letter, corporate: { ...letter.corporate, ...change } });
const withOwner = (change: object) => ({ ...letter, newOwner: { ...newOwner, ...change } });
const without = <T extends object>(all: T, field: keyof T) =>
  Object.fromEntries(Object.entries(all).filter(([name]) => name !== field));
const taken = [201, []];

describe('Form B: corporate information', () => {
  it('Employer Identification Number (EIN) # or Protest Filer #', async () => {
    expect(await mistakesIn({ ...letter, number: '98-765432' })).toEqual([422, ['/number']]);
    expect(await mistakesIn({ ...letter, number: '98 7654321' })).toEqual([422, ['/number']]);
    expect(await mistakesIn({ ...letter, number: '987654321' })).toEqual(taken);
    expect(await mistakesIn({ ...letter, type: 'ProtestFiler', number: 'PF77' })).toEqual(taken);
    // It is that of a trade account, and of this type.
    const other = await ada.post(`${OWN}/letters`, { ...letter, number: '11-1111111' });
    expect([other.status, other.body.code]).toEqual([409, 'TradeAccountMismatch']);
    const filer = await ada.post(`${OWN}/letters`, { ...letter, type: 'ProtestFiler' });
    expect([filer.status, filer.body.code]).toEqual([409, 'TradeAccountMismatch']);
  });
  it('Company Name', async () => {
    expect(await mistakesIn(withCorporate({ companyName: ' ' }))).toEqual([422, ['/corporate/companyName']]);
  });
  it('End of Fiscal Year (MM/DD)', async () => {
    for (const fiscalYearEnd of ['31/12', '12/31/25', '2/28', '02/30', '']) {
      expect(await mistakesIn(withCorporate({ fiscalYearEnd }))).toEqual([422, ['/corporate/fiscalYearEnd']]);
    }
    expect(await mistakesIn(withCorporate({ fiscalYearEnd: '06/30' }))).toEqual(taken);
  });
  it('Address 1 - Address may not be a Post Office box', async () => {
    for (const address1 of [
      'P.O. Box 12',
      'PO BOX 12',
      'p o box 12',
      'POB 12',
      'Post Office Box 12',
      'Box 12',
    ]) {
      expect(await mistakesIn(withCorporate({ address1 }))).toEqual([422, ['/corporate/address1']]);
    }
    expect(await mistakesIn(withCorporate({ address1: '12 Boxwood Lane' }))).toEqual(taken);
  });
  it('Address 2', async () => {
    expect(await mistakesIn(withCorporate({ address2: 'Suite 4' }))).toEqual(taken);
  });
  it('City', async () => {
    expect(await mistakesIn(withCorporate({ city: '' }))).toEqual([422, ['/corporate/city']]);
  });
  it('State', async () => {
    for (const state of ['Virginia', 'XX', '']) {
      expect(await mistakesIn(withCorporate({ state }))).toEqual([422, ['/corporate/state']]);
    }
  });
  it('Zip Code', async () => {
    for (const zip of ['2351', '23510-1', 'K1A 0B1']) {
      expect(await mistakesIn(withCorporate({ zip }))).toEqual([422, ['/corporate/zip']]);
    }
    expect(await mistakesIn(withCorporate({ zip: '23510-0001' }))).toEqual(taken);
  });
});

describe('Form B: the new account owner', () => {
  it('First Name', async () => {
    expect(await mistakesIn(withOwner({ firstName: '' }))).toEqual([422, ['/newOwner/firstName']]);
  });
  it('Middle Name', async () => {
    expect(await mistakesIn(withOwner({ middleName: 'Brewster' }))).toEqual(taken);
    expect(await mistakesIn(withOwner({ middleName: '7' }))).toEqual([422, ['/newOwner/middleName']]);
  });
  it('Last Name', async () => {
    expect(await mistakesIn(withOwner({ lastName: '' }))).toEqual([422, ['/newOwner/lastName']]);
  });
  it('Date of Birth - MM/DD/YYYY on or after 01/01/1900', async () => {
    // Today is 01/15/2026.
    for (const dateOfBirth of ['12/31/1899', '01/16/2026', '1976-12-09', '02/29/1975', '9/12/1976']) {
      expect(await mistakesIn(withOwner({ dateOfBirth }))).toEqual([422, ['/newOwner/dateOfBirth']]);
    }
    for (const dateOfBirth of ['01/01/1900', '01/15/2026', '02/29/1976']) {
      expect(await mistakesIn(withOwner({ dateOfBirth }))).toEqual(taken);
    }
  });
  it('Telephone #', async () => {
    expect(await mistakesIn(withOwner({ telephone: '555-0123' }))).toEqual([422, ['/newOwner/telephone']]);
  });
  it('Extension', async () => {
    expect(await mistakesIn(withOwner({ extension: '12' }))).toEqual(taken);
    expect(await mistakesIn(withOwner({ extension: 'none' }))).toEqual([422, ['/newOwner/extension']]);
  });
  it('Fax #', async () => {
    expect(await mistakesIn(withOwner({ fax: '202-555-0199' }))).toEqual(taken);
    expect(await mistakesIn(withOwner({ fax: '0' }))).toEqual([422, ['/newOwner/fax']]);
  });
  it('E-mail', async () => {
    expect(await mistakesIn(withOwner({ email: 'grace' }))).toEqual([422, ['/newOwner/email']]);
  });
  it('ACE Login ID (if the new AO already has one)', async () => {
    expect(await mistakesIn(withOwner({ loginId: 'hopper@harbor.example' }))).toEqual(taken);
    expect(await mistakesIn(withOwner({ loginId: 'HOPPER' }))).toEqual([422, ['/newOwner/loginId']]);
  });
  it('Justification for the AO change (i.e., current AO has left the company)', async () => {
    expect(await mistakesIn({ ...letter, justification: '' })).toEqual([422, ['/justification']]);
  });
});

describe('a form with many mistakes', () => {
  it('is answered with all of them at once', async () => {
    const [status, pointers] = await mistakesIn({
      type: 'Broker',
      newOwner: { dateOfBirth: '1/1/70', fax: 'x' },
    });
    expect(status).toBe(422);
    expect(pointers).toEqual([
      ...['/type', '/number', '/corporate/companyName', '/corporate/fiscalYearEnd', '/corporate/address1'],
      ...[
        '/corporate/city',
        '/corporate/state',
        '/corporate/zip',
        '/newOwner/firstName',
        '/newOwner/lastName',
      ],
      ...[
        '/newOwner/dateOfBirth',
        '/newOwner/telephone',
        '/newOwner/fax',
        '/newOwner/email',
        '/justification',
      ],
    ]);
    expect(await mistakesIn({ type: 'Exporter' }, 'designations')).toEqual([
      422,
      [
        ...['/type', '/number', '/designation', '/newOwner/firstName', '/newOwner/lastName'],
        ...['/newOwner/dateOfBirth', '/newOwner/telephone', '/newOwner/email'],
      ],
    ]);
  });

  it('is Form A for the other types only, with TAO or POC', async () => {
    expect(await mistakesIn(designation, 'designations')).toEqual(taken);
    expect(await mistakesIn({ ...designation, designation: 'CEO' }, 'designations')).toEqual([
      422,
      ['/designation'],
    ]);
    expect(await mistakesIn(without(designation, 'designation'), 'designations')).toEqual([
      422,
      ['/designation'],
    ]);
  });
});

describe('the letterhead', () => {
  const evidence = async () => {
    const { body } = await ada.post(`${OWN}/letters`, letter);
    return `${OWN}/${body.applicationId as string}/evidence`;
  };

  it('is a PDF or an image by its content, whatever it is called', async () => {
    const path = await evidence();
    expect(await sendFile(ada, path, 'application/pdf', pdf)).toEqual({ status: 201, code: undefined });
    expect(await sendFile(ada, path, 'image/png', png)).toEqual({ status: 201, code: undefined });
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
    for (const [type, bytes] of [
      ['image/png', pdf],
      ['application/pdf', png],
      ['application/pdf', svg],
      ['image/jpeg', Buffer.from('MZ a program')],
      ['image/png', png.subarray(0, 4)],
      ['image/svg+xml', svg],
      ['text/html', Buffer.from('<p>')],
    ] as const) {
      expect(await sendFile(ada, path, type, bytes)).toEqual({ status: 415, code: 'FileTypeRefused' });
    }
  });

  it('has 10 MiB at most', async () => {
    const path = await evidence();
    const large = Buffer.concat([pdf, Buffer.alloc(10 * 1024 * 1024)]);
    expect(await sendFile(ada, path, 'application/pdf', large)).toEqual({
      status: 413,
      code: 'FileTooLarge',
    });
    const most = large.subarray(0, 10 * 1024 * 1024);
    expect(await sendFile(ada, path, 'application/pdf', most)).toMatchObject({ status: 201 });
  });

  it('says how long it is: one that could go on for ever is refused before it is read', async () => {
    const endless = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(pdf)),
    });
    const answer = await fetch(ada.url + (await evidence()), {
      method: 'POST',
      headers: { 'content-type': 'application/pdf', authorization: `Bearer ${ada.token}` },
      body: endless,
      duplex: 'half',
    } as RequestInit);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
      400,
      'MalformedRequest',
    ]);
  });

  it('is attached once however often it comes, and five of them at most', async () => {
    const path = await evidence();
    const key = { 'idempotency-key': 'letterhead-1' };
    for (let time = 1; time <= 3; time += 1) {
      expect(await sendFile(ada, path, 'application/pdf', pdf, key)).toMatchObject({ status: 201 });
    }
    expect(await sendFile(ada, path, 'image/png', png, key)).toEqual({
      status: 422,
      code: 'IdempotencyKeyReused',
    });
    for (let file = 2; file <= 5; file += 1) {
      expect(await sendFile(ada, path, 'image/png', png)).toMatchObject({ status: 201 });
    }
    expect(await sendFile(ada, path, 'image/png', png)).toEqual({ status: 409, code: 'TooMuchEvidence' });
    const { body } = await ada.get(path.replace('/evidence', ''));
    expect(body.evidence).toHaveLength(5);
  });

  it('is not there for others, nor without content', async () => {
    const path = await evidence();
    await partner(world.portal, 'eve@harbor.example');
    const eve = await signedIn(world.portal, 'eve@harbor.example');
    expect(await sendFile(eve, path, 'application/pdf', pdf)).toEqual({
      status: 404,
      code: 'ApplicationUnknown',
    });
    expect(await sendFile(ada, path, 'application/pdf', Buffer.alloc(0))).toMatchObject({ status: 422 });
  });
});
