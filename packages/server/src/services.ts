import type { Logger } from 'pino';
import type { Clock } from './clock.js';
import type { ServerConfig } from './config.js';
import type { Db } from './db/db.js';
import type { FileStore } from './files/file-store.js';
import type { Metrics } from './metrics.js';
import type { Logins } from './passwords/logins.js';

/** What handlers and jobs work with; one for each server. */
export interface Services {
  readonly db: Db;
  readonly files: FileStore;
  readonly clock: Clock;
  readonly config: ServerConfig;
  readonly logins: Logins;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Resolves when the database answers, and fails at once when it is away. */
  readonly ping: () => Promise<void>;
  /** Where clients reach the server, without a trailing slash. Default: the address that it listens on. */
  readonly baseUrl: () => string;
}
