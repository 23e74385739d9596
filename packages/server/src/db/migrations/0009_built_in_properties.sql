-- The property set types that are there from the start, for the companies that already exist; a new database gets them with its seed.
INSERT INTO "property_set_types" ("company_id", "name", "property_type", "allow_multiple")
SELECT NULL, g.name, g.type, false
FROM (VALUES ('Adobe.UserProperty', 'UserProperty'), ('Adobe.SPS.ApplicationSetting', 'CompanyProperty')) AS g (name, type)
WHERE EXISTS (SELECT 1 FROM "companies")
ON CONFLICT DO NOTHING;--> statement-breakpoint
INSERT INTO "property_set_types" ("company_id", "name", "property_type", "allow_multiple")
SELECT c.id, k.name, k.type, true
FROM "companies" c
CROSS JOIN (VALUES ('SavedSearch', 'UserCompanyProperty'), ('CompanyMetadata', 'CompanyProperty')) AS k (name, type)
WHERE c.id <> 0
ON CONFLICT DO NOTHING;--> statement-breakpoint
INSERT INTO "property_sets" ("type_id", "company_id", "properties")
SELECT s.id, c.id, '[]'
FROM "companies" c
JOIN "property_set_types" s ON s.company_id IS NULL AND s.name = 'Adobe.SPS.ApplicationSetting' AND s.property_type = 'CompanyProperty'
WHERE c.id <> 0 AND NOT EXISTS (SELECT 1 FROM "property_sets" p WHERE p.type_id = s.id AND p.company_id = c.id);
