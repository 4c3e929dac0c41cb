import type { AccountDecision } from './state.js';

/** Records that everything up to this revision which calls for a mail has had it, so that nothing is mailed twice. */
export const noticeSent =
  (forEvent: string, forRevision: number, messageId: string): AccountDecision =>
  (account) => {
    if (account.status !== 'Registered' || account.noticedUpTo >= forRevision) return [];
    return [{ type: 'NoticeSent', data: { forEvent, forRevision, messageId } }];
  };

export const noticeRefused =
  (forEvent: string, forRevision: number): AccountDecision =>
  (account) => {
    if (account.status !== 'Registered' || account.noticedUpTo >= forRevision) return [];
    return [{ type: 'NoticeRefused', data: { forEvent, forRevision } }];
  };
