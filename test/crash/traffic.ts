import { throughService } from '../../src/control/control-client.js';
import { controlSocket } from '../../src/control/control-socket.js';
import { answers, PASSWORD } from '../support/people.js';
import { PortalClient, type Answer } from '../support/portal-client.js';
import { SeededRandom } from '../support/seeded-random.js';
import type { TestMailServer } from '../support/smtp-server.js';
import { Person, type Ask, type Post } from './person.js';

export const OFFICER = 'officer@cbp.example';
const THINGS_DONE_MAX = 25;

/** Invites and enrols an officer through the running service, and returns the token of a session. */
export async function enrolOfficer(dataDir: string, url: string, email = OFFICER): Promise<string> {
  const person = { email, givenName: 'Olive', familyName: 'Officer', role: 'specialist' } as const;
  const invited = await throughService(
    controlSocket(dataDir),
    'inviteStaff',
    { ...person, mailOnly: false },
    'test',
  );
  return enrol(invited.enrolmentUrl, url, email);
}

/** Enrols by a link, and returns the token of a session. */
export async function enrol(enrolmentUrl: string, url: string, email = OFFICER): Promise<string> {
  const client = new PortalClient(url);
  const token = new URL(enrolmentUrl).searchParams.get('token');
  const enrolled = await client.post('/api/v1/enrolments', {
    token,
    password: PASSWORD,
    passwordAgain: PASSWORD,
    securityAnswers: answers,
  });
  if (enrolled.status !== 200) throw new Error(`not enrolled: ${enrolled.text}`);
  await client.signIn(email, PASSWORD);
  return client.token!;
}

/** People who use the service at the same time. Whatever becomes of it, each knows what was acknowledged and what is open. */
export class Traffic implements Post {
  readonly people: Person[] = [];
  /** Answers that should not have been. */
  readonly wrong: string[] = [];
  /** 503 and 408, by code: how often. */
  readonly refused = new Map<string, number>();
  acknowledged = 0;
  repeated = 0;
  longestAnswerMs = 0;
  private readonly random: SeededRandom;
  private readonly links = new Map<string, string>();
  private mailsRead = 0;
  private running: Promise<void>[] = [];
  private stopping = false;
  /** Nobody begins anything new: what is open is brought to its end. */
  private ending = false;
  private readonly inTurn: Person[];

  constructor(
    seed: number,
    private readonly mailServer: TestMailServer,
    private readonly officer: string,
    places: number,
    private readonly company = 'company',
  ) {
    this.random = new SeededRandom(seed);
    this.inTurn = Array.from({ length: places }, () => this.newcomer());
  }

  /** Lets everybody work against the services at these addresses until `stop` is called. Each keeps to one until it is gone, and then
   *  sends what is open to the next; who has no other stops. */
  start(...urls: readonly string[]): void {
    this.stopping = false;
    this.running = this.inTurn.map((_, place) => this.work(place, urls));
  }

  /** Resolves when so many more things were acknowledged, or everybody has stopped. */
  async until(more: number): Promise<void> {
    const enough = this.acknowledged + more;
    const stopped = Promise.all(this.running).then(() => (this.stopping = true));
    while (this.acknowledged < enough && !this.stopping) {
      await Promise.race([stopped, new Promise((resume) => setTimeout(resume, 2))]);
    }
  }

  /** Resolves when so many requests were answered with 503 from now on, or everybody has stopped. */
  async untilRefused(count: number): Promise<void> {
    const before = this.refusals;
    while (this.refusals - before < count && !this.stopping) {
      await new Promise((resume) => setTimeout(resume, 2));
    }
  }

  get refusals(): number {
    return [...this.refused.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Resolves when nobody waits for an answer any more. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.running);
  }

  /** Brings everything that is open to its end. */
  async finish(...urls: readonly string[]): Promise<void> {
    this.ending = true;
    this.start(...urls);
    await Promise.all(this.running);
    this.ending = false;
  }

  linkTo(address: string, page: string): string | null {
    for (const { recipients, text = '' } of this.mailServer.delivered.slice(this.mailsRead)) {
      const [, kind, token] = /https:\/\/portal\.example\/([\w-]+)\?token=([\w.-]+)/.exec(text) ?? [];
      if (kind) for (const recipient of recipients) this.links.set(`${recipient} ${kind}`, token!);
    }
    this.mailsRead = this.mailServer.delivered.length;
    return this.links.get(`${address} ${page}`) ?? null;
  }

  private async work(place: number, urls: readonly string[]): Promise<void> {
    let at = place;
    while (!this.stopping) {
      const person = this.inTurn[place]!;
      const repeated = person.pending !== null;
      if (this.ending && !repeated) return;
      const ask = person.pending ?? person.next();
      if (ask === null) {
        await new Promise((resume) => setTimeout(resume, 3));
        continue;
      }
      const sentAt = performance.now();
      const answered = await this.send(person, ask, urls[at % urls.length]!);
      if (answered === null) {
        if (urls.length === 1) return;
        at += 1;
        await new Promise((resume) => setTimeout(resume, 5));
        continue;
      }
      this.longestAnswerMs = Math.max(this.longestAnswerMs, performance.now() - sentAt);
      await this.take(person, answered, repeated);
      if (person.acknowledged.length >= THINGS_DONE_MAX) this.inTurn[place] = this.newcomer();
    }
  }

  private async take(person: Person, answers: readonly Answer[], repeated: boolean): Promise<void> {
    // A service that was stopped in between finds that the request took too long to arrive.
    const refusals = answers.filter(isRefusal);
    for (const { body } of refusals) this.refused.set(body.code, (this.refused.get(body.code) ?? 0) + 1);
    // As good as no answer, and tells what to do: wait, and send it again.
    if (refusals.length > 0) return void (await new Promise((resume) => setTimeout(resume, 20)));
    if (repeated) this.repeated += 1;
    const odd = answers.find(({ status }) => !person.pending!.statuses.includes(status)) ?? answers[0]!;
    const complaint = person.take(odd, repeated);
    if (complaint === null) this.acknowledged += 1;
    else {
      this.wrong.push(complaint);
      this.stopping = true;
    }
  }

  /** null when the service went away before it answered. */
  private async send(
    person: Person,
    { keys, method, path, body, token }: Ask,
    url: string,
  ): Promise<Answer[] | null> {
    const client = new PortalClient(url);
    client.token = token ?? null;
    const sent = keys.map(async (key) => {
      const headers = { 'idempotency-key': key, 'user-agent': key };
      const answer = await client.send(method, `/api/v1${path}`, body, headers);
      if (!isRefusal(answer)) person.answeredKeys.add(key);
      return answer;
    });
    const settled = await Promise.allSettled(sent);
    const answers = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    return answers.length === settled.length ? answers : null;
  }

  private newcomer(): Person {
    const random = new SeededRandom(this.random.whole(0, 2 ** 31));
    const person = new Person(
      `person${this.people.length}@${this.company}.example`,
      random,
      this,
      this.officer,
    );
    this.people.push(person);
    return person;
  }
}

/** Nothing was done, or it took too long to arrive. */
const isRefusal = ({ status }: Answer): boolean => status === 503 || status === 408;
