import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { lengthOf, PASSWORD_LENGTH_MAX } from '../domain/account/input-rules.js';
import { ANSWER_LENGTH_MAX, SECURITY_ANSWERS } from '../domain/account/security-questions.js';
import { isEmailAddress } from '../domain/email/address.js';

// C0 and C1 controls, line and paragraph separators, marks that reorder text, and halves of characters: none belongs in a line.
const CONTROLS = /^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\p{Cs}]*$/u;
/** Halves of characters would all be hashed as the same one. */
const HALVES = /\p{Cs}/u;
const controlsDetail = { message: 'must not contain control characters' };

/** A line of text, perhaps empty. */
export const LineField = (lengthMax: number) =>
  applyDecorators(
    Matches(CONTROLS, controlsDetail),
    MaxLength(lengthMax, { message: `must have at most ${lengthMax} characters` }),
    IsString({ message: 'must be text' }),
  );

/** A line of text for people, such as a name or a reason. */
export const TextField = (lengthMax: number, description: string) =>
  applyDecorators(
    ApiProperty({ type: String, minLength: 1, maxLength: lengthMax, description }),
    Matches(/\S/u, { message: 'must not be empty' }),
    LineField(lengthMax),
  );

export const EmailField = () =>
  applyDecorators(
    ApiProperty({
      type: String,
      format: 'email',
      maxLength: 254,
      description: 'Contact e-mail address: the user name',
    }),
    ValidateBy(
      {
        name: 'isEmailAddress',
        validator: { validate: (value) => typeof value === 'string' && isEmailAddress(value) },
      },
      { message: 'must be an e-mail address in plain ASCII, such as name@company.example' },
    ),
  );

/** Refused when too long before anything is hashed. */
export const PasswordField = () =>
  applyDecorators(
    ApiProperty({ type: String, format: 'password', minLength: 1, maxLength: PASSWORD_LENGTH_MAX }),
    ValidateBy(
      {
        name: 'isPassword',
        validator: {
          validate: (value) =>
            typeof value === 'string' &&
            value.length > 0 &&
            // NUL ends a string in many a library: what follows it would not count.
            !value.includes('\u0000') &&
            !HALVES.test(value) &&
            value.length <= 2 * PASSWORD_LENGTH_MAX &&
            lengthOf(value) <= PASSWORD_LENGTH_MAX,
        },
      },
      { message: `must be text of 1 to ${PASSWORD_LENGTH_MAX} characters` },
    ),
  );

/** Visible ASCII; told apart without case. */
export const LegacyUserIdField = () =>
  applyDecorators(
    ApiProperty({
      type: String,
      minLength: 1,
      maxLength: 64,
      description: 'User id of the legacy ACE Portal',
    }),
    Matches(/^[\x21-\x7e]*$/, { message: 'must be visible ASCII characters without spaces' }),
    Length(1, 64, { message: 'must have 1 to 64 characters' }),
    IsString({ message: 'must be text' }),
  );

export const TokenField = () =>
  applyDecorators(
    ApiProperty({ type: String, maxLength: 300, description: 'The token of the mailed link' }),
    Matches(/^[\w.-]*$/, { message: 'must be the token of a mailed link' }),
    Length(1, 300, { message: 'must be the token of a mailed link' }),
    IsString({ message: 'must be text' }),
  );

export class SecurityAnswerInput {
  @TextField(64, 'The id of a question from GET /api/v1/security-questions')
  questionId!: string;

  @TextField(ANSWER_LENGTH_MAX, 'The answer; case and spacing do not matter')
  answer!: string;
}

export const SecurityAnswersField = () =>
  applyDecorators(
    ApiProperty({ type: [SecurityAnswerInput], minItems: SECURITY_ANSWERS, maxItems: SECURITY_ANSWERS }),
    Type(() => SecurityAnswerInput),
    ValidateNested({ each: true, message: 'must be questions with answers' }),
    ArrayMinSize(SECURITY_ANSWERS, { message: `must be ${SECURITY_ANSWERS} questions with answers` }),
    ArrayMaxSize(SECURITY_ANSWERS, { message: `must be ${SECURITY_ANSWERS} questions with answers` }),
    IsArray({ message: `must be a list of ${SECURITY_ANSWERS} questions with answers` }),
  );

const PAGE_DEFAULT = 50;
const PAGE_MAX = 200;

/** How much of a list to show. */
export class LimitQuery {
  @ApiProperty({ type: Number, required: false, minimum: 1, maximum: PAGE_MAX, default: PAGE_DEFAULT })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d{1,3}$/.test(value) ? Number(value) : value,
  )
  @IsInt({ message: `must be a whole number from 1 to ${PAGE_MAX}` })
  @Min(1, { message: `must be a whole number from 1 to ${PAGE_MAX}` })
  @Max(PAGE_MAX, { message: `must be a whole number from 1 to ${PAGE_MAX}` })
  limit: number = PAGE_DEFAULT;
}

/** And where to go on. */
export class PageQuery extends LimitQuery {
  @ApiProperty({ type: String, required: false, description: '“next” of the page before' })
  @IsOptional()
  @Length(1, 500, { message: 'must be as “next” returned it' })
  @IsString({ message: 'must be text' })
  cursor?: string;
}

export class ReasonInput {
  @TextField(1000, 'Why; kept sealed in the history')
  reason!: string;
}

const PERMISSIONS_LIST_MAX = 200;
const permissionsDetail = { message: `must be a list of 1 to ${PERMISSIONS_LIST_MAX} permissions` };

/** What somebody may do at a trade account, each as one word. */
export const PermissionsField = (description: string) =>
  applyDecorators(
    ApiProperty({
      type: [String],
      minItems: 1,
      maxItems: PERMISSIONS_LIST_MAX,
      description,
    }),
    Matches(/^[A-Za-z][A-Za-z0-9]{0,63}$/, { each: true, message: 'must be permissions, each one word' }),
    ArrayMinSize(1, permissionsDetail),
    ArrayMaxSize(PERMISSIONS_LIST_MAX, permissionsDetail),
    IsArray(permissionsDetail),
  );
