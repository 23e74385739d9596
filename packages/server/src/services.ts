import type { Logger } from 'pino';
import type { Clock } from './clock.js';
import type { ServerConfig } from './config.js';
import type { Db } from './db/db.js';
import type { RecentLookups } from './db/recent-lookups.js';
import type { OutboxRow } from './db/rows.js';
import type { DerivativeCache } from './files/derivative-cache.js';
import type { FileStore } from './files/file-store.js';
import type { Metrics } from './metrics.js';
import type { Logins } from './passwords/logins.js';
import type { Traces } from './traces/traces.js';

/** The services that handlers and jobs use. Each server has its own. */
export interface Services {
  readonly db: Db;
  /** What image serving looks up. */
  readonly lookups: RecentLookups;
  readonly files: FileStore;
  /** Whether a file stays in the store although no row references it. */
  readonly keepsFile?: ((hash: string) => boolean) | undefined;
  /** Delivered images on disk. */
  readonly derivatives: DerivativeCache;
  readonly clock: Clock;
  readonly config: ServerConfig;
  readonly logins: Logins;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly traces: Traces;
  /** Resolves when the database responds. Rejects at once if it is unavailable. */
  readonly ping: () => Promise<void>;
  /** The URL that clients use, without a trailing slash. Default: the listen address. */
  readonly baseUrl: () => string;
  /** Called after each attempt to deliver a notification. */
  readonly onAttempt?:
    | ((
        row: OutboxRow,
        end: { readonly status: 'waiting' | 'delivered' | 'failed'; readonly error?: string | undefined },
      ) => void)
    | undefined;
}
