/** Verbs that turn a hint into a description of a command: `ips job list lists the jobs`. */
const DOES = 'lists|shows|prints|creates|makes|finds|describes';

/** Commands that, without an argument, list the possible arguments. A hint may lead back to these. */
const LISTING: ReadonlySet<string> = new Set(['call', 'schema']);

/**
 * Removes the parts of a hint that refer to the command that just failed.
 *
 * @param path - The words of the failed command: `job`, `list`.
 */
export function withoutCircle(hint: string | undefined, path: readonly string[]): string | undefined {
  if (hint === undefined || path.length === 0 || LISTING.has(path.join(' '))) return hint;
  const command = `ips ${path.join(' ')}`;
  const circle = new RegExp(
    `^(?:(?:or )?run ${command}(?: --profile \\S+)?|${command}(?: (?:${DOES})\\b.*)?)$`,
  );
  const parts = hint.split(/(; |, or )/);
  const kept = parts.filter((part, i) => i % 2 === 0 && !circle.test(part));
  if (kept.length === Math.ceil(parts.length / 2)) return hint;
  const text = kept.join('; ');
  return text === '' ? undefined : text;
}
