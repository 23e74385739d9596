import { type Code, Name } from 'ajv';

/**
 * Two ways to compile a definition:
 * - `check` stops at the first error and checks only what TypeScript's types express: shapes, required fields, types.
 *   Unknown fields and constants pass. Guards use it.
 * - `report` finds everything, up to a limit.
 */
export type Variant = 'check' | 'report';

/** Values that several definitions need: lists of constants, patterns, rules. Each is written once. */
export class Shared {
  readonly #names = new Map<string, string>();

  name(kind: string, code: string): string {
    const known = this.#names.get(code);
    if (known !== undefined) return known;
    const name = `${kind}${this.#names.size}`;
    this.#names.set(code, name);
    return name;
  }

  /** The text of the module. Its calls are marked as pure, so a bundler can drop unused values. */
  text(): string {
    return [...this.#names]
      .map(
        ([code, name]) =>
          `export const ${name} = ${code.startsWith('new ') ? '/* @__PURE__ */ ' : ''}${code};\n`,
      )
      .join('');
  }
}

/** The dependencies of the function being compiled. */
export class Needs {
  readonly variant: Variant;
  readonly #shared: Shared;
  /** Other definitions that it calls. */
  readonly calls: Set<string> = new Set();
  /** Functions that it imports from the runtime. */
  readonly runtime: Set<string> = new Set();
  /** Values that it imports from the shared module. */
  readonly constants: Set<string> = new Set();

  constructor(variant: Variant, shared: Shared) {
    this.variant = variant;
    this.#shared = shared;
  }

  /** Starts the next function. */
  clear(): void {
    for (const names of [this.calls, this.runtime, this.constants]) names.clear();
  }

  /** The function of another definition. */
  call(definition: string): Name {
    this.calls.add(definition);
    return new Name(functionName(this.variant, definition));
  }

  /** A function of the runtime. */
  use(name: string): Name {
    this.runtime.add(name);
    return new Name(name);
  }

  /** A value from the shared module. */
  share(kind: string, code: Code): Name {
    const name = this.#shared.name(kind, String(code));
    this.constants.add(name);
    return new Name(name);
  }
}

/** The name of a compiled function. */
export function functionName(variant: Variant, name: string): string {
  return `${variant}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
