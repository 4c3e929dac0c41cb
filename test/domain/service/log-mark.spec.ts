import { beginLog, finishFilling, logMarkDecider } from '../../../src/domain/service/log-mark.js';
import { storyOf } from '../../support/given.js';

const given = storyOf(logMarkDecider);
const begun = (mode: 'real' | 'demo') => ({ type: 'LogBegun', data: { mode } }) as const;
const filled = { type: 'DemoFilled', data: {} } as const;

test('a new log is marked with what it is for', () => {
  given().when(beginLog('demo')).then(begun('demo'));
  given().when(beginLog('real')).then(begun('real'));
});

test('a log of the same mode is gone on with', () => {
  given(begun('real')).when(beginLog('real')).thenNothing();
  given(begun('demo'), filled).when(beginLog('demo')).thenNothing();
});

test("neither mode opens the other's log", () => {
  given(begun('demo')).when(beginLog('real')).thenRefused('OtherMode');
  given(begun('real')).when(beginLog('demo')).thenRefused('OtherMode');
});

test('the demo is filled once', () => {
  given(begun('demo')).when(finishFilling()).then(filled).when(finishFilling()).thenNothing();
});
