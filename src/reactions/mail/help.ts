import type { Contacts } from './desk.js';

/** What to do next, in the words of the help pages. */

export const checkUserName =
  'If you are unable to access your account, double check that your user name is correct. The user name is the same as the e-mail address that you entered as your contact information.';

/** As it reads after a colon. */
export const forgotYourPassword = 'click on the “Forgot your password?” link on the login page.';

export const pageTrouble =
  'If a page shows an error, refresh your browser. If that does not resolve the problem, close your browser, clear your cache, and try again.';

export const contactSpecialist = ({ specialistAndFieldOffice }: Contacts): string =>
  `If you need help, contact ${specialistAndFieldOffice}.`;

export const contactDutyOfficer = ({ dutyOfficer }: Contacts): string =>
  `You can also contact ${dutyOfficer}. Be advised that the Duty Officer cannot reset your password or unlock your account for you; they can only check the account to see if there is another problem.`;

/** For news that the owner may not have caused. */
export const notYou = ({ specialistAndFieldOffice }: Contacts): string =>
  `If it was not you, somebody else may know your password. Ask for a new one at once: ${forgotYourPassword} Then contact ${specialistAndFieldOffice}.`;
