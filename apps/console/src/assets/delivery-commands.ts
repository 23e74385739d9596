/** A command of a delivery URL. A preset has a name without a value. */
export interface CommandPair {
  readonly name: string;
  readonly value: string;
}

/** The query of a URL, `wid=300&fmt=png-alpha`, taken apart. A part without `=`, such as `$Large$`, has an empty value. */
export function parseCommands(text: string): readonly CommandPair[] {
  return text
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const at = part.indexOf('=');
      return at === -1
        ? { name: decode(part), value: '' }
        : { name: decode(part.slice(0, at)), value: decode(part.slice(at + 1)) };
    });
}

/** The commands as the query of a URL. Characters that commands are made of stay readable. */
export function formatCommands(commands: readonly CommandPair[]): string {
  return commands
    .filter(({ name }) => name !== '')
    .map(({ name, value }) =>
      value === '' && name.startsWith('$') ? encode(name) : `${encode(name)}=${encode(value)}`,
    )
    .join('&');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/%(24|2C|3A|2F|40|7B|7D|3F)/g, (code) => decodeURIComponent(code));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return text;
  }
}
