import { readFileSync, writeFileSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { createTwoFilesPatch } from 'diff';
import { CodegenError, formatDiagnostic } from './diagnostic.js';
import { diffContracts } from './diff/diff-contracts.js';
import { formatDiff } from './diff/format-diff.js';
import { displayPath } from './display-path.js';
import { type Generated, generate } from './generate.js';
import { compareOutput, writeOutput } from './output.js';
import { readWsdl } from './wsdl/read-wsdl.js';

interface GenerateOptions {
  readonly wsdl: string;
  readonly overlay?: string;
  readonly out: string;
  readonly discrepancies?: string;
  readonly base?: string;
  readonly baseModule?: string;
  readonly resolve?: Readonly<Record<string, string>>;
  readonly service?: string;
}

/** The output streams of the command. Tests pass their own. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

const STANDARD: Streams = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};

/**
 * Runs `ips-codegen` with the given arguments.
 *
 * @returns The exit code: 0 for success, 1 for a finding (stale output, breaking change, unusable input), 2 for wrong usage.
 */
export async function main(args: readonly string[], streams: Streams = STANDARD): Promise<number> {
  let exitCode = 0;
  const program = createProgram(streams, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof CodegenError) {
      streams.err(`${error.message}\n${count(error.diagnostics.length, 'finding')}; nothing was written.\n`);
      return 1;
    }
    throw error;
  }
}

function createProgram(streams: Streams, exit: (code: number) => void): Command {
  const program = new Command('ips-codegen')
    .description(
      'Generate TypeScript types and contract tables from a WSDL, check them for drift, compare versions.',
    )
    .version(version())
    .exitOverride()
    .configureOutput({ writeOut: streams.out, writeErr: streams.err })
    .showHelpAfterError('(run with --help for the options)');

  withInputs(program.command('generate'))
    .description('write TypeScript types and contract tables')
    .addHelpText('after', '\nExample:\n  $ ips-codegen generate --wsdl service.wsdl --out src/generated')
    .action((options: GenerateOptions) => {
      const generated = generateFrom(options);
      const result = writeOutput(options.out, generated.files);
      if (options.discrepancies !== undefined && generated.discrepancies !== undefined) {
        writeFileSync(options.discrepancies, generated.discrepancies);
      }
      const { contract } = generated.annotated;
      streams.out(
        `${contract.service}: ${count(contract.operations.length, 'operation')}, ${count(contract.types.length, 'type')} ` +
          `in ${count(generated.files.length, 'file')} (${result.written.length} written, ${result.unchanged} unchanged, ` +
          `${result.removed.length} removed)\n`,
      );
      showGaps(streams, generated);
    });

  withInputs(program.command('check'))
    .description('print a diff and exit with 1 if the committed output is stale')
    .addHelpText('after', '\nExample:\n  $ ips-codegen check --wsdl service.wsdl --out src/generated')
    .action((options: GenerateOptions) => {
      const generated = generateFrom(options);
      const diff = compareOutput(options.out, generated.files) + compareDiscrepancies(options, generated);
      if (diff === '') {
        streams.out(`${displayPath(options.out)} is up to date\n`);
        return;
      }
      streams.out(diff);
      streams.err(`${displayPath(options.out)} is stale; run ips-codegen generate and commit the result\n`);
      exit(1);
    });

  program
    .command('diff')
    .description('compare two WSDLs: additions, removals, changes, and which of them break clients')
    .argument('<old>', 'WSDL that clients were written for')
    .argument('<new>', 'WSDL to compare with it')
    .option('--json', 'print the changes as JSON')
    .option('--exit-code', 'exit with 1 if a change is breaking')
    .option(...RESOLVE)
    .option(...SERVICE)
    .addHelpText('after', '\nExample:\n  $ ips-codegen diff IpsApi-2013-02-15.wsdl IpsApi-2014-04-03.wsdl')
    .action((before: string, after: string, options: DiffOptions) => {
      const diff = diffContracts(readWsdl(before, options), readWsdl(after, options));
      streams.out(options.json ? `${JSON.stringify(diff, null, 2)}\n` : formatDiff(diff));
      if (options.exitCode && diff.bump === 'major') exit(1);
    });
  return program;
}

interface DiffOptions extends Pick<GenerateOptions, 'resolve' | 'service'> {
  readonly json?: true;
  readonly exitCode?: true;
}

const RESOLVE: readonly [string, string, typeof addResolved] = [
  '--resolve <url=file>',
  'local file for an imported location; nothing is downloaded (repeatable)',
  addResolved,
];
const SERVICE: readonly [string, string] = ['--service <name>', 'service to use if the WSDL has several'];

/** Parses `URL=FILE`. A URL may contain `=`, so the last one is the separator. */
function addResolved(
  value: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const at = value.lastIndexOf('=');
  if (at <= 0 || at === value.length - 1) throw new InvalidArgumentError('Expected URL=FILE.');
  return { ...before, [value.slice(0, at)]: value.slice(at + 1) };
}

function withInputs(command: Command): Command {
  return command
    .requiredOption('--wsdl <file>', 'WSDL to read')
    .option('--overlay <folder>', 'YAML files with descriptions, constants and rules')
    .requiredOption('--out <folder>', 'folder for generated files')
    .option('--discrepancies <file>', 'Markdown table of the documentation errors that the overlay records')
    .option('--base <file>', 'WSDL of another version: write only the difference from it')
    .option(
      '--base-module <path>',
      'path of the output for that version, relative to the output folder',
      '../generated',
    )
    .option(...RESOLVE)
    .option(...SERVICE);
}

function generateFrom({ base, baseModule, ...input }: GenerateOptions): Generated {
  return generate({
    ...input,
    // Commander sets the default of the option.
    base: base === undefined ? undefined : { wsdl: base, module: baseModule ?? '' },
  });
}

/** Prints the gaps of an overlay for another version, in the form of errors. */
function showGaps(streams: Streams, { annotated: { gaps = [], contract } }: Generated): void {
  if (gaps.length === 0) return;
  for (const gap of gaps) streams.err(`warning: ${formatDiagnostic(gap)}\n`);
  streams.err(
    `${count(gaps.length, 'gap')}: the overlay describes a version other than ${contract.version ?? 'this one'}.\n`,
  );
}

function compareDiscrepancies(options: GenerateOptions, { discrepancies }: Generated): string {
  if (options.discrepancies === undefined || discrepancies === undefined) return '';
  const name = displayPath(options.discrepancies);
  let current = '';
  try {
    current = readFileSync(options.discrepancies, 'utf8');
  } catch {
    // A missing file counts as empty.
  }
  if (current === discrepancies) return '';
  return createTwoFilesPatch(name, name, current, discrepancies, 'committed', 'generated', { context: 2 });
}

function version(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
