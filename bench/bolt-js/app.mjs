// The job of a rating click on Bolt for JavaScript: verify, keep it durably, acknowledge, redraw the scorecard.
// With GROUPED=1 the clicks of one turn of the event loop share a transaction, as an expert would do it by hand.
import bolt from "@slack/bolt";
import Database from "better-sqlite3";

const { App, HTTPReceiver } = bolt;

const db = new Database(process.env.DB);
db.pragma("journal_mode = WAL");
db.pragma("synchronous = FULL");
db.exec(`
  create table if not exists ratings (
    loop text not null, user text not null, question text not null, mark text not null, at integer not null,
    primary key (loop, user, question)
  ) without rowid;
  create table if not exists audit (
    id integer primary key, loop text not null, user text not null, question text not null, mark text not null, at integer not null
  );
`);
const upsert = db.prepare(`insert into ratings values (@loop, @user, @question, @mark, @at)
  on conflict do update set mark = excluded.mark, at = excluded.at`);
const record = db.prepare(`insert into audit (loop, user, question, mark, at) values (@loop, @user, @question, @mark, @at)`);
const ratings = db.prepare(`select question, mark from ratings where loop = ? and user = ? order by question`);

const save = db.transaction((clicks) => {
  for (const click of clicks) {
    upsert.run(click);
    record.run(click);
  }
});

let waiting = [];

function saveWaiting() {
  const batch = waiting;
  waiting = [];
  try {
    save(batch.map(({ click }) => click));
    for (const { resolve } of batch) resolve();
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}

function saveGrouped(click) {
  return new Promise((resolve, reject) => {
    if (waiting.push({ click, resolve, reject }) === 1) setImmediate(saveWaiting);
  });
}

const keep = process.env.GROUPED === "1" ? saveGrouped : async (click) => save([click]);

const MARKS = ["poor", "mixed", "good", "excellent"];

function draw({ loop, user }) {
  const blocks = [{ type: "header", text: { type: "plain_text", text: "Your scorecard" } }];
  for (const { question, mark } of ratings.all(loop, user).slice(0, 8)) {
    blocks.push({ type: "section", text: { type: "mrkdwn", text: `*${question}*: ${mark}` } });
    blocks.push({
      type: "actions",
      elements: MARKS.map((rated) => ({
        type: "button",
        action_id: `scorecard.rate.v1:${loop}:${question}:${rated}`,
        text: { type: "plain_text", text: rated },
        value: JSON.stringify({ do: "scorecard.rate.v1", code: loop, question, mark: { rated } }),
        ...(rated === mark && { style: "primary" }),
      })),
    });
  }
  return { replace_original: true, text: "Your scorecard", blocks };
}

// A scorecard is redrawn at most once in 1.2 s, never twice at once, and from what is stored at that moment.
const EVERY = 1200;
const screens = new Map();

function refresh(click, respond) {
  const key = `${click.loop}/${click.user}`;
  const screen = screens.get(key);
  if (screen) {
    screen.next = respond;
    return;
  }
  screens.set(key, { next: null });
  redraw(key, click, respond);
}

async function redraw(key, click, respond) {
  const pause = new Promise((resolve) => setTimeout(resolve, EVERY));
  await respond(draw(click)).catch((error) => console.error("a scorecard was not redrawn:", error.message));
  await pause;
  const { next } = screens.get(key);
  if (!next) return screens.delete(key);
  screens.set(key, { next: null });
  redraw(key, click, next);
}

const receiver = new HTTPReceiver({ signingSecret: process.env.SLACK_SIGNING_SECRET, endpoints: "/slack/events" });
const app = new App({
  token: process.env.SLACK_BOT_TOKEN,
  receiver,
  clientOptions: { slackApiUrl: `${process.env.SLACK_API_URL}/` },
});

app.action(/^scorecard\.rate\.v1/, async ({ ack, action, body, respond }) => {
  const { code, question, mark } = JSON.parse(action.value);
  const click = { loop: code, user: body.user.id, question, mark: mark.rated, at: Date.now() };
  await keep(click);
  await ack();
  refresh(click, respond);
});

await app.start({ port: Number(process.env.PORT), host: "127.0.0.1" });
