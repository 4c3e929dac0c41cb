import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Run {
  readonly code: number;
  readonly complaints: string;
}

const generate = (...args: string[]): Promise<Run> =>
  new Promise((resolve) => {
    execFile(process.execPath, ['scripts/help-pages.mjs', ...args], (error, _out, complaints) => {
      resolve({ code: error === null ? 0 : 1, complaints });
    });
  });

/** A checkout with one page, one test, and a map of the test's making. */
class SmallCheckout {
  readonly root = mkdtempSync(join(tmpdir(), 'portcullis-help-'));
  private readonly pages = join(this.root, 'test', 'acceptance', 'help-pages');

  constructor(parts: readonly object[], test = "it('Knock twice.', () => undefined);") {
    mkdirSync(this.pages, { recursive: true });
    mkdirSync(join(this.root, 'docs'));
    writeFileSync(join(this.pages, 'gate.txt'), 'The gate\n\n  1. Knock twice.\n  • Wait. It opens.\n');
    writeFileSync(join(this.pages, 'gate.json'), JSON.stringify({ name: 'The gate', parts }));
    writeFileSync(join(this.pages, '..', 'gate.spec.ts'), test);
  }

  get document(): string {
    return readFileSync(join(this.root, 'docs', 'help-pages.md'), 'utf8');
  }

  generate = (...args: string[]) => generate('--root', this.root, ...args);
  remove = () => rmSync(this.root, { recursive: true });
}

const heading = { heading: 'The gate' };
const knock = { sentence: 'Knock twice.' };
const wait = { sentence: 'Wait. It opens.', notServed: 'it comes later' };

async function inCheckout(
  parts: readonly object[],
  story: (checkout: SmallCheckout) => Promise<void>,
  test?: string,
): Promise<void> {
  const checkout = new SmallCheckout(parts, test);
  try {
    await story(checkout);
  } finally {
    checkout.remove();
  }
}

describe('the map of the help pages', () => {
  it('is committed as it is generated, leaves out no sentence, and names tests that exist', async () => {
    expect(await generate('--check')).toEqual({ code: 0, complaints: '' });
  });

  it('sets each sentence beside its test, or says that it is not served yet', () =>
    inCheckout([heading, knock, wait], async (checkout) => {
      expect(await checkout.generate()).toEqual({ code: 0, complaints: '' });
      expect(checkout.document).toContain(
        '| Knock twice. | [gate.spec.ts](../test/acceptance/gate.spec.ts) |',
      );
      expect(checkout.document).toContain('| Wait. It opens. | not served yet: it comes later |');
      expect(checkout.document).toContain('2 sentences: 1 served and tested, 1 not served yet.');
    }));

  it('is refused when it is stale', () =>
    inCheckout([heading, knock, wait], async (checkout) => {
      await checkout.generate();
      writeFileSync(join(checkout.root, 'docs', 'help-pages.md'), `${checkout.document}\n`);
      const { code, complaints } = await checkout.generate('--check');
      expect([code, complaints]).toEqual([1, expect.stringContaining('docs/help-pages.md is stale')]);
    }));

  it.each([
    ['is left out', [heading, knock, { sentence: 'It opens.' }]],
    ['at the end is left out', [heading, knock]],
    ['is not on the page', [heading, knock, wait, { sentence: 'Ring the bell.' }]],
    ['is in the wrong place', [knock, heading, wait]],
  ])('is refused when a sentence %s', (_, parts) =>
    inCheckout(parts, async (checkout) => {
      const { code, complaints } = await checkout.generate();
      expect([code, complaints]).toEqual([1, expect.stringContaining('gate.txt and its map part')]);
    }),
  );

  it.each([
    ['is missing', "it('Knock three times.', () => undefined);"],
    ['is skipped', "it.skip('Knock twice.', () => undefined);"],
    ['is only spoken of', "// it('Knock twice.')"],
  ])('is refused when the test of a sentence %s', (_, test) =>
    inCheckout(
      [heading, knock, wait],
      async (checkout) => {
        const { code, complaints } = await checkout.generate();
        expect([code, complaints]).toEqual([1, 'no test has the title “Knock twice.”\n']);
      },
      test,
    ),
  );

  it('is refused when it calls a sentence not served that has a test', () =>
    inCheckout([heading, { ...knock, notServed: 'later' }, wait], async (checkout) => {
      const { code, complaints } = await checkout.generate();
      expect([code, complaints]).toEqual([1, expect.stringContaining('which the map calls not served')]);
    }));
});
