"""Makes what the bot's store of many loops holds with the peers' tables: heads, ratings and audit. For the comparison of sizes."""

import json
import sqlite3
import sys

db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.executescript("""
create table loops (code text primary key, head text not null) without rowid;
create table ratings (
    loop text not null, user text not null, question text not null, mark text not null, at integer not null,
    primary key (loop, user, question)
) without rowid;
create table audit (
    id integer primary key, loop text not null, user text not null, question text not null, mark text not null, at integer not null
);
begin;
""")
AT = 1795262400000
for number in range(int(sys.argv[2])):
    code = f"{number:06x}"
    panel = [f"U0OTHER{(number + seat) % 200:03}" for seat in range(2)]
    head = {"kit": "senior-backend", "version": "0123456789ab", "title": "Senior Backend Developer", "candidate": f"Candidate {number}",
            "owner": "U0OWNER00", "opened_by": "U0OWNER00", "opened_at": AT, "channel": "C0BENCH00", "panel": panel,
            "post": f"17952{number:05}.000100"}
    db.execute("insert into loops values (?, ?)", (code, json.dumps(head)))
    rows = [(code, user, f"technical/{question}", "good", AT) for user in panel for question in range(15)]
    db.executemany("insert into ratings values (?, ?, ?, ?, ?)", rows)
    db.executemany("insert into audit (loop, user, question, mark, at) values (?, ?, ?, ?, ?)", rows)
db.execute("commit")
