/** A command with a source, or a variable that may be one. Of a nested request, only the object is used. */
const NAMED = /(?:^|[?&{(])(src|mask|\$[\w.-]+)=(?:(?:is|ir)[({])?([^&?{}()]*)/gi;

/**
 * The objects in image serving commands, each once: those of `src=` and `mask=`, including nested requests
 * and variables.
 *
 * @returns Names as written, such as `MyCompany/shoe`.
 */
export function sourceNames(...texts: readonly (string | null)[]): string[] {
  const found = texts.flatMap((text) => [...(text ?? '').matchAll(NAMED)]);
  const variables = new Map<string, string>();
  const sources: string[] = [];
  for (const [, command = '', value = ''] of found) {
    if (command.startsWith('$')) variables.set(command.slice(1).toLowerCase(), decoded(value));
    else sources.push(decoded(value));
  }
  const names = sources.map((name) =>
    name.replaceAll(
      /\$([\w.-]+)\$/g,
      (whole, variable: string) => variables.get(variable.toLowerCase()) ?? whole,
    ),
  );
  return [...new Set(names.map((name) => name.trim()).filter((name) => name !== ''))];
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    // Not URL-encoded, so it is used unchanged.
    return value;
  }
}
