import type { Fact } from '../api.js';
import { isSecretName, KEPT_SECRET, withoutUrlSecrets } from '../secrets.js';

/** Facts about a job, at most. */
const MOST = 200;

/** The payload of a job in rows that people can read: one for each value, in the order of the payload. */
export function factsOf(kind: string, details: unknown): Fact[] {
  const facts: Fact[] = [];
  const visit = (path: string, label: string, value: unknown): void => {
    if (facts.length >= MOST || value === undefined || value === null) return;
    if (Array.isArray(value)) {
      for (const [index, each] of value.slice(0, MOST).entries())
        visit(`${path}[${index}]`, value.length === 1 ? label : `${label} ${index + 1}`, each);
    } else if (typeof value === 'object') {
      for (const [name, each] of Object.entries(value))
        visit(
          `${path}.${name}`,
          label === '' ? capitalized(fieldWords(name)) : `${label}, ${fieldWords(name)}`,
          each,
        );
    } else facts.push({ label, path, ...shown(path, value) });
  };
  visit(kind, '', details);
  return facts;
}

/** Parts of names that are short for something, or are written in capitals. */
const WORDS: Readonly<Record<string, string>> = {
  url: 'URL',
  urls: 'URLs',
  pdf: 'PDF',
  xmp: 'XMP',
  icc: 'ICC',
  dest: 'destination',
  dir: 'directory',
  fmt: 'format',
};

/** The name of a field as words: `urlArray` becomes `URL`, `destPath` becomes `destination path`. */
function fieldWords(name: string): string {
  return name
    .replace(/Array$/, '')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(' ')
    .map((word) => (Object.hasOwn(WORDS, word) ? WORDS[word] : word))
    .join(' ');
}

const capitalized = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

function shown(path: string, value: unknown): Pick<Fact, 'value' | 'form'> {
  const name = /([\w]+)(?:\[\d+\])?$/.exec(path)?.[1] ?? '';
  if (isSecretName(name)) return { value: KEPT_SECRET, form: 'text' };
  if (typeof value === 'boolean') return { value: value ? 'yes' : 'no', form: 'text' };
  const text = withoutUrlSecrets(String(value));
  if (/^https?:\/\//i.test(text)) return { value: text, form: 'url' };
  if (/^(?:assetHandle|pdfHandle)/.test(name)) return { value: text, form: 'asset' };
  if (/Handle/.test(name)) return { value: text, form: 'handle' };
  if (/^(?:destFolder|serverDir)$/.test(name)) return { value: text, form: 'folder' };
  return { value: text, form: /^\s*</.test(text) ? 'xml' : 'text' };
}
