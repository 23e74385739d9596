/** What a name says by a rule: the set that it belongs to, and where in it. */
export interface NamedPlace {
  readonly set: string;
  /** A whole number as it is written; `undefined` when the rule has none. */
  readonly order: string | undefined;
}

/** Tells the place of a name; `undefined` for a name that the rule does not fit. */
export type NamingRule = (name: string) => NamedPlace | undefined;

const PARTS: Readonly<Record<string, string>> = {
  '{set}': '(?<set>.+)',
  // All digits of a number, so that none of them goes to what stands before it.
  '{order}': '(?<order>(?<!\\d)\\d+)',
  '*': '.*',
};

/**
 * Reads a rule by which names of assets tell sets: `{set}` stands for the name of the set, `{order}` for a whole number that
 * orders its members, `*` for any text, and everything else for itself. A rule is no regular expression, so that none can keep
 * the server busy.
 *
 * @returns `undefined` for a text that is no rule: `{set}` is needed, and each of the three can be there once.
 */
export function parseNamingRule(text: string): NamingRule | undefined {
  const parts = text.split(/(\{set\}|\{order\}|\*)/);
  const count = (part: string): number => parts.filter((each) => each === part).length;
  if (count('{set}') !== 1 || count('{order}') > 1 || count('*') > 1) return undefined;
  const source = parts
    .map((part) => PARTS[part] ?? part.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
    .join('');
  const pattern = new RegExp(`^${source}$`, 's');
  return (name) => {
    const groups = pattern.exec(name)?.groups;
    return groups === undefined ? undefined : { set: groups['set'] ?? '', order: groups['order'] };
  };
}
