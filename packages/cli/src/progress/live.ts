import type { Context } from '../context.js';

type Update = ((text: string) => void) & { clear(): void; done(): void };

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** A display in the terminal that is redrawn in place. */
export class Live {
  readonly #context: Context;
  readonly #stream: NodeJS.WriteStream;
  readonly #draw: (spinner: string) => string;
  readonly #update: Update;
  readonly #timer: NodeJS.Timeout;
  #frame = 0;
  #ended = false;

  private constructor(context: Context, update: Update, draw: (spinner: string) => string) {
    const stream = context.stderr;
    this.#context = context;
    this.#stream = stream;
    // Messages written during the display, such as those about retries, must go above the display.
    context.live = this;
    this.#update = update;
    this.#draw = draw;
    this.redraw();
    this.#timer = setInterval(() => this.redraw(), 100);
    // The display must not keep the process alive.
    this.#timer.unref();
    stream.on('resize', this.redraw);
  }

  /** @param draw - Returns the current display, in lines that fit the terminal. */
  static async start(context: Context, draw: (spinner: string) => string): Promise<Live> {
    const { createLogUpdate } = await import('log-update');
    return new Live(context, createLogUpdate(context.stderr), draw);
  }

  readonly redraw = (): void => {
    if (this.#ended) return;
    this.#frame += 1;
    this.#update(this.#draw(FRAMES[this.#frame % FRAMES.length] ?? ''));
  };

  /** Writes permanent lines above the display. */
  readonly above = (lines: string): void => {
    this.#update.clear();
    this.#stream.write(`${lines}\n`);
    this.redraw();
  };

  /** Stops redrawing and removes the display. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#context.live === this) this.#context.live = undefined;
    clearInterval(this.#timer);
    this.#stream.off('resize', this.redraw);
    this.#update.clear();
    this.#update.done();
  }
}
