// Fills the tables with runs that wait, as submission leaves them: each with its trigger, its turn and its entry in the queue.
import pg from 'pg';

/** Runs that end for each one that waits, as in a database that has been used for a while. */
const ENDED = 0.5;

/** Companies; the first one has half of all runs. */
export const COMPANIES = 20;

/** The database of a store, with companies and a first run, whose row and entry are the pattern of all others. */
export class QueuedRuns {
  readonly #client: pg.Client;

  constructor(url: string) {
    this.#client = new pg.Client({ connectionString: url });
  }

  async open(): Promise<void> {
    await this.#client.connect();
  }

  async close(): Promise<void> {
    await this.#client.end();
  }

  async query<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    // The caller determines the type of the rows.
    return (await this.#client.query(text, [...values])).rows as Row[];
  }

  /** Adds runs until so many wait. */
  async fill(waiting: number): Promise<void> {
    const [{ count } = { count: 0 }] = await this.query<{ count: number }>(
      `select count(*)::int as count from runs where state <> 'Done'`,
    );
    const more = waiting - count;
    if (more <= 0) return;
    const companies = `(select id, row_number() over (order by id) - 1 as place from companies where name like 'Company %')`;
    await this.query('begin');
    await this.query(`create temporary table added on commit drop as
      select at, case when at % 2 = 0 then 0 else at % ${COMPANIES} end as place, nextval(pg_get_serial_sequence('runs', 'id')) as run,
        nextval(pg_get_serial_sequence('triggers', 'id')) as trigger, at % ${1 + 1 / ENDED} = 0 as ended
      from generate_series(1, ${Math.round(more * (1 + ENDED))}) at`);
    await this.query(`insert into triggers (id, company_id, name, kind, details, submit_user_id, mail_user_id, state, created_at)
      overriding system value
      select trigger, c.id, 'Job ' || trigger, p.kind, p.details, p.submit_user_id, p.mail_user_id, 'Complete', p.created_at
      from added join ${companies} c on c.place = added.place cross join (select * from triggers order by id limit 1) p`);
    await this.query(`insert into runs (id, company_id, trigger_id, name, original_name, kind, details, submit_user_id, mail_user_id, state,
        trigger_time, start_date, last_progress_update, counters, log_type, end_date, turn)
      overriding system value
      select run, c.id, trigger, 'Job ' || trigger || '_' || run, 'Job ' || trigger, p.kind, p.details, p.submit_user_id, p.mail_user_id,
        case when ended then 'Done' else 'New' end, p.trigger_time, p.start_date,
        -- Waiting long enough to be looked at by the reconciliation.
        p.start_date - interval '1 hour', p.counters, p.log_type, case when ended then p.start_date end,
        8 * row_number() over (partition by c.id, ended order by run)
      from added join ${companies} c on c.place = added.place cross join (select * from runs order by id limit 1) p`);
    const columns = await this.query<{ name: string }>(
      `select attname as name from pg_attribute where attrelid = 'pgboss.job'::regclass and attnum > 0 and not attisdropped
        and attname not in ('id', 'data', 'singleton_key', 'priority', 'state')`,
    );
    const names = columns.map(({ name }) => `"${name}"`);
    await this.query(`insert into pgboss.job (id, data, singleton_key, priority, state, ${names.join(', ')})
      select gen_random_uuid(), jsonb_build_object('runId', r.id), r.id::text, -2 * r.turn, 'created', ${names.map((each) => `p.${each}`).join(', ')}
      from runs r join added on added.run = r.id cross join (select * from pgboss.job where name = 'ips-runs' limit 1) p
      where r.state = 'New' order by r.turn`);
    await this.query('commit');
    for (const table of ['runs', 'triggers', 'pgboss.job']) await this.query(`vacuum analyze ${table}`);
  }

  /** The processes of all other connections to the database. */
  async processes(): Promise<number[]> {
    const rows = await this.query<{ pid: number }>(
      'select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    return rows.map(({ pid }) => pid);
  }
}
