const SECRET_ELEMENTS = /(<(?:[\w.-]+:)?(password|accessToken|AuthPassword)(?:\s[^>]*)?>)[^<]*(?=<)/gi;

/** Takes secrets out of XML: the text of passwords and tokens, whatever their prefix. */
export function redactXml(xml: string): string {
  return xml.replace(SECRET_ELEMENTS, '$1[secret]');
}

/** Takes secrets out of HTTP headers. */
export function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      /^(?:authorization|proxy-authorization|cookie|set-cookie)$/i.test(name) ? '[secret]' : value,
    ]),
  );
}
