/**
 * The JSON API and the events of the console, shared by its host (`packages/server/src/console`) and the browser (`apps/console`).
 * Types only, without types of Node.
 *
 * All paths start with `/console/api/`. The tables list them; `?` marks a query, the rest are JSON bodies. Requests that change something
 * carry the header `x-csrf-token` with `SessionInfo.csrf` (except `POST login`) and `content-type: application/json`. Errors are
 * {@link ApiProblem}. Fields that mirror the API of the service keep its names and its handles.
 *
 * | Request | Input | Answer |
 * | --- | --- | --- |
 * | GET session | | SessionInfo |
 * | POST login | LoginRequest | SessionInfo, or 401 |
 * | POST logout | {} | SessionInfo |
 * | POST company | CompanyRequest | SessionInfo |
 * | GET jobs | ?JobsQuery | JobsPage |
 * | GET jobs/facets | | JobFacets |
 * | GET job | ?handle | JobPage |
 * | GET job/log | ?LogQuery | LogPage |
 * | GET job/log/file | ?LogQuery & format=csv or json | a file |
 * | GET job/assets | ?handle&page&pageSize | JobAssetsPage |
 * | GET job/xml | ?handle | JobXml |
 * | GET job/throughput | ?handle | Throughput |
 * | POST job/actions | JobActionRequest | JobActionResult |
 * | GET kinds | | JobKindsAnswer |
 * | POST submit/check | SubmitRequest | SubmitCheck |
 * | POST submit | SubmitRequest | SubmitResult |
 * | GET schedules | | SchedulesPage |
 * | POST schedules/preview | SchedulePreviewRequest | SchedulePreview |
 * | POST schedules/edit | ScheduleEditRequest | ScheduleEditResult |
 * | GET folders | ?path | FoldersAnswer |
 * | POST folders | FolderActionRequest | FolderActionResult |
 * | GET assets | ?AssetsQuery | AssetsPage |
 * | GET asset | ?handle | AssetPage |
 * | GET asset/image | ?handle&size&commands | an image |
 * | GET asset/preview | ?handle&commands | DeliveryPreview |
 * | GET permissions | ?PermissionsQuery | PermissionsAnswer |
 * | POST assets/actions | AssetActionRequest | AssetActionResult |
 * | POST assets/metadata | MetadataRequest | AssetActionResult |
 * | POST assets/crops | SmartCropsRequest | AssetActionResult |
 * | POST uploads | UploadRequest | UploadState |
 * | GET uploads | ?id | UploadState |
 * | PUT uploads/chunk | ?id&file&offset, body application/octet-stream | UploadState |
 * | POST uploads/cancel | { id } | UploadState |
 * | GET publish | | PublishPage |
 * | GET overview | | OverviewPage |
 * | GET test | | TestState |
 * | POST test/clock | TestClockRequest | TestState |
 * | POST test/chaos | TestChaos | TestState |
 * | POST test/seed | { seed } | TestState |
 * | POST test/reset | { confirm: 'reset' } | TestState |
 * | GET test/mails | ?page&pageSize | MailsPage |
 * | GET test/notifications | ?page&pageSize | NotificationsPage |
 * | GET test/journal | ?page&pageSize&operation | JournalPage |
 * | GET test/journal/entry | ?id | JournalEntryXml |
 * | GET events | ?job | server-sent events, see ConsoleEvent |
 */
export type * from './api/assets.js';
export type * from './api/common.js';
export type * from './api/events.js';
export type * from './api/jobs.js';
export type * from './api/overview.js';
export type * from './api/permissions.js';
export type * from './api/session.js';
export type * from './api/submit.js';
export type * from './api/test-panel.js';
export type * from './api/uploads.js';
