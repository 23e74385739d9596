import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { and, asc, eq, inArray } from 'drizzle-orm';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { RunFailure } from '../failures.js';
import type { LogRow } from '../jobs/item.js';
import type { JobKind } from '../jobs/job-kind.js';
import type { RunContext } from '../jobs/run-context.js';
import { publishedDirectory, stageDocument } from '../publish/published-directory.js';
import { MAX_SITEMAP_URLS, SITEMAP_FILE, type SitemapVideo, videoSitemap } from '../publish/video-sitemap.js';

/**
 * Writes the sitemap of the published videos. A video needs a published thumbnail asset. Without `forceUpdate`, a sitemap that would not
 * change is not written.
 */
export const createVideoSitemapJob: JobKind<'createVideoSitemapJob'> = {
  kind: 'createVideoSitemapJob',
  type: 'CreateVideoSitemap',
  // The service has no constants for sitemaps. Those of video publishing fit best.
  logTypes: {
    begin: 'BeginVideoPublish',
    end: 'EndVideoPublish',
    success: 'VideoPublishSuccess',
    error: 'VideoPublishError',
    warning: 'VideoPublishWarning',
  },
  run: async (context) => {
    const { services, company, run, logTypes } = context;
    const videos = await publishedVideos(context);
    const thumbnails = await publishedImages(
      context,
      videos.flatMap(({ asset }) => asset.thumbAssetId ?? []),
    );
    const listed: SitemapVideo[] = [];
    const rows: LogRow[] = [];
    const base = services.baseUrl();
    const place = encodeURIComponent(company.rootPath.replace(/\/$/, ''));
    for (const { asset, catalogId, publishedAt } of videos) {
      const about = { assetName: asset.name, assetType: 'Video', assetId: asset.id };
      const thumbnail = thumbnails.get(asset.thumbAssetId ?? 0);
      if (thumbnail === undefined) {
        const message = `${asset.name}: omitted, because it has no published thumbnail`;
        rows.push({ ...about, logType: logTypes.warning, message });
        continue;
      }
      listed.push({
        title: text(asset, 'dc.title') ?? asset.name,
        description: text(asset, 'dc.description') ?? asset.name,
        content: `${base}/is/content/${place}/${encodeURIComponent(catalogId)}`,
        thumbnail: `${base}/is/image/${place}/${encodeURIComponent(thumbnail)}`,
        publishedAt,
        duration: typeof asset.info['duration'] === 'number' ? asset.info['duration'] : undefined,
      });
      rows.push({
        ...about,
        logType: logTypes.success,
        message: `The video ${asset.name} is in the sitemap.`,
      });
    }
    if (listed.length > MAX_SITEMAP_URLS)
      throw new RunFailure(`found ${listed.length} videos; a sitemap can hold at most ${MAX_SITEMAP_URLS}`);
    const xml = videoSitemap(listed);
    const path = join(publishedDirectory(services.config.serverRoot, company), SITEMAP_FILE);
    const unchanged =
      context.details.forceUpdate !== true && (await readFile(path, 'utf8').catch(() => '')) === xml;
    await context.setTotal(videos.length);
    if (unchanged) {
      await context.once('sitemap', async (tx) => {
        await context.addRows(tx, [
          { logType: 'FileProgress', message: `The sitemap ${SITEMAP_FILE} is up to date.` },
        ]);
        await context.count(tx, { duplicate: videos.length });
      });
      return 'done';
    }
    const staged = await stageDocument(path, xml, run);
    await context.once('sitemap', async (tx) => {
      await context.addRows(tx, [
        ...rows,
        {
          logType: logTypes.success,
          message: `The sitemap was written to ${base}/is/sitemap/${place}/${SITEMAP_FILE}.`,
          assetName: SITEMAP_FILE,
          assetType: 'Xml',
        },
      ]);
      await context.count(tx, {
        success: listed.length,
        warning: videos.length - listed.length,
        transferSuccess: 1,
      });
      await staged.commit();
    });
    return 'done';
  },
};

function publishedVideos({ services, company }: RunContext) {
  return services.db
    .select({
      asset: t.assets,
      catalogId: t.publications.catalogId,
      publishedAt: t.publications.publishedAt,
    })
    .from(t.publications)
    .innerJoin(t.publishContexts, eq(t.publishContexts.id, t.publications.contextId))
    .innerJoin(t.assets, eq(t.assets.id, t.publications.assetId))
    .where(
      and(
        eq(t.publications.companyId, company.id),
        eq(t.publishContexts.type, 'Video'),
        inArray(t.assets.type, ['Video', 'MasterVideo']),
      ),
    )
    .orderBy(asc(t.assets.id));
}

/** The names in the delivery URLs of images, by asset number. */
async function publishedImages(
  { services }: RunContext,
  assetIds: readonly number[],
): Promise<Map<number, string>> {
  if (assetIds.length === 0) return new Map();
  const rows = await services.db
    .select({ id: t.publications.assetId, catalogId: t.publications.catalogId })
    .from(t.publications)
    .innerJoin(t.publishContexts, eq(t.publishContexts.id, t.publications.contextId))
    .where(
      and(
        eq(t.publishContexts.type, 'ImageServing'),
        inArray(t.publications.assetId, [...new Set(assetIds)]),
      ),
    );
  return new Map(rows.map(({ id, catalogId }) => [id, catalogId]));
}

function text(asset: AssetRow, key: string): string | undefined {
  const value = asset.xmp[key];
  const first = Array.isArray(value) ? value[0] : value;
  return first === undefined || first.trim() === '' ? undefined : first;
}
