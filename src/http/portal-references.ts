import type { Reference } from '../domain/help/references.js';

/** What the portal leads to. Bound in the app module from the configuration. */
export abstract class PortalReferences {
  abstract readonly all: readonly Reference[];
}
