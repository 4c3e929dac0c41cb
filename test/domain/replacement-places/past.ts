import { replacementPlacesDecider } from '../../../src/domain/replacement-places/replacement-places.js';
import { storyOf } from '../../support/given.js';

/** The words in which the tests of places tell their past. */
export const given = storyOf(replacementPlacesDecider);

export const place = {
  taken: (applicationId: string) => ({ type: 'ReplacementPlaceTaken', data: { applicationId } }) as const,
  freed: (applicationId: string) => ({ type: 'ReplacementPlaceFreed', data: { applicationId } }) as const,
};
