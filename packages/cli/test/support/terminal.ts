import { createRequire } from 'node:module';
import { spawn } from '@lydell/node-pty';
import { onTestFinished } from 'vitest';
import { BIN, environment, temporaryFolder } from './ips.js';

const { Terminal: Screen } = createRequire(import.meta.url)(
  '@xterm/headless',
) as typeof import('@xterm/headless');

/** A command in an interactive terminal. */
export interface Terminal {
  /** Everything that was written, with its control sequences. */
  readonly raw: () => string;
  /** What is to be seen now. */
  readonly screen: () => Promise<string>;
  /** Waits until something is to be seen. */
  readonly sees: (pattern: RegExp) => Promise<string>;
  readonly type: (text: string) => void;
  readonly pid: number;
  readonly exit: Promise<number>;
}

export const KEYS = { enter: '\r', down: '\u001b[B', ctrlC: '\u0003' } as const;

/** Runs `ips` in a pseudo-terminal. */
export function terminal(
  args: readonly string[],
  options: {
    readonly env?: Readonly<Record<string, string | undefined>>;
    readonly columns?: number;
    readonly rows?: number;
  } = {},
): Terminal {
  const { columns: cols = 100, rows = 40 } = options;
  const home = options.env?.['HOME'] ?? temporaryFolder();
  const pty = spawn(process.execPath, [BIN, ...args], {
    cols,
    rows,
    cwd: home,
    env: environment(home, { TERM: 'xterm-256color', ...options.env }),
  });
  const screen = new Screen({ cols, rows, scrollback: 1000, allowProposedApi: true });
  let raw = '';
  let written: Promise<void> = Promise.resolve();
  pty.onData((data) => {
    raw += data;
    written = written.then(() => new Promise((resolve) => screen.write(data, resolve)));
  });
  let ended = false;
  const exit = new Promise<number>((resolve) => {
    pty.onExit(({ exitCode, signal }) => {
      ended = true;
      resolve(signal ? 128 + signal : exitCode);
    });
  });
  onTestFinished(() => {
    if (!ended) pty.kill('SIGKILL');
  });
  const shown = async (): Promise<string> => {
    await written;
    const lines = Array.from(
      { length: screen.buffer.active.length },
      (_, i) => screen.buffer.active.getLine(i)?.translateToString(true) ?? '',
    );
    return `${lines.join('\n').trimEnd()}\n`;
  };
  return {
    raw: () => raw,
    screen: shown,
    sees: async (pattern) => {
      for (;;) {
        const text = await shown();
        if (pattern.test(text)) return text;
        if (ended) {
          // The last of it may come after the end.
          await new Promise((resolve) => setTimeout(resolve, 200));
          const last = await shown();
          if (pattern.test(last)) return last;
          throw new Error(`it ended, and nothing like ${pattern} was to be seen:\n${last}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    type: (text) => pty.write(text),
    pid: pty.pid,
    exit,
  };
}
