import type { AssetsQuery } from '../api.js';
import { actOnAssets, changeCrops, changeMetadata } from '../assets/asset-actions.js';
import { assetImage } from '../assets/asset-image.js';
import { assetPage, findAsset } from '../assets/asset-page.js';
import { deliveryOf } from '../assets/delivery.js';
import { actOnFolder, foldersIn } from '../assets/folders.js';
import { imagePresets } from '../assets/image-presets.js';
import { listAssets } from '../assets/list-assets.js';
import { permissionsOf } from '../assets/permissions.js';
import type { ConsoleParts, ConsoleRoutes } from '../console-parts.js';
import { ConsoleError } from '../problem.js';
import { flag, many, needed, one, type Query, whole, word } from '../query-string.js';

/** The longer side of a thumbnail, in pixels. */
const THUMB = 256;

/** `folders`, `assets`, `asset` and `permissions`. */
export function assetRoutes(routes: ConsoleRoutes, { options }: ConsoleParts): void {
  routes.get('folders', async ({ session, query }) => foldersIn(session, one(query, 'path')));
  routes.post('folders', async ({ session }, body) => actOnFolder(session, body));

  routes.get('assets', async ({ session, query }) =>
    listAssets(session, {
      ...assetsQueryOf(query),
      page: whole(query, 'page', 1, 1, 1_000_000),
      pageSize: whole(query, 'pageSize', 60, 1, 200),
    }),
  );
  routes.get('asset', async ({ session, query }) => assetPage(options, session, needed(query, 'handle')));

  routes.get('permissions', async ({ session, query }) =>
    permissionsOf(options, session, { folder: one(query, 'folder'), asset: one(query, 'asset') }),
  );

  routes.get('asset/preview', async ({ session, query }) => {
    const asset = await findAsset(session, needed(query, 'handle'));
    const commands = one(query, 'commands') ?? '';
    const presets = /\$|%24/.test(commands) ? await imagePresets(session) : [];
    const delivery = deliveryOf(options, session, asset, commands, presets);
    if (delivery === undefined) throw new ConsoleError('notFound', 'the service names no URL of this asset');
    return delivery;
  });

  routes.get('asset/image', async ({ session, query, reply }) => {
    const size = whole(query, 'size', THUMB, 16, 2000);
    const commands = one(query, 'commands') ?? `wid=${size}&hei=${size}&fit=constrain,0&fmt=png-alpha`;
    const { mediaType, data } = await assetImage(options, session, needed(query, 'handle'), commands);
    await reply
      .type(mediaType)
      .header('cache-control', 'private, max-age=60')
      .header('content-security-policy', "default-src 'none'; sandbox")
      .send(Buffer.from(data));
    return undefined;
  });

  routes.post('assets/actions', async (given, body) => {
    const result = await actOnAssets(given.session, body);
    // A publish shows among the jobs at once.
    if (result.jobHandle !== undefined) await (await given.feed()).live.poke();
    return result;
  });
  routes.post('assets/metadata', async ({ session }, body) => changeMetadata(session, body));
  routes.post('assets/crops', async ({ session }, body) => changeCrops(session, body));
}

function assetsQueryOf(query: Query): AssetsQuery {
  return {
    folder: one(query, 'folder'),
    includeSubfolders: flag(query, 'includeSubfolders'),
    text: one(query, 'text'),
    type: many(query, 'type'),
    publishState: word(query, 'publishState', ['MarkedForPublish', 'NotMarkedForPublish']),
    place: word(query, 'place', ['live', 'trash']),
    sort: word(query, 'sort', ['name', 'type', 'created', 'lastModified', 'fileSize']),
    direction: word(query, 'direction', ['asc', 'desc']),
  };
}
