import { z } from 'zod';
import { role, type Role } from '../domain/account/events.js';
import { isEmailAddress } from '../domain/email/address.js';
import type { ParkedStream } from '../ports.js';

/** The last instant that ISO 8601 writes with a year of four digits. */
const INSTANT_MAX = Date.UTC(9999, 11, 31);
const text = (lengthMax: number) => z.string().trim().min(1).max(lengthMax);
const email = z.string().refine(isEmailAddress, 'must be an e-mail address in plain ASCII');
const roleChange = z.strictObject({
  /** An account's id or its e-mail address. */
  account: text(254),
  role,
  reason: text(1000),
});

/** What an operator may have done: each act with what it needs. */
export const acts = {
  status: z.strictObject({}),
  inviteStaff: z.strictObject({
    email,
    givenName: text(200),
    familyName: text(200),
    role,
    /** The link goes out by mail alone. */
    mailOnly: z.boolean(),
  }),
  grantRole: roleChange,
  revokeRole: roleChange,
  /** Of a projection: a stream; of a reaction: an event, as `stream@revision`. */
  retry: z.strictObject({ name: text(200), stream: text(600) }),
  /** None named: all. */
  rebuild: z.strictObject({ names: z.array(text(200)).max(100) }),
  /** Absolute paths: of a legacy directory, and of what is told of the rows refused. */
  importLegacy: z.strictObject({ file: text(4096), report: text(4096) }),
  announceLegacyRetirement: z.strictObject({ retiresAt: z.int().nonnegative().max(INSTANT_MAX) }),
  callOffLegacyRetirement: z.strictObject({}),
  retireLegacyPortal: z.strictObject({}),
} as const;

export type ActName = keyof typeof acts;
export type ActInput<A extends ActName> = z.infer<(typeof acts)[A]>;

export interface ActResults {
  status: ServiceStatus;
  inviteStaff: InvitedStaff;
  grantRole: RoleChanged;
  revokeRole: RoleChanged;
  retry: { readonly parked: ParkedStream | null };
  rebuild: { readonly names: readonly string[]; readonly events: number; readonly ms: number };
  importLegacy: ImportedDirectory;
  announceLegacyRetirement: LegacyRetirementChanged;
  callOffLegacyRetirement: LegacyRetirementChanged;
  retireLegacyPortal: LegacyRetirementChanged;
}

/** Rows by what became of them. */
export interface ImportedDirectory {
  readonly imported: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly refused: number;
  /** Where the rows refused are told of; null when there are none. */
  readonly report: string | null;
  readonly ms: number;
}

export interface ServiceStatus {
  readonly processId: number;
  readonly mode: string;
  /** Why a projection or reaction does not go on just now; those that do are left out. */
  readonly failures: Readonly<Record<string, string>>;
}

export interface InvitedStaff {
  readonly accountId: string;
  readonly enrolmentUrl: string;
  /** False where no mail server is set. */
  readonly mailed: boolean;
}

export interface RoleChanged {
  readonly accountId: string;
  readonly role: Role;
  /** False when it was so before. */
  readonly changed: boolean;
}

export interface LegacyRetirementChanged {
  /** False when it was so before. */
  readonly changed: boolean;
  /** False where no mail server is set: people are told once there is one. */
  readonly mailed: boolean;
}

/** Events (of an import: bytes) done and to do. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

/** One line from the operator's process; `user` is the operating system's name for who runs it. */
export const request = z.strictObject({
  act: z.enum(Object.keys(acts) as [ActName, ...ActName[]]),
  user: text(64),
  input: z.unknown(),
});
export type Request = z.infer<typeof request>;

/** Lines back: any number of `progress`, then one of the others. */
export type Reply =
  | { readonly progress: Progress }
  | { readonly result: unknown }
  | { readonly refused: { readonly code: string; readonly sentence: string } };

/** The act was understood and not done. */
export class ActRefused extends Error {
  override readonly name = 'ActRefused';
  constructor(
    readonly code: string,
    sentence: string,
  ) {
    super(sentence);
  }
}
