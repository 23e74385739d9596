import pg from 'pg';

/**
 * Maximum prepared statements of a connection. Each takes some memory in the database. The server has about
 * three hundred.
 */
const KEPT = 400;

/** Statements worth preparing, unlike transactions and schema changes. */
const PLANNED = /^\s*(?:select|insert|update|delete|with)\b/i;

/**
 * SQLSTATEs of a prepared statement whose plan is outdated, because its tables changed or the database
 * dropped it.
 */
const OUTDATED = new Set(['0A000', '26000']);

/** The part of a connection that closes statements; node-postgres keeps the names it has prepared there. */
interface StatementNames {
  readonly parsedStatements: Record<string, string>;
  readonly submittedNamedStatements: Record<string, string>;
  close(message: { readonly type: 'S'; readonly name: string }): void;
}

/** A statement from drizzle. */
interface Statement {
  readonly text: string;
  readonly name?: string | undefined;
}

/**
 * A connection that prepares every statement once under a name and then sends only its values: parsing and
 * planning are most of the cost of a short statement. The least recently used names are closed. When a change
 * of the schema outdates a plan, the statement is prepared again; inside a transaction, which the database
 * then aborts, the caller gets the error.
 */
export class NamingClient extends pg.Client {
  /** Names by text, least recently used first. */
  readonly #names = new Map<string, string>();
  #next = 0;

  // node-postgres declares a dozen overloads; all are passed through unchanged.
  // biome-ignore lint/suspicious/noExplicitAny: the type of the overridden method
  override query(...given: any[]): any {
    const [statement, ...rest] = given as [unknown, ...unknown[]];
    if (!isStatement(statement)) return this.#send(given);
    const callback = rest.at(-1);
    if (!isCallback(callback)) return this.#prepared(statement, rest);
    // The pool uses the form with a callback.
    this.#prepared(statement, rest.slice(0, -1)).then(
      (result) => process.nextTick(callback, null, result),
      (error: unknown) => process.nextTick(callback, error),
    );
  }

  async #prepared(statement: Statement, rest: readonly unknown[]): Promise<unknown> {
    const send = (): unknown => this.#send([{ ...statement, name: this.#nameOf(statement.text) }, ...rest]);
    try {
      return await send();
    } catch (error) {
      if (!OUTDATED.has(codeOf(error))) throw error;
      this.#forget();
      // The status before the statement.
      if (this.getTransactionStatus() !== 'I') throw error;
      return send();
    }
  }

  #send(given: unknown[]): unknown {
    return Reflect.apply(super.query, this, given);
  }

  #nameOf(text: string): string {
    const known = this.#names.get(text);
    this.#names.delete(text);
    const name = known ?? `ips${++this.#next}`;
    this.#names.set(text, name);
    if (this.#names.size > KEPT) {
      const [oldest] = this.#names;
      if (oldest) this.#close(...oldest);
    }
    return name;
  }

  /** Closes every statement. */
  #forget(): void {
    for (const [text, name] of this.#names) this.#close(text, name);
  }

  #close(text: string, name: string): void {
    const connection = this.#connection();
    this.#names.delete(text);
    delete connection.parsedStatements[name];
    delete connection.submittedNamedStatements[name];
    connection.close({ type: 'S', name });
  }

  #connection(): StatementNames {
    // The property is public in node-postgres and missing from its types.
    return (this as unknown as { readonly connection: StatementNames }).connection;
  }
}

function isStatement(value: unknown): value is Statement {
  if (typeof value !== 'object' || value === null || !('text' in value)) return false;
  return typeof value.text === 'string' && !('name' in value && value.name) && PLANNED.test(value.text);
}

function isCallback(value: unknown): value is (error: unknown, result?: unknown) => void {
  return typeof value === 'function';
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
