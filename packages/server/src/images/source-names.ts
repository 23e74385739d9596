/** A command that names a source, or a variable that may be one: of a nested request only the object counts. */
const NAMED = /(?:^|[?&{(])(src|mask|\$[\w.-]+)=(?:(?:is|ir)[({])?([^&?{}()]*)/gi;

/**
 * The objects that image serving commands take images from, each once: those of `src=` and `mask=`, in nested requests too, with
 * the variables that stand for them.
 *
 * @returns Names as they are written, such as `MyCompany/shoe`.
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
    // Not encoded as URLs are: then it is what it is.
    return value;
  }
}
