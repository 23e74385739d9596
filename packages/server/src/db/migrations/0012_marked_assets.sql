DROP INDEX "runs_original_name";--> statement-breakpoint
CREATE INDEX "assets_marked" ON "assets" USING btree ("company_id","id") WHERE ready_for_publish and trash_state = 'NotInTrash';--> statement-breakpoint
CREATE INDEX "asset_contexts_marked" ON "asset_contexts" USING btree ("context_id","asset_id") WHERE marked;--> statement-breakpoint
CREATE INDEX "runs_original_name" ON "runs" USING btree ("company_id","original_name","id");