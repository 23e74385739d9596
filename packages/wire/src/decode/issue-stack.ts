import { WireError } from '../errors.js';
import { isSecretName } from '../type-plan.js';
import { ElementStack } from './element-stack.js';
import type { DecodeIssue, DecodeOptions } from './issue.js';

/** The stack of open elements, which reports deviations: as an issue with its path, or in strict mode as an error. */
export class IssueStack extends ElementStack {
  protected readonly strict: boolean;
  protected readonly onIssue: ((issue: DecodeIssue) => void) | undefined;

  constructor({ strict = false, onIssue }: DecodeOptions) {
    super();
    this.strict = strict;
    this.onIssue = onIssue;
  }

  /** Reports a deviation of the open element or one of its children. */
  protected issue(
    code: DecodeIssue['code'],
    message: string,
    child?: string,
    lost: Pick<DecodeIssue, 'raw' | 'replaced'> = {},
  ): void {
    if (!this.strict && this.onIssue === undefined) return;
    const above = this.path();
    const path = child === undefined ? above : above === '' ? child : `${above}.${child}`;
    if (this.strict) {
      throw new WireError(code === 'unexpected-text' ? 'unknown-element' : code, message, path);
    }
    this.onIssue?.({ code, path, message, ...lost });
  }

  /** Reports text in a place where the contract has none. */
  protected strayText(raw: string, where: string, child?: string): void {
    const shown = isSecretName(child ?? '') ? 'a secret' : `text ${JSON.stringify(raw.slice(0, 40))}`;
    this.issue('unexpected-text', `found ${shown} ${where}`, child, { raw });
  }
}
