import { Browser } from '../support/browser.js';
import { MailedPortal } from '../support/mailed-portal.js';
import { projected } from '../support/history.js';
import { partner, signedIn } from '../support/people.js';
import { HOUR } from '../support/portal.js';
import {
  afterTheWait,
  applicationIn,
  approve,
  Company,
  designation,
  letter,
  newOwner,
  OWN,
  ownedBy,
  pdf,
  reviewer,
  sendFile,
  take,
  TEAM,
} from '../support/replacement.js';

const world = new MailedPortal();
const statusOf = async (company: Company, id: string) =>
  (await (await reviewer(company.portal, 'rita')).get(`${TEAM}/${id}`)).body.status as string;
const codeOf = ({ status, body }: { status: number; body: { code?: string } }) => [status, body.code];

describe('replacing the owner of a trade account', () => {
  it('To replace the Account Owner (AO) of an existing ACE Secure Data Portal Account, please complete a ACE Secure Data Portal Application form with the new AO information in Section B. Account Owner Designation, select TAO or POC from the drop-down menu available at the top of the application form to indicate that a change is being made to an active account and submit the application form to U.S. Customs and Border Protection (CBP) ACE Application team via email.', async () => {
    const company = new Company(world.portal);
    const { owner, heir, applicant, rita, ruth, tradeAccountId } = await company.cast();
    await projected(world.portal);
    expect(await ownedBy(owner)).toEqual([tradeAccountId]);

    const id = await company.designate(applicant);
    const [told] = (await world.portal.mailTo(company.email('owner'))).slice(-1);
    expect(told!.subject).toBe('ACE Portal: somebody applied to replace you as Account Owner');
    expect(told!.text).toContain('Grace Hopper');
    expect(told!.text).toContain('as Trade Account Owner (TAO)');
    await company.consent();
    expect((await take(rita, id)).status).toBe(201);
    expect((await approve(rita, id)).body).toMatchObject({ status: 'InReview' });
    expect((await approve(ruth, id)).body).toMatchObject({ status: 'Completed' });

    // At once, whatever the views know: the former owner is out, and the new one is in.
    expect((await owner.get('/api/v1/me/trade-accounts')).status).toBe(401);
    const again = await signedIn(world.portal, company.email('owner'));
    expect(await ownedBy(again)).toEqual([]);
    await projected(world.portal);
    expect(await ownedBy(heir)).toEqual([tradeAccountId]);
    const mine = (await applicant.get(`${OWN}/${id}`)).body;
    expect(mine).toMatchObject({ status: 'Completed', designation: 'TAO', ownerAnswer: 'Consented' });
    const history = (await again.get('/api/v1/me/history')).body.entries as { sentence: string }[];
    expect(history.map(({ sentence }) => sentence)).toContain(
      'A session was ended because a trade account of yours has another owner now.',
    );
  });

  it('tells both owners by mail', async () => {
    const company = new Company(world.portal);
    const { applicant, rita, ruth } = await company.cast();
    const id = await company.designate(applicant);
    await company.consent();
    await take(rita, id);
    for (const by of [rita, ruth]) expect((await approve(by, id)).status).toBe(201);
    const last = async (who: string) => (await world.portal.mailTo(company.email(who))).at(-1)!;
    expect((await last('owner')).subject).toBe('ACE Portal: you are not the Account Owner any more');
    expect((await last('owner')).text).toContain('You have no access to it any more');
    expect((await last('heir')).subject).toBe('ACE Portal: you are the Account Owner now');
    expect((await last('heir')).text).toContain(`the Importer account ${company.number} (Harbor Imports)`);
  });

  it('To replace the AO of an existing ACE Secure Data Portal Account, please include the information below on company letterhead and submit it to CBP ACE Application team via email with the following:', async () => {
    const company = new Company(world.portal);
    const { rita, ruth } = await company.cast('Exporter');
    const clerk = await reviewer(world.portal, 'clerk');
    const applicantEmail = company.email('office');
    const form = {
      ...letter,
      number: company.number,
      newOwner: { ...newOwner, email: company.email('heir') },
    };
    const id = applicationIn(await clerk.post(`${TEAM}/letters`, { ...form, applicantEmail }));
    await company.consent();
    expect(codeOf(await take(rita, id))).toEqual([409, 'EvidenceMissing']);
    expect(await sendFile(clerk, `${TEAM}/${id}/evidence`, 'application/pdf', pdf)).toMatchObject({
      status: 201,
    });
    await take(rita, id);
    const seen = (await rita.get(`${TEAM}/${id}`)).body;
    expect(seen).toMatchObject({
      form: 'B',
      corporate: form.corporate,
      justification: form.justification,
      applicantEmail,
    });
    expect(seen.newOwner).toEqual(form.newOwner);
    const file = await fetch(`${rita.url}${TEAM}/${id}/evidence/1`, {
      headers: { authorization: `Bearer ${rita.token}` },
    });
    expect(Buffer.from(await file.arrayBuffer())).toEqual(pdf);
    expect(file.headers.get('content-type')).toBe('application/pdf');
    expect(file.headers.get('content-disposition')).toMatch(/^attachment/);
    await approve(rita, id);
    expect((await approve(ruth, id)).body.status).toBe('Completed');
  });
});

describe('the current owner', () => {
  it('who says nothing has 72 hours to object', async () => {
    const company = new Company(world.portal);
    const { applicant, rita } = await company.cast();
    const id = await company.designate(applicant);
    await take(rita, id);
    expect(codeOf(await approve(rita, id))).toEqual([409, 'WaitNotOver']);
    const later = await afterTheWait(world.portal);
    expect((await approve(later.rita, id)).status).toBe(201);
    expect((await approve(later.ruth, id)).body.status).toBe('Completed');
  });

  it('stops the application by objecting, and lets it go on by consenting', async () => {
    const company = new Company(world.portal);
    const { applicant, rita } = await company.cast();
    const id = await company.designate(applicant);
    await take(rita, id);
    const token = await world.portal.mailedToken(company.email('owner'), 'owner-objection');
    const objection = { token, reason: 'I have not left.' };
    const objected = await world.portal.client().post('/api/v1/owner-replacement-objections', objection);
    expect(objected.status).toBe(200);
    expect((await world.portal.mailTo(company.email('applicant'))).at(-1)!.subject).toMatch(/owner objects/i);
    const later = await afterTheWait(world.portal);
    expect(codeOf(await approve(later.rita, id))).toEqual([409, 'OwnerObjects']);
    await company.consent();
    expect((await approve(later.rita, id)).status).toBe(201);
  });

  it('answers on the screens that the mail leads to', async () => {
    const company = new Company(world.portal);
    const { applicant } = await company.cast();
    const id = await company.designate(applicant);
    const follow = async (answer: string) => {
      const token = await world.portal.mailedToken(company.email('owner'), `owner-${answer}`);
      return new Browser(world.portal.url).open(`/owner-${answer}?token=${token}`);
    };
    const answered = async () => (await applicant.get(`${OWN}/${id}`)).body.ownerAnswer as string | null;
    const objecting = await follow('objection');
    expect(objecting.text).toContain('Object to another Account Owner');
    expect(await answered()).toBeNull();
    await objecting.submit('I object', { 'Why you object': '' });
    expect(objecting.text).toContain('must not be empty');
    await objecting.submit('I object', { 'Why you object': 'I have not left.' });
    expect(objecting.text).toContain('Nobody can approve the application now.');
    expect(await answered()).toBe('Objected');
    const consenting = await (await follow('consent')).submit('I consent');
    expect(consenting.text).toContain('Thank you.');
    expect(await answered()).toBe('Consented');
  });

  it('objects with the link for objecting only, and with no link of another kind', async () => {
    const company = new Company(world.portal);
    const { applicant } = await company.cast();
    await company.designate(applicant);
    const consents = await world.portal.mailedToken(company.email('owner'), 'owner-consent');
    const client = world.portal.client();
    const objection = { token: consents, reason: 'No.' };
    expect(codeOf(await client.post('/api/v1/owner-replacement-objections', objection))).toEqual([
      410,
      'LinkDead',
    ]);
    const confirms = await world.portal.mailedToken(company.email('owner'), 'confirm');
    expect(codeOf(await client.post('/api/v1/owner-replacement-consents', { token: confirms }))).toEqual([
      410,
      'LinkDead',
    ]);
  });
});

describe('a review', () => {
  it('is never by who applied or entered the form, and takes two reviewers', async () => {
    const company = new Company(world.portal);
    const { rita, ruth } = await company.cast();
    const id = await company.designate(rita);
    await company.consent();
    expect(codeOf(await take(rita, id))).toEqual([403, 'OwnApplication']);
    expect((await take(ruth, id)).status).toBe(201);
    expect(codeOf(await approve(rita, id))).toEqual([403, 'OwnApplication']);
    for (let time = 1; time <= 3; time += 1) {
      expect((await approve(ruth, id)).body.status).toBe('InReview');
    }
    const rosa = await reviewer(world.portal, 'rosa');
    expect((await approve(rosa, id)).body.status).toBe('Completed');
  });

  it('returns an application with reasons, which the applicant is told', async () => {
    const company = new Company(world.portal);
    const { applicant, rita } = await company.cast();
    const id = await company.designate(applicant);
    expect(codeOf(await rita.post(`${TEAM}/${id}/returns`, { reason: 'x' }))).toEqual([
      409,
      'ReviewNotStarted',
    ]);
    await take(rita, id);
    expect((await rita.post(`${TEAM}/${id}/returns`, { reason: 'The date is not readable.' })).status).toBe(
      201,
    );
    expect((await applicant.get(`${OWN}/${id}`)).body).toMatchObject({
      status: 'Returned',
      reason: 'The date is not readable.',
    });
    const mail = (await world.portal.mailTo(company.email('applicant'))).at(-1)!;
    expect(mail.text).toContain('The date is not readable.');
    expect(codeOf(await approve(rita, id))).toEqual([409, 'ApplicationClosed']);
  });

  it('sees which returned application another one corrects, of the same applicant and trade account', async () => {
    const company = new Company(world.portal);
    const { applicant, owner, rita } = await company.cast();
    const id = await company.designate(applicant);
    const form = { ...designation, number: company.number, corrects: id };
    const correct = async (by: typeof applicant, change: object = {}) =>
      by.post(`${OWN}/designations`, { ...form, ...change });
    expect(codeOf(await correct(applicant))).toEqual([409, 'CorrectionUnknown']);
    await take(rita, id);
    await rita.post(`${TEAM}/${id}/returns`, { reason: 'The date is not readable.' });
    const other = new Company(world.portal);
    await other.cast();
    expect(codeOf(await correct(owner))).toEqual([409, 'CorrectionUnknown']);
    expect(codeOf(await correct(applicant, { number: other.number }))).toEqual([409, 'CorrectionUnknown']);
    expect(codeOf(await correct(applicant, { corrects: 'mine' }))).toEqual([422, 'InvalidInput']);
    const corrected = applicationIn(await correct(applicant));
    for (const seen of [await rita.get(`${TEAM}/${corrected}`), await applicant.get(`${OWN}/${corrected}`)]) {
      expect(seen.body).toMatchObject({ corrects: id, status: 'Submitted' });
    }
    expect((await applicant.get(`${OWN}/${id}`)).body).toMatchObject({ corrects: null, status: 'Returned' });
  });

  it('rejects, and the owner is told that nothing changes', async () => {
    const company = new Company(world.portal);
    const { applicant, rita } = await company.cast();
    const id = await company.designate(applicant);
    await take(rita, id);
    await rita.post(`${TEAM}/${id}/rejections`, { reason: 'Not signed.' });
    expect(await statusOf(company, id)).toBe('Rejected');
    expect((await world.portal.mailTo(company.email('owner'))).at(-1)!.text).toContain(
      'You stay the Account Owner',
    );
  });

  it('waits until a new owner without a login has got one by invitation', async () => {
    const company = new Company(world.portal);
    const { applicant, rita, ruth, tradeAccountId } = await company.cast();
    const id = await company.designate(applicant, 'newcomer');
    await company.consent();
    await take(rita, id);
    expect(codeOf(await approve(rita, id))).toEqual([409, 'NewOwnerWithoutLogin']);
    const invitation = (await world.portal.mailTo(company.email('newcomer'))).at(-1)!;
    expect(invitation.text).toContain('https://portal.example/register');
    await partner(world.portal, company.email('newcomer'));
    await approve(rita, id);
    expect((await approve(ruth, id)).body.status).toBe('Completed');
    await projected(world.portal);
    expect(await ownedBy(await signedIn(world.portal, company.email('newcomer')))).toEqual([tradeAccountId]);
  });

  it('asks for the password again before an approval', async () => {
    const company = new Company(world.portal);
    const { applicant, rita } = await company.cast();
    const id = await company.designate(applicant);
    await take(rita, id);
    world.portal.clock.advance(HOUR / 6);
    expect(codeOf(await approve(rita, id))).toEqual([403, 'StepUpRequired']);
  });
});

describe('an application', () => {
  it('is seen by its applicant and the ACE Application team, and by nobody else', async () => {
    const company = new Company(world.portal);
    const { owner, applicant, rita } = await company.cast();
    const id = await company.designate(applicant);
    await projected(world.portal);
    expect((await applicant.get(OWN)).body.applications).toMatchObject([
      { applicationId: id, status: 'Submitted' },
    ]);
    expect((await owner.get(OWN)).body.applications).toEqual([]);
    expect(codeOf(await owner.get(`${OWN}/${id}`))).toEqual([404, 'ApplicationUnknown']);
    expect(codeOf(await owner.post(`${OWN}/${id}/withdrawals`))).toEqual([404, 'ApplicationUnknown']);
    expect(codeOf(await applicant.get(`${TEAM}/${id}`))).toEqual([403, 'Forbidden']);
    const open = (await rita.get(`${TEAM}?limit=200`)).body.applications as { applicationId: string }[];
    expect(open.map(({ applicationId }) => applicationId)).toContain(id);
    expect((await applicant.post(`${OWN}/${id}/withdrawals`)).status).toBe(201);
    await projected(world.portal);
    const left = (await rita.get(`${TEAM}?limit=200`)).body.applications as { applicationId: string }[];
    expect(left.map(({ applicationId }) => applicationId)).not.toContain(id);
  });

  it('is one, however often the same request comes', async () => {
    const company = new Company(world.portal);
    const { applicant } = await company.cast();
    const form = { ...letter, type: 'Exporter', number: company.number };
    const headers = { 'idempotency-key': company.name };
    expect(codeOf(await applicant.post(`${OWN}/letters`, form, headers))).toEqual([
      409,
      'TradeAccountMismatch',
    ]);
    await company.designate(applicant);
  });
});
