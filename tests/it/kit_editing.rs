//! Kits are improved from Slack: questions edited, added, moved, retired; files read again; file and edit brought together.

use crate::harness::{Card, Member, Place, Slack, assert_snapshot, story};
use interview_assistant::simulator::Person;
use std::path::{Path, PathBuf};

/// A folder with a shipped kit, served from the next start on.
pub struct Folder(pub tempfile::TempDir);

impl Folder {
    pub async fn of(slack: &Slack, slug: &str) -> Self {
        let folder = Self(tempfile::tempdir().expect("a folder can be made"));
        let name = format!("questions/{slug}.toml");
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        std::fs::copy(shipped, folder.file(slug)).expect("it is there");
        slack.uses_kits(folder.0.path());
        slack.restarts().await;
        folder
    }

    pub fn file(&self, slug: &str) -> PathBuf {
        self.0.path().join(format!("{slug}.toml"))
    }

    pub fn says(&self, slug: &str, old: &str, new: &str) {
        let text = std::fs::read_to_string(self.file(slug)).expect("it can be read");
        assert!(text.contains(old), "{old}");
        let text = text.replacen(old, new, 1);
        std::fs::write(self.file(slug), text).expect("it can be written");
    }
}

pub fn admin(slack: &Slack) -> Member {
    slack.joins(Person::new("olga", "Olga").admin())
}

const SECTION: &str = "Technical";

/// The kit's technical questions, as somebody sees them.
pub async fn technical(who: &Member, place: &Place) -> Card {
    let kit = who.types(place, "/interview senior-backend").await;
    kit.clicks(SECTION).await;
    kit
}

/// The form of the n-th question on the card, from 1.
pub async fn edits(card: &Card, number: usize) -> Card {
    let buttons: Vec<_> = card
        .controls()
        .into_iter()
        .filter(|control| control.label == "Edit")
        .collect();
    card.clicks_on(&buttons[number - 1]).await
}

#[tokio::test]
async fn an_administrator_edits_a_question_and_loops_under_way_stay_on_theirs() {
    story(async |slack| {
        let [rita, ada] = slack.members(["rita", "ada"]);
        let olga = admin(slack);
        let hiring = slack.private_channel("#hiring");
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada")
            .await;

        let card = technical(&olga, &hiring).await;
        let form = edits(&card, 3).await;
        assert!(form.is_modal());
        let form = form
            .fills("Question", "Tell me about a slow query that you made fast.")
            .fills(
                "Follow-ups",
                "How did you find it?\n\n  What did it cost?  \n",
            );
        form.submits().await;
        assert!(
            card.text()
                .contains("3. Tell me about a slow query that you made fast."),
            "{}",
            card.text()
        );
        assert!(
            card.text()
                .contains("• How did you find it?\n• What did it cost?\n"),
            "{}",
            card.text()
        );
        assert_snapshot!(card.head(2), @"
        Senior Backend Developer
        15 questions, about 45 minutes · kit xxxxxx since Nov 21, 2024, edited in Slack by @olga
        ");

        let pinned = ada.clicks(&hiring, "Kit").await;
        assert!(
            pinned
                .head(2)
                .contains("pinned to this version; a newer version exists")
        );
        pinned.clicks(SECTION).await;
        assert!(pinned.text().contains("3. How do you go about optimising"));
        assert!(
            !pinned.offers().contains(&"Edit".to_owned()),
            "a pinned version is not edited"
        );

        let kits = olga.types(&hiring, "/interview kits").await;
        assert_snapshot!(kits.text(), @"
        Interview kits
        Backend Platforms Lead backend-platforms-lead · 15 questions
        • kit xxxxxx since Nov 21, 2024, from backend-platforms-lead.toml · 0 open loops
        [Open]
        Backend Practice Lead backend-practice-lead · 15 questions
        • kit xxxxxx since Nov 21, 2024, from backend-practice-lead.toml · 0 open loops
        [Open]
        Head of Backend Engineering head-of-backend · 15 questions
        • kit xxxxxx since Nov 21, 2024, from head-of-backend.toml · 0 open loops
        [Open]
        Senior Backend Developer senior-backend · 15 questions
        • kit xxxxxx since Nov 21, 2024, edited in Slack by @olga · 0 open loops
        • kit xxxxxx since Nov 21, 2024, from senior-backend.toml · 1 open loop
        [Open]
        [Read the files again]
        ");
        let history = edits(&card, 3).await;
        assert_snapshot!(history.foot(), @"Nov 21, 2024: question, follow-ups, edited in Slack by @olga · kit xxxxxx");
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn an_edit_is_checked_by_the_rules_of_the_files() {
    story(async |slack| {
        let olga = admin(slack);
        let hiring = slack.private_channel("#hiring");
        let card = technical(&olga, &hiring).await;
        let before = card.text();

        let form = edits(&card, 1).await.fills("Question", "  ");
        let form = form.submits().await;
        assert_snapshot!(form.complaints(), @"Question: Please complete this required field.");
        let form = edits(&card, 1).await;
        let form = form
            .fills("Question", "Tell me why. ".repeat(30).trim())
            .fills("4 Excellent", "");
        let form = form.submits().await;
        assert_snapshot!(form.complaints(), @"
        Question: this question has 90 words; more than 50 are hard to follow when they are read aloud (ask one thing in one sentence; what it leads to is a follow-up)
        4 Excellent sounds like: `technical/1.anchors.excellent` is empty
        ");
        let form = form.fills("4 Excellent", "Says it in one sentence.");
        let form = form.submits().await;
        assert_snapshot!(form.complaints(), @"
        Check: Nothing was saved. Tick this box to save it all the same.
        Question: this question has 90 words; more than 50 are hard to follow when they are read aloud (ask one thing in one sentence; what it leads to is a follow-up)
        ");
        assert_eq!(
            technical(&olga, &hiring).await.text(),
            before,
            "nothing was saved"
        );

        form.ticks("Check").submits().await;
        assert!(
            technical(&olga, &hiring)
                .await
                .text()
                .contains("1. Tell me why. Tell me why.")
        );

        let form = edits(&technical(&olga, &hiring).await, 2).await;
        let form = form.submits().await;
        assert_snapshot!(form.complaints(), @"Question: Everything is as it was, so there is no new version.");
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn questions_are_added_moved_and_retired_and_no_number_is_used_twice() {
    story(async |slack| {
        let olga = admin(slack);
        let hiring = slack.private_channel("#hiring");
        let card = technical(&olga, &hiring).await;
        let numbers = |card: &Card| {
            let lines = card.text();
            let lines = lines.lines().filter_map(|line| line.split_once(". "));
            let numbers = lines.filter_map(|(number, _)| number.parse().ok());
            numbers.collect::<Vec<u32>>()
        };
        let adds = async |ask: &str, word: &str| {
            let form = card.clicks("Add a question").await;
            let form = form
                .fills("Question", ask)
                .fills("Follow-ups", "Why?\nWhat then?")
                .fills("1 Poor", &format!("Nothing {word}."))
                .fills("2 Mixed", &format!("A name {word}."))
                .fills("3 Good", &format!("A reason {word}."))
                .fills("4 Excellent", &format!("A reason and its price {word}."))
                .fills("A competency that is not in the list", "api design");
            form.submits().await
        };
        adds(
            "Walk me through how you would retire an endpoint.",
            "at the end",
        )
        .await;
        assert_eq!(numbers(&card), [1, 2, 3, 4, 5, 6]);

        edits(&card, 6)
            .await
            .chooses("Place", "First")
            .submits()
            .await;
        assert_eq!(numbers(&card), [6, 1, 2, 3, 4, 5]);

        edits(&card, 1).await.ticks("Retire").submits().await;
        assert_eq!(numbers(&card), [1, 2, 3, 4, 5]);
        assert!(
            card.text().contains("Retired, and asked no more: 6"),
            "{}",
            card.text()
        );

        adds("Walk me through how you would name an endpoint.", "for it").await;
        assert_eq!(
            numbers(&card),
            [1, 2, 3, 4, 5, 7],
            "a number is never used again"
        );

        let form = card.clicks("Edit 6").await;
        let form = form.unticks("Retire");
        form.submits().await;
        assert_eq!(numbers(&card), [6, 1, 2, 3, 4, 5, 7]);
        let form = edits(&card, 1).await;
        let text = form.text();
        let history: Vec<&str> = text.lines().rev().take(4).collect();
        assert_snapshot!(history.join("\n"), @"
        Nov 21, 2024: added, edited in Slack by @olga · kit xxxxxx
        Nov 21, 2024: place, edited in Slack by @olga · kit xxxxxx
        Nov 21, 2024: retired, edited in Slack by @olga · kit xxxxxx
        Nov 21, 2024: brought back, edited in Slack by @olga · kit xxxxxx
        ");
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn only_administrators_change_kits() {
    story(async |slack| {
        let [rita] = slack.members(["rita"]);
        let hiring = slack.private_channel("#hiring");
        rita.types(&hiring, "/interview senior-backend Jane Doe")
            .await;
        let card = technical(&rita, &hiring).await;
        let offers = card.offers();
        assert!(!offers.iter().any(|label| label.starts_with("Edit") || label.starts_with("Add")), "{offers:?}");
        let refused = rita.types(&hiring, "/interview kits reload").await;
        assert_snapshot!(refused.text(), @"Kits are changed by administrators. Nothing was changed; please ask one of them.");
        let value = r#"{"do":"kit.edit.v1","slug":"senior-backend","section":"technical","question":"technical/1"}"#;
        let refused = rita.clicks_drawn(&hiring, "kit.edit.v1:senior-backend", value).await;
        assert!(refused.text().starts_with("Kits are changed by administrators."), "{}", refused.text());
        let value = r#"{"do":"kit.choose.v1","slug":"senior-backend","file":"0123456789ab","take":true}"#;
        let refused = rita.clicks_drawn(&hiring, "kit.choose.v1:senior-backend", value).await;
        assert!(refused.text().starts_with("Kits are changed by administrators."), "{}", refused.text());
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn two_who_edit_the_same_question_do_not_overwrite_each_other() {
    story(async |slack| {
        let olga = admin(slack);
        let otto = slack.joins(Person::new("otto", "Otto").admin());
        let hiring = slack.private_channel("#hiring");
        let (hers, his) = (
            technical(&olga, &hiring).await,
            technical(&otto, &hiring).await,
        );
        let (one, other, third) = (
            edits(&hers, 1).await,
            edits(&his, 1).await,
            "Tell me about a service.",
        );
        one.fills("Question", third).submits().await;
        let refused = other
            .fills("Question", "Tell me about two.")
            .submits()
            .await;
        assert_snapshot!(refused.complaints(), @"Question: Somebody has changed this question since you opened it. Nothing was saved; copy what you wrote, then open Edit again.");
        otto.closes_all().await;
        // Another question of the same kit is nobody's business but his.
        let second = edits(&his, 2).await;
        edits(&hers, 1)
            .await
            .fills("Question", "Tell me about that service.")
            .submits()
            .await;
        second
            .fills("Question", "Tell me about a leak.")
            .submits()
            .await;
        let text = technical(&otto, &hiring).await.text();
        assert!(text.contains("1. Tell me about that service."), "{text}");
        assert!(text.contains("2. Tell me about a leak."), "{text}");
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn changed_files_are_served_after_a_reload_and_broken_ones_are_reported() {
    story(async |slack| {
        let olga = admin(slack);
        let hiring = slack.private_channel("#hiring");
        let folder = Folder::of(slack, "senior-backend").await;
        let nothing = olga.types(&hiring, "/interview kits reload").await;
        assert_snapshot!(nothing.text(), @"The kits' files were read. Nothing has changed.");
        olga.types(&hiring, "/interview senior-backend Jane Doe").await;

        let old = "How do you secure the APIs that you build?";
        folder.says("senior-backend", old, "How do you keep an API safe?");
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("questions/head-of-backend.toml");
        std::fs::copy(shipped, folder.file("head-of-backend")).expect("it is there");
        let told = olga.types(&hiring, "/interview kits reload").await;
        assert_snapshot!(told.text(), @"The kits' files were read. New: head-of-backend. Changed, and used by new loops from now on: senior-backend.");
        assert!(
            technical(&olga, &hiring)
                .await
                .text()
                .contains("2. How do you keep an API safe?")
        );

        let kits = olga.types(&hiring, "/interview kits").await;
        assert_snapshot!(kits.text(), @"
        Interview kits
        Head of Backend Engineering head-of-backend · 15 questions
        • kit xxxxxx since Nov 21, 2024, from head-of-backend.toml · 0 open loops
        [Open]
        Senior Backend Developer senior-backend · 15 questions
        • kit xxxxxx since Nov 21, 2024, from senior-backend.toml · 0 open loops
        • kit xxxxxx since Nov 21, 2024, from senior-backend.toml · 1 open loop
        [Open]
        [Read the files again]
        ");
        let form = edits(&technical(&olga, &hiring).await, 2).await;
        assert_snapshot!(form.foot(), @"Nov 21, 2024: question, from `senior-backend.toml` · kit xxxxxx");
        olga.closes_all().await;

        folder.says("senior-backend", "minutes = 45", "minuets = 45");
        std::fs::remove_file(folder.file("head-of-backend")).expect("it is there");
        let told = olga.types(&hiring, "/interview kits reload").await;
        assert_snapshot!(told.text().replace(&folder.0.path().display().to_string(), "kits"), @"
        The kits' files were read. Gone: head-of-backend. 1 error in them:
        kits/senior-backend.toml:4:1: error[unknown-key]: unknown key `minuets` in the kit
          4 | minuets = 45
            | ^^^^^^^
          did you mean `minutes`?
         The last good version goes on serving: senior-backend.
        ");
        assert!(
            technical(&olga, &hiring)
                .await
                .text()
                .contains("2. How do you keep an API safe?")
        );

        // A restart with the broken file serves the last good version as well.
        slack.restarts().await;
        assert!(
            technical(&olga, &hiring)
                .await
                .text()
                .contains("2. How do you keep an API safe?")
        );
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn where_a_file_and_an_edit_both_changed_an_administrator_chooses() {
    story(async |slack| {
        let olga = admin(slack);
        let hiring = slack.private_channel("#hiring");
        let folder = Folder::of(slack, "senior-backend").await;
        let old = "How do you secure the APIs that you build?";
        let card = technical(&olga, &hiring).await;
        edits(&card, 2)
            .await
            .fills("Question", "Tell me how you keep an API safe.")
            .submits()
            .await;

        folder.says(
            "senior-backend",
            old,
            "How do you keep intruders out of an API?",
        );
        let told = olga.types(&hiring, "/interview kits reload").await;
        assert_snapshot!(told.text(), @"The kits' files were read. Changed in Slack and in the file, so somebody has to choose: senior-backend.");
        let direct = slack.direct_messages(&olga);
        assert_snapshot!(olga.sees(&direct), @"
        Senior Backend Developer: Its file and what was edited in Slack have both changed since they last agreed. What @olga made goes on serving until you choose; nothing is lost either way.
        Edited: kit xxxxxx since Nov 21, 2024, edited in Slack by @olga. File: kit xxxxxx since Nov 21, 2024, from `senior-backend.toml`.
        They differ in:
        • technical/2: question
        [Keep the edited one] [Take the file's] [All kits]
        ");
        assert!(
            technical(&olga, &hiring)
                .await
                .text()
                .contains("2. Tell me how you keep an API safe.")
        );
        // Told once.
        olga.types(&hiring, "/interview kits reload").await;
        slack.restarts().await;
        assert_eq!(olga.sees(&direct).matches("Keep the edited one").count(), 1);

        let kits = olga.types(&hiring, "/interview kits").await;
        let kits = kits.clicks("Take the file's").await;
        assert_snapshot!(kits.text(), @"
        Interview kits
        Senior Backend Developer senior-backend · 15 questions
        • kit xxxxxx since Nov 21, 2024, from the file, chosen by @olga · 0 open loops
        [Open]
        [Read the files again]
        ");
        assert!(
            technical(&olga, &hiring)
                .await
                .text()
                .contains("2. How do you keep intruders out of an API?")
        );
        let late = olga.clicks(&direct, "Keep the edited one").await;
        assert_snapshot!(late.text(), @"There is nothing to choose any more. /interview kits shows what is served.");

        // The other way round.
        let card = technical(&olga, &hiring).await;
        edits(&card, 2)
            .await
            .fills("Question", "Tell me how you keep an API safe.")
            .submits()
            .await;
        folder.says("senior-backend", "minutes = 45", "minutes = 50");
        olga.types(&hiring, "/interview kits reload").await;
        let kits = olga.types(&hiring, "/interview kits").await;
        kits.clicks("Keep the edited one").await;
        let kit = technical(&olga, &hiring).await;
        assert!(kit.text().contains("2. Tell me how you keep an API safe."));
        assert!(kit.text().contains("about 45 minutes"));
        slack.rest_is_read();
    })
    .await;
}
