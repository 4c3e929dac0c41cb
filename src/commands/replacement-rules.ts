/** The operator's choices for replacing account owners. Bound in the app module from the configuration. */
export abstract class ReplacementRules {
  /** How long an owner may object before an application can be approved without their consent. */
  abstract readonly ownerWaitMs: number;
}
