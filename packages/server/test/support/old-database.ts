// Databases as earlier versions of the server left them: the migrations up to one of them, and rows in every table that they
// made. The rows are SQL, because the schema in the code is that of today.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MIGRATIONS = fileURLToPath(new URL('../../src/db/migrations', import.meta.url));

interface Journal {
  readonly entries: readonly { readonly tag: string }[];
}

const journal = JSON.parse(readFileSync(join(MIGRATIONS, 'meta/_journal.json'), 'utf8')) as Journal;

/** The migrations that there are, oldest first. */
export const migrationTags: readonly string[] = journal.entries.map(({ tag }) => tag);

/** What an old database is made with. */
export interface OldDatabase {
  migrate(folder: string): Promise<void>;
  query(text: string): Promise<Record<string, unknown>[]>;
}

/** What the rows name. */
export interface SampleContents {
  /** A hash of the user `old@example.com`'s password. */
  readonly passwordHash: string;
  /** The file of the asset `red` and of its publication. */
  readonly image: string;
  /** The file of an archive of an export. */
  readonly archive: string;
}

const COUNTERS = `'{"success":1,"error":0,"warning":0,"duplicate":0,"update":0,"total":1,"transferSuccess":1,"transferError":0,"transferWarning":0}'`;
const THEN = `'2026-01-02T03:04:05.678Z'`;
const TRACE = `'{"traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}'`;
const PUBLISH = `'{"publishType":"Full","emailSetting":"None"}'`;

/** Rows for the tables and columns that a migration made, by its tag. */
const ROWS: Readonly<Record<string, (contents: SampleContents) => string>> = {
  '0000_first': ({ passwordHash, image }) => `
    insert into companies (id, name, root_path, created_at) values (6, 'Old Company', 'OldCompany/', ${THEN});
    insert into users (id, email, first_name, last_name, is_ips_admin, password_hash, created_at)
      values (41, 'old@example.com', 'Olga', 'Old', true, '${passwordHash}', ${THEN});
    insert into memberships (user_id, company_id, role) values (41, 6, 'IpsCompanyAdmin');
    insert into folders (id, company_id, path, last_modified)
      values (11, 6, 'OldCompany/', ${THEN}), (12, 6, 'OldCompany/Shoes/', ${THEN});
    insert into publish_contexts (id, company_id, name, type)
      values (3001, 6, 'ImageServing', 'ImageServing'), (3002, 6, 'Video', 'Video');
    insert into assets (id, company_id, folder_id, name, type, file_name, ready_for_publish, created, create_user_id,
        last_modified, original_file, optimized_file, file_size, media_type, width, height, xmp)
      values (1001, 6, 12, 'red', 'Image', 'red.png', true, ${THEN}, 41, ${THEN}, '${image}', '${image}', 100,
          'image/png', 20, 10, '{"dc.title":"Red shoe"}'),
        (1002, 6, 12, 'view', 'AdjustedView', 'view.png', false, ${THEN}, 41, ${THEN}, null, null, null, null, 20, 10, '{}'),
        (1003, 6, 12, 'set', 'ImageSet', 'set', false, ${THEN}, 41, ${THEN}, null, null, null, null, null, null, '{}');
    update assets set owner_id = 1001 where id = 1002;
    insert into set_members (set_id, position, member_id) values (1003, 0, 1001);
    insert into asset_contexts (asset_id, context_id, marked) values (1001, 3001, true);
    insert into publications (company_id, context_id, asset_id, catalog_id, file, media_type, version, published_at)
      values (6, 3001, 1001, 'red', '${image}', 'image/png', 1, ${THEN});
    insert into publish_history (asset_id, context_name, server_name, published_at, user_email)
      values (1001, 'ImageServing', 'worker', ${THEN}, 'old@example.com');
    insert into projects (id, company_id, name) values (31, 6, 'Spring');
    insert into project_assets (project_id, asset_id) values (31, 1001);
    insert into metadata_fields (id, company_id, asset_type, name, type)
      values (51, 6, 'Image', 'Season', 'String');
    insert into metadata_values (asset_id, field_id, "values") values (1001, 51, '["Winter"]');
    insert into properties (name, value) values ('UploadPostMaxFileSize', '1000000');
    insert into config_settings (company_id, owner, settings) values (6, 'context:3001', '[{"name":"a","value":"b"}]');
    insert into cdn_invalidations (company_id, urls, created_at, completes_at)
      values (6, '["http://localhost/is/image/OldCompany/red"]', ${THEN}, ${THEN});
    insert into triggers (id, company_id, name, kind, details, submit_user_id, mail_user_id, exec_schedule, next_fire_time,
        state, created_at)
      values (61, 6, 'Nightly', 'imageServingPublishJob', ${PUBLISH}, 41, 41, '0 0 3 * * ?', '2090-01-01T03:00:00Z',
        'Normal', ${THEN});
    insert into runs (id, company_id, trigger_id, name, original_name, kind, details, submit_user_id, mail_user_id, state,
        server_name, trigger_time, start_date, end_date, last_progress_update, counters, log_type, attempt)
      values (71, 6, 61, 'Nightly_2026-01-02-03:00:00.000', 'Nightly', 'imageServingPublishJob', ${PUBLISH}, 41, 41, 'Done',
          'worker', ${THEN}, ${THEN}, ${THEN}, ${THEN}, ${COUNTERS}, 'BeginImageServingPublish', 1),
        (72, 6, null, 'Left_2026-01-02-03:04:05.678', 'Left', 'imageServingPublishJob', ${PUBLISH}, 41, 41, 'Running',
          'worker', ${THEN}, ${THEN}, null, ${THEN}, ${COUNTERS}, 'BeginImageServingPublish', 1);
    insert into log_rows (run_id, log_type, message, date_created, asset_name, asset_id)
      values (71, 'BeginImageServingPublish', 'Nightly_2026-01-02-03:00:00.000', ${THEN}, null, null),
        (71, 'ImageServingPublishSuccess', 'red', ${THEN}, 'red', 1001),
        (72, 'BeginImageServingPublish', 'Left_2026-01-02-03:04:05.678', ${THEN}, null, null);
    insert into run_items (run_id, key) values (72, 'something that was done');
    insert into posted_files (run_id, path, file, size) values (71, 'red.png', '${image}', 100);
    insert into mails (recipient, subject, body, run_id, created_at, outcome)
      values ('old@example.com', 'Job done: Nightly', 'Well done', 71, ${THEN}, 'kept');`,
  '0001_groups': () => `
    insert into groups (id, company_id, name) values (81, 6, 'Editors');
    insert into group_members (group_id, user_id) values (81, 41);`,
  '0002_asset_details': () => `
    update metadata_fields set initial_tag_value = 'none' where id = 51;
    insert into image_maps (asset_id, name, shape_type, region, action, position, enabled, last_modified)
      values (1001, 'heel', 'Rectangle', '0,0,5,5', 'href=heel', 0, true, ${THEN});
    insert into zoom_targets (asset_id, name, x, y, width, height, position, last_modified)
      values (1001, 'sole', 1, 2, 3, 4, 0, ${THEN});
    insert into property_set_types (id, company_id, name, property_type, allow_multiple)
      values (91, 6, 'Taste', 'Company', true);
    insert into property_sets (type_id, company_id, properties) values (91, 6, '[{"name":"color","value":"red"}]');
    insert into xmp_packets (asset_id, packet) values (1001, '<x:xmpmeta xmlns:x="adobe:ns:meta/"/>');`,
  '0003_exports': ({ archive }) => `
    insert into export_archives (token, company_id, run_id, file_name, file, expires_at)
      values ('${'a'.repeat(32)}', 6, 71, 'Old.zip', '${archive}', '2090-01-01T00:00:00Z');
    insert into export_files (run_id, position, path, file) values (71, 0, 'Shoes/red.png', '${archive}');`,
  '0004_run_losses': () => 'update runs set losses = 2 where id = 71;',
  '0008_paused_runs': () => 'update runs set paused = true where id = 71;',
  '0006_trash_folders': () => `
    insert into assets (id, company_id, folder_id, name, type, file_name, created, last_modified, trash_state, trashed_at,
        trash_folder)
      values (1004, 6, 11, 'bag', 'ImageSet', 'bag', ${THEN}, ${THEN}, 'InTrash', ${THEN}, 'OldCompany/Bags/');`,
  '0007_smart_crops': () => `
    insert into smart_crops (asset_id, name, type, width, height, left_n, top_n, width_n, height_n)
      values (1001, 'Banner', 'Banner', 300, 100, 0, 0.25, 1, 0.5);
    update publications set smart_crops = '[{"name":"Banner","width":300,"height":100,"leftN":0,"topN":0.25,"widthN":1,"heightN":0.5}]'
      where asset_id = 1001;`,
  '0010_reconciliation': () => `
    update triggers set scheduled_at = ${THEN}, error = 'none' where id = 61;
    update runs set seen_at = ${THEN}, awaits_worker = true where id = 71;
    update companies set unreported_removals = 1 where id = 6;
    insert into outbox (kind, target, body, mail_id, about, created_at, attempts, due_at)
      values ('mail', 'old@example.com', '', (select max(id) from mails), 'Nightly', ${THEN}, 3, ${THEN});
    insert into chores (name, due_at, scheduled_at) values ('cleanup', '2090-01-01T00:00:00Z', ${THEN});`,
  '0014_image_formats': () => `
    insert into image_formats (id, company_id, name, url_modifier) values (95, 6, 'Large', 'wid=100&fmt=png');
    insert into viewer_settings (asset_id, type, settings) values (1001, 'BasicZoom', '[{"name":"a","value":"b"}]');`,
  '0015_formats_events_and_texts': () => `
    insert into vignette_formats (id, company_id, name, target_width, target_height, create_pyramid, thumb_width,
        save_as_version, size_suffix_separator, sharpen, usm_amount, usm_radius, usm_threshold)
      values (281, 6, 'Web 800', 800, 600, true, 100, 0, '-', 1, 1.5, 1.2, 3);
    insert into portal_events (company_id, event_type, ips_user, job_name, job_description, details, created_at)
      values (6, 'Download', 'old@example.com', 'Shoes', 'Red shoes', '{"string1":"red.tif","int1":12}', ${THEN});
    insert into company_metadata (id, company_id, xtype, xname, metadata) values (301, 6, 'template', 'Spring', 'YQ==');
    insert into metadata_schemas (id, company_id, namespace, content_type, schema)
      values (311, 6, 'http://example.com/shoes/', 'text/xml', 'eJwDAAAAAAE=');
    insert into page_texts (document_id, page, lines)
      values (1001, 1, '[{"text":"Red","x":1,"y":2,"width":3,"height":4,"words":[],"font":"Times","pointSize":12}]');`,
  '0016_permissions': () => `
    insert into permission_sets (id, company_id, folder_id) values (101, 6, 12);
    insert into permission_entries (set_id, group_id, type, is_allowed, is_override)
      values (101, 81, 'Read', true, true), (101, 81, 'Write', false, false);`,
  '0017_traces': () => `
    update triggers set trace = ${TRACE} where id = 61;
    update runs set trace = ${TRACE} where id = 71;
    update outbox set trace = ${TRACE};`,
  '0019_turns_of_runs': () => 'update runs set urgent = true, turn = 5 where id = 71;',
};

/** Brings an empty database to the state of a version, and puts rows into all of its tables. */
export async function makeOldDatabase(
  database: OldDatabase,
  tag: string,
  contents: SampleContents,
): Promise<void> {
  const tags = migrationTags.slice(0, migrationTags.indexOf(tag) + 1);
  const folder = mkdtempSync(join(tmpdir(), 'ips-migrations-'));
  try {
    mkdirSync(join(folder, 'meta'));
    for (const each of tags) cpSync(join(MIGRATIONS, `${each}.sql`), join(folder, `${each}.sql`));
    writeFileSync(
      join(folder, 'meta/_journal.json'),
      JSON.stringify({ ...journal, entries: journal.entries.slice(0, tags.length) }),
    );
    await database.migrate(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
  for (const each of tags) {
    const statements = ROWS[each]?.(contents) ?? '';
    for (const statement of statements.split(/;\s*$/m)) {
      if (statement.trim() !== '') await database.query(statement);
    }
  }
  // The rows came with their numbers: those that follow begin behind them.
  const numbered = await database.query(
    "select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'id' and is_identity = 'YES'",
  );
  for (const { name } of numbered) {
    await database.query(
      `select setval(pg_get_serial_sequence('"${name}"', 'id'), greatest(max(id), 1)) from "${name}"`,
    );
  }
}

/** All rows of all tables. */
export async function rowsOf(
  database: OldDatabase,
): Promise<Record<string, readonly Record<string, unknown>[]>> {
  const tables = await database.query(
    "select tablename as name from pg_tables where schemaname = 'public' order by tablename",
  );
  const rows: Record<string, readonly Record<string, unknown>[]> = {};
  for (const { name } of tables) {
    const found = await database.query(`select to_jsonb(rows) as row from "${name}" rows`);
    rows[String(name)] = found.map(({ row }) => row as Record<string, unknown>);
  }
  return rows;
}
