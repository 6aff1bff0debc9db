//! The program dies at each step of a click, an opening, a submission, a reveal, a direct message, a digest and a reminder, and is started
//! again: nothing that was acknowledged is missing, nothing is half done, what was owed is sent, and only what may be twice is twice.

mod table;

use crate::harness::hands::{Button, Hands};
use crate::harness::program::{Program, Start, folder, until};
use futures_util::future::join_all;
use interview_assistant::domain::event::{Audited, Post};
use interview_assistant::domain::ids::{ChannelId, LoopCode, QuestionId, UserId, WorkspaceId};
use interview_assistant::domain::interview_loop::Needs;
use interview_assistant::simulator::{
    Channel, Complaint, Misbehaviour, Pace, Person, Simulator, ViewSeen, Workspace, user_id,
};
use interview_assistant::start::pretend_setup;
use interview_assistant::store::sled::SledStore;
use interview_assistant::store::{List, Store as _, Stretch};
use std::path::PathBuf;
use std::time::Duration;
use table::{Case, Kept, cases, is_late};

const DAY: i64 = 24 * 3600;
const TEAM: &str = "T0KILL";
const RATING: &str = "3 Good";

/// What is under way when the program dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Click,
    Opening,
    /// The direct message that an opening owes.
    Message,
    Submission,
    Reveal,
    Digest,
    Reminder,
}

impl Deed {
    /// Nobody does it: its time comes.
    fn is_of_the_clock(self) -> bool {
        matches!(self, Self::Digest | Self::Reminder)
    }
}

/// What somebody is about to do.
enum Ready {
    /// Time does it.
    Time,
    Line(String),
    Click(Box<Button>),
    Form(Box<ViewSeen>),
}

/// A Slack with a bot, in which the same is done again and again, in a loop of its own each time.
struct Lane {
    deed: Deed,
    slack: Simulator,
    data: PathBuf,
    _folder: tempfile::TempDir,
    bot: Option<Program>,
    number: usize,
    rita: Hands,
    ada: Hands,
}

/// Which loop a case is about.
struct About {
    name: String,
    ready: Ready,
    /// How many such messages there were before, where they are of the clock.
    before: usize,
}

fn workspace() -> Workspace {
    let names = ["rita", "ada", "ben"];
    let people = names.map(|name| Person::new(name, name).tz("UTC"));
    people
        .into_iter()
        .fold(Workspace::new(TEAM, "Northwind"), Workspace::person)
        .channel(Channel::private("hiring").with(names).with_bot())
}

impl Lane {
    async fn begins(deed: Deed) -> Self {
        let pace = if deed.is_of_the_clock() {
            Pace::Live
        } else {
            Pace::Stepped
        };
        let slack = Simulator::start(pretend_setup(workspace(), pace))
            .await
            .expect("a port is free");
        let (folder, data) = folder();
        let hands = |name: &str| Hands::new(&slack, name, "#hiring");
        let mut lane = Self {
            deed,
            rita: hands("rita"),
            ada: hands("ada"),
            slack: slack.clone(),
            data,
            _folder: folder,
            bot: None,
            number: 0,
        };
        if deed.is_of_the_clock() {
            lane.moves_to(10 * 3600);
        }
        lane.starts().await;
        // From then on the bot knows them, and asks Slack nothing.
        // Of reminders there is one that is due: with two, a step may be the other one's.
        let panel = if deed == Deed::Reminder {
            "@ada"
        } else {
            "@ada @ben"
        };
        let first = format!("/interview senior-backend Somebody First {panel}");
        lane.rita.types(&first).await.expect("it is acknowledged");
        lane.ada.clicks_soon("Somebody First", "Score").await;
        if deed == Deed::Digest {
            let line = "/interview digest 11:00 daily";
            lane.rita.types(line).await.expect("it is acknowledged");
        }
        lane.bot().settles().await;
        lane
    }

    fn bot(&mut self) -> &mut Program {
        self.bot.as_mut().expect("it runs")
    }

    fn start<'a>(&'a self, dies_at: Option<&'a str>) -> Start<'a> {
        Start {
            moved: self.deed.is_of_the_clock(),
            dies_at,
            ..Start::new(&self.slack, &self.data)
        }
    }

    /// Starts the program, a minute later than before: Slack lets an app connect once a minute.
    async fn starts(&mut self) {
        self.slack.advance(Duration::from_secs(61));
        let bot = self.start(None).starts().await;
        self.bot = Some(bot);
    }

    async fn stops(&mut self) {
        self.bot().settles().await;
        let status = self.bot().is_stopped().await;
        assert_eq!(status.code(), Some(0), "{}", self.bot().log());
        assert_eq!(self.bot().errors(), [""; 0]);
        self.slack.disconnected().await;
        self.bot = None;
    }

    /// Moves the clock on to the next working day, to this second of it.
    fn moves_to(&self, second_of_day: i64) {
        let now = self.slack.now_millis() / 1000;
        let mut day = now / DAY + 1;
        // The first day of 1970 was a Thursday.
        while matches!((day + 4) % 7, 0 | 6) {
            day += 1;
        }
        let wait = day * DAY + second_of_day - now;
        let wait = u64::try_from(wait).expect("it is to come");
        self.slack.advance(Duration::from_secs(wait));
    }

    /// How many messages there are of the kind that time brings.
    fn of_the_clock(&self) -> usize {
        match self.deed {
            Deed::Digest => self.rita.posts("Interviews here").len(),
            Deed::Reminder => self.directs("still to come:"),
            _ => 0,
        }
    }

    /// How many direct messages with these words Ada has.
    fn directs(&self, words: &str) -> usize {
        let place = self.slack.dm("ada").expect("everybody has them");
        Hands::new(&self.slack, "ada", &place).posts(words).len()
    }

    /// Brings everything up to where the deed is the next thing that happens.
    async fn prepares(&mut self) -> About {
        self.number += 1;
        let name = format!("Candidate {}x", self.number);
        let line = format!("/interview senior-backend {name} @ada");
        let ready = match self.deed {
            Deed::Opening | Deed::Message => Ready::Line(line),
            Deed::Digest => Ready::Time,
            Deed::Reminder => {
                self.moves_to(10 * 3600);
                self.rita.types(&line).await.expect("it is acknowledged");
                self.rita.code_of(&name).await;
                Ready::Time
            }
            Deed::Click | Deed::Submission | Deed::Reveal => self.scores(&line, &name).await,
        };
        self.stops().await;
        if self.deed.is_of_the_clock() {
            self.moves_to(12 * 3600);
        }
        About {
            name,
            ready,
            before: self.of_the_clock(),
        }
    }

    /// Up to a rating, a submission, or what the owner does after it.
    async fn scores(&self, line: &str, name: &str) -> Ready {
        let line = format!("{line} @ben");
        self.rita.types(&line).await.expect("it is acknowledged");
        self.rita.code_of(name).await;
        // The one that she could not submit is still before her.
        self.slack.closes_all("ada").await;
        self.ada.clicks_soon(name, "Score").await;
        let waiting = format!("the scorecard of {name}");
        let rating = until(&waiting, || self.ada.sees(&scorecard(name), RATING)).await;
        if self.deed == Deed::Click {
            return Ready::Click(Box::new(rating));
        }
        self.ada.clicks(&rating).await.expect("it is acknowledged");
        let ada = &self.ada;
        ada.clicks_soon(&scorecard(name), "Recommend and submit")
            .await;
        let form = until("the form", || ada.form()).await;
        if self.deed == Deed::Submission {
            return Ready::Form(Box::new(form));
        }
        self.submits(&form).await.expect("it is acknowledged");
        until("the submission", || {
            self.rita.posts(name).pop().filter(is_one_in)
        })
        .await;
        self.rita.clicks_soon(name, "More").await;
        let reveal = until("the owner's menu", || self.rita.sees(name, "Reveal")).await;
        Ready::Click(Box::new(reveal))
    }

    async fn submits(&self, form: &ViewSeen) -> Result<(), Complaint> {
        let fields = [
            ("Recommendation", "Yes"),
            ("Why?", "Knows the trade"),
            ("Unrated", ""),
        ];
        self.ada.submits(form, &fields).await.map(drop)
    }

    async fn does(&self, ready: &Ready) -> Result<(), Complaint> {
        match ready {
            Ready::Time => Ok(()),
            Ready::Line(line) => self.rita.types(line).await,
            Ready::Form(form) => self.submits(form).await,
            Ready::Click(button) if self.deed == Deed::Reveal => self.rita.clicks(button).await,
            Ready::Click(button) => self.ada.clicks(button).await,
        }
    }

    async fn tries(&mut self, case: &Case) {
        let what = format!("{:?}, {}", self.deed, case.point);
        let ready = self.prepares().await;
        let told = self.dies(case, &ready.ready).await;
        if let Some(wanted) = case.told {
            assert_eq!(told.is_ok(), wanted, "{what}: {told:?}");
        }
        self.slack.disconnected().await;
        let parts = self.parts(&ready.name).await;
        let done: Vec<&str> = parts.iter().filter(|it| it.1).map(|it| it.0).collect();
        let whole = done.is_empty() || done.len() == parts.len();
        assert!(whole, "{what}: half done: {parts:?}");
        match case.kept {
            Kept::Nothing => assert!(done.is_empty(), "{what}: {parts:?}"),
            Kept::All => assert_eq!(done.len(), parts.len(), "{what}: {parts:?}"),
            Kept::Either => {}
        }

        self.slack.misbehave(Misbehaviour::Behave);
        self.starts().await;
        if !self.deed.is_of_the_clock() {
            self.slack.redeliver_last().await;
        }
        self.bot().settles().await;
        self.holds(&what, case, &ready).await;
    }

    /// Does it, with the program dying meanwhile.
    async fn dies(&self, case: &Case, ready: &Ready) -> Result<(), Complaint> {
        self.slack.advance(Duration::from_secs(61));
        if self.deed == Deed::Click {
            // So that nothing is drawn before it dies.
            self.slack.misbehave(Misbehaviour::Hang {
                method: Some("response_url".to_owned()),
                times: 1,
                performs: false,
            });
        }
        let Some((method, performs)) = case.held else {
            let start = self.start(Some(&case.point));
            let mut program = start.begins();
            if self.deed.is_of_the_clock() {
                program.dies_at(&case.point).await;
                return Ok(());
            }
            self.slack.connected().await;
            let told = self.does(ready).await;
            program.dies_at(&case.point).await;
            return told;
        };
        let begun = self.slack.calls().len();
        // The message that is meant is not the first one that an opening sends.
        let times = 8;
        self.slack.misbehave(Misbehaviour::Hang {
            method: Some(method.to_owned()),
            times,
            performs,
        });
        let mut program = self.start(None).begins();
        self.slack.connected().await;
        let told = self.does(ready).await;
        until("the call", || {
            let calls = self.slack.calls();
            let mut new = calls.iter().skip(begun);
            new.any(|call| call.method == method && self.is_meant(&call.args))
                .then_some(())
        })
        .await;
        program.is_killed();
        told
    }

    /// Whether a call is the one that is to be cut off.
    fn is_meant(&self, args: &serde_json::Value) -> bool {
        let channel = args["channel"].as_str().unwrap_or_default();
        match self.deed {
            Deed::Message | Deed::Reminder => channel == user_id("ada"),
            Deed::Reveal => args["thread_ts"].is_string(),
            _ => !channel.starts_with('U'),
        }
    }

    /// What a deed does to the store, and whether it is done. All of it is, or nothing.
    async fn parts(&self, name: &str) -> Vec<(&'static str, bool)> {
        let folder = self.data.clone();
        let store = tokio::task::spawn_blocking(move || SledStore::open(&folder))
            .await
            .expect("no panic")
            .expect("the store opens");
        let parts = if self.deed.is_of_the_clock() {
            Vec::new()
        } else {
            self.parts_in(&store, name).await
        };
        store.close().await;
        parts
    }

    async fn parts_in(&self, store: &SledStore, name: &str) -> Vec<(&'static str, bool)> {
        let team = WorkspaceId::from(TEAM);
        let channel = Channel::private("hiring").id;
        let all = List::In(ChannelId::from(channel.as_str()));
        let listed = store.list(&team, &all, Stretch::first(1000)).await;
        let mut found = None;
        let mut codes = Vec::new();
        for listed in listed.expect("it is readable") {
            let loaded = store.load(&team, &listed.code, &Needs::All).await;
            let loaded = loaded
                .expect("it is readable")
                .expect("a listed loop is there");
            codes.push(listed.code.clone());
            if loaded.head.candidate.as_str() == name {
                found = Some(loaded);
            }
        }
        let owed = store.parcels().await.expect("they are readable");
        let is_owed = |post: Post| owed.iter().any(|it| it.post == post);
        let of_none = |code: &LoopCode| !codes.contains(code);
        let stray = owed
            .iter()
            .filter_map(|it| it.post.code())
            .find(|it| of_none(it));
        assert_eq!(stray, None, "something is owed of a loop that is not there");
        let Some(loaded) = found else {
            // Then there is nothing to be found of it.
            return vec![("loop", false), ("audit", false)];
        };
        let head = loaded.head;
        let code = head.code.clone();
        let audit = store.audit(&team, &code).await.expect("it is readable");
        let count = |is: fn(&Audited) -> bool| audit.iter().filter(|it| is(&it.what)).count();
        let ada = UserId::from(user_id("ada"));
        let is_one = |count: usize| {
            assert!(count <= 1, "{name}: it is there {count} times");
            count == 1
        };
        match self.deed {
            Deed::Opening | Deed::Message => vec![
                ("loop", true),
                ("audit", is_one(count(|it| *it == Audited::Opened))),
                (
                    "post",
                    is_owed(Post::Loop(code.clone())) || head.messages.post.is_some(),
                ),
                (
                    "invitation",
                    is_owed(Post::Invitation { code, user: ada }) || self.directs(name) > 0,
                ),
            ],
            Deed::Click => {
                let question = QuestionId::from("screening/1");
                let card = loaded.cards.get(&ada).map(|it| &it.0);
                let marked = card.is_some_and(|it| it.marks.contains_key(&question));
                let rated = count(|it| matches!(it, Audited::Rated { .. }));
                vec![("mark", marked), ("audit", is_one(rated))]
            }
            Deed::Submission => {
                let seat = head.seat(&ada).expect("she is on the panel");
                let card = loaded.cards.get(&ada).map(|it| &it.0);
                let submitted = count(|it| matches!(it, Audited::Submitted { .. }));
                let posts = self.rita.posts(name);
                vec![
                    ("seat", seat.is_in()),
                    ("card", card.is_some_and(|it| it.recommendation.is_some())),
                    ("audit", is_one(submitted)),
                    (
                        "post",
                        is_owed(Post::Loop(code)) || posts.iter().any(is_one_in),
                    ),
                ]
            }
            Deed::Reveal => {
                let revealed = count(|it| matches!(it, Audited::Revealed { .. }));
                let debrief = head.messages.debrief.is_some();
                vec![
                    ("reveal", head.reveal.is_some()),
                    ("audit", is_one(revealed)),
                    ("debrief", is_owed(Post::Debrief(code)) || debrief),
                ]
            }
            Deed::Digest | Deed::Reminder => Vec::new(),
        }
    }

    /// What there has to be, once the program runs again and has come to rest.
    async fn holds(&self, what: &str, case: &Case, ready: &About) {
        let name = &ready.name;
        let posts = self.rita.posts(name);
        let has = |count: usize, of: &str| {
            assert!(
                case.copies.contains(&count),
                "{what}: {count} copies of {of}"
            );
        };
        match self.deed {
            Deed::Opening => {
                has(posts.len(), "the post");
                // It may have been under way as well.
                let fewest = usize::from(!is_late(&case.point));
                let directs = self.directs(name);
                assert!((fewest..=1).contains(&directs), "{what}: {directs}");
            }
            Deed::Message => {
                assert!((1..=2).contains(&posts.len()), "{what}");
                has(self.directs(name), "the message");
            }
            Deed::Click => {
                let waiting = format!("{what}: the picture");
                let mark = format!("✓ {RATING}");
                let drawn = || {
                    let shown = self.ada.sees(&scorecard(name), RATING)?;
                    (shown.control.label == mark).then_some(())
                };
                until(&waiting, drawn).await;
            }
            Deed::Submission => {
                assert_eq!(posts.len(), 1, "{what}");
                assert!(is_one_in(&posts[0]), "{what}: {}", posts[0].rendered());
            }
            Deed::Reveal => {
                assert_eq!(posts.len(), 1, "{what}");
                let thread = self.slack.thread("rita", "#hiring", &posts[0].ts);
                let debriefs = thread
                    .iter()
                    .filter(|it| it.rendered().starts_with("Debrief · "));
                has(debriefs.count(), "the debrief");
            }
            Deed::Digest | Deed::Reminder => {
                has(self.of_the_clock() - ready.before, "the day's message");
            }
        }
    }

    /// Once more, everything that was done is there once.
    async fn ends(mut self) {
        self.stops().await;
        if !self.deed.is_of_the_clock() {
            for number in 1..=self.number {
                let mut parts = self.parts(&format!("Candidate {number}x")).await;
                // That one may have been lost.
                parts.retain(|it| it.0 != "invitation");
                assert!(parts.iter().all(|it| it.1), "{:?}: {parts:?}", self.deed);
            }
        }
        assert_eq!(self.slack.breaches(), [""; 0], "{:?}", self.deed);
        self.slack.stop();
    }
}

fn scorecard(name: &str) -> String {
    format!("Scorecard: {name}")
}

fn is_one_in(post: &interview_assistant::simulator::MessageSeen) -> bool {
    post.rendered().contains("1 of 2 scorecards in")
}

/// Tries a deed's deaths, in so many Slacks at once.
async fn tries(deed: Deed, at_once: usize) {
    let cases = cases(deed);
    let each = cases.len().div_ceil(at_once);
    let lanes = cases.chunks(each).map(async |cases| {
        let mut lane = Lane::begins(deed).await;
        for case in cases {
            lane.tries(case).await;
        }
        lane.ends().await;
    });
    join_all(lanes).await;
}

#[tokio::test]
async fn a_click_survives_a_death_at_any_step() {
    tries(Deed::Click, 2).await;
}

#[tokio::test]
async fn an_opening_survives_a_death_at_any_step() {
    tries(Deed::Opening, 3).await;
}

#[tokio::test]
async fn a_direct_message_survives_a_death_at_any_step_or_is_missing_and_is_never_doubled() {
    tries(Deed::Message, 3).await;
}

#[tokio::test]
async fn a_submission_survives_a_death_at_any_step() {
    tries(Deed::Submission, 4).await;
}

#[tokio::test]
async fn a_reveal_survives_a_death_at_any_step() {
    tries(Deed::Reveal, 4).await;
}

#[tokio::test]
async fn a_digest_survives_a_death_at_any_step_or_is_missing_and_is_never_doubled() {
    tries(Deed::Digest, 3).await;
}

#[tokio::test]
async fn a_reminder_survives_a_death_at_any_step_or_is_missing_and_is_never_doubled() {
    tries(Deed::Reminder, 3).await;
}
