// The commands in the guides, without running them: `guide-shell.test.ts` runs those that can be run.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { type Example, markdownExamples } from '../../../scripts/testing/examples.js';
import { ipsCalls, mistakeOf } from './command-line.ts';

const content = fileURLToPath(new URL('../content/', import.meta.url));
const pages = readdirSync(content, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.md'),
);
const blocks = pages.flatMap((name) => markdownExamples(join(content, name), content));
const inLanguage = (language: string): Example[] => blocks.filter((block) => block.language === language);

const mistakes = (script: string): string[] => ipsCalls(script).flatMap((words) => mistakeOf(words) ?? []);

describe('the check of command lines', () => {
  it('finds the calls of ips in pipelines, lists and behind npx', () => {
    expect(
      ipsCalls(
        'npx ips whoami && A=1 ips job list --jq ".[0]" | jq . > ips # ips no\necho ips\nips export - < a.txt',
      ),
    ).toEqual([['whoami'], ['job', 'list', '--jq', '.[0]'], ['export', '-']]);
  });

  it.each([
    ['ips job lst', 'ips job has no command lst'],
    ['ips job list --onyl active', 'ips job list has no option --onyl'],
    ['ips job list --only active', undefined],
    ['ips job list --only finished', '--only has no choice finished'],
    ['ips job list --only', '--only needs a value'],
    ['ips job list --json name,state --quiet', undefined],
    ['ips --profile staging job list', undefined],
    ['ips upload a b --to X/', undefined],
    ['ips smartcrop list', 'ips smartcrop list needs more arguments'],
    ['ips whoami me', 'ips whoami takes no argument me'],
    ['ips job', 'ips job needs a command'],
    ['ips record --to f -- job lst', 'ips job has no command lst'],
  ])('reads "%s"', (script, mistake) => {
    expect(mistakes(script)[0]).toBe(mistake);
  });
});

describe('the commands of the guides', () => {
  const scripts = [...inLanguage('sh'), ...inLanguage('powershell')];

  it('are in blocks of known languages', () => {
    const known = ['sh', 'powershell', 'yaml', 'ts', 'js', 'java', 'python'];
    expect(blocks.filter(({ language }) => !known.includes(language))).toEqual([]);
    expect(scripts.length).toBeGreaterThan(15);
    expect(inLanguage('powershell').flatMap(({ code }) => ipsCalls(code))).not.toEqual([]);
  });

  it.each(scripts)('$name has commands and options that exist', ({ code }) => {
    expect(mistakes(code)).toEqual([]);
  });

  it.each(inLanguage('yaml'))('$name is a workflow, with commands that exist', ({ code }) => {
    const { jobs } = parseYaml(code) as { jobs: Record<string, { steps: { run?: string }[] }> };
    const runs = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
    expect(runs.flatMap(ipsCalls)).not.toEqual([]);
    expect(runs.flatMap(mistakes)).toEqual([]);
  });

  it.each(pages)('%s names in its text only commands that exist', (page) => {
    const prose = readFileSync(join(content, page), 'utf8').replace(/^```.*?^```/gms, '');
    const named = [...prose.matchAll(/`((?:npx )?ips [^`]+)`/g)].map(([, code = '']) => code);
    // A command in a sentence may lack its arguments.
    const wrong = named.flatMap(mistakes).filter((mistake) => !/needs /.test(mistake));
    expect(wrong).toEqual([]);
  });
});
