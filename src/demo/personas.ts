import type { Role } from '../domain/account/events.js';

/** What a demo account is there to show. */
export type Situation =
  'healthy' | 'unconfirmed' | 'locked' | 'suspended' | 'reset open' | 'reset expired' | 'staff';

export interface Persona {
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly password: string;
  readonly situation: Situation;
  readonly role: Role | null;
  /** For the table that the demo prints. */
  readonly shows: string;
}

const partner = (
  givenName: string,
  familyName: string,
  company: string,
  password: string,
  situation: Situation,
  shows: string,
): Persona => ({
  email: `${givenName}@${company}.example`.toLowerCase(),
  givenName,
  familyName,
  password,
  situation,
  role: null,
  shows,
});

const member = (
  givenName: string,
  familyName: string,
  password: string,
  role: Role,
  shows: string,
): Persona => ({
  email: `${givenName}@portal.example`.toLowerCase(),
  givenName,
  familyName,
  password,
  situation: 'staff',
  role,
  shows,
});

/** The same people with the same passwords in every demo. */
export const personas: readonly Persona[] = [
  partner('Ada', 'Okafor', 'harbor-imports', 'Sturdy-Harbor-42', 'healthy', 'signs in'),
  partner(
    'Ben',
    'Lindqvist',
    'northline-carriers',
    'Quiet-Lantern-77',
    'unconfirmed',
    'has a confirmation link in the mailbox',
  ),
  partner('Cleo', 'Marsh', 'baytrade', 'Copper-Anchor-19', 'locked', 'locked after wrong passwords'),
  partner('Dev', 'Rao', 'summit-brokers', 'Amber-Crane-63', 'suspended', 'suspended by an officer'),
  partner(
    'Eve',
    'Tanaka',
    'pacific-surety',
    'Violet-Compass-28',
    'reset open',
    'has a reset link in the mailbox',
  ),
  partner('Finn', 'Moreau', 'delta-facility', 'Silver-Rudder-55', 'reset expired', 'let a reset link expire'),
  partner(
    'Hana',
    'Silva',
    'harbor-imports',
    'Maple-Lantern-36',
    'healthy',
    'applied to replace Ada as Account Owner, once for each thing that can become of it',
  ),
  member(
    'Sam',
    'Specialist',
    'Granite-Beacon-31',
    'specialist',
    'Supply Chain Security Specialist: unlocks, suspends, reinstates',
  ),
  member(
    'Fay',
    'Fieldoffice',
    'Marble-Signal-86',
    'fieldOfficeManager',
    'management at the field office: likewise',
  ),
  member(
    'Dana',
    'Duty',
    'Walnut-Harvest-14',
    'dutyOfficer',
    'duty officer: looks accounts up, can change nothing',
  ),
  member(
    'Rita',
    'Review',
    'Birch-Anchor-58',
    'applicationTeam',
    'ACE Application team: reviews applications for another Account Owner',
  ),
  member('Ruth', 'Second', 'Cedar-Window-23', 'applicationTeam', 'likewise: it takes two'),
  member(
    'Desmond',
    'Desk',
    'Juniper-Ferry-47',
    'serviceDesk',
    'ACE Service Desk: finds legacy accounts, sends legacy resets, sees failed syncs',
  ),
  member('Ari', 'Auditor', 'Cobalt-Ledger-90', 'auditor', 'auditor: reads the log'),
];

/** Everybody's answers to the three security questions. */
export const demoAnswers = [
  { questionId: 'first-pet', answer: 'Barnacle' },
  { questionId: 'nickname', answer: 'Skipper' },
  { questionId: 'first-ship', answer: 'Queen of Nanaimo' },
] as const;
