import { eq } from 'drizzle-orm';
import { companyOf } from '../access/call.js';
import { inTransaction } from '../assets/asset-changes.js';
import { changedBy, findAsset, findLiveAsset } from '../assets/asset-store.js';
import * as t from '../db/schema.js';
import { packedPacket, packetOf, unpackedPacket } from '../metadata/xmp-document.js';
import type { AreaHandlers } from './handler.js';

/** Operations of XMP packets. */
export const xmpHandlers: AreaHandlers = {
  // An asset whose file had no packet gets one made of what is known of it.
  getXMPPacket: async (input, call) => {
    const asset = await findAsset(call.db, companyOf(call).id, input.assetHandle);
    const [row] = await call.db
      .select({ packet: t.xmpPackets.packet })
      .from(t.xmpPackets)
      .where(eq(t.xmpPackets.assetId, asset.id));
    return { compressedPacket: packedPacket(row?.packet ?? packetOf(asset.xmp)) };
  },

  // The properties of the asset are those of the packet from now on.
  updateXMPPacket: async (input, call) => {
    const asset = await findLiveAsset(call.db, companyOf(call).id, input.assetHandle);
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
    return { success: true };
  },
};
