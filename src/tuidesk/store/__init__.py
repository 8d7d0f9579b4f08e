"""The SQLite store: functions from a connection to rows. The only importer of sqlite3."""
