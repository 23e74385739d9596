import type { Pool, PoolClient } from 'pg';

/** The key of the lock that the leader holds. */
const LEADER = 7303;

/** Elects one of the processes that share a database for work that only one may do. */
export interface Leadership {
  /** Whether this process is the leader. Otherwise, it tries to become the leader. */
  held(): Promise<boolean>;
  /** Gives up the leadership. */
  resign(): Promise<void>;
}

/** The leadership of a process that does not share its database. */
export const soleLeadership: Leadership = {
  held: async () => true,
  resign: async () => undefined,
};

/**
 * Leadership by an advisory lock of a connection that the leader keeps: when the process or the connection is lost, so is the lock,
 * and another process gets it.
 */
export class LockLeadership implements Leadership {
  readonly #pool: Pool;
  #holder: PoolClient | undefined;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async held(): Promise<boolean> {
    const holder = this.#holder;
    if (holder !== undefined) {
      try {
        await holder.query('select 1');
        return true;
      } catch {
        this.#holder = undefined;
        holder.release(true);
      }
    }
    const client = await this.#pool.connect();
    try {
      const { rows } = await client.query<{ held: boolean }>(
        `select pg_try_advisory_lock(${LEADER}) as held`,
      );
      if (rows[0]?.held !== true) {
        client.release();
        return false;
      }
    } catch (error) {
      client.release(true);
      throw error;
    }
    this.#holder = client;
    return true;
  }

  async resign(): Promise<void> {
    const holder = this.#holder;
    this.#holder = undefined;
    // The end of the connection releases the lock.
    holder?.release(true);
  }
}
