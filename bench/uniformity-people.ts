/** What an address may be, for all that a stranger can tell. Unknown twice: how far those two lie apart is the machine's noise. */
export const situations = ['known', 'unknown', 'unconfirmed', 'locked', 'suspended', 'unknown-too'] as const;
export type Situation = (typeof situations)[number];

export const addressOf = (situation: Situation, round: number): string =>
  `${situation}${round}@bench.example`;

export interface Filled {
  readonly url: string;
}
