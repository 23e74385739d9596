/** Verbs after a command that make a hint a description of what the command does. */
const DOES = 'lists|shows|prints|creates|makes|finds|describes';

/** Commands that do something else without an argument: they list what the argument can be. */
const LISTING: ReadonlySet<string> = new Set(['call', 'schema']);

/**
 * A hint without its parts that send the user to the command that just failed.
 *
 * @param path - The words of that command: `job`, `list`.
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
