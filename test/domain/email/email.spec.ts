import { claimEmail, emailDecider, releaseEmail, takeOverEmail } from '../../../src/domain/email/email.js';
import { MINUTE, storyOf, T0 } from '../../support/given.js';

const given = storyOf(emailDecider);
const claimed = (accountId: string) => ({ type: 'EmailClaimed', data: { accountId } }) as const;
const released = (accountId: string) => ({ type: 'EmailReleased', data: { accountId } }) as const;

describe('claiming an address', () => {
  test('takes a free one', () => {
    given().when(claimEmail('ada')).then(claimed('ada'));
    given(claimed('ada'), released('ada')).when(claimEmail('eve')).then(claimed('eve'));
  });
  test('is refused where another account has it', () => {
    given(claimed('ada')).when(claimEmail('eve')).thenRefused('EmailTaken');
  });
  test('again renews the claim', () => {
    const { state } = given(claimed('ada')).after(MINUTE).when(claimEmail('ada')).then(claimed('ada'));
    expect(state).toEqual({ holder: 'ada', claimedAt: T0 + MINUTE });
  });
});

describe('taking over a claim', () => {
  test('hands it from the account that came to nothing to the other', () => {
    const { state } = given(claimed('ada'))
      .when(takeOverEmail('ada', 'eve', T0))
      .then(released('ada'), claimed('eve'));
    expect(state).toEqual({ holder: 'eve', claimedAt: T0 });
  });
  test('is refused where somebody else has it meanwhile', () => {
    given(claimed('bob')).when(takeOverEmail('ada', 'eve')).thenRefused('EmailTaken');
  });
  test('is refused where the former holder has claimed it again meanwhile', () => {
    given(claimed('ada'))
      .after(MINUTE)
      .and(claimed('ada'))
      .when(takeOverEmail('ada', 'eve', T0))
      .thenRefused('EmailTaken');
  });
  test('takes it where it became free meanwhile', () => {
    given(claimed('ada'), released('ada'))
      .when(takeOverEmail('ada', 'eve', T0))
      .then(claimed('eve'));
  });
});

describe('releasing an address', () => {
  test('frees it', () => {
    given(claimed('ada')).when(releaseEmail('ada')).then(released('ada'));
  });
  test('that another account has is nothing', () => {
    given(claimed('eve')).when(releaseEmail('ada')).thenNothing();
    given().when(releaseEmail('ada')).thenNothing();
  });
  test('of one account leaves the claim of another alone', () => {
    expect(given(claimed('eve'), released('ada')).state).toEqual({ holder: 'eve', claimedAt: T0 });
  });
});
