import type { PageEntry } from './help-entry.js';

/** The older form of the CTPAT page; what it says of signing in and resets, the portal says itself where that is done. */
export const resourcesEntries: readonly PageEntry[] = [
  {
    topic: 'error-messages',
    title: 'When the portal gives you an error message',
    question: { text: 'What to do if the Portal gives you an error message:', isReconstructed: false },
    text: 'Email your problem to the C-TPAT Duty Officer of the Day. A screen shot of the message (see “How to take a screenshot”) helps our technical experts to understand it.',
    sentences: [24, 25],
  },
  {
    topic: 'taking-a-screenshot',
    title: 'How to take a screenshot',
    question: { text: 'How to take a screenshot:', isReconstructed: false },
    text: 'Bring up the error message on your monitor. Press the key on the upper right-hand side of your keyboard that says “Print Screen/SysRq”. Open an email message, place the cursor in it with your mouse, and press Ctrl + V to paste the image. Send it to the C-TPAT Duty Officer of the Day, and say what happened before the error message popped up.',
    sentences: [26, 27, 28, 29, 30, 31, 32],
  },
];
