import * as t from '../db/schema.js';
import type { Services } from '../services.js';

/** The value of `IpsVersion`, in three parts: the version of the contract that is served. */
const VERSION = '6.8.0';

/**
 * The system properties by name: those that follow from this server's configuration, supplemented or overridden by its table of
 * properties.
 */
export async function systemProperties(services: Services): Promise<ReadonlyMap<string, string>> {
  const base = services.baseUrl();
  const stored = await services.db.select().from(t.properties).orderBy(t.properties.name);
  return new Map([
    ['IpsVersion', VERSION],
    ['IpsImageServerUrl', `${base}/is/image/`],
    ['VideoRootUrl', `${base}/is/content/`],
    ['SwfRootUrl', '/skins/'],
    ['SvgRenderRootUrl', `${base}/svg-render/`],
    ['SvgRenderEnabled', 'false'],
    ['UploadPostMaxFileSize', String(services.config.limits.maxFileBytes)],
    ['SystemMessage', ''],
    ...stored.map(({ name, value }) => [name, value] as const),
  ]);
}
