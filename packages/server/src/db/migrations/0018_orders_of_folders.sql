DROP INDEX "assets_folder";--> statement-breakpoint
DROP INDEX "assets_size";--> statement-breakpoint
CREATE INDEX "assets_in_folder_by_name" ON "assets" USING btree ("folder_id",lower("name"),"id");--> statement-breakpoint
CREATE INDEX "assets_in_folder_by_change" ON "assets" USING btree ("folder_id","last_modified","id");