/** Whom people in trouble are told to contact. Bound in the app module from the configuration. */
export abstract class Contacts {
  /** "your Supply Chain Security Specialist or management at the field office …" */
  abstract readonly specialistAndFieldOffice: string;
  /** "the Duty Officer of the Day at (202) 344-1180" */
  abstract readonly dutyOfficer: string;
}
