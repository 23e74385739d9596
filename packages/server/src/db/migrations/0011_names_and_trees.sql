CREATE INDEX "assets_name_beginning" ON "assets" USING btree ("company_id",lower("name") collate "C");--> statement-breakpoint
CREATE INDEX "assets_file_name" ON "assets" USING btree ("company_id",lower("file_name"));--> statement-breakpoint
CREATE INDEX "assets_base_name" ON "assets" USING btree ("company_id",lower(regexp_replace("file_name", '(.)\.[^.]*$', '\1')));--> statement-breakpoint
CREATE INDEX "assets_trash_folder" ON "assets" USING btree ("company_id",lower("trash_folder") collate "C") WHERE trash_folder is not null;--> statement-breakpoint
CREATE INDEX "assets_by_size" ON "assets" USING btree ("company_id",coalesce("file_size", 0),"id");--> statement-breakpoint
CREATE INDEX "folders_tree" ON "folders" USING btree ("company_id",lower("path") collate "C");--> statement-breakpoint
CREATE INDEX "runs_seen_files" ON "runs" USING btree ("trigger_id","id") WHERE jsonb_exists("runs"."progress_state", 'seenFiles');