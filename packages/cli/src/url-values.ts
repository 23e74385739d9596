import { CliError } from './cli-error.js';
import { EXIT } from './exit-code.js';

/** Checks an http or https URL on the command line. */
export function httpUrl(text: string): string {
  return checked(text, 'an http or https URL', isHttpUrl(text));
}

/** Checks a URL template, in which `<ID>` stands for the name of an asset. */
export function urlTemplate(text: string): string {
  const example = 'an http or https URL such as https://s7d1.scene7.com/is/image/MyCompany/<ID>';
  return checked(text, example, isHttpUrl(text.replace(/<id>/gi, 'id')));
}

/** Checks the target of a replay: the word `server`, or a URL. */
export function replayTarget(text: string): string {
  const expected = 'server or the http or https URL of a SOAP service';
  return checked(text, expected, text === 'server' || isHttpUrl(text));
}

/** Checks the URL of a PostgreSQL database. */
export function databaseUrl(text: string): string {
  const isPostgres = /^postgres(?:ql)?:\/\//i.test(text) && URL.canParse(text);
  return checked(text, 'a URL such as postgres://user@host:5432/database', isPostgres);
}

function isHttpUrl(text: string): boolean {
  return /^https?:\/\/\S+$/i.test(text) && URL.canParse(text);
}

function checked(text: string, expected: string, isValid: boolean): string {
  if (isValid) return text;
  throw new CliError(EXIT.usage, `expected ${expected}, found ${JSON.stringify(text)}`);
}
