-- Three identifiers of 1,024 bytes do not fit into a row of an index.
DROP INDEX grants_through;
CREATE INDEX grants_through ON grants (client_id, data_center, through) WHERE through IS NOT NULL;
