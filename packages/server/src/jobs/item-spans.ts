import type { TraceSpan, Traces } from '../traces/traces.js';
import type { ItemResult } from './item.js';

/** Maximum spans of items of a run, of the first ones; and of further ones that failed. */
const MOST = { first: 100, failed: 100 } as const;

/** The span of an item that was begun. */
export interface ItemSpan {
  /** Does a part of the item. */
  within<T>(work: () => T): T;
  /** Ends it, once. @param result - `undefined` if another worker or a later one finishes the item. */
  end(result: ItemResult | undefined): void;
}

/** The spans of a run's items: of a limited number, however many items there are. */
export class ItemSpans {
  readonly #traces: Traces;
  readonly #run: TraceSpan;
  #begun = 0;
  #failed = 0;

  constructor(traces: Traces, run: TraceSpan) {
    this.#traces = traces;
    this.#run = run;
  }

  begin(): ItemSpan {
    const number = this.#begun;
    this.#begun += 1;
    const begun = this.#traces.isOn ? new Date() : undefined;
    const span = number < MOST.first ? this.#span(number, begun) : undefined;
    let isEnded = false;
    return {
      within: (work) => (span ?? this.#run).within(work),
      end: (result) => {
        if (isEnded) return;
        isEnded = true;
        const isFailed = result?.outcome === 'error';
        const ending = span ?? (isFailed ? this.#spanOfFailure(number, begun) : undefined);
        ending?.set({ 'ips.item.outcome': result?.outcome ?? 'unfinished' });
        if (isFailed) ending?.fail('item');
        ending?.end();
      },
    };
  }

  /** Describes all items in the span of the run. */
  end(): void {
    this.#run.set({ 'ips.run.items': this.#begun });
  }

  #span(number: number, begun: Date | undefined): TraceSpan {
    return this.#run.within(() =>
      this.#traces.begin('item', { begun, attributes: { 'ips.item.number': number + 1 } }),
    );
  }

  #spanOfFailure(number: number, begun: Date | undefined): TraceSpan | undefined {
    if (this.#failed >= MOST.failed) return undefined;
    this.#failed += 1;
    return this.#span(number, begun);
  }
}
