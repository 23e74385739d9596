CREATE INDEX "runs_active" ON "runs" USING btree ("company_id","id") WHERE "runs"."state" <> 'Done';
--> statement-breakpoint
-- What has changed of a company's assets, 4096 numbers of assets at a time (parts 0 and up), of its folders (part -2), and of the other
-- tables that searches read (part -1 of company 0): the sum over the rows of a part grows with each transaction that changes something.
-- There are as many rows as transactions were at work at once, so that none waits for another.
CREATE TABLE "live"."changes" ("id" integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "company_id" integer NOT NULL, "part" integer NOT NULL, "amount" bigint NOT NULL, "changed_by" xid8 NOT NULL) WITH (fillfactor = 50);
--> statement-breakpoint
CREATE INDEX "changes_of_part" ON "live"."changes" ("company_id", "part");
--> statement-breakpoint
CREATE FUNCTION "live"."record_change"(company integer, changed_part integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM live.changes WHERE company_id = company AND part = changed_part AND changed_by = pg_current_xact_id()) THEN
    RETURN;
  END IF;
  -- By a random amount: a database that has lost its last transactions does not come to the same sums with other ones.
  UPDATE live.changes SET amount = amount + 1 + (random() * 1000000)::integer, changed_by = pg_current_xact_id()
    WHERE id = (SELECT id FROM live.changes WHERE company_id = company AND part = changed_part LIMIT 1 FOR UPDATE SKIP LOCKED);
  IF NOT FOUND THEN
    INSERT INTO live.changes (company_id, part, amount, changed_by)
      VALUES (company, changed_part, 1 + (random() * 1000000)::integer, pg_current_xact_id());
  END IF;
END
$$;
--> statement-breakpoint
CREATE FUNCTION "live"."assets_changed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM live.record_change(company_id, part) FROM (SELECT DISTINCT company_id, id >> 12 AS part FROM touched) AS parts;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE FUNCTION "live"."details_changed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM live.record_change(company_id, part) FROM (
    SELECT DISTINCT assets.company_id, assets.id >> 12 AS part FROM touched JOIN public.assets ON assets.id = touched.asset_id) AS parts;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE FUNCTION "live"."folders_changed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM live.record_change(company_id, -2) FROM (SELECT DISTINCT company_id FROM touched) AS companies;
  RETURN NULL;
END
$$;
--> statement-breakpoint
-- For single rows: the deletion of an asset deletes its details one asset at a time, mostly none.
CREATE FUNCTION "live"."detail_changed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM live.record_change(company_id, id >> 12) FROM public.assets
    WHERE id = CASE tg_op WHEN 'DELETE' THEN OLD.asset_id ELSE NEW.asset_id END;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE FUNCTION "live"."anything_changed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM live.record_change(0, -1);
  RETURN NULL;
END
$$;
--> statement-breakpoint
-- An asset keeps its number and its company. The triggers also work while a snapshot is restored, when others do not.
CREATE TRIGGER "record_insert" AFTER INSERT ON "assets" REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION "live"."assets_changed"();
--> statement-breakpoint
ALTER TABLE "assets" ENABLE ALWAYS TRIGGER "record_insert";
--> statement-breakpoint
CREATE TRIGGER "record_update" AFTER UPDATE ON "assets" REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION "live"."assets_changed"();
--> statement-breakpoint
ALTER TABLE "assets" ENABLE ALWAYS TRIGGER "record_update";
--> statement-breakpoint
CREATE TRIGGER "record_delete" AFTER DELETE ON "assets" REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION "live"."assets_changed"();
--> statement-breakpoint
ALTER TABLE "assets" ENABLE ALWAYS TRIGGER "record_delete";
--> statement-breakpoint
CREATE TRIGGER "record_insert" AFTER INSERT ON "folders" REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION "live"."folders_changed"();
--> statement-breakpoint
ALTER TABLE "folders" ENABLE ALWAYS TRIGGER "record_insert";
--> statement-breakpoint
CREATE TRIGGER "record_update" AFTER UPDATE ON "folders" REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION "live"."folders_changed"();
--> statement-breakpoint
ALTER TABLE "folders" ENABLE ALWAYS TRIGGER "record_update";
--> statement-breakpoint
CREATE TRIGGER "record_delete" AFTER DELETE ON "folders" REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION "live"."folders_changed"();
--> statement-breakpoint
ALTER TABLE "folders" ENABLE ALWAYS TRIGGER "record_delete";
--> statement-breakpoint
CREATE TRIGGER "record_insert" AFTER INSERT ON "metadata_values" REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION "live"."details_changed"();
--> statement-breakpoint
ALTER TABLE "metadata_values" ENABLE ALWAYS TRIGGER "record_insert";
--> statement-breakpoint
CREATE TRIGGER "record_update" AFTER UPDATE ON "metadata_values" REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION "live"."details_changed"();
--> statement-breakpoint
ALTER TABLE "metadata_values" ENABLE ALWAYS TRIGGER "record_update";
--> statement-breakpoint
CREATE TRIGGER "record_delete" AFTER DELETE ON "metadata_values" FOR EACH ROW EXECUTE FUNCTION "live"."detail_changed"();
--> statement-breakpoint
ALTER TABLE "metadata_values" ENABLE ALWAYS TRIGGER "record_delete";
--> statement-breakpoint
CREATE TRIGGER "record_change" AFTER INSERT OR UPDATE OR DELETE ON "project_assets" FOR EACH ROW EXECUTE FUNCTION "live"."detail_changed"();
--> statement-breakpoint
ALTER TABLE "project_assets" ENABLE ALWAYS TRIGGER "record_change";
--> statement-breakpoint
CREATE TRIGGER "record_change" AFTER INSERT OR UPDATE OR DELETE ON "permission_sets" FOR EACH ROW EXECUTE FUNCTION "live"."anything_changed"();
--> statement-breakpoint
ALTER TABLE "permission_sets" ENABLE ALWAYS TRIGGER "record_change";
--> statement-breakpoint
CREATE TRIGGER "record_change" AFTER INSERT OR UPDATE OR DELETE ON "permission_entries" FOR EACH ROW EXECUTE FUNCTION "live"."anything_changed"();
--> statement-breakpoint
ALTER TABLE "permission_entries" ENABLE ALWAYS TRIGGER "record_change";
--> statement-breakpoint
CREATE TRIGGER "record_move" AFTER UPDATE OF "path" ON "folders" FOR EACH ROW WHEN (OLD.path IS DISTINCT FROM NEW.path) EXECUTE FUNCTION "live"."anything_changed"();
--> statement-breakpoint
ALTER TABLE "folders" ENABLE ALWAYS TRIGGER "record_move";
--> statement-breakpoint
CREATE TRIGGER "record_email" AFTER UPDATE OF "email" ON "users" FOR EACH ROW WHEN (OLD.email IS DISTINCT FROM NEW.email) EXECUTE FUNCTION "live"."anything_changed"();
--> statement-breakpoint
ALTER TABLE "users" ENABLE ALWAYS TRIGGER "record_email";
--> statement-breakpoint
CREATE TRIGGER "record_truncate" AFTER TRUNCATE ON "assets" FOR EACH STATEMENT EXECUTE FUNCTION "live"."anything_changed"();
--> statement-breakpoint
ALTER TABLE "assets" ENABLE ALWAYS TRIGGER "record_truncate";
--> statement-breakpoint
CREATE TRIGGER "record_truncate" AFTER TRUNCATE ON "folders" FOR EACH STATEMENT EXECUTE FUNCTION "live"."anything_changed"();
--> statement-breakpoint
ALTER TABLE "folders" ENABLE ALWAYS TRIGGER "record_truncate";
--> statement-breakpoint
CREATE TRIGGER "record_truncate" AFTER TRUNCATE ON "metadata_values" FOR EACH STATEMENT EXECUTE FUNCTION "live"."anything_changed"();
--> statement-breakpoint
ALTER TABLE "metadata_values" ENABLE ALWAYS TRIGGER "record_truncate";
--> statement-breakpoint
CREATE TRIGGER "record_truncate" AFTER TRUNCATE ON "project_assets" FOR EACH STATEMENT EXECUTE FUNCTION "live"."anything_changed"();
--> statement-breakpoint
ALTER TABLE "project_assets" ENABLE ALWAYS TRIGGER "record_truncate";
--> statement-breakpoint
CREATE TRIGGER "record_truncate" AFTER TRUNCATE ON "permission_sets" FOR EACH STATEMENT EXECUTE FUNCTION "live"."anything_changed"();
--> statement-breakpoint
ALTER TABLE "permission_sets" ENABLE ALWAYS TRIGGER "record_truncate";
--> statement-breakpoint
CREATE TRIGGER "record_truncate" AFTER TRUNCATE ON "permission_entries" FOR EACH STATEMENT EXECUTE FUNCTION "live"."anything_changed"();
--> statement-breakpoint
ALTER TABLE "permission_entries" ENABLE ALWAYS TRIGGER "record_truncate";
