//! What went over the wire and onto the screens during a story, and what must not be wrong at its end.

use super::log::Log;
use super::{Member, Place, Slack, Transport};
use interview_assistant::simulator::Call;
use std::collections::BTreeSet;

impl Slack {
    /// Everything sent so far to a place that more than one person reads, oldest first, as it was sent.
    pub fn shared_payloads_so_far(&self) -> Vec<Call> {
        let shared = |call: &Call| match call.method.as_str() {
            "chat.postMessage" | "chat.update" | "chat.scheduleMessage" => {
                let to = call.args["channel"].as_str().unwrap_or_default();
                !to.starts_with(['D', 'U', 'W'])
            }
            "files.completeUploadExternal" => {
                let to = call.args["channel_id"].as_str();
                to.is_some_and(|to| !to.starts_with('D'))
            }
            "response_url" => call.args["response_type"] == "in_channel",
            _ => false,
        };
        self.sim().calls().into_iter().filter(shared).collect()
    }

    /// Everything that more than one person could read at any moment so far, as it was kept by Slack: this knows too what took the place
    /// of a shared message through the URL of a click on it.
    pub fn shown_to_all_so_far(&self) -> Vec<String> {
        self.0.shown_to_all.borrow().iter().cloned().collect()
    }

    pub(super) fn notes_what_is_shown(&self) {
        let mut shown = self.0.shown_to_all.borrow_mut();
        for member in self.0.members.borrow().iter() {
            for message in Place::all_messages(self, member) {
                if message.is_bot && !message.ephemeral && !message.channel.starts_with('D') {
                    let blocks = message.blocks.unwrap_or_default();
                    let files = message.files.iter().map(|file| &file.alt_text);
                    shown.insert(format!(
                        "{}\n{blocks}\n{:?}\n{:?}",
                        message.text,
                        message.metadata,
                        files.collect::<Vec<_>>()
                    ));
                }
            }
        }
    }

    /// How often a method was called, successfully or not.
    pub fn calls_of(&self, method: &str) -> usize {
        self.sim()
            .calls()
            .iter()
            .filter(|call| call.method == method)
            .count()
    }

    /// How many messages were sent to somebody directly.
    pub fn calls_to(&self, user: &str) -> usize {
        let direct = self.sim().dm(user).unwrap_or_default();
        let to_them = |call: &&Call| {
            call.method == "chat.postMessage"
                && [user, direct.as_str()]
                    .contains(&call.args["channel"].as_str().unwrap_or_default())
        };
        self.sim().calls().iter().filter(to_them).count()
    }

    /// Somebody deletes the bot's posts in a channel.
    pub fn deletes_posts(&self, by: &Member, place: &Place) {
        for post in self.sim().messages(by.name(), place.id()) {
            if post.is_bot && !post.ephemeral {
                assert!(self.sim().delete_message(place.id(), &post.ts));
            }
        }
    }

    pub(super) async fn ends(&self, transport: Transport) {
        self.end_together(&[], transport).await;
    }

    /// Ends with the other workspaces of the same story.
    pub(super) async fn end_together(&self, others: &[Self], transport: Transport) {
        let mut wrong = self.what_is_wrong().await;
        for other in others {
            wrong.extend(other.what_is_wrong().await);
        }
        self.stops_the_bot().await;
        self.sim().stop();
        assert!(
            wrong.is_empty(),
            "at the end of the story ({transport:?}):\n{}",
            wrong.join("\n")
        );
    }

    async fn what_is_wrong(&self) -> Vec<String> {
        self.0.held.set(false);
        self.settle().await;
        let mut wrong: Vec<String> = Vec::new();
        wrong.extend(
            self.sim()
                .breaches()
                .into_iter()
                .map(|breach| format!("breach: {breach}")),
        );
        let panics = Log::panics();
        if !self.0.breaks.get() {
            let errors = self.0.log.errors().into_iter();
            wrong.extend(errors.map(|line| format!("logged: {line}")));
        }
        for member in self.0.members.borrow().iter() {
            wrong.extend(
                self.sim()
                    .notices(member)
                    .into_iter()
                    .map(|notice| format!("{member} was told by Slack: {notice}")),
            );
        }
        let log = self.0.log.text();
        let panics = panics.join("\n");
        for secret in self.0.confidential.borrow().iter() {
            for (what, text) in [("log holds", &log), ("words of a panic hold", &panics)] {
                if text.contains(secret) {
                    wrong.push(format!("the {what} {secret}"));
                }
            }
        }
        let figures = self.figures().await;
        for secret in self.sim().secrets() {
            let all = [("log", &log), ("metrics", &figures), ("panics", &panics)];
            for (what, text) in all {
                if text.contains(&secret) {
                    let line = text.lines().find(|line| line.contains(&secret));
                    wrong.push(format!("the {what} holds a secret: {line:?}"));
                }
            }
        }
        for name in self.0.confidential.borrow().iter() {
            if figures.contains(name) {
                wrong.push(format!("the metrics hold {name}"));
            }
        }
        if !self.0.rest_is_read.get() {
            wrong.extend(self.unread());
        }
        wrong
    }

    fn unread(&self) -> Vec<String> {
        let read = self.0.read.borrow();
        let members = self.0.members.borrow();
        let mut unread = BTreeSet::new();
        for member in members.iter() {
            for message in Place::all_messages(self, member) {
                let id = (message.channel.clone(), message.ts.clone());
                if message.is_bot && !message.ephemeral && !message.deleted && !read.contains(&id) {
                    unread.insert(format!(
                        "nobody read, in {}: {}",
                        message.channel,
                        message.rendered()
                    ));
                }
            }
        }
        unread.into_iter().collect()
    }
}
