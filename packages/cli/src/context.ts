import type { IpsClient, Recorder } from '@ips-sdk/client';
import type { Contract } from '@ips-sdk/types/contract';
import { CliError } from './cli-error.js';
import type { ConnectionOptions, Settings } from './config/settings.js';
import { EXIT } from './exit-code.js';
import { painter, wantsColor } from './output/colors.js';
import { Printer, type PrintOptions } from './output/printer.js';
import { printable } from './output/sanitize.js';
import { type Surroundings, Terminal, type TerminalOptions, write } from './terminal.js';

/** Options that any command may have. */
export interface CommonOptions extends ConnectionOptions, PrintOptions, TerminalOptions {
  readonly yes?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
}

/** Something that a command is about to change or delete. */
export interface Affected {
  readonly handle: string;
  /** The name, if known. */
  readonly name?: string | undefined;
}

/**
 * Runs another command.
 *
 * @param openRecorder - Called after the command line is parsed; the recorder receives every request and response of the command.
 */
export type RunCommand = (words: readonly string[], openRecorder: () => Promise<Recorder>) => Promise<number>;

/** Optional parts of a context. */
export interface ContextParts {
  readonly recorder?: Recorder | undefined;
  readonly runCommand?: RunCommand | undefined;
}

/** The maximum number of affected items that a prompt lists. */
const SHOWN = 200;

/** Everything that a command uses: its options, its streams and the service. */
export class Context extends Terminal {
  declare readonly options: CommonOptions;
  readonly print: Printer;
  readonly runCommand: RunCommand | undefined;
  #settings: Promise<Settings> | undefined;
  readonly #recorder: Recorder | undefined;
  #contract: Contract | undefined;
  #client: Promise<IpsClient> | undefined;
  readonly #opened: Promise<IpsClient>[] = [];

  constructor(
    surroundings: Surroundings,
    options: CommonOptions,
    { recorder, runCommand }: ContextParts = {},
  ) {
    super(surroundings, options);
    this.#recorder = recorder;
    this.runCommand = runCommand;
    this.print = new Printer(
      {
        write: (text) => write(this.stdout, text),
        isTerminal: this.stdout.isTTY === true,
        width: this.stdout.columns ?? 80,
        paint: painter(wantsColor(this.stdout, this.env)),
      },
      options,
    );
  }

  settings(): Promise<Settings> {
    this.#settings ??= import('./config/settings.js').then(({ findSettings }) =>
      findSettings(this.options, this.env),
    );
    return this.#settings;
  }

  /** The client, created on first use and closed when the command ends. */
  client(): Promise<IpsClient> {
    this.#client ??= this.settings().then((settings) => this.connect(settings));
    return this.#client;
  }

  /** Sets the contract that the client uses instead of the default one. Call this before the client is first used. */
  speak(contract: Contract): void {
    this.#contract = contract;
  }

  /** Creates a client for another service or company. It is closed when the command ends. */
  connect(settings: Settings): Promise<IpsClient> {
    const parts = { recorder: this.#recorder, contract: this.#contract };
    const opened = import('./connect.js').then(({ connect }) => connect(settings, this, parts));
    this.#opened.push(opened);
    return opened;
  }

  async close(): Promise<void> {
    this.isOver = true;
    // The client may still be opening.
    await this.#client?.catch(() => undefined);
    for (const opened of this.#opened) {
      // If a client could not be created, there is nothing to close.
      const client = await opened.catch(() => undefined);
      await client?.close();
    }
  }

  /**
   * Prompts before a destructive change, and lists the exact items affected. Does nothing with `--yes`.
   *
   * @param action - The verb of the change: `delete`.
   * @param what - The object of the change: `3 assets`.
   * @throws CliError if it cannot prompt, or if the answer is no.
   */
  async confirm(action: string, what: string, affected: readonly Affected[]): Promise<void> {
    if (this.options.yes) return;
    const lines = affected
      .slice(0, SHOWN)
      .map(({ handle, name }) => `${handle}${name === undefined ? '' : `  ${name}`}`);
    if (affected.length > SHOWN) lines.push(`and ${affected.length - SHOWN} more`);
    if (!this.canAsk) {
      throw new CliError(
        EXIT.usage,
        [
          `would ${action} ${what}, but cannot prompt: not a terminal`,
          ...lines.map((line) => `  ${line}`),
        ].join('\n'),
        'give --yes to continue without a prompt, or --dry-run to see what would be sent',
      );
    }
    const { ask } = await import('./prompt.js');
    this.stderr.write(`${this.paint('yellow', '!')} This will ${action} ${what}:\n`);
    for (const line of lines) this.stderr.write(`    ${printable(line)}\n`);
    if (await ask(this, 'Continue?')) return;
    throw new CliError(EXIT.failed, 'cancelled; nothing was changed');
  }
}
