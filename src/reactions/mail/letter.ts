import { Eta } from 'eta/core';
import { PORTAL } from './wording.js';

/** What one mail says, before it becomes text and HTML. */
export interface Letter {
  /** Tells the mails of one event apart; part of the Message-ID. */
  readonly kind: string;
  /** undefined: the person was erased, and there is nobody to write to. */
  readonly to: string | undefined;
  /** The given name. Left out where the address is not confirmed: whoever typed it there could make us mail his words to others. */
  readonly name?: string | undefined;
  readonly subject: string;
  readonly body: readonly Block[];
  /** Which portal writes; `PORTAL` unless told otherwise. */
  readonly portal?: string;
}

/** A paragraph, something to click on, or steps to take one after the other. */
export type Block =
  string | { readonly link: string; readonly url: string } | { readonly steps: readonly string[] };

const eta = new Eta({ autoTrim: false });

const text = eta.compile(
  `Hello<%~ it.name %>,
<% for (const block of it.body) { %>
<% if (typeof block === 'string') { %><%~ block %>
<% } else if (block.steps) { block.steps.forEach((step, index) => { %><%= index + 1 %>. <%~ step %>
<% }) } else { %><%~ block.link %>:
<%~ block.url %>
<% } } %>
--
<%~ it.portal %>
This mail was sent automatically. Replies are not read.
`,
);

const html = eta.compile(
  `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title><%= it.subject %></title></head>
<body style="font-family: sans-serif; line-height: 1.5; max-width: 40em">
<p>Hello<%= it.name %>,</p>
<% for (const block of it.body) { if (typeof block === 'string') { %><p><%= block %></p>
<% } else if (block.steps) { %><ol><% for (const step of block.steps) { %><li><%= step %></li><% } %></ol>
<% } else { %><p><a href="<%= block.url %>"><%= block.link %></a></p>
<% } } %><p style="color: #555"><%= it.portal %><br>This mail was sent automatically. Replies are not read.</p>
</body>
</html>
`,
);

export interface Rendered {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export function rendered(letter: Letter): Rendered {
  const name = letter.name === undefined ? '' : ` ${oneLine(letter.name)}`;
  const it = { portal: PORTAL, ...letter, name };
  return { subject: letter.subject, text: text.call(eta, it), html: html.call(eta, it) };
}

/** A name cannot begin a paragraph of its own. */
const oneLine = (name: string): string => name.replace(/[\s\p{Cc}]+/gu, ' ').trim();
