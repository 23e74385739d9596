import type {
  JournalEntryXml,
  JournalPage,
  MailsPage,
  NotificationsPage,
  TestChaos,
  TestState,
} from '../api.js';

/** Which part of a list. */
export interface PageRequest {
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
}

/** What the admin API offers to the test panel. */
export interface OwnAdmin {
  state(): Promise<Omit<TestState, 'shell'>>;
  advance(milliseconds: number): Promise<void>;
  setTime(time: Date): Promise<void>;
  chaos(settings: TestChaos): void;
  seed(seed: unknown): Promise<void>;
  reset(): Promise<void>;
  mails(page: PageRequest): Promise<MailsPage>;
  notifications(page: PageRequest): Promise<NotificationsPage>;
  journal(page: PageRequest, operation: string | undefined): JournalPage;
  journalEntry(id: string): JournalEntryXml | undefined;
}
