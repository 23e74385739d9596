import * as t from '../db/schema.js';
import type { Services } from '../services.js';

/** The version that `IpsVersion` tells: that of the contract which is served. */
const VERSION = '6.8';

/**
 * The properties of the system by their names: what this server is set up to do, and what its table of properties holds beside
 * that or in place of it.
 */
export async function systemProperties(services: Services): Promise<ReadonlyMap<string, string>> {
  const base = services.baseUrl();
  const stored = await services.db.select().from(t.properties).orderBy(t.properties.name);
  return new Map([
    ['IpsVersion', VERSION],
    ['IpsImageServerUrl', `${base}/is/image/`],
    ['VideoRootUrl', `${base}/is/content/`],
    ['SvgRenderEnabled', 'false'],
    ['UploadPostMaxFileSize', String(services.config.limits.maxFileBytes)],
    ['SystemMessage', ''],
    ...stored.map(({ name, value }) => [name, value] as const),
  ]);
}
