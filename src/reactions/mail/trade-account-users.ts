import { toOwner, type Writer } from './desk.js';
import { ACE_PORTAL, moment, tradeAccountInWords } from './wording.js';

export const removedFromTradeAccount: Writer<'RemovedFromTradeAccount'> = ({ data, meta }, account) => [
  {
    kind: 'removed-from-trade-account',
    ...toOwner(account),
    portal: ACE_PORTAL,
    subject: `${ACE_PORTAL}: your access to a trade account was taken away`,
    body: [
      `On ${moment(meta.at)}, the Account Owner of ${tradeAccountInWords(data)} took your access to it away. Your login and your other accounts stay as they are.`,
      'If you did not expect this, ask the Account Owner.',
    ],
  },
];
