import { docs, type EvidenceDoc } from '@ips-sdk/types/docs';
import { listed } from './markdown.ts';
import { prose } from './prose.ts';

/** The evidence for an entry: its note, the inferred parts, its sources, and sources that contradict it. */
export function evidenceNote({
  source,
  inferred,
  contradicts,
  note,
}: EvidenceDoc & { readonly note?: string }): string | undefined {
  const parts = inferred === true ? [] : (inferred ?? []).filter((key) => key !== 'note');
  const noteIsInferred = inferred !== undefined && inferred !== true && inferred.includes('note');
  const notes = [
    note === undefined ? undefined : `${prose(note)}${noteIsInferred ? ' _(Inferred.)_' : ''}`,
    inferred === true ? '_Inferred, not documented._' : undefined,
    parts.length === 0 ? undefined : `_Inferred: ${listed(parts)}._`,
    source === undefined ? undefined : `Source: ${source.map(sourceLink).join(', ')}.`,
    ...(contradicts ?? []).map(
      ({ source: other, says }) => `Contradicted by ${sourceLink(other)}: ${prose(says)}`,
    ),
  ].filter((part) => part !== undefined);
  return notes.length === 0 ? undefined : notes.join(' ');
}

/** A source as a link where it has an address. */
export function sourceLink(source: string): string {
  const slash = source.indexOf('/');
  const name = source.slice(slash + 1);
  const section = docs.sources[source.slice(0, slash)];
  const said = section?.names?.[name];
  if (section?.url !== undefined) return `[${name}](${section.url.replaceAll('{name}', name)})`;
  return said === undefined ? source : `${source} (${prose(said.replace(/\.$/, ''))})`;
}

/** The page of the service's documentation that describes a definition. */
export function documentedOn(page: string | undefined): string {
  return page === undefined ? 'Not documented by the service.' : `Documented on ${sourceLink(page)}.`;
}
