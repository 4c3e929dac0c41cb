import { Eta } from 'eta';
import type { FastifyInstance } from 'fastify';

interface ShownMail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly receivedAt: number;
}

/** Mail that the demo kept instead of sending it. */
export interface MailSource {
  list(): readonly ShownMail[];
  get(id: string): ShownMail | null;
}

const eta = new Eta({ autoEscape: true });

const page = (title: string, main: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title><style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; }
table { width: 100%; border-collapse: collapse; } td, th { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid #ccc; }
pre { white-space: pre-wrap; font: inherit; background: #f5f5f5; padding: 1rem; } a { color: #005ea2; }
</style></head><body>${main}</body></html>`;

const listTemplate = page(
  'Mailbox',
  `<h1>Mailbox of the demo</h1>
<p>Every mail that the service would have sent, newest first. Refresh to see more.</p>
<table><thead><tr><th>When (UTC)</th><th>To</th><th>Subject</th></tr></thead><tbody>
<% for (const mail of it.mails) { %>
<tr><td><%= new Date(mail.receivedAt).toISOString().slice(0, 19).replace('T', ' ') %></td><td><%= mail.to %></td>
<td><a href="/mailbox/<%= mail.id %>"><%= mail.subject %></a></td></tr>
<% } %></tbody></table>`,
);

const mailTemplate = page(
  'Mail',
  `<p><a href="/mailbox">← Mailbox</a></p><h1><%= it.mail.subject %></h1><p>To: <%= it.mail.to %></p>
<pre><% for (const part of it.parts) { %><% if (part.link) { %><a href="<%= part.text %>" rel="noreferrer"><%= part.text %></a><% } else { %><%= part.text %><% } %><% } %></pre>`,
);

/** `/mailbox` lists the mails, `/mailbox/:id` shows one with its links; `.json` for programs. */
export function mailboxPages(server: FastifyInstance, mails: MailSource): void {
  const headers = {
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  };
  server.get('/mailbox', async (_request, reply) =>
    reply
      .headers(headers)
      .type('text/html')
      .send(eta.renderString(listTemplate, { mails: mails.list() })),
  );
  server.get('/mailbox.json', async (_request, reply) =>
    reply.headers(headers).send({ mails: mails.list() }),
  );
  server.get<{ Params: { id: string } }>('/mailbox/:id', async (request, reply) => {
    const mail = mails.get(request.params.id);
    if (!mail) return reply.status(404).type('text/plain').send('There is no such mail.');
    const html = eta.renderString(mailTemplate, { mail, parts: withLinks(mail.text) });
    return reply.headers(headers).type('text/html').send(html);
  });
}

const withLinks = (text: string) =>
  text.split(/(https?:\/\/[^\s<>"]+)/).map((part, index) => ({ text: part, link: index % 2 === 1 }));
