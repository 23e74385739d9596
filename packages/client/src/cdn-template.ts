import type { Caller } from './caller.js';
import type { CallOptions } from './options.js';

/** The property set type for settings of the service's own applications. */
const SETTINGS = 'Adobe.SPS.ApplicationSetting';
const TEMPLATE = 'application_cdn_invalidation_template';

/**
 * The given URL templates, or those of the company. `<ID>` is the placeholder for the name of an asset.
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

/** URLs contain no spaces, so spaces separate them. */
function lines(text: string): string[] {
  return text.split(/\s+/).filter((line) => line !== '');
}

/** Fills in names: each template as it is, and each template with each preset instead of its query. */
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
  // A function, because a replacement string would interpret patterns such as $& in a name.
  const filled = names.flatMap((name) =>
    [...all].map((one) => one.replace(/<id>/gi, () => encodeURIComponent(name))),
  );
  return [...new Set(filled)];
}

/** The name of a preset. The form in URLs, `$product$`, is accepted too. */
function presetName(text: string): string {
  return encodeURIComponent(text.replace(/^\$|\$$/g, ''));
}
