import { Eta } from 'eta';

export const eta = new Eta({ autoEscape: true });

export const layout = (main: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title><%= it.title %></title>
<link rel="stylesheet" href="/portal.css">
</head>
<body>
<header><a href="/">CTPAT Portal</a></header>
<main>
<% if (it.isInternetExplorer) { %><p class="notice" role="note">Internet Explorer is not officially supported: this portal works in it with reduced functionality. We recommend Google Chrome; Edge, Firefox and Safari are supported too.</p><% } %>
<h1><%= it.title %></h1>
${main}
</main>
</body>
</html>
`;

export const problem = `<% if (it.problem) { %>
<section class="problem" role="alert">
<h2><%= it.problem.title %></h2>
<% if (it.stray.length) { %><ul><% for (const error of it.stray) { %><li><%= error.detail %></li><% } %></ul><% } %>
<p>What to do next:</p>
<ul><% for (const step of it.problem.nextSteps) { %><li><%= step %></li><% } %></ul>
</section>
<% } %>`;

export const formTemplate = eta.compile(
  layout(`<% if (it.notice) { %><p class="notice" role="status"><%= it.notice %></p><% } %>
${problem}
<% for (const line of it.intro) { %><p><%= line %></p><% } %>
<% if (it.open) { %>
<form method="post" action="<%= it.path %>">
<% if (it.token) { %><input type="hidden" name="token" value="<%= it.token %>"><% } %>
<% for (const [name, value] of Object.entries(it.hidden)) { %><input type="hidden" name="<%= name %>" value="<%= value %>"><% } %>
<% for (const field of it.fields) { %>
<label for="<%= field.name %>"><%= field.label %></label>
<% if (field.fixed) { %><input type="hidden" name="<%= field.fixed.name %>" value="<%= field.fixed.value %>"><% } %>
<% if (field.type === 'question') { %><select id="<%= field.name %>" name="<%= field.name %>" required>
<% for (const choice of it.choices) { %><option value="<%= choice.id %>"<% if (choice.id === field.value) { %> selected<% } %>><%= choice.text %></option>
<% } %></select><% } else { %><input id="<%= field.name %>" name="<%= field.name %>" type="<%= field.type %>" value="<%= field.value %>" autocomplete="<%= field.autocomplete %>" required<% if (field.error) { %> aria-invalid="true" aria-describedby="<%= field.name %>-error"<% } %>><% } %>
<% if (field.error) { %><p class="error" id="<%= field.name %>-error"><%= field.error %></p><% } %>
<% } %>
<% if (it.rules.length) { %><div class="rules"><p>Password requirements:</p><ul><% for (const rule of it.rules) { %><li><%= rule %></li><% } %></ul></div><% } %>
<button type="submit"><%= it.submit %></button>
</form>
<% } %>
<% for (const link of it.links) { %><p><a href="<%= link.href %>"><%= link.text %></a></p><% } %>`),
);

export const accountTemplate = eta.compile(
  layout(`<p>You are signed in as <strong><%= it.me.email %></strong>. Your account is <%= it.me.status %>.</p>
<form method="post" action="/sign-out"><input type="hidden" name="csrf" value="<%= it.me.csrfToken %>"><button type="submit">Sign out</button></form>
<% if (it.me.legacySync) { %><p>Synced with your legacy account <strong><%= it.me.legacySync.legacyUserId %></strong> on <%= it.me.legacySync.syncedAt.slice(0, 10) %>.</p><% } %>
<% for (const task of it.me.tasks) { if (task.code === 'SyncAccounts') { %><p><a href="/sync">Sync Accounts</a></p><% } } %>
<p><a href="/account/references">References</a></p>
<h2>What happened to your account</h2>
<table><thead><tr><th>When (UTC)</th><th>What</th></tr></thead><tbody>
<% for (const entry of it.entries) { %><tr><td><%= entry.at.slice(0, 19).replace('T', ' ') %></td><td><%= entry.sentence %></td></tr>
<% } %></tbody></table>`),
);

export const render = (template: ReturnType<typeof eta.compile>, data: object): string =>
  eta.render(template, data);

export const stylesheet = `
body { margin: 0; font: 1.0625rem/1.5 system-ui, sans-serif; color: #1b1b1b; background: #fff; }
header { background: #162e51; padding: .8rem 1.5rem; } header a { color: #fff; font-weight: 700; text-decoration: none; }
main { max-width: 34rem; margin: 2rem auto; padding: 0 1.5rem; }
label { display: block; margin-top: 1rem; font-weight: 600; }
input, select { width: 100%; box-sizing: border-box; padding: .5rem; font: inherit; border: 1px solid #565c65; }
button { margin: 1.25rem 0; padding: .6rem 1.4rem; font: inherit; font-weight: 700; color: #fff; background: #005ea2; border: 0; border-radius: .25rem; cursor: pointer; }
a { color: #005ea2; } :focus-visible { outline: 3px solid #2491ff; outline-offset: 2px; }
.notice { background: #e7f6f8; border-left: .5rem solid #00bde3; padding: .75rem 1rem; }
.problem { background: #f4e3db; border-left: .5rem solid #d54309; padding: .25rem 1rem; }
.problem h2 { font-size: 1.125rem; } .error { color: #b50909; margin: .25rem 0 0; } .rules { font-size: .9375rem; margin-top: 1rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .4rem; border-bottom: 1px solid #dfe1e2; vertical-align: top; }
`;
