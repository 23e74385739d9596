import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { contract } from '@ips-sdk/types/contract';
import { describe, expect, it } from 'vitest';
import { complete } from '../src/completion/complete.js';
import { completionScripts } from '../src/completion/scripts.js';
import { BIN, environment, ips, temporaryFolder } from './support/ips.js';

async function values(line: string, env = {}): Promise<readonly string[]> {
  const { candidates, files } = await complete(line.split(' ').slice(1), env);
  return [...candidates.map(({ value }) => value), ...(files ? [':files'] : [])];
}

describe('completion', () => {
  it.each([
    ['ips j', ['job']],
    ['ips job l', ['list', 'log']],
    ['ips help ', expect.arrayContaining(['job', 'upload'])],
    ['ips help job sc', ['schedule']],
    ['ips job list --s', ['--since', '--stage']],
    ['ips job list --only ', ['scheduled', 'active', 'completed']],
    ['ips job list --only=a', ['--only=active']],
    ['ips job list --since 2h --only c', ['completed']],
    ['ips call getAct', ['getActivePublishContexts', 'getActiveJobs']],
    ['ips call getActiveJobs --jq x --r', ['--raw', '--region']],
    ['ips job submit exp', ['exportJob']],
    ['ips schema ActiveJobS', ['ActiveJobState']],
    ['ips asset search --type imageS', ['ImageSet']],
    ['ips asset search --type Image --type Vid', ['Video', 'VideoCaption']],
    ['ips upload ', [':files']],
    ['ips upload a.tif b', [':files']],
    ['ips validate x --type stopJobP', ['stopJobParam']],
    ['ips completion f', ['fish']],
    ['ips job get ', []],
    ['ips smartcrop ', ['list', 'set', 'copy', 'help']],
    ['ips smartcrop copy red --to-', ['--to-profile', '--to-company']],
    ['ips ver', ['version']],
    ['ips job he', ['help']],
    ['ips job help li', ['list']],
    ['ips help job help', []],
    // Global options may stand before the command.
    ['ips --comp', ['--company']],
    ['ips job --prof', ['--profile']],
    ['ips --region ', ['na', 'emea', 'apac']],
    ['ips --region=e', ['--region=emea']],
    ['ips --profile x -q job l', ['list', 'log']],
    ['ips --json job l', ['list', 'log']],
    ['ips --json name,state job l', ['list', 'log']],
    ['ips nonsense ', expect.arrayContaining(['job'])],
  ])('of "%s"', async (line, expected) => {
    const found = await values(line);
    expect([...found].sort()).toEqual(Array.isArray(expected) ? [...expected].sort() : expected);
  });

  it('knows every operation', async () => {
    expect(await values('ips call ')).toEqual(Object.keys(contract.operations));
  });

  it('knows the profiles', async () => {
    const env = { HOME: temporaryFolder() };
    for (const name of ['prod', 'local']) await ips(['profile', 'set', name, 'region=na'], { env });
    expect(await values('ips profile use ', env)).toEqual(['local', 'prod']);
    expect(await values('ips job list --profile l', env)).toEqual(['local']);
  });

  it.each(Object.keys(completionScripts))('has a script for %s, which asks the program', async (shell) => {
    const { code, stdout } = await ips(['completion', shell]);
    expect(code).toBe(0);
    expect(stdout).toContain('ips __complete');
    await expect(stdout).toMatchFileSnapshot(`golden/completion/${shell}.txt`);
  });
});

/** What a shell is told to do so that it prints what a line can become. */
type Program = (line: string, folder: string) => readonly string[];

/** zsh completes only in its line editor: an interactive shell of its own is typed at, and notes every match that is added. */
const ZSH_SETUP = `
fpath=("$1" $fpath)
autoload -Uz compinit
compinit -u -D
bindkey '^I' complete-word
compadd() {
  if [[ \${@[1,(i)(-|--)]} != *-[OAD]\\ * ]]; then
    local -a matches
    builtin compadd -O matches "$@"
    (( \${#matches} )) && print -rl -- $matches >>"$1/matches"
  fi
  builtin compadd "$@"
}
comppostfuncs=(exit)
print READY
`;
const ZSH_TYPE = `
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "source $1/setup"
zpty -r shell seen '*READY*' || exit 1
zpty -n -w shell "$2"$'\\t'
while zpty -r shell seen; do :; done
cat "$1/matches"
`;

const SHELLS: Readonly<Record<string, Program>> = {
  bash: (line) => [
    '-c',
    `source <(ips completion bash); COMP_WORDS=(${line} ""); [[ "${line}" == *" " ]] || unset "COMP_WORDS[-1]"; ` +
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is bash's.
      'COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 )); _ips; printf "%s\\n" "${COMPREPLY[@]}"',
  ],
  fish: (line) => ['-c', `ips completion fish | source; complete -C "${line}"`],
  pwsh: (line) => [
    '-NoProfile',
    '-NonInteractive',
    '-Command',
    'ips completion powershell | Out-String | Invoke-Expression; ' +
      `(TabExpansion2 -inputScript '${line}' -cursorColumn ${line.length}).CompletionMatches.CompletionText`,
  ],
  zsh: (line, folder) => {
    writeFileSync(join(folder, '_ips'), completionScripts['zsh'] ?? '');
    writeFileSync(join(folder, 'setup'), ZSH_SETUP.replaceAll('$1', folder));
    rmSync(join(folder, 'matches'), { force: true });
    return ['-f', '-c', ZSH_TYPE, 'zsh', folder, line];
  },
};

/** Where a shell is; nothing where it is not installed. */
function find(shell: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, shell))
    .find((path) => existsSync(path));
}

describe.each(Object.entries(SHELLS))('the script for %s', (shell, program) => {
  const path = find(shell);

  it.skipIf(path === undefined)('completes in the shell itself (where it is installed)', () => {
    const folder = temporaryFolder();
    const command = join(folder, 'ips');
    writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`);
    chmodSync(command, 0o755);
    const env = environment(folder, { PATH: `${folder}:${process.env['PATH']}` });
    const offers = (line: string): string[] =>
      execFileSync(path ?? '', program(line, folder), { env, encoding: 'utf8' })
        .trim()
        .split('\n')
        // fish prints a description behind each, where there is one.
        .map((each) => each.split('\t', 1)[0] ?? '')
        .sort();
    expect(offers('ips job l')).toEqual(['list', 'log']);
    expect(offers('ips call getFolderT')).toEqual(['getFolderTree']);
    expect(offers('ips job list --only ')).toEqual(['active', 'completed', 'scheduled']);
  });
});
