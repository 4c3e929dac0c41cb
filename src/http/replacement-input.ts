import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsObject, Matches, ValidateIf, ValidateNested } from 'class-validator';
import { applicationTypes, letterheadTypes } from '../domain/owner-replacement/form.js';
import { designation } from '../domain/owner-replacement/events.js';
import { EmailField, LineField } from './fields.js';
import { ID } from './id-param.js';

/** A field of the form. What is missing counts as left empty: the form's own rules see to it, so that all mistakes are told at once. */
const FormField = (lengthMax: number, description: string, more: object = {}) =>
  applyDecorators(
    ApiProperty({ type: String, minLength: 1, maxLength: lengthMax, description, ...more }),
    LineField(lengthMax),
  );

const OptionalField = (lengthMax: number, description: string, more: object = {}) =>
  applyDecorators(
    FormField(lengthMax, description, { required: false, ...more }),
    Matches(/\S/u, { message: 'must not be empty: leave it out' }),
    ValidateIf((_form, value) => value !== undefined),
  );

/** A part of the form, with fields of its own. */
const PartField = (part: new () => object) =>
  applyDecorators(
    ApiProperty({ type: part }),
    Type(() => part),
    ValidateNested({ message: 'must be an object' }),
    IsObject({ message: 'must be an object' }),
  );

const CorrectsField = () =>
  applyDecorators(
    OptionalField(36, 'The application of yours which was returned, and which this one corrects', {
      format: 'uuid',
    }),
    Matches(ID, { message: 'must be the id of an application' }),
  );

class NewOwnerInput {
  @FormField(100, 'First name')
  firstName: string = '';

  @OptionalField(100, 'Middle name')
  middleName?: string;

  @FormField(100, 'Last name')
  lastName: string = '';

  @FormField(10, 'Date of birth, MM/DD/YYYY, on or after 01/01/1900')
  dateOfBirth: string = '';

  @FormField(30, 'Telephone number')
  telephone: string = '';

  @OptionalField(10, 'Extension')
  extension?: string;

  @OptionalField(30, 'Fax number')
  fax?: string;

  @FormField(254, 'E-mail address', { format: 'email' })
  email: string = '';

  @OptionalField(254, 'ACE Login ID, if the new owner has one: the address that they sign in with', {
    format: 'email',
  })
  loginId?: string;
}

class CorporateInput {
  @FormField(200, 'Company name')
  companyName: string = '';

  @FormField(5, 'End of fiscal year, MM/DD')
  fiscalYearEnd: string = '';

  @FormField(200, 'Address 1; may not be a Post Office box')
  address1: string = '';

  @OptionalField(200, 'Address 2')
  address2?: string;

  @FormField(100, 'City')
  city: string = '';

  @FormField(20, 'State: two letters')
  state: string = '';

  @FormField(10, 'ZIP code')
  zip: string = '';
}

/** Form A: the ACE Secure Data Portal Application. */
export class DesignationInput {
  @FormField(20, 'Type of the trade account', { enum: applicationTypes })
  type: string = '';

  @FormField(50, 'Number of the trade account')
  number: string = '';

  @FormField(
    3,
    'Section B: Trade Account Owner (TAO) or Point of Contact (POC); marks a change to an active account',
    {
      enum: designation.options,
    },
  )
  designation: string = '';

  @PartField(NewOwnerInput)
  newOwner: NewOwnerInput = new NewOwnerInput();

  @CorrectsField()
  corrects?: string;
}

/** Form B: what stands on company letterhead. */
export class LetterInput {
  @FormField(20, 'Type of the trade account', { enum: letterheadTypes })
  type: string = '';

  @FormField(50, 'Employer Identification Number (EIN), or Protest Filer number')
  number: string = '';

  @PartField(CorporateInput)
  corporate: CorporateInput = new CorporateInput();

  @PartField(NewOwnerInput)
  newOwner: NewOwnerInput = new NewOwnerInput();

  @FormField(1000, 'Why the owner changes, such as: the current owner has left the company')
  justification: string = '';

  @CorrectsField()
  corrects?: string;
}

/** As the ACE Application team enters them; each with the address that the form was mailed from. */
export class MailedDesignationInput extends DesignationInput {
  @EmailField()
  applicantEmail!: string;
}

export class MailedLetterInput extends LetterInput {
  @EmailField()
  applicantEmail!: string;
}
