import type { Settings } from '../../config.js';
import type { ServiceStatus } from '../../control/acts.js';
import type { Mode } from '../../domain/service/log-mark.js';

/** What a check found; everything that is not well has its fix. */
export type Finding =
  | { readonly verdict: 'ok'; readonly about: string; readonly detail: string }
  | {
      readonly verdict: 'warn' | 'fail';
      readonly about: string;
      readonly detail: string;
      readonly fix: string;
    };

/** What checks look at. */
export interface Installation {
  readonly settings: Settings;
  readonly mode: Mode;
  /** False before the first start. */
  readonly hasLog: boolean;
  /** null where no service answers. */
  readonly service: ServiceStatus | null;
}

export type Check = (installation: Installation) => Finding[] | Promise<Finding[]>;

export const ok = (about: string, detail: string): Finding => ({ verdict: 'ok', about, detail });
export const warn = (about: string, detail: string, fix: string): Finding => ({
  verdict: 'warn',
  about,
  detail,
  fix,
});
export const fail = (about: string, detail: string, fix: string): Finding => ({
  verdict: 'fail',
  about,
  detail,
  fix,
});
