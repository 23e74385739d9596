import type { UploadProgress } from '@ips-sdk/client';
import type { Paint } from '../output/colors.js';
import { bytes, count, span } from '../output/columns.js';
import { printableLine } from '../output/sanitize.js';
import { cut } from '../output/table.js';
import { bar } from './bar.js';
import { perSecond, Speed } from './speed.js';

/** The progress of an upload and its display. */
export class UploadView {
  readonly #paint: Paint;
  readonly #files = new Speed();
  readonly #bytes = new Speed();
  readonly #began = performance.now();
  #progress: UploadProgress | undefined;
  #last = '';

  constructor(paint: Paint) {
    this.#paint = paint;
  }

  see(progress: UploadProgress): void {
    this.#progress = progress;
    this.#files.see(progress.files.done, performance.now());
    if (progress.bytes) this.#bytes.see(progress.bytes.sent, performance.now());
  }

  /** Sets the text of the last event. */
  log(text: string): void {
    this.#last = text;
  }

  draw(spinner: string, width: number): string {
    const paint = this.#paint;
    if (this.#progress === undefined) return `${paint('cyan', spinner)} looking for files`;
    const { files, jobs, bytes: sent } = this.#progress;
    const barWidth = Math.max(10, Math.min(30, width - 60));
    const left = this.#files.estimate(files.total - files.done);
    const facts = [
      `${files.done}/${files.total}`,
      this.#files.perSecond === undefined ? '' : perSecond(this.#files.perSecond),
      left === undefined || files.done >= files.total ? '' : `about ${span(left)} left`,
      files.failed > 0 ? paint('red', `${files.failed} failed`) : '',
    ].filter((text) => text !== '');
    const share = files.total === 0 ? 1 : files.done / files.total;
    const lines = [
      `${paint('cyan', spinner)} ${paint('bold', 'Uploading')}  ${count(jobs.total, 'job')}, ${jobs.done} done · ${span(performance.now() - this.#began)}`,
      `  ${'files'.padEnd(8)} ${bar(share, barWidth, paint)} ${facts.join('  ')}`,
    ];
    if (sent !== undefined) {
      const { sent: done, total } = sent;
      const speed = this.#bytes.perSecond;
      const amounts = [
        `${bytes(done)}${total === undefined ? '' : ` of ${bytes(total)}`}`,
        speed === undefined || done === total ? '' : `${bytes(speed)}/s`,
      ].filter((text) => text !== '');
      const ratio = total === undefined ? 0 : total === 0 ? 1 : done / total;
      lines.push(`  ${'bytes'.padEnd(8)} ${bar(ratio, barWidth, paint)} ${amounts.join('  ')}`);
    }
    if (this.#last !== '') lines.push(`  ${paint('dim', cut(printableLine(this.#last), width - 3))}`);
    return lines.join('\n');
  }
}
