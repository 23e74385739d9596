import { RunFailure } from '../failures.js';
import { invalidParameter } from '../faults.js';
import type { JobKind } from '../jobs/job-kind.js';
import type { KindLogTypes } from '../jobs/log-types.js';
import type { RunContext } from '../jobs/run-context.js';
import { publishMetadataIndex } from '../publish/metadata-index.js';
import { type ContextType, contextOfJob } from '../publish/publish-contexts.js';
import type { CleanupLogTypes } from '../publish/publish-plan.js';
import { publishRun } from '../publish/publish-run.js';
import { PublishedDirectory } from '../publish/published-directory.js';

/** `JobLog.jobSubType` by `publishType`. */
const SUB_TYPES: Readonly<Record<string, string>> = {
  Full: 'full',
  FullWithSearch: 'fullwithsearch',
  Incremental: 'increment',
};

/** Publishes images, sets and static content to image serving, the catalog used for delivery. */
export const imageServingPublishJob: JobKind<'imageServingPublishJob'> = {
  kind: 'imageServingPublishJob',
  type: 'ImageServingPublish',
  oneAtATime: true,
  logTypes: logTypes('ImageServingPublish'),
  subType: ({ publishType }) => SUB_TYPES[publishType] ?? '',
  check: async ({ publishType, contextHandle }, place) => {
    if (!Object.hasOwn(SUB_TYPES, publishType)) {
      throw invalidParameter(
        'imageServingPublishJob/publishType',
        publishType,
        Object.keys(SUB_TYPES).join(', '),
      );
    }
    const path = 'imageServingPublishJob/contextHandle';
    await contextOfJob(place.db, place.company.id, 'ImageServing', contextHandle, path);
  },
  run: async (context) => {
    const { publishType, contextHandle } = context.details;
    if (!Object.hasOwn(SUB_TYPES, publishType)) throw new RunFailure(`unknown publish type "${publishType}"`);
    await publishRun(context, {
      context: await contextOf(context, 'ImageServing', contextHandle),
      full: publishType !== 'Incremental',
      cleanup: cleanupLogTypes('ImageServingPublish'),
    });
    if (publishType === 'FullWithSearch')
      await publishMetadataIndex(context, { force: true, counted: false });
    return 'done';
  },
};

/** Publishes assets for image rendering: vignettes, cabinets, window coverings and scenes. */
export const imageRenderingPublishJob: JobKind<'imageRenderingPublishJob'> = {
  kind: 'imageRenderingPublishJob',
  type: 'ImageRenderingPublish',
  // The service has no constant for these warnings.
  logTypes: { ...logTypes('ImageRenderingPublish'), warning: 'ImageRenderingPublishError' },
  check: async ({ contextHandle }, place) => {
    const path = 'imageRenderingPublishJob/contextHandle';
    await contextOfJob(place.db, place.company.id, 'ImageRendering', contextHandle, path);
  },
  run: async (context) => {
    await publishRun(context, {
      context: await contextOf(context, 'ImageRendering', context.details.contextHandle),
      full: false,
      // The service has no constant for a successful cleanup of this kind.
      cleanup: { ...cleanupLogTypes('ImageRenderingPublish'), end: undefined },
    });
    return 'done';
  },
};

/** Publishes videos, their audio, captions and cue points. */
export const videoPublishJob: JobKind<'videoPublishJob'> = {
  kind: 'videoPublishJob',
  type: 'VideoPublish',
  logTypes: logTypes('VideoPublish'),
  check: async ({ contextHandle }, place) => {
    const path = 'videoPublishJob/contextHandle';
    await contextOfJob(place.db, place.company.id, 'Video', contextHandle, path);
  },
  run: async (context) => {
    await publishRun(context, {
      context: await contextOf(context, 'Video', context.details.contextHandle),
      full: false,
      cleanup: cleanupLogTypes('VideoPublish'),
    });
    return 'done';
  },
};

/** Publishes files to a directory of the server. */
export const serverDirectoryPublishJob: JobKind<'serverDirectoryPublishJob'> = {
  kind: 'serverDirectoryPublishJob',
  type: 'ServerDirectoryPublish',
  logTypes: logTypes('ServerDirectoryPublish'),
  run: async (context) => {
    const { services, company, run } = context;
    await publishRun(context, {
      context: await contextOf(context, 'ServerDirectory', undefined),
      full: false,
      // The service has no constants for cleanups of this kind.
      cleanup: {
        begin: 'BeginDelete',
        end: 'EndDelete',
        success: 'DeleteSuccess',
      },
      place: new PublishedDirectory(services.config.serverRoot, company, services.files, run),
    });
    return 'done';
  },
};

async function contextOf(context: RunContext, type: ContextType, handle: string | undefined) {
  const { services, company } = context;
  try {
    const found = await contextOfJob(services.db, company.id, type, handle, 'contextHandle');
    if (found !== undefined) return found;
  } catch {
    throw new RunFailure(`the publish context ${handle} of type ${type} no longer exists`);
  }
  throw new RunFailure(`the company has no publish context of type ${type}`);
}

function logTypes(word: string): KindLogTypes {
  return {
    begin: `Begin${word}`,
    end: `End${word}`,
    success: `${word}Success`,
    error: `${word}Error`,
    warning: `${word}Warning`,
  };
}

function cleanupLogTypes(word: string): CleanupLogTypes {
  return {
    begin: `Begin${word}Cleanup`,
    end: `End${word}Cleanup`,
    success: `${word}CleanupSuccess`,
  };
}
