"""The SQL store, the source of truth: tables, repositories, the unit of work, screens' queries and migrations."""
