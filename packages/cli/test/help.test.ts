import { describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { type CommandSpec, optionsOf } from '../src/spec.js';
import { tree } from '../src/tree/tree.js';
import { ips, ipsProcess } from './support/ips.js';

interface Found {
  readonly path: string;
  readonly spec: CommandSpec;
}

function all(spec: CommandSpec, path: readonly string[] = []): Found[] {
  return [
    { path: path.join(' '), spec },
    ...(spec.commands ?? []).flatMap((child) => all(child, [...path, child.name])),
  ];
}

const COMMANDS = all(tree);

it.each(COMMANDS.filter(({ spec }) => spec.prints))('"ips $path" declares its fields', async ({ spec }) => {
  const { fields } = (await spec.load?.()) ?? {};
  expect(fields).toBeDefined();
  if (Array.isArray(fields)) expect(fields.length).toBeGreaterThan(0);
});

describe('help', () => {
  it.each(COMMANDS)('of "ips $path" explains arguments, options and examples', async ({ path, spec }) => {
    const words = path.split(' ').filter((word) => word !== '');
    const { code, stdout, stderr } = await ips([...words, '--help'], { env: { COLUMNS: '100' } });
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toContain('Examples:');
    for (const { flags } of spec.load === undefined ? [] : Object.values(optionsOf(spec)).flat()) {
      expect(stdout).toContain(flags);
    }
    for (const child of spec.commands ?? []) expect(stdout).toContain(child.summary.slice(0, 20));
    await expect(stdout).toMatchFileSnapshot(`golden/help/${words.join('-') || 'ips'}.txt`);
  });

  it.each(COMMANDS.filter(({ spec }) => spec.commands !== undefined))(
    'is what "ips $path" alone prints',
    async ({ path }) => {
      const words = path.split(' ').filter((word) => word !== '');
      const alone = await ips(words);
      expect(alone.code).toBe(0);
      expect(alone.stdout).toBe((await ips([...words, '--help'])).stdout);
      expect(alone.stdout).toBe((await ips(['help', ...words])).stdout);
      expect(alone.stdout).toBe((await ips([...words, 'help'])).stdout);
    },
  );

  it.each([
    'help job list',
    'job help list',
    '--help job list',
    'job --help list',
    '--profile x help job list',
    '-q job help list',
    'job help ls',
  ])('is what "ips %s" prints', async (line) => {
    const { code, stdout } = await ips(line.split(' '));
    expect(code).toBe(0);
    expect(stdout).toBe((await ips(['job', 'list', '--help'])).stdout);
  });

  it('for an operation describes its input', async () => {
    const { code, stdout } = await ips(['call', 'stopJob', '--help']);
    expect(code).toBe(0);
    await expect(stdout).toMatchFileSnapshot('golden/help/call-stopJob.txt');
  });

  it('has an example for every command, and each example contains it', () => {
    for (const { path, spec } of COMMANDS) {
      expect(spec.examples.length, path).toBeGreaterThan(0);
      if (path !== '')
        expect(
          spec.examples.some(({ command }) => command.includes(`ips ${path}`)),
          path,
        ).toBe(true);
    }
  });

  it('has no duplicate options in a command', () => {
    for (const { path, spec } of COMMANDS) {
      const flags = Object.values(optionsOf(spec))
        .flat()
        .flatMap((option) => option.flags.match(/--?[\w-]+/g) ?? []);
      expect(new Set(flags).size, path).toBe(flags.length);
    }
  });
});

describe('a misspelled word', () => {
  it.each([
    ['jbo list', "unknown command 'jbo'; did you mean job?"],
    ['job lits', "unknown command 'lits'; did you mean list?"],
    ['asset serach', "unknown command 'serach'; did you mean search?"],
    ['job list --sinse 2h', "unknown option '--sinse'; did you mean --since?"],
    ['call getActiveJob', 'unknown operation "getActiveJob"; did you mean getActiveJobs?'],
    ['schema ActivJob', 'unknown type or message "ActivJob"; did you mean ActiveJob?'],
    ['server stat', "unknown command 'stat'; did you mean status?"],
    ['job lst', "unknown command 'lst'; did you mean list?"],
    ['job ist', 'try: ips job list\n'],
    ['jobs list --only active', 'try: ips job list --only active\n'],
    ['help jobs', "unknown command 'jobs'; did you mean job?"],
    ['nonsense --help', "unknown command 'nonsense'\n"],
    ['list jobs', 'try: ips job list\n'],
    ['get', 'try: ips job get, ips asset get\n'],
    ['versoin', "unknown command 'versoin'; did you mean version?"],
    ['job help lits', "unknown command 'lits'; did you mean list?"],
    ['-x', 'ips --help lists the commands'],
    ['--since 2h job list', 'options go after the command: ips job list --since 2h\n'],
    ['job --since 2h list', 'options go after the command: ips job list --since 2h\n'],
    ['completion bsh', 'unknown shell "bsh"; did you mean bash?'],
  ])('in "ips %s" is reported with the right one', async (line, message) => {
    const { code, stdout, stderr } = await ips(line.split(' '));
    expect(stderr).toContain(message);
    expect(stderr).toContain('try:');
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('that is missing is reported', async () => {
    const { code, stderr } = await ips(['job', 'get']);
    expect(code).toBe(2);
    expect(stderr).toBe("error: missing required argument 'job'\n  try: ips job get --help\n");
  });

  it('that --json took as its fields is reported', async () => {
    const { code, stderr } = await ips(['job', 'get', '--json', 'Nightly']);
    expect(code).toBe(2);
    expect(stderr).toContain('--json took "Nightly" as its fields, so put it last');
  });
});

it('prints the version', async () => {
  expect(await ipsProcess(['--version'])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
  for (const line of ['-V', 'version', '-q --version', 'job --version', '--quiet version'])
    expect((await ips(line.split(' '))).stdout, line).toBe(`${manifest.version}\n`);
  expect((await ips(['version', '--jq', '.version'])).stdout).toBe(`${manifest.version}\n`);
});
