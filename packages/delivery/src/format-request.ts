import type { ImageEffect, ImageRequest } from './parse-request.js';
import { encoded, isNested, valueText } from './url-text.js';

/**
 * Writes a request as commands, with macros and variables put in. Parsed again, they are the same request; what has no effect is omitted.
 *
 * @example
 * ```ts
 * import { formatRequest, parseRequest } from '@ips-sdk/delivery';
 *
 * const request = parseRequest('$w=40&wid=$w$0&layer=1&text=Sale&.note');
 * console.log(formatRequest(request)); // wid=400&layer=1&text=Sale
 * ```
 */
export function formatRequest({ values, composite, effects, layers }: ImageRequest): string {
  return [
    ...written(values),
    ...written(composite),
    ...effects.flatMap(writtenEffect),
    ...layers.flatMap(({ number, names, values: own, effects: ofLayer }) => {
      const commands = [...written(own), ...ofLayer.flatMap(writtenEffect)];
      const head = [`layer=${number}`, ...names.slice(1).map((name) => `layer=${number},${encoded(name)}`)];
      const [name] = names;
      if (name !== undefined) head[0] = `layer=${number},${encoded(name)}`;
      // Layer 0 is there without any command.
      return number === 0 && commands.length === 0 && name === undefined ? [] : [...head, ...commands];
    }),
  ].join('&');
}

const writtenEffect = ({ number, values }: ImageEffect): string[] => [`effect=${number}`, ...written(values)];

function written(values: object): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const text = valueText(name, value);
    return [`${name}=${isNested(name, text) ? text : encoded(text)}`];
  });
}
