import { docs } from '@ips-sdk/types/docs';

/** Names of fields that the contract marks as secret. */
function secretFields(): string[] {
  const names = new Set(['password', 'accessToken', 'samlResponse']);
  for (const group of [docs.messages, docs.types]) {
    for (const { fields } of Object.values(group)) {
      for (const [name, field] of Object.entries(fields)) if (field.secret) names.add(name);
    }
  }
  return [...names];
}

/** Removes the text of secret elements and the credentials in URLs from XML. */
export function redactXml(xml: string): string {
  const elements = new RegExp(`(<(?:[\\w.-]+:)?(?:${secretFields().join('|')})(?:\\s[^>]*)?>)[^<]+`, 'gi');
  return xml
    .replace(elements, '$1[secret]')
    .replace(/(\b[a-z][a-z\d+.-]*:\/\/)[^\s/@<>"']+@/gi, '$1[secret]@');
}
