import { setTimeout as delay } from 'node:timers/promises';
import { CommitUnknownError, isDatabaseLoss, isRolledBack } from './connection-loss.js';
import type { Db } from './db.js';

/** Maximum attempts of a transaction. */
const ATTEMPTS = 6;

/** Milliseconds before the first repetition; each further delay doubles. */
const FIRST_DELAY = 20;

/**
 * Repeats transactions of a database if that is safe: after the database rolled one back because of another,
 * and after a connection was lost before its commit was sent. The work of a transaction must therefore be
 * repeatable: outside the database, it may set values, but not accumulate them.
 *
 * A transaction whose commit was sent without a response fails with a {@link CommitUnknownError}, because it
 * may have taken effect.
 */
export function repeatTransactions(db: Db): void {
  const once = db.transaction.bind(db) as Db['transaction'];
  db.transaction = async (work, config) => {
    for (let attempt = 1; ; attempt += 1) {
      let failed: { readonly error: unknown } | undefined;
      let committing = false;
      try {
        return await once(async (tx) => {
          try {
            const result = await work(tx);
            committing = true;
            return result;
          } catch (error) {
            failed = { error };
            throw error;
          }
        }, config);
      } catch (thrown) {
        // A rollback on a lost connection also fails, and must not hide the reason.
        const error = failed === undefined ? thrown : failed.error;
        if (committing && isDatabaseLoss(error))
          throw new CommitUnknownError('the connection was lost while a transaction was committed', {
            cause: error,
          });
        if (attempt === ATTEMPTS || !(isRolledBack(error) || isDatabaseLoss(error))) throw error;
        await delay(FIRST_DELAY * 2 ** (attempt - 1) * (0.5 + Math.random()));
      }
    }
  };
}
