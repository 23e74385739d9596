DROP INDEX "assets_name";--> statement-breakpoint
CREATE INDEX "assets_by_name" ON "assets" USING btree ("company_id",lower("name"),"id");