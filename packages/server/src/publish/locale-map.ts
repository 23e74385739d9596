import { RenderRequestError } from '../images/render-request.js';

/** Most names to look for in place of one. */
const MAX_SUFFIXES = 20;

/**
 * What to append to names of images for a locale, in the order in which to look for them.
 *
 * @param map - LocaleMap of a company, such as `en,_E,|de,_D,|,_E,`: locales with their suffixes. An empty locale is any other.
 * @param locale - That of a request, or DefaultLocale.
 * @returns A single empty suffix when names do not change.
 * @throws RenderRequestError for a locale that the map does not have.
 */
export function localeSuffixes(map: string, locale: string): readonly string[] {
  if (map.trim() === '') return [''];
  const asked = locale.trim().toLowerCase();
  let others: readonly string[] | undefined;
  const locales: string[] = [];
  for (const item of map.split('|')) {
    const [id = '', ...suffixes] = item.split(',').map((part) => part.trim());
    const found = suffixes.length === 0 ? [''] : suffixes.slice(0, MAX_SUFFIXES);
    if (id === '') others ??= found;
    else if (id.toLowerCase() === asked) return found;
    else locales.push(id);
  }
  if (others !== undefined) return others;
  if (asked === '') return [''];
  throw new RenderRequestError(
    `locale: found '${locale.slice(0, 100)}', expected one of ${locales.slice(0, 50).join(', ')}`,
  );
}

/** All suffixes of a map, each once. */
export function allSuffixes(map: string): readonly string[] {
  const suffixes = map.split('|').flatMap((item) => item.split(',').slice(1));
  return [...new Set(['', ...suffixes.map((suffix) => suffix.trim())])].slice(0, MAX_SUFFIXES * 5);
}

/** A name with a suffix: in front of the colon and the name of a smart crop. */
export function suffixed(name: string, suffix: string): readonly string[] {
  if (suffix === '') return [name];
  const colon = name.lastIndexOf(':');
  const whole = `${name}${suffix}`;
  return colon < 1 ? [whole] : [whole, `${name.slice(0, colon)}${suffix}${name.slice(colon)}`];
}
