-- The identity of the store of the files that the database belongs to. It is not among the contents that snapshots and resets replace.
CREATE TABLE "live"."file_store" ("only" boolean PRIMARY KEY DEFAULT true CHECK ("only"), "identity" text NOT NULL);
