import type { FastifyRequest } from 'fastify';

/** Internet Explorer 11 calls itself Trident, the older ones MSIE; so does Edge in Internet Explorer mode. */
export const isInternetExplorer = ({ headers }: Pick<FastifyRequest, 'headers'>): boolean =>
  /\b(?:MSIE |Trident\/)/.test(headers['user-agent'] ?? '');
