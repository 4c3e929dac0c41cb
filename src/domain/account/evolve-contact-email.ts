import type { PastAccountEvent } from './events.js';
import type { Registered } from './state.js';

export type EmailEvent = Extract<PastAccountEvent, { type: `ContactEmail${string}` | 'FormerEmailReleased' }>;

export function evolveEmail(account: Registered, event: EmailEvent): Registered {
  switch (event.type) {
    case 'ContactEmailChangeRequested': {
      const { changeId, email, emailKey, held, expiresAt } = event.data;
      return { ...account, emailChange: { id: changeId, email, emailKey, held, expiresAt } };
    }
    case 'ContactEmailChangeExpired':
      return { ...account, emailChange: null };
    case 'ContactEmailChanged': {
      const { changeId, email, emailKey, formerEmailKey, formerKeptUntil } = event.data;
      const former = {
        changeId,
        email: account.email,
        emailKey: formerEmailKey,
        keptUntil: formerKeptUntil,
      };
      return {
        ...account,
        email,
        emailKey,
        emailChange: null,
        formerEmails: [...account.formerEmails, former],
      };
    }
    case 'ContactEmailRestored': {
      const { changeId, email, emailKey } = event.data;
      const formerEmails = account.formerEmails.filter((former) => former.changeId !== changeId);
      const password = account.password && { ...account.password, disabled: true };
      return { ...account, email, emailKey, emailChange: null, formerEmails, sessions: [], password };
    }
    case 'FormerEmailReleased':
      return {
        ...account,
        formerEmails: account.formerEmails.filter(({ changeId }) => changeId !== event.data.changeId),
      };
    default:
      event satisfies never;
      return account;
  }
}
