import type { Caller } from './caller.js';
import type { CallOptions } from './options.js';

/** The type of the property sets in which the service's own applications keep their settings. */
const SETTINGS = 'Adobe.SPS.ApplicationSetting';
const TEMPLATE = 'application_cdn_invalidation_template';

/**
 * The templates of URLs, in which `<ID>` stands for the name of an asset: those that are given, or those of the company. None when it
 * has none.
 *
 * @internal
 */
export async function cdnTemplates(
  caller: Caller,
  given: string | readonly string[] | undefined,
  options: CallOptions,
): Promise<string[]> {
  if (given !== undefined) return lines([given].flat().join('\n'));
  const primaryOwnerHandle = await caller.companyHandle();
  if (primaryOwnerHandle === undefined) return [];
  const { typeArray } = await caller.call('getPropertySetTypes', {}, options);
  const type = typeArray.find(({ name }) => name === SETTINGS);
  if (type === undefined) return [];
  const sets = { typeHandle: type.typeHandle, primaryOwnerHandle };
  const { setArray } = await caller.call('getPropertySets', sets, options);
  const values = setArray.flatMap(({ propertyArray }) =>
    propertyArray.filter(({ name }) => name === TEMPLATE).map(({ value }) => value),
  );
  return lines(values.join('\n'));
}

/** URLs contain no spaces, so any space is between two of them. */
function lines(text: string): string[] {
  return text.split(/\s+/).filter((line) => line !== '');
}

/** The URLs of names: each template, and each without its query with each preset. */
export function urlsOf(
  templates: readonly string[],
  names: readonly string[],
  presets: readonly string[],
): string[] {
  if (names.length === 0) return [];
  const bases = templates.filter((one) => /<id>/i.test(one)).map((one) => one.replace(/\?.*$/s, ''));
  const all = new Set([
    ...templates,
    ...bases.flatMap((base) => presets.map((preset) => `${base}?$${presetName(preset)}$`)),
  ]);
  // The name may contain what a replacement text would treat as special, such as $&.
  const filled = names.flatMap((name) =>
    [...all].map((one) => one.replace(/<id>/gi, () => encodeURIComponent(name))),
  );
  return [...new Set(filled)];
}

/** The name of a preset, which may be given as it stands in URLs: `$product$`. */
function presetName(text: string): string {
  return encodeURIComponent(text.replace(/^\$|\$$/g, ''));
}
