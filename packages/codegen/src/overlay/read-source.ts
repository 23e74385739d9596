import type { DiagnosticBag } from '../diagnostic.js';
import type { Citations, Contradiction, Sourced, SourceSection } from './source.js';
import type { YamlCursor } from './yaml-cursor.js';

/** The keys of an entry for its evidence. */
export const SOURCE_KEYS = ['source', 'contradicts'] as const;

/** `source` and `contradicts` of an entry. */
export function readSourced(keys: Partial<Record<'source' | 'contradicts', YamlCursor>>): Sourced {
  return {
    citations: readCitations(keys.source),
    contradictions: (keys.contradicts?.list() ?? []).map(readContradiction),
  };
}

/** A string, a list of strings, or a map from the key of a statement to one of these. */
function readCitations(cursor: YamlCursor | undefined): Citations | undefined {
  if (cursor === undefined) return undefined;
  const { position } = cursor;
  if (!cursor.isMap) return { whole: names(cursor), parts: new Map(), position };
  return {
    whole: [],
    parts: new Map(cursor.entries().map(([key, value]) => [key, names(value)])),
    position,
  };
}

function names(cursor: YamlCursor): string[] {
  return cursor.isList ? cursor.strings() : [cursor.string() ?? []].flat();
}

function readContradiction(cursor: YamlCursor): Contradiction {
  const keys = cursor.record(['source', 'says']);
  return {
    source: keys.source?.string() ?? '',
    says: keys.says?.string() ?? '',
    position: cursor.position,
  };
}

/** A section of sources: `names` is a list, or a map from name to remark. */
export function readSourceSection(name: string, cursor: YamlCursor, bag: DiagnosticBag): SourceSection {
  const keys = cursor.record(['kind', 'description', 'url', 'names']);
  const list = keys.names?.isMap
    ? keys.names.entries().map(([key, text]) => [key, text.string()] as const)
    : (keys.names?.strings() ?? []).map((key) => [key, undefined] as const);
  const known = new Map(list);
  if (known.size < list.length) {
    bag.add('duplicate', `"${name}" lists a source twice`, cursor.position);
  }
  return {
    name,
    kind: keys.kind?.oneOf(['page', 'recording', 'program', 'contract']) ?? 'page',
    description: keys.description?.string() ?? '',
    url: keys.url?.string(),
    names: known,
    position: cursor.position,
  };
}
