"""The job of a rating click on Bolt for Python: verify, keep it durably, acknowledge, redraw the scorecard."""

import heapq
import json
import logging
import os
import re
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from flask import Flask, request
from slack_bolt import App
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_sdk import WebClient

UPSERT = """insert into ratings values (:loop, :user, :question, :mark, :at)
    on conflict do update set mark = excluded.mark, at = excluded.at"""
RECORD = "insert into audit (loop, user, question, mark, at) values (:loop, :user, :question, :mark, :at)"

local = threading.local()


def database():
    """This thread's connection."""
    if not hasattr(local, "db"):
        local.db = sqlite3.connect(os.environ["DB"], timeout=30, isolation_level=None)
        local.db.execute("pragma synchronous = FULL")
    return local.db


def save(click):
    db = database()
    db.execute("begin immediate")
    try:
        db.execute(UPSERT, click)
        db.execute(RECORD, click)
        db.execute("commit")
    except BaseException:
        db.execute("rollback")
        raise


MARKS = ["poor", "mixed", "good", "excellent"]


def button(loop, question, rated, mark):
    value = {"do": "scorecard.rate.v1", "code": loop, "question": question, "mark": {"rated": rated}}
    drawn = {
        "type": "button",
        "action_id": f"scorecard.rate.v1:{loop}:{question}:{rated}",
        "text": {"type": "plain_text", "text": rated},
        "value": json.dumps(value),
    }
    return drawn | {"style": "primary"} if rated == mark else drawn


def draw(loop, user):
    marks = database().execute("select question, mark from ratings where loop = ? and user = ? order by question", (loop, user))
    blocks = [{"type": "header", "text": {"type": "plain_text", "text": "Your scorecard"}}]
    for question, mark in marks.fetchall()[:8]:
        blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": f"*{question}*: {mark}"}})
        blocks.append({"type": "actions", "elements": [button(loop, question, rated, mark) for rated in MARKS]})
    return blocks


class Screens:
    """Redraws a scorecard at most once in 1.2 s, never twice at once, and from what is stored at that moment."""

    EVERY = 1.2

    def __init__(self):
        self.changed = threading.Condition()
        self.next = {}  # by scorecard: how to answer its last click; None while it only rests
        self.due = []
        self.pool = ThreadPoolExecutor(max_workers=8)
        threading.Thread(target=self.run, daemon=True).start()

    def refresh(self, key, respond):
        with self.changed:
            rests = key in self.next
            self.next[key] = respond
            if not rests:
                heapq.heappush(self.due, (time.monotonic(), key))
                self.changed.notify()

    def run(self):
        while True:
            with self.changed:
                while not self.due or self.due[0][0] > time.monotonic():
                    self.changed.wait(self.due[0][0] - time.monotonic() if self.due else None)
                _, key = heapq.heappop(self.due)
                respond, self.next[key] = self.next[key], None
                if respond is None:
                    del self.next[key]
                    continue
            self.pool.submit(self.redraw, key, respond)

    def redraw(self, key, respond):
        began = time.monotonic()
        try:
            respond(text="Your scorecard", blocks=draw(*key), replace_original=True)
        except Exception as error:
            logging.error("a scorecard was not redrawn: %s", error)
        with self.changed:
            heapq.heappush(self.due, (began + self.EVERY, key))
            self.changed.notify()


screens = Screens()
bolt = App(
    client=WebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"] + "/"),
    signing_secret=os.environ["SLACK_SIGNING_SECRET"],
    # The listener runs in gunicorn's thread: without this Bolt looks only every ten milliseconds whether it has acknowledged.
    process_before_response=True,
)


@bolt.action(re.compile(r"^scorecard\.rate\.v1"))
def rate(ack, action, body, respond):
    value = json.loads(action["value"])
    loop, user = value["code"], body["user"]["id"]
    save({"loop": loop, "user": user, "question": value["question"], "mark": value["mark"]["rated"], "at": int(time.time() * 1000)})
    ack()
    screens.refresh((loop, user), respond)


app = Flask(__name__)
handler = SlackRequestHandler(bolt)


@app.route("/slack/events", methods=["POST"])
def events():
    return handler.handle(request)
