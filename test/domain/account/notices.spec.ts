import {
  noticeRefused as recordRefused,
  noticeSent as recordSent,
} from '../../../src/domain/account/notices.js';
import { given, noticeRefused, noticeSent, registered, resetLinkSent } from './past.js';

const sent = (forRevision: number) => recordSent(`event-${forRevision}`, forRevision, `mail-${forRevision}`);
const refused = (forRevision: number) => recordRefused(`event-${forRevision}`, forRevision);

describe('a notice', () => {
  test('is recorded when it was sent', () => {
    given(registered).when(sent(0)).then(noticeSent(0));
  });
  test('is recorded when the mail server refused it for good', () => {
    given(registered).when(refused(0)).then(noticeRefused(0));
  });
  test.each([
    ['a notice', noticeSent(4)],
    ['a refusal', noticeRefused(4)],
    ['a reset link', resetLinkSent('r-1', 0, 4)],
  ])('is not recorded again up to where %s was', (_, event) => {
    given(registered, event).when(sent(3)).thenNothing();
    given(registered, event).when(sent(4)).thenNothing();
    given(registered, event).when(refused(4)).thenNothing();
    given(registered, event).when(sent(5)).then(noticeSent(5));
    given(registered, event).when(refused(5)).then(noticeRefused(5));
  });
  test('that comes late does not lower the mark', () => {
    expect(given(registered, noticeSent(7), noticeSent(3)).state).toMatchObject({ noticedUpTo: 7 });
    expect(given(registered, noticeSent(7), noticeRefused(3)).state).toMatchObject({ noticedUpTo: 7 });
    expect(given(registered, noticeSent(7), resetLinkSent('r-1', 0, 3)).state).toMatchObject({
      noticedUpTo: 7,
    });
  });
  test('is nothing to an account that is not there', () => {
    given().when(sent(0)).thenNothing();
    given().when(refused(0)).thenNothing();
  });
});
