import { SESSION_COOKIE } from '../../src/http/authentication.js';
import { MailedPortal } from '../support/mailed-portal.js';
import { partner, signedIn } from '../support/people.js';

const world = new MailedPortal();

const browsers = {
  Edge: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 Safari/537.36 Edg/114.0.1823.51',
  Chrome:
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 Safari/537.36',
  Firefox: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:109.0) Gecko/20100101 Firefox/115.0',
  Safari:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.5 Safari/605.1.15',
};
const internetExplorers = [
  'Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko',
  'Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0)',
  'Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.0)',
];

const notice = /<p class="notice" role="note">([^<]*)<\/p>/;

async function page(path: string, agent: string, cookie = ''): Promise<string> {
  const headers = { 'user-agent': agent, ...(cookie && { cookie }) };
  return (await fetch(`${world.portal.url}${path}`, { headers })).text();
}

describe('ACE Portal Modernization FAQs, browsers', () => {
  it('Yes. Edge, Chrome, Firefox and Safari are all supported.', async () => {
    const pages = await Promise.all(Object.values(browsers).map((agent) => page('/sign-in', agent)));
    expect(new Set(pages).size).toBe(1);
    expect(pages[0]).toContain('Submit');
    expect(pages[0]).not.toMatch(notice);
  });

  it('IE is not officially supported, and users will receive a warning on reduced functionality when accessing the portal in IE.', async () => {
    const chrome = await page('/sign-in', browsers.Chrome);
    for (const agent of internetExplorers) {
      const warned = await page('/sign-in', agent);
      expect(notice.exec(warned)?.[1]).toContain('not officially supported');
      expect(notice.exec(warned)?.[1]).toContain('reduced functionality');
      // The warning apart, it is the page that everybody gets.
      expect(warned.replace(notice, '')).toBe(chrome);
    }
  });

  it('Additionally, we recommend using Google Chrome to access the modernized ACE Portal', async () => {
    const email = 'explorer@broker.example';
    await partner(world.portal, email);
    const { token } = await signedIn(world.portal, email);
    const account = await page('/account', internetExplorers[0]!, `${SESSION_COOKIE}=${token}`);
    expect(account).toContain(email);
    expect(notice.exec(account)?.[1]).toContain('We recommend Google Chrome');
  });
});
