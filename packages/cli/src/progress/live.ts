import type { Context } from '../context.js';

type Update = ((text: string) => void) & { clear(): void; done(): void };

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Something on the terminal that is drawn again and again in the same place, until it is done. */
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
    // The picture alone keeps no process alive.
    this.#timer.unref();
    stream.on('resize', this.redraw);
  }

  /** @param draw - What is to be seen now; lines that fit the terminal. */
  static async start(context: Context, draw: (spinner: string) => string): Promise<Live> {
    const { createLogUpdate } = await import('log-update');
    return new Live(context.stderr, createLogUpdate(context.stderr), draw);
  }

  readonly redraw = (): void => {
    if (this.#ended) return;
    this.#frame += 1;
    this.#update(this.#draw(FRAMES[this.#frame % FRAMES.length] ?? ''));
  };

  /** Writes a line above the picture, which stays. */
  above(line: string): void {
    this.#update.clear();
    this.#stream.write(`${line}\n`);
    this.redraw();
  }

  /** Ends it, and takes the picture away. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#timer);
    this.#stream.off('resize', this.redraw);
    this.#update.clear();
    this.#update.done();
  }
}
