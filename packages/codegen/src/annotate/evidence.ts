import type { DiagnosticBag, SourcePosition } from '../diagnostic.js';
import type { Citations, Contradiction, Sourced, SourceSection } from '../overlay/source.js';

/** What backs an entry of the overlay. */
export interface Evidence {
  /** The sources cited, as `section/name`, each once. */
  readonly sources: readonly string[];
  /** The statements that no source backs, by their keys. */
  readonly inferred: readonly string[];
  /** No source backs any statement. */
  readonly whole: boolean;
  readonly contradictions: readonly Contradiction[];
}

/** Nothing is stated, so nothing is inferred. */
export const NO_EVIDENCE: Evidence = { sources: [], inferred: [], whole: false, contradictions: [] };

/** One statement of an entry, and the citations that may back it. */
export interface Statement {
  readonly key: string;
  readonly citations: Citations | undefined;
  /** Said of many definitions at once: their pages back it where they have one that speaks of it. */
  readonly shared?: boolean;
}

/** The word for the page of the definition in which an entry stands. */
const OWN_PAGE = 'page';

/** Resolves what entries cite, and reports what cannot be cited. */
export class EvidenceResolver {
  readonly #sections: ReadonlyMap<string, SourceSection>;
  readonly #bag: DiagnosticBag;
  readonly #used: Set<unknown>;

  constructor(sections: ReadonlyMap<string, SourceSection>, bag: DiagnosticBag, used: Set<unknown>) {
    this.#sections = sections;
    this.#bag = bag;
    this.#used = used;
  }

  /** Reports a page of a definition that is not a source. */
  page(name: string | undefined, position: SourcePosition): void {
    if (name !== undefined) this.#known(name, position);
  }

  /** The evidence of an entry that makes the given statements. */
  of(entry: Sourced, keys: readonly string[], page: string | undefined): Evidence {
    const statements = keys.map((key) => ({ key, citations: entry.citations }));
    return this.resolve(statements, entry.contradictions, page, page);
  }

  /**
   * The evidence of statements that may come from different entries.
   *
   * @param page What `page` means to an entry of the definition itself.
   * @param sharedPage What it means to an entry that many definitions share; absent where the definition's page does not
   * speak of it.
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
        this.#bag.add('bad-overlay-value', '"contradicts" needs a "source" that it contradicts', position);
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
      // A field may make a statement in the place of a shared entry that cites for it.
      if (!statements.some((statement) => statement.key === key)) {
        this.#bag.add(
          'bad-overlay-value',
          `"source" names a source of "${key}", which is not stated here`,
          citations.position,
        );
      }
    }
  }

  #cite(name: string, page: string | undefined, position: SourcePosition | undefined): string | undefined {
    if (position === undefined) return undefined;
    if (name !== OWN_PAGE) return this.#known(name, position) ? name : undefined;
    if (page === undefined) {
      this.#bag.add('bad-overlay-value', 'the source is "page", but the definition names no page', position);
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
        `"${name}" is not a source; a source is "section/name" from "sources"`,
        position,
      );
    }
    return known;
  }
}
