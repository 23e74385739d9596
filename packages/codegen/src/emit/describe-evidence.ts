import type { Evidence } from '../annotate/evidence.js';
import type { SourceSection } from '../overlay/source.js';
import { docText } from './source-text.js';

/**
 * The lines of a comment about a definition's evidence: the page of the documentation, as a link if it has an
 * address.
 */
export function seeTag(page: string | undefined, sections: readonly SourceSection[]): string | undefined {
  if (page === undefined) return undefined;
  const address = addressOf(page, sections);
  return address === undefined ? `@see ${docText(page)}` : `@see {@link ${address} | ${docText(page)}}`;
}

/** The address of a source, or `undefined` if it has none. */
export function addressOf(source: string, sections: readonly SourceSection[]): string | undefined {
  const slash = source.indexOf('/');
  const section = sections.find(({ name }) => name === source.slice(0, slash));
  return section?.url?.replaceAll('{name}', source.slice(slash + 1));
}

/**
 * The remarks after an entry's description: its note, the inferred parts, its sources besides the page of its
 * definition, and contradicting sources.
 */
export function evidenceRemarks(evidence: Evidence, page: string | undefined, note?: string): string[] {
  const { whole, contradictions } = evidence;
  const inferred = evidence.inferred.filter((key) => key !== 'note');
  const noteInferred = !whole && inferred.length < evidence.inferred.length;
  const others = otherSources(evidence, page);
  return [
    note === undefined ? undefined : `${noteInferred ? 'Inferred: ' : ''}${note}`,
    whole ? 'Inferred, not documented.' : undefined,
    !whole && inferred.length > 0 ? `Inferred: ${inferred.join(', ')}.` : undefined,
    others.length > 0 ? `Source: ${others.join(', ')}.` : undefined,
    ...contradictions.map(({ source, says }) => `Contradicted by ${source}: ${says}`),
  ].filter((text): text is string => text !== undefined);
}

/** The sources of an entry, unless the only one is the page of its definition. */
export function otherSources({ sources }: Evidence, page: string | undefined): readonly string[] {
  return sources.length === 1 && sources[0] === page ? [] : sources;
}

/** The evidence of an entry in the documentation data. */
export function evidenceDoc(evidence: Evidence, page: string | undefined): Record<string, unknown> {
  const { inferred, whole, contradictions } = evidence;
  const others = otherSources(evidence, page);
  return {
    source: others.length > 0 ? others : undefined,
    inferred: whole ? true : inferred.length > 0 ? inferred : undefined,
    contradicts:
      contradictions.length > 0 ? contradictions.map(({ source, says }) => ({ source, says })) : undefined,
  };
}
