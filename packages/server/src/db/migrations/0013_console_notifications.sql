CREATE SCHEMA "live";
--> statement-breakpoint
CREATE UNLOGGED TABLE "live"."listeners" ("name" text PRIMARY KEY, "until" timestamp with time zone NOT NULL);
--> statement-breakpoint
CREATE FUNCTION "live"."changed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Notifications make transactions wait for each other; without listeners there are none.
  IF EXISTS (SELECT 1 FROM live.listeners WHERE until > clock_timestamp()) THEN
    PERFORM pg_notify('ips_changes', tg_argv[0]);
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "runs" FOR EACH STATEMENT EXECUTE FUNCTION "live"."changed"('jobs');
--> statement-breakpoint
CREATE TRIGGER "changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "triggers" FOR EACH STATEMENT EXECUTE FUNCTION "live"."changed"('jobs');
--> statement-breakpoint
CREATE TRIGGER "changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "assets" FOR EACH STATEMENT EXECUTE FUNCTION "live"."changed"('assets');
--> statement-breakpoint
CREATE TRIGGER "changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "folders" FOR EACH STATEMENT EXECUTE FUNCTION "live"."changed"('assets');
--> statement-breakpoint
CREATE TRIGGER "changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "mails" FOR EACH STATEMENT EXECUTE FUNCTION "live"."changed"('test');
--> statement-breakpoint
CREATE TRIGGER "changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "outbox" FOR EACH STATEMENT EXECUTE FUNCTION "live"."changed"('test');
