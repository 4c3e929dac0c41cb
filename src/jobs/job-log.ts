/** Tells operators of jobs that failed. */
export abstract class JobLog {
  abstract failed(job: string, error: unknown): void;
}
