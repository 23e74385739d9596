import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compileExamples, type Example, markdownExamples, runExample, sourceExamples } from './examples.js';

/**
 * Tests that run every TypeScript example of a package: the blocks of its README and the `@example` blocks of its
 * sources. Each must compile under strict settings, and print what the comments behind its `console.log` calls promise.
 *
 * @param complete - Adds what the readers of an example know already: an object that it is a method of.
 * @returns All examples, for tests of those in other languages.
 */
export function describeExamples(
  packageUrl: URL,
  complete: (code: string) => string = (code) => code,
): Example[] {
  const root = fileURLToPath(packageUrl);
  const examples = [
    ...markdownExamples(`${root}README.md`, root),
    ...sourceExamples(`${root}src`, root).map((example) => ({ ...example, code: complete(example.code) })),
  ];
  const programs = examples.filter((example) => example.language === 'ts');
  describe('examples in TypeScript', () => {
    const files = compileExamples(programs, root);

    it.each(programs)('$name runs and prints what it says', async ({ name }) => {
      const { printed, promised } = await runExample(files.get(name) ?? '');
      expect(printed).toEqual(promised);
    });
  });
  return examples;
}
