/** What an address may be, for all that a stranger can tell. */
export const situations = ['known', 'unknown', 'unconfirmed', 'locked', 'suspended'] as const;
export type Situation = (typeof situations)[number];

export const addressOf = (situation: Situation, round: number): string =>
  `${situation}${round}@bench.example`;

export interface Filled {
  readonly url: string;
}
