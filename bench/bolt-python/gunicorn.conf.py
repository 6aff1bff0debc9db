"""How it is served: two workers, one for each core, of sixteen threads each. The database is made before they start."""

import os
import sqlite3

wsgi_app = "app:app"
bind = f"127.0.0.1:{os.environ['PORT']}"
worker_class = "gthread"
workers = 2
threads = 16
keepalive = 60

SCHEMA = """
create table if not exists ratings (
    loop text not null, user text not null, question text not null, mark text not null, at integer not null,
    primary key (loop, user, question)
) without rowid;
create table if not exists audit (
    id integer primary key, loop text not null, user text not null, question text not null, mark text not null, at integer not null
);
"""


def on_starting(_server):
    db = sqlite3.connect(os.environ["DB"])
    db.execute("pragma journal_mode = WAL")
    db.executescript(SCHEMA)
    db.close()
