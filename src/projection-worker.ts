import { serveEmbeddedProjections } from './embedded-projection-worker.js';
import { eventSources } from './event-sources.js';
import { projections } from './projections/all.js';

serveEmbeddedProjections(projections, eventSources);
