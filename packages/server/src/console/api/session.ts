import type { Company } from '@ips-sdk/types';
import type { Moment } from './common.js';

/** The session of the browser, or the way to one. */
export interface SessionInfo {
  readonly isLoggedIn: boolean;
  /** For the header `x-csrf-token`; empty without a login. */
  readonly csrf: string;
  /** What the login page offers. A console of its own server has one, `this server`. */
  readonly profiles: readonly ProfileInfo[];
  /** The name of the profile in use; without a login, the one to suggest. */
  readonly profile: string;
  readonly service: ServiceInfo;
  /** Why every change is refused; `undefined` if changes are allowed. */
  readonly readOnly: string | undefined;
  /** Version of the console. */
  readonly version: string;
  /** Only with a login: */
  readonly user?: UserInfo | undefined;
  readonly company?: Company | undefined;
  /** The companies that the user can switch to, by name. */
  readonly companies?: readonly Company[] | undefined;
  readonly capabilities?: Capabilities | undefined;
  /** When the session ends without another request. */
  readonly expires?: Moment | undefined;
}

/** A place to log in to. */
export interface ProfileInfo {
  readonly name: string;
  readonly endpoint: string;
  /** Suggestions for the form. */
  readonly user?: string | undefined;
  readonly company?: string | undefined;
  /** Whether the host has the password, so that the form needs no input. */
  readonly hasCredentials: boolean;
  readonly readOnly: boolean;
}

/** The service behind the console. */
export interface ServiceInfo {
  /** `own`: the server that serves the console. `foreign`: any other endpoint. */
  readonly kind: 'own' | 'foreign';
  readonly endpoint: string;
  /** IANA name of the zone in which the service evaluates schedules; `undefined` if unknown. */
  readonly timeZone: string | undefined;
  /** The time of the service, which a test may have set. */
  readonly now: Moment;
  /** Whether the test panel exists. */
  readonly hasTestPanel: boolean;
  /** `events`: changes arrive by themselves. `polling`: one poller asks for all viewers. */
  readonly live: 'events' | 'polling';
  /** Number of jobs that run at once; only for `own`. */
  readonly workers?: number | undefined;
}

/** The user who is logged in. */
export interface UserInfo {
  readonly email: string;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
  readonly userHandle?: string | undefined;
  /** The role in the current company, such as `TrialCompanyAdmin` or `IpsUser`; `undefined` if the service does not show it. */
  readonly role?: string | undefined;
}

/** What the role of the user allows in the current company. The service decides in the end, and its fault is shown. */
export interface Capabilities {
  readonly submitJobs: boolean;
  /** Stop, pause, resume, run now, delete. */
  readonly controlJobs: boolean;
  readonly uploadAssets: boolean;
  readonly changeAssets: boolean;
  readonly deleteAssets: boolean;
  readonly publish: boolean;
  readonly seeUsers: boolean;
  /** Clock, chaos, seed and reset. */
  readonly testPanel: boolean;
  /** Smart crops, which the contract of some endpoints lacks. */
  readonly smartCrops: boolean;
}

/** Body of `POST login`. */
export interface LoginRequest {
  readonly profile?: string | undefined;
  /** Not needed if the profile has credentials. */
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** Name or handle of the company to start with. Default: that of the profile, or the first one. */
  readonly company?: string | undefined;
}

/** Body of `POST company`. */
export interface CompanyRequest {
  readonly companyHandle: string;
}
