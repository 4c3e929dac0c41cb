import type { LegacyPortalEvent } from '../../../src/domain/legacy-portal/events.js';

export const announced = (notice: number, retiresAt: number): LegacyPortalEvent => ({
  type: 'LegacyPortalRetirementAnnounced',
  data: { notice, retiresAt },
});

export const madeKnown = (notice: number): LegacyPortalEvent => ({
  type: 'LegacyPortalRetirementMadeKnown',
  data: { notice },
});

export const calledOff = (notice: number): LegacyPortalEvent => ({
  type: 'LegacyPortalRetirementCalledOff',
  data: { notice },
});

export const retired: LegacyPortalEvent = { type: 'LegacyPortalRetired', data: {} };
