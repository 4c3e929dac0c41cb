import { MailedPortal } from '../support/mailed-portal.js';
import { partner, signedIn } from '../support/people.js';
import {
  applicationIn,
  Company,
  designation,
  newOwner,
  OWN,
  pdf,
  reviewer,
  sendFile,
  take,
  TEAM,
} from '../support/replacement.js';

const world = new MailedPortal();
const contested = [409, 'TradeAccountContested'];

describe('applications for one trade account', () => {
  it('are five at a time, and strangers cannot keep the company from its own', async () => {
    const company = new Company(world.portal);
    const { rita, applicant } = await company.cast();
    const form = { ...designation, number: company.number };
    const strangers = await Promise.all(
      Array.from({ length: 7 }, async (_, index) => {
        await partner(world.portal, company.email(`stranger${index}`));
        return signedIn(world.portal, company.email(`stranger${index}`));
      }),
    );
    const apply = async (by: typeof applicant) => {
      const { status, body } = await by.post(`${OWN}/designations`, form);
      return [status, body.code ?? body.applicationId] as const;
    };
    const answers = await Promise.all(strangers.map(apply));
    const taken = answers.flatMap(([status, id]) => (status === 201 ? [id as string] : []));
    expect(taken).toHaveLength(5);
    expect(answers.filter(([status]) => status !== 201)).toEqual([contested, contested]);

    // The ACE Application team enters what was mailed to it all the same.
    const clerk = await reviewer(world.portal, 'clerk');
    const entered = await clerk.post(`${TEAM}/designations`, {
      ...form,
      newOwner: { ...newOwner, email: company.email('heir') },
      applicantEmail: company.email('office'),
    });
    const id = applicationIn(entered);
    expect(await sendFile(clerk, `${TEAM}/${id}/evidence`, 'application/pdf', pdf)).toMatchObject({
      status: 201,
    });
    expect((await take(rita, id)).status).toBe(201);

    // A rejection makes room, and so does the owner's objection.
    expect(await apply(applicant)).toEqual(contested);
    await take(rita, taken[0]!);
    expect((await rita.post(`${TEAM}/${taken[0]}/rejections`, { reason: 'Made up.' })).status).toBe(201);
    expect((await apply(applicant))[0]).toBe(201);
    expect(await apply(applicant)).toEqual(contested);
    const token = await world.portal.mailedToken(company.email('owner'), 'owner-objection');
    const objection = { token, reason: 'Not I.' };
    expect((await world.portal.client().post('/api/v1/owner-replacement-objections', objection)).status).toBe(
      200,
    );
    expect((await apply(applicant))[0]).toBe(201);
  });

  it('come once for one Idempotency-Key, whatever became of the first', async () => {
    const company = new Company(world.portal);
    const { applicant } = await company.cast();
    const form = { ...designation, number: company.number };
    const apply = () => applicant.post(`${OWN}/designations`, form, { 'idempotency-key': company.name });
    const id = applicationIn(await apply());
    expect((await applicant.post(`${OWN}/${id}/withdrawals`)).status).toBe(201);
    expect(applicationIn(await apply())).toBe(id);
  });
});
