/** A person at the screens: opens pages, clicks on links and fills in forms by what they say, with a cookie jar and no scripts. */
export class Browser {
  /** Where it stands, such as /sign-in?notice=asked. */
  path = '';
  status = 0;
  html = '';
  headers = new Headers();
  /** By the origin that set them. */
  private readonly cookies = new Map<string, Map<string, string>>();

  /** `origin` is where the browser believes the pages to come from. */
  constructor(
    private readonly url: string,
    private readonly origin = 'https://portal.example',
  ) {}

  open(path: string): Promise<this> {
    return this.go(path, { method: 'GET' });
  }

  /** Another site leads here: strict cookies stay at home. */
  arrive(path: string): Promise<this> {
    return this.go(path, { method: 'GET', credentials: 'omit' });
  }

  click(link: string): Promise<this> {
    const found = [...this.html.matchAll(/<a href="([^"]*)">([^<]*)<\/a>/g)];
    const [, href] = found.find(([, , text]) => unescaped(text!) === link) ?? [];
    if (href === undefined) throw new Error(`${this.path} has no link “${link}”`);
    return this.open(unescaped(href));
  }

  /** Fills in the form that has this button, by its labels, and presses it. */
  submit(button: string, byLabel: Record<string, string> = {}): Promise<this> {
    const forms = [...this.html.matchAll(/<form method="post" action="([^"]*)">([^]*?)<\/form>/g)];
    const [, action, form] = forms.find(([, , body]) => buttonOf(body!) === button) ?? [];
    if (action === undefined) throw new Error(`${this.path} has no button “${button}”`);
    const body = new URLSearchParams(hiddenIn(form!));
    const labels = labelsIn(form!);
    for (const [label, value] of Object.entries(byLabel)) {
      const name = labels.get(label);
      if (name === undefined) throw new Error(`${this.path} has no block “${label}”`);
      body.set(name, value);
    }
    // As browsers do: a page that wants no referrer told does not tell its origin either.
    const origin = this.headers.get('referrer-policy') === 'no-referrer' ? 'null' : this.origin;
    return this.go(unescaped(action), { method: 'POST', headers: { origin }, body });
  }

  /** What the blocks of the page's forms are called, from top to bottom. */
  get blocks(): string[] {
    return [...labelsIn(this.html).keys()];
  }

  /** What can be read on the page. */
  get text(): string {
    return unescaped(this.html.replace(/<[^>]*>/g, ' ')).replace(/\s+/g, ' ');
  }

  private async go(path: string, request: RequestInit): Promise<this> {
    const { href, origin } = new URL(path, this.url);
    const kept = this.cookies.get(origin) ?? new Map<string, string>();
    const cookie = [...kept].map(([name, value]) => `${name}=${value}`).join('; ');
    const sendsCookie = cookie !== '' && request.credentials !== 'omit';
    const headers = { ...(request.headers as object), ...(sendsCookie && { cookie }) };
    const answer = await fetch(href, { ...request, headers, redirect: 'manual' });
    for (const set of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)!;
      this.cookies.set(origin, kept.set(name!, value!));
    }
    const next = answer.headers.get('location') ?? /url=(.*)/.exec(answer.headers.get('refresh') ?? '')?.[1];
    if (next !== undefined) return this.open(new URL(next, href).href.replace(this.url, ''));
    this.path = path;
    this.status = answer.status;
    this.headers = answer.headers;
    this.html = await answer.text();
    return this;
  }
}

const buttonOf = (form: string): string | undefined => /<button type="submit">([^<]*)</.exec(form)?.[1];

function hiddenIn(form: string): [string, string][] {
  const found = form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g);
  return [...found].map(([, name, value]) => [name!, unescaped(value!)]);
}

function labelsIn(html: string): Map<string, string> {
  const found = html.matchAll(/<label for="([^"]*)">([^<]*)<\/label>/g);
  return new Map([...found].map(([, name, label]) => [unescaped(label!), name!]));
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const unescaped = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name]!);
