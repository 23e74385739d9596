import type { ConfigSetting } from '@ips-sdk/types';
import { and, eq } from 'drizzle-orm';
import { type Call, companyOf } from '../access/call.js';
import * as t from '../db/schema.js';
import { ruleBroken } from '../faults.js';
import { type ContextType, contextOfJob } from '../publish/publish-contexts.js';
import { checkCount, checkSettings } from './config-settings.js';
import type { AreaHandlers } from './handler.js';

/**
 * Operations on the settings of publish contexts. They are stored as given: the service uses them internally and does not document
 * their names. Setting replaces the whole list.
 */
export const publishSettingHandlers: AreaHandlers = {
  getImageServingPublishSettings: async (input, call) => ({
    publishSettingArray: await read(call, await ownerOf(call, 'ImageServing', input.contextHandle)),
  }),

  setImageServingPublishSettings: async (input, call) => {
    await write(call, await ownerOf(call, 'ImageServing', input.contextHandle), input.publishSettingArray);
    return {};
  },

  getImageRenderingPublishSettings: async (input, call) => ({
    publishSettingArray: await read(call, await ownerOf(call, 'ImageRendering', input.contextHandle)),
  }),

  setImageRenderingPublishSettings: async (input, call) => {
    await write(call, await ownerOf(call, 'ImageRendering', input.contextHandle), input.publishSettingArray);
    return {};
  },
};

/** The key of a context's settings. Default: the company's first context of the type. */
async function ownerOf(call: Call, type: ContextType, handle: string | undefined): Promise<string> {
  const context = await contextOfJob(call.db, companyOf(call).id, type, handle, 'contextHandle');
  if (context === undefined) throw ruleBroken(`The company has no publish context of type ${type}`);
  return `context:${context.id}`;
}

async function read(call: Call, owner: string): Promise<ConfigSetting[]> {
  const [row] = await call.db
    .select({ settings: t.configSettings.settings })
    .from(t.configSettings)
    .where(and(eq(t.configSettings.companyId, companyOf(call).id), eq(t.configSettings.owner, owner)));
  return row?.settings ?? [];
}

async function write(call: Call, owner: string, given: readonly ConfigSetting[]): Promise<void> {
  checkCount(given.length, 'publishSettingArray');
  checkSettings(given, 'publishSettingArray');
  const settings = given.map((setting) => ({ ...setting }));
  await call.db
    .insert(t.configSettings)
    .values({ companyId: companyOf(call).id, owner, settings })
    .onConflictDoUpdate({
      target: [t.configSettings.companyId, t.configSettings.owner],
      set: { settings },
    });
  call.services.lookups.forget();
}
