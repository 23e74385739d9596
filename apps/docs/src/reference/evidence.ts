import { docs, type EvidenceDoc } from '@ips-sdk/types/docs';
import { listed } from './markdown.ts';
import { prose } from './prose.ts';

/** What stands beside an entry: its note, what is inferred, its sources, what other sources say against it. */
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

/** The page of the service's documentation that a definition stands on. */
export function documentedOn(page: string | undefined): string {
  return page === undefined ? 'The service does not document it.' : `Documented on ${sourceLink(page)}.`;
}
