// Loaded only when a YAML file is read.
import { parseDocument, YAMLParseError } from 'yaml';
import { SeedError } from './seed-error.js';

/** Uses of aliases in a YAML file, as far as they make it larger. */
const MAX_ALIASES = 1000;

/**
 * Parses a YAML document into values of JSON.
 *
 * @param file - The name of the file, for errors.
 * @throws SeedError when the text is not a single YAML document of this kind.
 */
export function parseYaml(file: string, text: string): unknown {
  try {
    // The core schema has no types other than those of JSON. Tags, which could ask for others, are warnings.
    const document = parseDocument(text, { version: '1.2', schema: 'core', uniqueKeys: true, merge: false });
    const [problem] = [...document.errors, ...document.warnings];
    if (problem !== undefined) throw new SeedError(file, wordsOf(problem), problem);
    return document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown;
  } catch (error) {
    if (error instanceof SeedError) throw error;
    throw new SeedError(file, wordsOf(error as Error), error);
  }
}

/** The first line of an error. The parser reports values that are nested too deeply as its own failure, and its advice is for programs. */
function wordsOf(error: Error): string {
  const { message } = error;
  if (error instanceof YAMLParseError && error.code === 'MULTIPLE_DOCS')
    return 'found multiple documents, expected one without "---" after it';
  return message.includes('Maximum call stack')
    ? 'the values are nested too deeply'
    : (message.split('\n')[0] ?? '');
}
