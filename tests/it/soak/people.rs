//! People at work: whoever is told that something was not taken does it again, and whoever is told that it was, remembers.

use super::Soak;
use super::model::Told;
use crate::harness::chance::Chance;
use crate::harness::hands::{Button, Hands};
use crate::harness::program::PATIENCE;
use crate::harness::told::rating;
use interview_assistant::domain::ids::QuestionId;
use interview_assistant::simulator::{Complaint, MessageSeen, Submission, ViewSeen};
use serde_json::Value;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How often somebody tries before the test gives up.
const TRIES: usize = 20;
/// How long somebody looks for what should come, before they click again.
const LOOKS: Duration = Duration::from_secs(3);
const CARD: &str = "Recommend and submit";

pub struct Somebody<'a> {
    soak: &'a Soak,
    name: &'static str,
    hands: Hands,
    chance: Chance,
}

/// Looks for something for a while.
async fn soon<T>(mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let until = Instant::now() + LOOKS;
    loop {
        let found = look();
        if found.is_some() || Instant::now() > until {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

impl<'a> Somebody<'a> {
    pub fn new(soak: &'a Soak, name: &'static str, channel: &str, seed: u64) -> Self {
        Self {
            soak,
            name,
            hands: Hands::new(&soak.slack, name, channel),
            chance: Chance(seed),
        }
    }

    fn told(&self, which: usize, what: impl FnOnce(&mut Told)) {
        what(&mut self.soak.told.lock().expect("no panic")[which]);
    }

    fn knows<T>(&self, which: usize, what: impl FnOnce(&Told) -> T) -> T {
        what(&self.soak.told.lock().expect("no panic")[which])
    }

    /// Does something until it is taken. `None`: it is not before them any more.
    async fn insists<T>(&self, act: impl AsyncFn() -> Result<T, Complaint>) -> Option<T> {
        for _ in 0..2 * TRIES {
            let began = Instant::now();
            match act().await {
                Ok(what) => {
                    self.soak.acknowledged(began);
                    return Some(what);
                }
                Err(
                    Complaint::NotConnected
                    | Complaint::ConnectionLost
                    | Complaint::OperationTimeout
                    // The clock was moved on between signing and checking.
                    | Complaint::HttpStatus(401),
                ) => {
                    let connected = self.soak.slack.connected();
                    let _ = tokio::time::timeout(PATIENCE, connected).await;
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                Err(
                    Complaint::NoSuchMessage | Complaint::NoSuchControl(_) | Complaint::NoSuchView,
                ) => return None,
                Err(complaint) => panic!("{}: {complaint}", self.name),
            }
        }
        panic!("{} has tried {TRIES} times", self.name);
    }

    async fn clicks(&self, button: &Button) -> bool {
        self.insists(async || self.hands.clicks(button).await)
            .await
            .is_some()
    }

    pub async fn types(&self, line: &str) {
        self.insists(async || self.hands.types(line).await).await;
    }

    /// Opens a loop, and waits for its post.
    pub async fn opens(&self, which: usize) {
        let (name, panel) = self.knows(which, |it| (it.name.clone(), it.panel.clone()));
        let panel: Vec<String> = panel.iter().map(|it| format!("@{it}")).collect();
        let line = format!("/interview senior-backend {name} {}", panel.join(" "));
        for _ in 0..TRIES {
            // Whoever was opened already is asked about, and not opened twice.
            self.types(&line).await;
            if soon(|| self.hands.posts_of(&name).pop()).await.is_some() {
                let code = self.hands.code_of(&name).await;
                return self.told(which, |it| it.code = Some(code));
            }
        }
        panic!("{name} was never opened");
    }

    /// Their scorecard of a loop, as it is before them.
    fn card(&self, name: &str) -> Option<MessageSeen> {
        let words = format!("Scorecard: {name}");
        let mut messages = self.hands.messages();
        messages.retain(|it| it.ephemeral && it.rendered().contains(&words));
        messages.pop()
    }

    async fn opens_card(&self, name: &str) {
        for _ in 0..TRIES {
            if let Some(score) = self.hands.sees(name, "Score") {
                self.clicks(&score).await;
            }
            if soon(|| self.card(name)).await.is_some() {
                return;
            }
        }
        panic!("{} never saw the scorecard of {name}", self.name);
    }

    /// Rates, writes, looks around; so many clicks.
    pub async fn scores(&mut self, which: usize, clicks: u64) {
        let name = self.knows(which, |it| it.name.clone());
        self.opens_card(&name).await;
        for _ in 0..clicks {
            if self.chance.below(8) == 0 {
                let hands = &self.hands;
                self.insists(async || hands.slack.opens_home(&hands.name).await)
                    .await;
            }
            let Some(card) = self.card(&name) else {
                continue;
            };
            let mut controls = card.controls();
            controls.retain(|it| {
                rating(it).is_some() || it.label.contains('/') || it.label.starts_with("Evidence")
            });
            let Some(control) = self.chance.one_of(&controls) else {
                continue;
            };
            let button = Button {
                on: card.on(),
                control: control.clone(),
            };
            if let Some(rated) = rating(&control) {
                let me = self.name;
                self.told(which, |it| {
                    it.cards.entry(me).or_default().clicks(rated.clone());
                });
                if self.clicks(&button).await {
                    self.told(which, |it| it.cards.entry(me).or_default().is_told(rated));
                }
            } else if control.label.starts_with("Evidence") {
                self.writes(which, &button).await;
            } else {
                self.clicks(&button).await;
            }
            tokio::time::sleep(Duration::from_millis(self.chance.below(120))).await;
        }
    }

    /// Rates as quickly as they are answered, until it is over.
    pub async fn hurries(&mut self, which: usize, over: &AtomicBool) {
        let name = self.knows(which, |it| it.name.clone());
        self.opens_card(&name).await;
        while !over.load(Ordering::SeqCst) {
            let mut controls = self.card(&name).map_or_else(Vec::new, |card| {
                let on = card.on();
                let controls = card.controls().into_iter();
                controls.map(|control| (on.clone(), control)).collect()
            });
            controls.retain(|(_, it)| rating(it).is_some());
            let Some((on, control)) = self.chance.one_of(&controls) else {
                continue;
            };
            let (me, rated) = (self.name, rating(&control).expect("it is one"));
            self.told(which, |it| {
                it.cards.entry(me).or_default().clicks(rated.clone());
            });
            if self.clicks(&Button { on, control }).await {
                self.told(which, |it| it.cards.entry(me).or_default().is_told(rated));
            }
            // The people of the shift want to be served as well.
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// A form that a click opens.
    async fn form_of(&self, button: &Button, field: &str) -> Option<ViewSeen> {
        self.soak.slack.closes_all(self.name).await;
        if !self.clicks(button).await {
            return None;
        }
        soon(|| {
            let form = self.hands.form();
            form.filter(|it| it.inputs().iter().any(|it| it.label.starts_with(field)))
        })
        .await
    }

    async fn writes(&mut self, which: usize, button: &Button) {
        let value = button.control.value.clone().unwrap_or_default();
        let value: Value = serde_json::from_str(&value).expect("our own value");
        let question = QuestionId::from(value["question"].as_str().expect("a question"));
        let field = "What did you hear?";
        let Some(form) = self.form_of(button, field).await else {
            return;
        };
        let note = format!("heard {:08x}", self.chance.below(u64::from(u32::MAX)));
        let key = (self.name, question);
        self.told(which, |it| {
            let (written, _) = it.notes.entry(key.clone()).or_default();
            written.push(note.clone());
        });
        let fields = [(field, note.as_str())];
        let came = self
            .insists(async || self.hands.submits(&form, &fields).await)
            .await;
        if came == Some(Submission::Closed) {
            self.told(which, |it| {
                let (written, saved) = it.notes.entry(key).or_default();
                *saved = written.len();
            });
        }
    }

    /// Recommends and submits, until it is told to be in.
    pub async fn submits(&mut self, which: usize) {
        let (name, me) = (self.knows(which, |it| it.name.clone()), self.name);
        let fields = [
            ("Recommendation", "Yes"),
            ("Why?", "Knows the trade"),
            ("Unrated", ""),
        ];
        for _ in 0..TRIES {
            let Some(button) = self.hands.sees(&format!("Scorecard: {name}"), CARD) else {
                self.opens_card(&name).await;
                continue;
            };
            let Some(form) = self.form_of(&button, "Recommendation").await else {
                continue;
            };
            let inputs = form.inputs();
            // Evidence that is asked for beside a 1 or a 4 is as good as any.
            let mut all: Vec<(&str, &str)> = fields.to_vec();
            all.extend(inputs.iter().filter_map(|it| {
                let known = fields.iter().any(|(label, _)| it.label.starts_with(label));
                let empty = !known && !it.optional && it.kind == "plain_text_input";
                empty.then_some((it.label.as_str(), "Said so"))
            }));
            self.told(which, |it| it.tried.extend([me]));
            let came = self
                .insists(async || self.hands.submits(&form, &all).await)
                .await;
            if came == Some(Submission::Closed) {
                return self.told(which, |it| it.submitted.extend([me]));
            }
        }
        panic!(
            "{me} could not submit for {name}: {:?}",
            self.hands.form().map(|it| it.rendered())
        );
    }

    /// The owner shows what is in.
    pub async fn reveals(&self, which: usize) {
        let name = self.knows(which, |it| it.name.clone());
        for _ in 0..TRIES {
            let Some(more) = self.hands.sees(&name, "More") else {
                continue;
            };
            self.clicks(&more).await;
            if let Some(reveal) = soon(|| self.hands.sees(&name, "Reveal")).await
                && self.clicks(&reveal).await
            {
                return self.told(which, |it| it.early = true);
            }
        }
        panic!("{name} could not be revealed");
    }

    /// The messages in a loop's thread.
    pub fn thread(&self, name: &str) -> Vec<MessageSeen> {
        let Some(post) = self.hands.posts_of(name).pop() else {
            return Vec::new();
        };
        let hands = &self.hands;
        let mut thread = hands.slack.thread(&hands.name, &hands.place, &post.ts);
        thread.retain(|it| it.ts != post.ts);
        thread
    }

    /// The owner decides, once the debrief is there.
    pub async fn decides(&self, which: usize) {
        let name = self.knows(which, |it| it.name.clone());
        for _ in 0..TRIES {
            let decide = soon(|| {
                self.thread(&name).into_iter().rev().find_map(|message| {
                    let control = message.control("Decide")?;
                    let on = message.on();
                    Some(Button { on, control })
                })
            });
            let Some(decide) = decide.await else { continue };
            let Some(form) = self.form_of(&decide, "Decision").await else {
                continue;
            };
            let fields = [("Decision", "Hire"), ("Reason", "Knows the trade")];
            let came = self
                .insists(async || self.hands.submits(&form, &fields).await)
                .await;
            if came == Some(Submission::Closed) {
                return self.told(which, |it| it.decided = true);
            }
        }
        let posts = self.hands.posts_of(&name);
        panic!(
            "{name} could not be decided: {:?}\n{:?}\n{:?}",
            posts.iter().map(MessageSeen::rendered).collect::<Vec<_>>(),
            self.thread(&name)
                .iter()
                .map(MessageSeen::rendered)
                .collect::<Vec<_>>(),
            self.soak
                .slack
                .views(self.name)
                .iter()
                .map(ViewSeen::rendered)
                .collect::<Vec<_>>(),
        );
    }
}
