import type {
  AssetActionRequest,
  AssetActionResult,
  AssetPage,
  AssetsPage,
  AssetsQuery,
  CompanyRequest,
  DeliveryPreview,
  FolderActionRequest,
  FolderActionResult,
  FoldersAnswer,
  JobActionRequest,
  JobActionResult,
  JobAssetsPage,
  JobFacets,
  JobKindsAnswer,
  JobPage,
  JobsPage,
  JobsQuery,
  JobXml,
  JournalEntryXml,
  JournalPage,
  LoginRequest,
  LogPage,
  LogQuery,
  MailsPage,
  MetadataRequest,
  NotificationsPage,
  OverviewPage,
  PermissionsAnswer,
  PermissionsQuery,
  PublishPage,
  ScheduleEditRequest,
  ScheduleEditResult,
  SchedulePreview,
  SchedulePreviewRequest,
  SchedulesPage,
  SessionInfo,
  SmartCropsRequest,
  SubmitCheck,
  SubmitRequest,
  SubmitResult,
  TestChaos,
  TestClockRequest,
  TestResetRequest,
  TestSeedRequest,
  TestState,
  Throughput,
  UploadRequest,
  UploadState,
} from './contract.ts';

interface Get<Query extends object, Answer> {
  readonly query: Query;
  readonly answer: Answer;
}

interface Post<Body, Answer> {
  readonly body: Body;
  readonly answer: Answer;
}

type Nothing = Readonly<Record<never, never>>;
type OfHandle = { readonly handle: string };
type OfPage = { readonly page?: number; readonly pageSize?: number };

/** What is read: path, query and answer. */
export interface Gets {
  readonly session: Get<Nothing, SessionInfo>;
  readonly jobs: Get<JobsQuery, JobsPage>;
  readonly 'jobs/facets': Get<Nothing, JobFacets>;
  readonly job: Get<OfHandle, JobPage>;
  readonly 'job/log': Get<LogQuery, LogPage>;
  readonly 'job/assets': Get<OfHandle & OfPage, JobAssetsPage>;
  readonly 'job/xml': Get<OfHandle, JobXml>;
  readonly 'job/throughput': Get<OfHandle, Throughput>;
  readonly kinds: Get<Nothing, JobKindsAnswer>;
  readonly schedules: Get<Nothing, SchedulesPage>;
  readonly folders: Get<{ readonly path?: string }, FoldersAnswer>;
  readonly assets: Get<AssetsQuery, AssetsPage>;
  readonly asset: Get<OfHandle, AssetPage>;
  readonly 'asset/preview': Get<OfHandle & { readonly commands?: string }, DeliveryPreview>;
  readonly permissions: Get<PermissionsQuery, PermissionsAnswer>;
  readonly uploads: Get<{ readonly id: string }, UploadState>;
  readonly publish: Get<Nothing, PublishPage>;
  readonly overview: Get<Nothing, OverviewPage>;
  readonly test: Get<Nothing, TestState>;
  readonly 'test/mails': Get<OfPage, MailsPage>;
  readonly 'test/notifications': Get<OfPage, NotificationsPage>;
  readonly 'test/journal': Get<OfPage & { readonly operation?: string }, JournalPage>;
  readonly 'test/journal/entry': Get<{ readonly id: string }, JournalEntryXml>;
}

/** What changes or computes: path, body and answer. */
export interface Posts {
  readonly login: Post<LoginRequest, SessionInfo>;
  readonly logout: Post<Nothing, SessionInfo>;
  readonly company: Post<CompanyRequest, SessionInfo>;
  readonly 'job/actions': Post<JobActionRequest, JobActionResult>;
  readonly 'submit/check': Post<SubmitRequest, SubmitCheck>;
  readonly submit: Post<SubmitRequest, SubmitResult>;
  readonly 'schedules/preview': Post<SchedulePreviewRequest, SchedulePreview>;
  readonly 'schedules/edit': Post<ScheduleEditRequest, ScheduleEditResult>;
  readonly folders: Post<FolderActionRequest, FolderActionResult>;
  readonly 'assets/actions': Post<AssetActionRequest, AssetActionResult>;
  readonly 'assets/metadata': Post<MetadataRequest, AssetActionResult>;
  readonly 'assets/crops': Post<SmartCropsRequest, AssetActionResult>;
  readonly uploads: Post<UploadRequest, UploadState>;
  readonly 'uploads/cancel': Post<{ readonly id: string }, UploadState>;
  readonly 'test/clock': Post<TestClockRequest, TestState>;
  readonly 'test/chaos': Post<TestChaos, TestState>;
  readonly 'test/seed': Post<TestSeedRequest, TestState>;
  readonly 'test/reset': Post<TestResetRequest, TestState>;
}

export type GetPath = keyof Gets;
export type PostPath = keyof Posts;
/** Paths whose query has no required field. */
export type PlainGetPath = { [P in GetPath]: Nothing extends Gets[P]['query'] ? P : never }[GetPath];
