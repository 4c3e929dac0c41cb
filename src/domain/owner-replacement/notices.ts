import type { OwnerReplacementDecision } from './owner-replacement.js';

/** Records that everything up to this revision which calls for a mail has had it; `messageId` is null where the mail server refused
 *  one for good. */
export const applicationNoticeSent =
  (forEvent: string, forRevision: number, messageId: string | null): OwnerReplacementDecision =>
  (application) => {
    if (application.status === 'Unknown' || application.noticedUpTo >= forRevision) return [];
    const about = { forEvent, forRevision };
    return messageId === null
      ? [{ type: 'ApplicationNoticeRefused', data: about }]
      : [{ type: 'ApplicationNoticeSent', data: { ...about, messageId } }];
  };
