import type { JobEvent } from '@ips-sdk/client';
import type { ActiveJob, ScheduledJob, TaskProgress } from '@ips-sdk/types';
import type { Paint } from '../output/colors.js';
import { localTime, span } from '../output/columns.js';
import { printableLine } from '../output/sanitize.js';
import { cut } from '../output/table.js';
import { bar } from './bar.js';
import { perSecond, Speed } from './speed.js';
import { taskName } from './task-name.js';

/** The state of a watched job and its display. */
export class JobView {
  readonly #name: string;
  readonly #paint: Paint;
  readonly #speeds: Speed[] = [];
  readonly #began = performance.now();
  #scheduled: ScheduledJob | undefined;
  #job: ActiveJob | undefined;
  #tasks: readonly TaskProgress[] = [];
  #warnings = 0;
  #errors = 0;
  #lastRow = '';

  constructor(name: string, paint: Paint) {
    this.#name = name;
    this.#paint = paint;
  }

  see(event: JobEvent): void {
    if (event.type === 'scheduled') this.#scheduled = event.job;
    if (event.type === 'log') {
      const { logType, logMessage, assetName } = event.row;
      if (/(?:Error|Failure)$/.test(logType)) this.#errors += 1;
      if (/Warning$/.test(logType)) this.#warnings += 1;
      this.#lastRow = `${logType} ${assetName ?? ''} ${logMessage}`;
    }
    if (!('job' in event) || event.type === 'scheduled') return;
    this.#job = event.job;
    this.#tasks = event.job.taskProgressArray ?? [];
    for (const [i, { numProcessed }] of this.#tasks.entries()) {
      this.#speeds[i] ??= new Speed();
      this.#speeds[i].see(numProcessed, performance.now());
    }
  }

  /** Draws the display, in lines that fit a width. */
  draw(spinner: string, width: number): string {
    const paint = this.#paint;
    const job = this.#job;
    const name = printableLine(job?.originalName ?? this.#name);
    if (job === undefined) {
      const next = this.#scheduled?.nextFireTime;
      const what = next === undefined ? 'waiting to start' : `waiting until ${localTime(next)}`;
      return `${paint('cyan', spinner)} ${paint('bold', cut(name, width - what.length - 6))}  ${what}`;
    }
    const facts = [
      job.state,
      `${job.progress} %`,
      this.#leftOf(job),
      span(performance.now() - this.#began),
      this.#errors > 0 ? paint('red', `${this.#errors} failed`) : '',
      this.#warnings > 0 ? paint('yellow', `${this.#warnings} warnings`) : '',
    ].filter((text) => text !== '');
    const lines = [
      `${paint('cyan', spinner)} ${paint('bold', cut(name, Math.max(10, width - 50)))}  ${facts.join(' · ')}`,
    ];
    for (const [i, task] of this.#tasks.entries()) lines.push(this.#taskLine(task, this.#speeds[i], width));
    const item = this.#tasks.flatMap((task) => task.taskItemProgressArray ?? [])[0]?.itemName;
    // The message is a phase; the items name the file.
    const doing = [job.progressMessage, item].filter(Boolean).join(': ');
    const message = printableLine(doing || this.#lastRow);
    if (message.trim() !== '') lines.push(`  ${paint('dim', cut(message, width - 3))}`);
    return lines.join('\n');
  }

  #taskLine(task: TaskProgress, speed: Speed | undefined, width: number): string {
    const all = task.numProcessed + task.numProcessing + task.numPending;
    const barWidth = Math.max(10, Math.min(30, width - 60));
    const facts = [
      `${Math.round(task.progress * 100)} %`.padStart(5),
      all > 0 ? `${task.numProcessed}/${all}` : '',
      speed?.perSecond !== undefined && all > task.numProcessed ? perSecond(speed.perSecond) : '',
    ].filter((text) => text !== '');
    const name = cut(printableLine(taskName(task.taskType)), 20).padEnd(20);
    return `  ${name} ${bar(task.progress, barWidth, this.#paint)} ${facts.join('  ')}`;
  }

  /** The remaining time: the longest estimate among the tasks. */
  #leftOf(job: ActiveJob): string {
    const estimates = this.#tasks.flatMap(({ numProcessing, numPending }, i) => {
      const left = numProcessing + numPending;
      return left > 0 ? (this.#speeds[i]?.estimate(left) ?? []) : [];
    });
    if (estimates.length === 0 || job.state !== 'Running') return '';
    return `about ${span(Math.max(...estimates))} left`;
  }
}

/** Formats an event as a line of text, for logs and pipes. */
export function eventLine(event: JobEvent, name: string): string | undefined {
  switch (event.type) {
    case 'scheduled':
      return `${name}: waiting${event.job.nextFireTime === undefined ? '' : ` until ${event.job.nextFireTime}`}`;
    case 'state':
      return `${name}: ${event.state} on ${event.job.serverName}`;
    case 'progress':
      return `${name}: ${event.progress} %${event.message === '' ? '' : ` ${event.message}`}`;
    case 'task': {
      const { taskType, taskState, numProcessed, numProcessing, numPending, progress } = event.task;
      const all = numProcessed + numProcessing + numPending;
      // Some versions of the service omit the state.
      const task = [taskName(taskType), taskState].filter(Boolean).join(' ');
      return `${name}: ${task} ${numProcessed}/${all} ${Math.round(progress * 100)} %`;
    }
    case 'log': {
      const { logType, assetName, logMessage } = event.row;
      return /(?:Error|Failure|Warning)$/.test(logType)
        ? `${name}: ${logType} ${assetName ?? ''} ${logMessage}`.replace(/ +/g, ' ')
        : undefined;
    }
    case 'lost-contact':
    case 'regained-contact':
    case 'done':
      return undefined;
  }
}
