import type { Moment, PageInfo } from './common.js';

/** The answer to `GET test`. Only the own server with its admin API has it. */
export interface TestState {
  readonly clock: {
    readonly mode: 'real' | 'instant' | 'manual';
    readonly now: Moment;
  };
  readonly chaos: TestChaos;
  readonly mails: number;
  /** Notifications that are still to be delivered. */
  readonly notifications: number;
  readonly journal: number;
  /** The same from a shell. */
  readonly shell: readonly string[];
}

/** Body of `POST test/clock`: one of them. Only a manual clock moves. */
export interface TestClockRequest {
  /** Milliseconds. */
  readonly advance?: number | undefined;
  readonly now?: Moment | undefined;
}

/** Failures to inject. Absent ones are off. */
export interface TestChaos {
  /** Delay of each answer in milliseconds. */
  readonly latency?: number | undefined;
  /** Shares of calls from 0 to 1 that end in a fault, without an answer, or with half of one. */
  readonly fault?: number | undefined;
  readonly drop?: number | undefined;
  readonly truncate?: number | undefined;
  readonly faultWithOk?: boolean | undefined;
  readonly operations?: readonly string[] | undefined;
  readonly seed?: number | undefined;
}

/** Body of `POST test/seed`. */
export interface TestSeedRequest {
  /** As `POST /admin/seed`. */
  readonly seed: unknown;
}

/** Body of `POST test/reset`. Everything is emptied, and every session ends. */
export interface TestResetRequest {
  /** Typed by the user. */
  readonly confirm: 'reset';
}

export interface MailsPage extends PageInfo {
  /** Latest first. */
  readonly mails: readonly {
    readonly id: string;
    readonly recipient: string;
    readonly subject: string;
    readonly body: string;
    readonly createdAt: Moment;
    /** `waiting`, `kept`, `sent`, or what went wrong. */
    readonly outcome: string;
  }[];
}

export interface NotificationsPage extends PageInfo {
  /** Latest first: all that wait, and those that this process delivered or gave up. */
  readonly notifications: readonly {
    readonly id: string;
    readonly kind: 'http' | 'mail';
    readonly target: string;
    readonly about: string;
    readonly body: string;
    readonly createdAt: Moment;
    readonly attempts: number;
    readonly status: 'waiting' | 'delivered' | 'failed';
    readonly dueAt?: Moment | undefined;
    /** Why the latest attempt failed. */
    readonly error?: string | undefined;
  }[];
}

/** Calls that the server received, except those of the console itself. */
export interface JournalPage extends PageInfo {
  /** Latest first. */
  readonly entries: readonly JournalEntry[];
  /** How many the server keeps. */
  readonly capacity: number;
}

export interface JournalEntry {
  readonly id: string;
  readonly at: Moment;
  /** Empty if the request could not be read. */
  readonly operation: string;
  readonly transport: 'soap' | 'plain' | 'upload';
  /** 0 if a test had the connection dropped. */
  readonly status: number;
  readonly fault?: { readonly code: number; readonly reason: string } | undefined;
  /** Milliseconds. */
  readonly duration: number;
  readonly user?: string | undefined;
}

/** The answer to `GET test/journal/entry`: XML without secrets. */
export interface JournalEntryXml extends JournalEntry {
  readonly request: string;
  readonly response: string;
  /** Whether it was cut because of its length. */
  readonly isTruncated: boolean;
}
