import { eta, layout, problem } from './templates.js';

const toAccount = '<p><a href="/account">Your account</a></p>';
const handoffButton = `<form method="post" action="/hand-off"><input type="hidden" name="csrf" value="<%= it.csrf %>"><button type="submit">Legacy ACE Portal</button></form>`;

export const referencesTemplate = eta.compile(
  layout(`${problem}
<% for (const reference of it.references) { %><section>
<h2><%= reference.title %></h2>
<p><%= reference.purpose %></p>
<% if (reference.state !== 'available') { %><p><%= reference.state === 'retired' ? 'No longer available' : 'Coming soon' %><% if (reference.date) { %>: <%= reference.date %><% } %>.</p><% } %>
<% if (reference.state === 'available' && reference.date) { %><p>Available until <%= reference.date %>.</p><% } %>
<% if (reference.state === 'available' && reference.retiresAt) { %><p>It will be retired on <%= reference.retiresAt.slice(0, 10) %>.</p><% } %>
<% if (reference.meanwhile) { %><p><%= reference.meanwhile %></p><% } %>
<% if (reference.handoff) { %>${handoffButton}<% } else if (reference.link) { %><p><a href="<%= reference.link %>" rel="noreferrer">Open <%= reference.title %></a></p><% } %>
</section><% } %>
${toAccount}`),
);

/** Where somebody stands who came from the legacy portal's address and is signed in and synced. */
export const goBackTemplate = eta.compile(
  layout(`${problem}
<p>You are signed in, and your accounts are synced. You can go back to the legacy ACE Portal without signing in again.</p>
${handoffButton}
${toAccount}`),
);

/** The ticket goes in the body of a post, by a press of the button: no address, no history and no log ever holds it. */
export const ticketTemplate = eta.compile(
  layout(`<p>Everything is ready. Press the button within a minute: it takes you to the legacy ACE Portal, where you need not sign in again.</p>
<form method="post" action="<%= it.postTo %>"><input type="hidden" name="ticket" value="<%= it.ticket %>"><button type="submit">Continue to the Legacy ACE Portal</button></form>
<p><a href="/account/references">Back to the references</a></p>`),
);

export const arrivalTemplate = eta.compile(
  layout(`<p>The legacy ACE Portal leads here: this portal is the only way to log in.</p>
<p><a href="<%= it.next %>">Go on</a></p>`),
);
