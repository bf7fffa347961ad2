"""The database engine that takes a clinic's schema and role together, or none at all."""
