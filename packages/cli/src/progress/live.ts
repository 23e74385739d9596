import type { Context } from '../context.js';

type Update = ((text: string) => void) & { clear(): void; done(): void };

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** A display in the terminal that is redrawn in the same place until it ends. */
export class Live {
  readonly #stream: NodeJS.WriteStream;
  readonly #draw: (spinner: string) => string;
  readonly #update: Update;
  readonly #timer: NodeJS.Timeout;
  #frame = 0;
  #ended = false;

  private constructor(stream: NodeJS.WriteStream, update: Update, draw: (spinner: string) => string) {
    this.#stream = stream;
    this.#update = update;
    this.#draw = draw;
    this.redraw();
    this.#timer = setInterval(() => this.redraw(), 100);
    // The display must not keep the process alive.
    this.#timer.unref();
    stream.on('resize', this.redraw);
  }

  /** @param draw - The current display, in lines that fit the terminal. */
  static async start(context: Context, draw: (spinner: string) => string): Promise<Live> {
    const { createLogUpdate } = await import('log-update');
    return new Live(context.stderr, createLogUpdate(context.stderr), draw);
  }

  readonly redraw = (): void => {
    if (this.#ended) return;
    this.#frame += 1;
    this.#update(this.#draw(FRAMES[this.#frame % FRAMES.length] ?? ''));
  };

  /** Writes a line above the display, which stays. */
  above(line: string): void {
    this.#update.clear();
    this.#stream.write(`${line}\n`);
    this.redraw();
  }

  /** Ends and removes the display. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#timer);
    this.#stream.off('resize', this.redraw);
    this.#update.clear();
    this.#update.done();
  }
}
