/** Bounds of a request. They keep a hostile one from causing much work. */
export interface RequestLimits {
  /** Most characters, with those of macros. Default: 65,536. */
  readonly length: number;
  /** Most commands. Default: 1,000. */
  readonly commands: number;
  /** Most layers, with their effects. Default: 50. */
  readonly layers: number;
  /** Most macros within each other. Default: 8. */
  readonly depth: number;
}

/**
 * Finds the commands of a macro or preset.
 *
 * @param name - Its name in lower case.
 * @param within - The names of the macros that call it, the outermost first; empty for a call by the request itself.
 * @returns The commands; `undefined` if there is no such macro. The call is then reported as ignored.
 */
export type FindMacro = (name: string, within: readonly string[]) => string | undefined;

/** How to parse a request. */
export interface ParseOptions {
  /** The object of the path, for `$object$`. */
  readonly object?: string | undefined;
  /** Variables of the request around a nested one, by name in lower case. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** Finds the commands of macros and presets. */
  readonly macro?: FindMacro | undefined;
  readonly limits?: Partial<RequestLimits> | undefined;
}

/** The bounds of a request that says nothing else. @internal */
export const LIMITS: RequestLimits = { length: 65_536, commands: 1000, layers: 50, depth: 8 };
