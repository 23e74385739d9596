/** A position in a source document. Lines and columns start at 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A finding about an input document. */
export interface Diagnostic {
  /** A stable identifier, such as `unsupported-construct` or `unknown-overlay-name`. */
  readonly code: string;
  readonly message: string;
  readonly position: SourcePosition;
}

/** Formats a finding as `file:line:column: message [code]`, which editors and terminals turn into links. */
export function formatDiagnostic({ code, message, position }: Diagnostic): string {
  return `${position.file}:${position.line}:${position.column}: ${message} [${code}]`;
}

/**
 * The error for unusable input. It contains all findings of the failed phase, not only the first. No partially read contract is
 * returned.
 */
export class CodegenError extends Error {
  override readonly name = 'CodegenError';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(formatDiagnostic).join('\n'));
    this.diagnostics = diagnostics;
  }
}

/** Collects findings, to report all of them in one run. */
export class DiagnosticBag {
  readonly diagnostics: Diagnostic[] = [];

  add(code: string, message: string, position: SourcePosition): void {
    this.diagnostics.push({ code, message, position });
  }

  /** Removes and returns the findings that match a predicate. */
  take(pick: (diagnostic: Diagnostic) => boolean): Diagnostic[] {
    const taken = this.diagnostics.filter(pick);
    const rest = this.diagnostics.filter((one) => !pick(one));
    this.diagnostics.splice(0, this.diagnostics.length, ...rest);
    return taken;
  }

  /** @throws CodegenError when there are findings. */
  throwIfAny(): void {
    if (this.diagnostics.length > 0) throw new CodegenError(this.diagnostics);
  }
}
