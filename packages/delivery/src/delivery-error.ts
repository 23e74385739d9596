/** A request for image serving is invalid. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  /** The command, macro or part of the request at fault, such as `wid`. */
  readonly command: string;
  /** What the request has, cut after 100 characters. */
  readonly found: string;
  /** What is allowed there. */
  readonly expected: string;

  constructor(command: string, found: string, expected: string) {
    const shown = found.length > 100 ? `${found.slice(0, 100)}…` : found;
    super(`${command}: found '${shown}', expected ${expected}`);
    this.command = command;
    this.found = shown;
    this.expected = expected;
  }
}
