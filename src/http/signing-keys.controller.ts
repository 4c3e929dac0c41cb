import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { SigningKeys } from '../engine/signing-keys.js';
import { Anyone } from './access.js';
import { Answers } from './describe.js';

const key = z.strictObject({
  ...{ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() },
  ...{ kid: z.string(), alg: z.literal('EdDSA'), use: z.literal('sig') },
});
const keySet = z.strictObject({ keys: z.array(key) });

/** Outside `/api/v1`: where those who verify look for keys, whatever the version of the API. */
export const keySetPath = '.well-known/jwks.json';

@ApiTags('Legacy portal')
@Controller()
@Anyone()
export class SigningKeysController {
  constructor(private readonly keys: SigningKeys) {}

  /** A key is published an hour before it signs; a list kept for five minutes knows it in time. */
  @Get(keySetPath)
  @Header('Cache-Control', 'public, max-age=300')
  @Answers(200, keySet, 'Cache-Control')
  @ApiOperation({ summary: 'The public keys (a JWK set) of what this service signs' })
  async list() {
    return { keys: await this.keys.published() };
  }
}
