import type { FindMacro, ImageRequest, NestedRequest, ParseOptions } from '@ips-sdk/delivery';
import { namedIn, parsed } from './render-request.js';

/** A request within another one, with what it starts from. */
export interface InnerRequest<Found> {
  readonly image: ImageRequest;
  /** What layer 0 shows if nothing else: the object of the request, or its template. */
  readonly main: Found;
}

/**
 * Reads a request within another one. The body of a template counts before it, in place of the modifier of its object.
 *
 * @param variables - Of the request around it.
 * @param find - Finds an object by its name.
 * @throws RenderRequestError
 */
export async function innerRequest<Found extends { readonly modifier: string | null }>(
  { object, query }: NestedRequest,
  variables: ParseOptions['variables'],
  macro: FindMacro | undefined,
  find: (name: string) => Promise<Found>,
): Promise<InnerRequest<Found>> {
  const options = { object, variables, macro };
  const { template } = namedIn(query, ['template'], options);
  const main = await find(template?.trim() ?? object);
  return { image: parsed([main.modifier, query], options), main };
}
