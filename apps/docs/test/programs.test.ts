import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  compileExamples,
  type Example,
  markdownExamples,
  runExample,
} from '../../../scripts/testing/examples.js';
import { operationNames, typeNames } from '../src/reference/contract-model.ts';
import { operationExamples, typeExample } from '../src/reference/examples.ts';
import { callCode } from '../src/reference/operation-page.ts';
import { declaration } from '../src/reference/type-page.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const content = join(root, 'content');

/** The programs of a page: a `continued` block continues the last block of its kind, run or not run. */
function programs(file: string): Example[] {
  const found: Example[] = [];
  for (const example of markdownExamples(file, content)) {
    if (example.language !== 'ts') continue;
    const at = found.findLastIndex((each) => isRun(each) === isRun(example));
    const before = example.info.includes('continued') ? found[at] : undefined;
    if (before === undefined) found.push(example);
    else found[at] = { ...before, code: `${before.code}\n${example.code}` };
  }
  return found;
}

const isRun = ({ info }: Example): boolean => !info.includes('no-run');

/** The calls that the pages of the operations show, all of them in one program, for a client as users have it. */
function calls(): Example {
  const functions = operationNames.flatMap((name) =>
    operationExamples(name).map(
      ({ input }, index) =>
        `export async function ${name}${index}() {\n${callCode(name, input)}\nreturn answer;\n}`,
    ),
  );
  const head = ["import type { IpsClient } from '@ips-sdk/client';", 'declare const ips: IpsClient;'];
  return {
    name: 'calls of operations',
    language: 'ts',
    info: 'no-run',
    code: [...head, ...functions].join('\n'),
  };
}

/** The constants that the pages of the types show. */
function values(): Example[] {
  return typeNames.map((name) => ({
    name: `type ${name}`,
    language: 'ts',
    info: 'no-run',
    code: declaration(name, typeExample(name).value).replace('const ', 'export const '),
  }));
}

const guides = readdirSync(content, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .sort()
  .flatMap((name) => programs(join(content, name)));
const files = compileExamples([calls(), ...values(), ...guides], root);

describe('the programs on the pages', () => {
  it('are all accepted by the compiler under the strictest settings', () => {
    expect(files.size).toBe(1 + typeNames.length + guides.length);
  });

  const runnable = guides.filter(isRun);

  it('can mostly be run', () => {
    expect(runnable.length).toBeGreaterThan(5);
  });

  it.each(runnable)('$name runs and prints what it says', async ({ name }) => {
    const { printed, promised } = await runExample(files.get(name) ?? '');
    // The program may print other lines in between.
    let at = 0;
    for (const line of printed) if (line === promised[at]) at += 1;
    expect(promised.slice(at), `printed:\n${printed.join('\n')}`).toEqual([]);
  });
});
