ALTER TABLE "outbox" ADD COLUMN "trace" jsonb;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "trace" jsonb;--> statement-breakpoint
ALTER TABLE "triggers" ADD COLUMN "trace" jsonb;