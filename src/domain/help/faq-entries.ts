import type { PageEntry } from './help-entry.js';

/** The FAQ kept the answer and lost the question: this one was made from the answer. */
const lost = (text: string) => ({ text, isReconstructed: true });

export const faqEntries: readonly PageEntry[] = [
  {
    topic: 'modernization',
    title: 'The modernized ACE Portal',
    question: null,
    text: 'U.S. Customs and Border Protection is moving the Automated Commercial Environment Secure Data Portal (ACE Portal) to an upgraded platform, in several phases, so that it is easier to use and performs better. It gives you real-time access to trade data: ACE Reports, ACE account management, and electronic communication with U.S. Customs and Border Protection and each Partner Government Agency (PGA).',
    sentences: [1, 2, 3],
  },
  {
    topic: 'getting-in',
    title: 'Getting in for the first time',
    question: { text: 'Do you have an existing login.cbp.gov account?', isReconstructed: false },
    text: 'Go to ace.cbp.gov and click “Trade/PGA User” (PGA: Partner Government Agency). If you have a login.cbp.gov account, sign in with it and sync your legacy account when you are asked to: enter your legacy user id and legacy password, and click “Sync”. If you have none, click “Create an Account”, fill in the requested information, and click “Sign Up”. Your legacy ACE Portal account must be active and in good standing.',
    sentences: [5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18],
  },
  {
    topic: 'syncing',
    title: 'Why accounts are synced',
    question: lost('Why do users need to sync their accounts?'),
    text: 'Syncing brings your account access and permissions from the legacy portal over to the modernized portal.',
    sentences: [27],
  },
  {
    topic: 'legacy-password',
    title: 'Forgotten legacy password',
    question: lost('What do I do if I forgot my legacy ACE Portal password?'),
    text: 'Contact the ACE Service Desk and ask for a password reset.',
    sentences: [20],
  },
  {
    topic: 'keep-legacy-credentials',
    title: 'Keep your legacy user id and password',
    question: lost('Do I still need my legacy user id and password?'),
    text: 'Keep both until the legacy portal is retired. The modernized portal does not ask for them after syncing, but existing functions of the legacy portal may.',
    sentences: [46, 47],
  },
  {
    topic: 'shared-logins',
    title: 'Several people with one login',
    question: lost('What if several users share one legacy login?'),
    text: 'Everybody signs in to the modernized portal with an e-mail address and password of their own, and a legacy ACE Portal ID and password can be used only once for syncing. If several people share a login, the Account Owner creates individual users for the others in the legacy ACE Portal: “User Access” in the Tools tab. Each of them then creates an account here and syncs their own.',
    sentences: [48, 49, 50, 51, 52, 53],
  },
  {
    topic: 'creating-users',
    title: 'Creating users',
    question: lost('How does an Account Owner create users?'),
    text: 'At this time, go on creating users in the legacy ACE Portal as before. The Managing User Access training guide tells more. You will be told here when users can be created in the modernized portal.',
    sentences: [23, 24, 25, 43, 44, 45],
  },
  {
    topic: 'training-resources',
    title: 'Training resources',
    question: lost('Where do I learn how to use the modernized ACE Portal?'),
    text: 'The ACE Portal Training Resources have detailed instructions on everything that you can do in the modernized ACE Portal.',
    sentences: [26],
  },
  {
    topic: 'browsers',
    title: 'Supported browsers',
    question: lost('Which browsers are supported? Can I use Internet Explorer?'),
    text: 'Chrome, Edge, Firefox and Safari are supported; we recommend Google Chrome. Internet Explorer (IE) is not officially supported: the portal works in it with reduced functionality and says so.',
    sentences: [19, 28, 29],
  },
  {
    topic: 'page-errors',
    title: 'When a page shows an error',
    question: lost('What do I do when a page shows an error or does not load?'),
    text: 'Refresh your browser. If that does not resolve the problem, close your browser, clear your cache, and try again. We are working on a permanent fix.',
    sentences: [54, 55, 56, 57],
  },
  {
    topic: 'legacy-portal',
    title: 'The legacy portal during the transition',
    question: lost('Can I still use the legacy ACE Portal, and does its address change?'),
    text: 'Yes: open “References” and click “Legacy ACE Portal”. “References” also shows until when it will be available. Its address stays the same during the transition.',
    sentences: [21, 22, 34],
  },
  {
    topic: 'ace-reports',
    title: 'ACE Reports',
    question: lost('Does the modernization change ACE Reports?'),
    text: 'No. The modernization has no impact on ACE Reports.',
    sentences: [33],
  },
  {
    topic: 'protest',
    title: 'Protest',
    question: lost('Where is the Protest System?'),
    text: 'Its link will be among the “References” and on the Protest Filer account page. As long as it is not there, open “References” and click “Legacy ACE Portal” to launch the Protest Module.',
    sentences: [37, 38],
  },
  {
    topic: 'aes',
    title: 'AES',
    question: lost('Where is AES, and does the modernization change it?'),
    text: 'None of the existing functions of the Automated Export System (AES) is affected. Its link will be among the “References” and on the Exporter account page. As long as it is not there, open “References” and click “Legacy ACE Portal” to reach it.',
    sentences: [39, 40, 41, 42],
  },
  {
    topic: 'replacing-the-account-owner',
    title: 'Replacing the Account Owner',
    question: lost('How is the Account Owner of an account replaced?'),
    text: 'For Broker, Importer, Carrier, FTZ, Facility Operator and Surety accounts: fill in the ACE Secure Data Portal Application with the new Account Owner in Section B, “Account Owner Designation”, and choose Trade Account Owner (TAO) or Point of Contact (POC) at its top, which marks a change to an active account. For Exporter and Protest Filer accounts: write a letter on company letterhead, with the particulars of the company and of the new Account Owner, and the reason for the change. Send either to the ACE Application team, or submit it here.',
    sentences: [58, 59],
  },
];
