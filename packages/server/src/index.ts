/**
 * An IPS-compatible job server.
 *
 * @packageDocumentation
 */
export type { JobClock } from './clock.js';

export type { GzipRule, ServerLimits } from './config.js';
export { createIpsServer, type IpsServer } from './create-server.js';
export type { RunCounters } from './db/schema/run-counters.js';
export type { SubmittedJobForm } from './handles.js';
export type { RecordedRequest, RequestFilter } from './http/request-journal.js';
export type { WaitOptions } from './http/wait-options.js';
export type { CompletionNotice } from './jobs/completion-notice.js';
export type { JobOutcome } from './jobs/job-outcome.js';
export type { MailFilter, RecordedMail } from './jobs/mails.js';
export type { NotificationFilter, RecordedNotification } from './jobs/notification-log.js';
export type { ChaosSettings } from './operations/chaos.js';
export type { AdminAccount, AdminOptions, PasswordSource } from './seed/admin-account.js';
export type {
  Seed,
  SeedAsset,
  SeedCompany,
  SeedField,
  SeedFolder,
  SeedGroup,
  SeedItem,
  SeedJob,
  SeedMembership,
  SeedPermission,
  SeedPicture,
  SeedSet,
  SeedUser,
} from './seed/seed-types.js';
export type { Snapshot } from './seed/snapshot.js';
export type { IpsServerOptions, IpsWorkerOptions } from './server-options.js';
export type { IpsWorker } from './worker-process.js';
