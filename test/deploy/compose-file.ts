import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface ComposeService {
  readonly image: string;
  readonly build?: string;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly restart?: string;
  readonly stop_grace_period?: string;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<
    Record<string, { internal?: boolean; ipam?: { config: { subnet: string }[] } } | null>
  >;
  readonly volumes: Readonly<Record<string, unknown>>;
}

export const fromRoot = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** As written, without what the environment gives. */
export const composeFile = (): ComposeFile => parse(fromRoot('docker-compose.yml'), { merge: true });

/** The names that the environment must give, each once. */
export const askedOfEnvironment = (): string[] => [
  ...new Set(
    [...fromRoot('docker-compose.yml').matchAll(/(?<!\$)\$\{([A-Z_]+):\?/g)].map(([, name]) => name!),
  ),
];

/** `${NAME:?…}` replaced as compose does it. */
export const interpolated = (text: string, environment: Readonly<Record<string, string>>): string =>
  text.replace(/\$\{([A-Z_]+):\?[^}]*\}/g, (_, name: string) => environment[name]!);
