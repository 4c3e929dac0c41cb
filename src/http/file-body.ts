import { applyDecorators, SetMetadata } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { EVIDENCE_BYTES_MAX, EVIDENCE_TYPES } from '../commands/evidence-files.js';
import { refuse } from './problem.js';

export const TAKES_FILE = 'portcullis:file';

/** The body is a file as it stands, of one of these types: no form around it, and so nothing to take apart. */
export const TakesFile = () =>
  applyDecorators(
    RouteConfig({ [TAKES_FILE]: true }),
    SetMetadata(TAKES_FILE, true),
    ApiConsumes(...EVIDENCE_TYPES),
    ApiBody({
      description: `The file, at most ${EVIDENCE_BYTES_MAX} bytes`,
      schema: { type: 'string', format: 'binary' },
    }),
  );

/** What such a route refuses besides. */
export const fileRefusals = ['FileTypeRefused', 'FileTooLarge', 'TooManyRequests'] as const;

export const takesFile = ({ routeOptions }: FastifyRequest): boolean =>
  (routeOptions.config as unknown as Record<string, unknown> | undefined)?.[TAKES_FILE] === true;

export function readFiles(server: FastifyInstance): void {
  const options = { parseAs: 'buffer', bodyLimit: EVIDENCE_BYTES_MAX } as const;
  server.addContentTypeParser(EVIDENCE_TYPES, options, (_request, body, done) => done(null, body));
}

/** Why the file is refused before any of it is read; null: it may come. */
export function fileRefusal({ headers }: FastifyRequest, type: string): Error | null {
  if (!(EVIDENCE_TYPES as readonly string[]).includes(type)) {
    const detail = `must be ${EVIDENCE_TYPES.join(', ')}`;
    return refuse('FileTypeRefused', { errors: [{ pointer: '#/headers/Content-Type', detail }] });
  }
  const length = headers['content-length'];
  if (length === undefined) {
    const errors = [{ pointer: '#/headers/Content-Length', detail: 'must be sent' }];
    return refuse('MalformedRequest', { errors });
  }
  if (Number(length) <= EVIDENCE_BYTES_MAX) return null;
  const detail = `must be at most ${EVIDENCE_BYTES_MAX} bytes`;
  return refuse('FileTooLarge', { errors: [{ pointer: '', detail }] });
}

/** The file that was sent. Throws `InvalidInput` where none was. */
export function fileOf({ body, headers }: FastifyRequest): { declaredType: string; bytes: Uint8Array } {
  if (Buffer.isBuffer(body) && body.length > 0) {
    return { declaredType: mediaTypeOf(headers['content-type']), bytes: body };
  }
  throw refuse('InvalidInput', { errors: [{ pointer: '', detail: 'must be a file' }] });
}

export const mediaTypeOf = (contentType = ''): string => contentType.split(';')[0]!.trim().toLowerCase();
