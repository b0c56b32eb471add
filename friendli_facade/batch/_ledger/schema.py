"""The ledger as SQLite has it: one table, and what says that it is one."""

VERSION = 2
APPLICATION = 0x46724C67  # PRAGMA application_id: the database is a ledger

SCHEMA = f"""
CREATE TABLE jobs (
    key TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('pending', 'sending', 'done', 'failed', 'ambiguous')),
    operation TEXT NOT NULL,
    arguments TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    images INTEGER NOT NULL DEFAULT 0,
    lost INTEGER NOT NULL DEFAULT 0,
    seed TEXT,
    file TEXT COLLATE NOCASE,
    sha256 TEXT,
    error TEXT,
    owner TEXT,
    began REAL,
    ended REAL
);
CREATE INDEX files ON jobs (file);
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = {VERSION};
"""
