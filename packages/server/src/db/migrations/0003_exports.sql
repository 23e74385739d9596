CREATE TABLE "export_archives" (
	"token" text PRIMARY KEY NOT NULL,
	"company_id" integer NOT NULL,
	"run_id" integer NOT NULL,
	"file_name" text NOT NULL,
	"file" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "export_files" (
	"run_id" integer NOT NULL,
	"position" integer NOT NULL,
	"path" text NOT NULL,
	"file" text NOT NULL,
	CONSTRAINT "export_files_run_id_position_pk" PRIMARY KEY("run_id","position")
);
--> statement-breakpoint
ALTER TABLE "export_archives" ADD CONSTRAINT "export_archives_company_id_companies_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "export_files" ADD CONSTRAINT "export_files_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "export_archives_expires" ON "export_archives" USING btree ("expires_at");