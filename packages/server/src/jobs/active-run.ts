/** Interrupts a run of this process. */
export interface Control {
  readonly stop: AbortController;
  readonly pause: AbortController;
}

/** A run that this process is executing. */
export interface ActiveRun {
  /** Replaced each time the run is claimed. */
  control: Control;
  done: Promise<void>;
  /** Time of the worker's last report, by the clock of the process. */
  reported: number;
  /** Whether work is in progress. A run that is being ended is no longer checked. */
  atWork: boolean;
}

export const newControl = (): Control => ({ stop: new AbortController(), pause: new AbortController() });
