import { eq } from 'drizzle-orm';
import { READ, READ_WRITE } from '../access/permissions/rights.js';
import { inTransaction } from '../assets/asset-changes.js';
import { changedBy } from '../assets/asset-store.js';
import { permittedAsset, permittedLiveAsset } from '../assets/permitted-objects.js';
import * as t from '../db/schema.js';
import { packedPacket, packetOf, unpackedPacket } from '../metadata/xmp-document.js';
import type { AreaHandlers } from './handler.js';

/** Operations on XMP packets. */
export const xmpHandlers: AreaHandlers = {
  // For an asset whose file had no packet, creates one from its known properties.
  getXMPPacket: async (input, call) => {
    const asset = await permittedAsset(call, input.assetHandle, READ);
    const [row] = await call.db
      .select({ packet: t.xmpPackets.packet })
      .from(t.xmpPackets)
      .where(eq(t.xmpPackets.assetId, asset.id));
    return { compressedPacket: packedPacket(row?.packet ?? packetOf(asset.xmp)) };
  },

  // The packet's properties replace those of the asset.
  updateXMPPacket: async (input, call) => {
    const asset = await permittedLiveAsset(call, input.assetHandle, READ_WRITE);
    const { packet, properties } = unpackedPacket(input.compressedPacket, 'compressedPacket');
    await inTransaction(call, async (tx) => {
      await tx
        .insert(t.xmpPackets)
        .values({ assetId: asset.id, packet })
        .onConflictDoUpdate({ target: t.xmpPackets.assetId, set: { packet } });
      await tx
        .update(t.assets)
        .set({ xmp: properties, ...changedBy(call) })
        .where(eq(t.assets.id, asset.id));
    });
    call.services.lookups.forget();
    return { success: true };
  },
};
