ALTER TABLE "runs" ADD COLUMN "urgent" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "turn" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "runs_turns" ON "runs" USING btree ("company_id","urgent","turn") WHERE "runs"."state" <> 'Done' and not "runs"."paused";--> statement-breakpoint
CREATE INDEX "runs_of_kind" ON "runs" USING btree ("company_id","kind","id") WHERE "runs"."state" <> 'Done';--> statement-breakpoint
CREATE INDEX "runs_waiting" ON "runs" USING btree ("id") WHERE "runs"."state" in ('New', 'WaitingCoordinator', 'WaitingClient');--> statement-breakpoint
CREATE INDEX "runs_at_work" ON "runs" USING btree ("id") WHERE "runs"."state" in ('Running', 'Stopping');--> statement-breakpoint
ALTER TABLE "runs" SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);--> statement-breakpoint
ALTER TABLE "outbox" SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
