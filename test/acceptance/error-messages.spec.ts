import { Argon2Hasher } from '../../src/adapters/argon2-hasher.js';
import { MailedPortal } from '../support/mailed-portal.js';
import { partner, PASSWORD } from '../support/people.js';

/** Fails in a way that nobody foresaw. */
class BrokenHasher extends Argon2Hasher {
  broken = false;

  override verify(hash: string, secret: string): Promise<boolean> {
    if (this.broken) return Promise.reject(new TypeError('no such thing'));
    return super.verify(hash, secret);
  }
}

const hasher = new BrokenHasher({ memoryKiB: 8, passes: 1 }, Buffer.from('pepper'));
const world = new MailedPortal({}, { hasher });

async function unforeseen(email: string) {
  await partner(world.portal, email);
  hasher.broken = true;
  const answer = await world.portal.client().signIn(email, PASSWORD);
  hasher.broken = false;
  expect([answer.status, answer.body.title]).toEqual([500, 'Something went wrong here.']);
  // What went wrong is for the service's own log.
  expect(answer.text).not.toContain('no such thing');
  return answer.body.nextSteps as string[];
}

describe('What to do if the Portal gives you an error message:', () => {
  it('If you encounter an error message on the C‐TPAT Portal, please email your problem to the C‐TPAT Duty Officer of the Day at', async () => {
    const steps = await unforeseen('problem@broker.example');
    expect(steps).toContainEqual(expect.stringContaining('e-mail the Duty Officer of the Day'));
  });

  it('It is helpful for you to include a screen shot of the error message on the screen so that our technical experts can better understand the nature of your problem.', async () => {
    const steps = await unforeseen('screen@broker.example');
    expect(steps).toContainEqual(expect.stringContaining('with a screenshot of this message'));
  });

  it('If it does not, please close your browser, clear your cache, and try again.', async () => {
    const step = 'Refresh your browser. If that does not help, close it, clear your cache, and try again.';
    expect(await unforeseen('cache@broker.example')).toContain(step);
    const foreign = { origin: 'https://elsewhere.example' };
    const refused = await world.portal.client().post('/api/v1/sessions', {}, foreign);
    expect([refused.status, refused.body.nextSteps]).toEqual([403, [step]]);
  });
});
