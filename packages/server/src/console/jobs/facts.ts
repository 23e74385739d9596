import type { Fact } from '../api.js';
import { isSecretName, KEPT_SECRET, withoutUrlSecrets } from '../secrets.js';
import { wordsOf } from './kind-words.js';

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
          label === '' ? wordsOf(name) : `${label}, ${wordsOf(name).toLowerCase()}`,
          each,
        );
    } else facts.push({ label, path, ...shown(path, value) });
  };
  visit(kind, '', details);
  return facts;
}

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
