import type { DiagnosticBag, SourcePosition } from '../diagnostic.js';
import type { Citations, Contradiction, Sourced, SourceSection } from '../overlay/source.js';

/** The evidence for an entry of the overlay. */
export interface Evidence {
  /** The distinct cited sources, as `section/name`. */
  readonly sources: readonly string[];
  /** The keys of the statements without a source. */
  readonly inferred: readonly string[];
  /** No statement has a source. */
  readonly whole: boolean;
  readonly contradictions: readonly Contradiction[];
}

/** There are no statements, so nothing is inferred. */
export const NO_EVIDENCE: Evidence = { sources: [], inferred: [], whole: false, contradictions: [] };

/** A statement of an entry, and its possible citations. */
export interface Statement {
  readonly key: string;
  readonly citations: Citations | undefined;
  /** Whether the statement is shared by many definitions. Their pages support it if they mention it. */
  readonly shared?: boolean;
}

/** The word for the page of the definition that contains an entry. */
const OWN_PAGE = 'page';

/** Resolves citations, and reports invalid ones. */
export class EvidenceResolver {
  readonly #sections: ReadonlyMap<string, SourceSection>;
  readonly #bag: DiagnosticBag;
  readonly #used: Set<unknown>;

  constructor(sections: ReadonlyMap<string, SourceSection>, bag: DiagnosticBag, used: Set<unknown>) {
    this.#sections = sections;
    this.#bag = bag;
    this.#used = used;
  }

  /** Reports a definition's page that is not among the sources. */
  page(name: string | undefined, position: SourcePosition): void {
    if (name !== undefined) this.#known(name, position);
  }

  /** The evidence of an entry with the given statements. */
  of(entry: Sourced, keys: readonly string[], page: string | undefined): Evidence {
    const statements = keys.map((key) => ({ key, citations: entry.citations }));
    return this.resolve(statements, entry.contradictions, page, page);
  }

  /**
   * The evidence of statements from one or more entries.
   *
   * @param page The meaning of `page` in an entry of the definition itself.
   * @param sharedPage Its meaning in an entry that many definitions share. Absent if the definition's page does not mention it.
   */
  resolve(
    statements: readonly Statement[],
    contradictions: readonly Contradiction[],
    page: string | undefined,
    sharedPage: string | undefined,
  ): Evidence {
    const sources = new Set<string>();
    const inferred: string[] = [];
    for (const citations of new Set(statements.map((s) => s.citations))) {
      if (citations) this.#refuseUnstated(citations, statements);
    }
    for (const { key, citations, shared } of statements) {
      const cited = citations?.parts.get(key) ?? citations?.whole ?? [];
      const found = cited.flatMap((name) => {
        if (name === OWN_PAGE && shared) return sharedPage ?? [];
        return this.#cite(name, page, citations?.position) ?? [];
      });
      for (const name of found) sources.add(name);
      if (found.length === 0) inferred.push(key);
    }
    for (const { source, position } of contradictions) {
      this.#cite(source, page, position);
      if (sources.size === 0) {
        this.#bag.add('bad-overlay-value', '"contradicts" is only allowed beside a "source"', position);
      }
    }
    return {
      sources: [...sources],
      inferred,
      whole: statements.length > 0 && inferred.length === statements.length,
      contradictions: contradictions.map((c) => (c.source === OWN_PAGE && page ? { ...c, source: page } : c)),
    };
  }

  #refuseUnstated(citations: Citations, statements: readonly Statement[]): void {
    for (const key of citations.parts.keys()) {
      // A field can replace a statement of a shared entry and keep its citation.
      if (!statements.some((statement) => statement.key === key)) {
        this.#bag.add(
          'bad-overlay-value',
          `"source" has a citation for "${key}", but the entry has no "${key}"`,
          citations.position,
        );
      }
    }
  }

  #cite(name: string, page: string | undefined, position: SourcePosition | undefined): string | undefined {
    if (position === undefined) return undefined;
    if (name !== OWN_PAGE) return this.#known(name, position) ? name : undefined;
    if (page === undefined) {
      this.#bag.add('bad-overlay-value', 'the source is "page", but the definition has no page', position);
    }
    return page;
  }

  #known(name: string, position: SourcePosition): boolean {
    const slash = name.indexOf('/');
    const section = this.#sections.get(name.slice(0, Math.max(0, slash)));
    const known = section?.names.has(name.slice(slash + 1)) ?? false;
    if (known) this.#used.add(name);
    else {
      this.#bag.add(
        'unknown-overlay-name',
        `unknown source "${name}"; expected "section/name" as listed in "sources"`,
        position,
      );
    }
    return known;
  }
}
