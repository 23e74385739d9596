import { docs } from '@ips-sdk/types/docs';

/** What is shown instead of a secret. */
export const KEPT_SECRET = '••••••';

/** Fields that the contract marks as secret, and those of headers. */
const NAMES: ReadonlySet<string> = new Set(
  [
    'password',
    'accessToken',
    'samlResponse',
    'AuthPassword',
    ...[docs.messages, docs.types].flatMap((group) =>
      Object.values(group).flatMap(({ fields }) =>
        Object.entries(fields).flatMap(([name, field]) => (field.secret ? [name] : [])),
      ),
    ),
  ].map((name) => name.toLowerCase()),
);

/** The credentials before the host in a URL: `https://ann:secret@www.example.com/`. */
const URL_CREDENTIALS = /(\b[a-z][a-z\d+.-]*:\/\/)[^\s/@<>"']+@/gi;

/** A prefix of a name; names may contain any letters. */
const PREFIX = '(?:[^\\s<>/:]+:)?';

/**
 * Elements that contain secrets, with all they contain, such as comments and CDATA sections: up to the end tag or, in an incomplete
 * document, its end.
 */
const ELEMENTS = new RegExp(
  `(<${PREFIX}(${[...NAMES].join('|')})(?:\\s(?:[^<>]*[^/<>])?)?>)` +
    `((?:<!\\[CDATA\\[[\\s\\S]*?(?:\\]\\]>|$)|<!--[\\s\\S]*?(?:-->|$)|[^<]+|<)*?)` +
    `(?=</${PREFIX}\\2\\s*>|$)`,
  'gi',
);

/** Whether a field holds a secret. */
export function isSecretName(name: string): boolean {
  return NAMES.has(name.toLowerCase());
}

/** A text without the credentials in its URLs. */
export function withoutUrlSecrets(text: string): string {
  return text.replace(URL_CREDENTIALS, `$1${KEPT_SECRET}@`);
}

/** XML without the text of secret elements and without the credentials in URLs. */
export function redactXml(xml: string): string {
  return withoutUrlSecrets(
    xml.replace(ELEMENTS, (_, start: string, _name, content: string) =>
      content === '' ? start : `${start}${KEPT_SECRET}`,
    ),
  );
}
