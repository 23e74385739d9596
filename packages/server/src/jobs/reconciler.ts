import { isDatabaseLoss, lossReason } from '../db/connection-loss.js';
import type { EngineParts } from './engine-parts.js';
import { checkSchedules, type ReconciliationWork, type Round, reconcile } from './reconciliation.js';

/** Milliseconds between reconciliations. */
const INTERVAL = 5000;

/** Reconciles at intervals, in the leader process. */
export class Reconciler {
  readonly #parts: EngineParts;
  readonly #work: ReconciliationWork;
  readonly #leads: () => Promise<boolean>;
  #timer: NodeJS.Timeout | undefined;
  #passing: Promise<void> | undefined;
  readonly #round: Round = { after: -1 };
  #waits = false;

  constructor(parts: EngineParts, work: ReconciliationWork, leads: () => Promise<boolean>) {
    this.#parts = parts;
    this.#work = work;
    this.#leads = leads;
  }

  /** Starts reconciling. With a manual clock, the caller reconciles. */
  async start(): Promise<void> {
    if (await this.#leads()) await checkSchedules(this.#parts);
    if (this.#parts.services.clock.mode === 'manual') return;
    this.#timer = setInterval(() => void this.pass(), INTERVAL).unref();
    void this.pass();
  }

  /** Reconciles once, if this process is the leader. Joins a pass that is in progress. */
  pass(): Promise<void> {
    this.#passing ??= this.#pass().finally(() => {
      this.#passing = undefined;
    });
    return this.#passing;
  }

  /** Starts no more passes. */
  stop(): void {
    clearInterval(this.#timer);
  }

  /** Waits for the pass in progress to end. */
  async idle(): Promise<void> {
    await this.#passing;
  }

  async #pass(): Promise<void> {
    const { log } = this.#parts.services;
    try {
      if (!(await this.#leads())) return;
      await reconcile(this.#parts, this.#work, this.#round);
      this.#waits = false;
    } catch (error) {
      if (!isDatabaseLoss(error)) log.error({ err: error }, 'reconciliation failed');
      else if (!this.#waits)
        log.warn({ reason: lossReason(error) }, 'reconciliation is waiting for the database');
      this.#waits = isDatabaseLoss(error);
    }
  }
}
