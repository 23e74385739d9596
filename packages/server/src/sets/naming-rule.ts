/** The meaning of a name by a rule: its set, and its position there. */
export interface NamedPlace {
  readonly set: string;
  /** A whole number as written; `undefined` if the rule has none. */
  readonly order: string | undefined;
}

/** The place of a name; `undefined` for a name that does not match the rule. */
export type NamingRule = (name: string) => NamedPlace | undefined;

const PARTS: Readonly<Record<string, string>> = {
  '{set}': '(?<set>.+)',
  // All digits of a number, so that none is matched by the preceding part.
  '{order}': '(?<order>(?<!\\d)\\d+)',
  '*': '.*',
};

/**
 * Parses a rule that derives sets from asset names: `{set}` stands for the name of the set, `{order}` for a
 * whole number that orders its members, `*` for any text, and everything else for itself. Rules are not
 * regular expressions, which could keep the server busy.
 *
 * @returns `undefined` for an invalid rule: `{set}` is required, and each of the three may occur once.
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
