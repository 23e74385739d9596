const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Replaces character references; `undefined` if one of them is not allowed. */
export function decodeEntities(text: string): string | undefined {
  let result = '';
  let at = 0;
  for (;;) {
    const start = text.indexOf('&', at);
    if (start < 0) return result + text.slice(at);
    const end = text.indexOf(';', start);
    if (end < 0) return undefined;
    const name = text.slice(start + 1, end);
    const character =
      name.charCodeAt(0) === 35
        ? decodeReference(name)
        : Object.hasOwn(ENTITIES, name)
          ? ENTITIES[name]
          : undefined;
    if (character === undefined) return undefined;
    result += text.slice(at, start) + character;
    at = end + 1;
  }
}

function decodeReference(name: string): string | undefined {
  const match = /^#(?:(\d{1,7})|x([0-9a-fA-F]{1,6}))$/.exec(name);
  if (match === null) return undefined;
  const code = match[1] === undefined ? Number.parseInt(match[2] ?? '', 16) : Number(match[1]);
  const allowed =
    code === 9 ||
    code === 10 ||
    code === 13 ||
    (code >= 32 && code < 0xd800) ||
    (code >= 0xe000 && code < 0xfffe) ||
    (code >= 0x10000 && code <= 0x10ffff);
  return allowed ? String.fromCodePoint(code) : undefined;
}
