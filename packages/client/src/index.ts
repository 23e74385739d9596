/**
 * A typed client of the IPS API of Adobe Dynamic Media Classic.
 *
 * @packageDocumentation
 */
// The types of the contract, so that a program that needs no more than them need not depend on another package.

export type * from '@ips-sdk/types';
export { parseJobHandle } from '@ips-sdk/types/jobs';
export { IpsFault, WireError } from '@ips-sdk/wire';
export { parseSchedule, type Schedule, ScheduleError, schedule } from '@ips-sdk/wire/schedule';
export type { BatchFault, BatchOperationName, BatchResult } from './batch.js';
export { type CdnInvalidation, CdnUrlError, checkCdnUrls } from './cdn.js';
export type { CdnSelection, InvalidateOptions } from './cdn-options.js';
export { type Cdn, CdnSelectionError } from './cdn-selection.js';
export { createIpsClient, type IpsClient } from './client.js';
export type { IpsClientBase } from './client-base.js';
export type { ClientInput } from './client-input.js';
export { ConfigError } from './config-error.js';
export { completeEndpoint, type Endpoints, endpointsOf, type Region, type Stage } from './endpoints.js';
export {
  ConnectionError,
  HttpError,
  InterruptedError,
  JobNotFoundError,
  TimeoutError,
  ValidationError,
} from './errors.js';
export { ExportSizeError, type OversizedAsset } from './exports/export-chunks.js';
export type { SavedFile } from './exports/export-entries.js';
export type { ExportedAssets, ExportOptions, PlannedExport } from './exports/export-options.js';
export type { WalkedFolder } from './folders.js';
export type { OperationMethods } from './generated/operation-methods.js';
export type { Exchange } from './history.js';
export type { Download, DownloadOptions } from './http/download.js';
export type { TlsOptions } from './http/tls-options.js';
export type { Job } from './jobs/job.js';
export type { JobEvent } from './jobs/job-event.js';
export type {
  ActiveJobFilter,
  HistoryOptions,
  ListedJob,
  ListOptions,
  SubmitOptions,
  WaitOptions,
  WatchOptions,
} from './jobs/job-options.js';
export type { Jobs, SubmittableJobKind } from './jobs/jobs.js';
export type { FailedItem, JobStatus, JobVerdict } from './jobs/verdict.js';
export type { BatchOptions, StreamOptions, WalkOptions } from './list-options.js';
export type {
  Auth,
  CallOptions,
  ClientHooks,
  Credentials,
  IpsClientOptions,
  RawAnswer,
  RetryOptions,
  ValidateInput,
  Validation,
} from './options.js';
export type { PagedInput, PagedOperations } from './paginate.js';
export type { GroupDecision, PermissionPlace, Right } from './permissions/decide.js';
export type {
  AssetPermissions,
  ExplainedRight,
  ExplainSubject,
  FolderPermissions,
  GroupPermissions,
  GroupRight,
  PermissionExplanation,
  PermissionTarget,
  TargetPermissions,
} from './permissions/permission-types.js';
export type { Permissions } from './permissions/permissions.js';
export type { RawExchange, RawFile, RawPart, Recorder } from './recorder/raw-exchange.js';
export type {
  CropRect,
  SmartCrop,
  SmartCropChange,
  SmartCropCopy,
  SmartCropOptions,
  SmartCrops,
} from './smart-crops.js';
export type {
  SoapCallOptions,
  SoapClient,
  SoapClientBase,
  SoapEvents,
  SoapMethod,
  SoapMethodAsync,
  SoapMethods,
  SoapSecurity,
} from './soap-client.js';
export type { TransferMethods } from './transfer-methods.js';
export type { FileRules, LeftOut, LeftOutRule } from './uploads/file-rules.js';
export type { ByteStream, FileSource, FoundFiles, LocalFile } from './uploads/file-sources.js';
export { JournalError } from './uploads/journal-error.js';
export type {
  UploadEvent,
  UploadJob,
  UploadOutcome,
  UploadProgress,
  UploadReport,
  UploadStatus,
} from './uploads/outcome.js';
export type { TrackedFile } from './uploads/tracker.js';
export { FileSourceError, UploadInputError, type UploadProblem } from './uploads/upload-error.js';
export type { UploadFilesOptions, UploadOptions, UploadUrlsOptions } from './uploads/upload-options.js';
export type { ContractMethods, VersionedClientOptions, VersionedIpsClient } from './versioned-client.js';
