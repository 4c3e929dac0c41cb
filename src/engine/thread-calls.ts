import type { MessagePort, Worker } from 'node:worker_threads';

/** Of a projecting thread's heap: a page of 20,000 events and its documents take some 100 MB. */
export const THREAD_HEAP_MAX_MB = 256;

/** Calls between threads. What a method throws arrives as an Error of the same message. */
type Call = { readonly call: number; readonly method: string; readonly argument: unknown };
type Answer =
  { readonly call: number; readonly result: unknown } | { readonly call: number; readonly error: string };
type Told<Event> = { readonly told: Event };

/** The side that calls. */
export class ThreadCalls<Event> {
  private readonly waiting = new Map<
    number,
    { readonly resolve: (result: never) => void; readonly reject: (error: Error) => void }
  >();
  private count = 0;
  private ended: Error | null = null;

  constructor(
    private readonly worker: Worker,
    onTold: (event: Event) => void,
  ) {
    worker.on('message', (message: Answer | Told<Event>) => {
      if ('told' in message) onTold(message.told);
      else this.answered(message);
    });
    worker.on('error', (error) => this.end(error as Error));
    worker.on('exit', () => this.end(new Error('the thread has ended')));
  }

  call<T>(method: string, argument?: unknown): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.ended) return reject(this.ended);
      this.count += 1;
      this.waiting.set(this.count, { resolve, reject });
      this.worker.postMessage({ call: this.count, method, argument } satisfies Call);
    });
  }

  /** A call whose answer nobody needs: when the thread ends, that is told by other ways. */
  tell(method: string, argument?: unknown): void {
    this.worker.postMessage({ call: 0, method, argument } satisfies Call);
  }

  private answered(answer: Answer): void {
    const waiting = this.waiting.get(answer.call);
    this.waiting.delete(answer.call);
    if ('error' in answer) waiting?.reject(new Error(answer.error));
    else waiting?.resolve(answer.result as never);
  }

  private end(error: Error): void {
    this.ended ??= error;
    for (const { reject } of this.waiting.values()) reject(this.ended);
    this.waiting.clear();
  }
}

/** The side that answers. Calls may run side by side; `close` is answered too, and then ends the conversation. */
export function answerCalls(
  port: MessagePort,
  methods: Readonly<Record<'close' | string, (argument: never) => Promise<unknown>>>,
): void {
  port.on('message', ({ call, method, argument }: Call) => {
    const answer = async (): Promise<unknown> => methods[method]!(argument as never);
    void answer()
      .then(
        (result) => port.postMessage({ call, result } satisfies Answer),
        (error: unknown) => port.postMessage({ call, error: String(error) } satisfies Answer),
      )
      .then(() => {
        if (method === 'close') port.close();
      });
  });
}

export const tell = <Event>(port: MessagePort, event: Event): void =>
  port.postMessage({ told: event } satisfies Told<Event>);
