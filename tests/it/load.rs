//! A room full of clickers: eight people, fifteen questions each, all at once, every delivery sent twice.

use crate::harness::{Card, Member, Slack, story};
use futures_util::future::join_all;
use interview_assistant::domain::event::Audited;
use interview_assistant::domain::scorecard::Mark;
use interview_assistant::simulator::Misbehaviour;
use std::collections::BTreeMap;

const PEOPLE: [&str; 8] = ["ada", "ben", "cid", "dee", "eli", "fay", "gil", "hal"];
const MARKS: [&str; 4] = ["2 Mixed", "3 Good", "2 Mixed", "Not asked"];

/// The mark that somebody gives to a question: each their own.
fn mark_of(person: usize, question: usize) -> &'static str {
    MARKS[(person * 3 + question) % MARKS.len()]
}

fn questions() -> impl Iterator<Item = (usize, String)> {
    let all = ["screening", "technical", "behavioural"].into_iter();
    all.flat_map(|section| (1..=5).map(move |number| format!("{section}/{number}")))
        .enumerate()
}

async fn clicks_everything(person: usize, card: &Card) {
    for (number, question) in questions() {
        // A first thought, and at once a second one.
        card.rates_and_goes_on(&question, MARKS[number % 2]).await;
        card.rates_and_goes_on(&question, mark_of(person, number))
            .await;
    }
}

#[tokio::test]
async fn eight_people_click_at_once_with_every_delivery_twice_and_no_rating_is_lost_or_doubled() {
    story(async |slack: &Slack| {
        let [rita] = slack.members(["rita"]);
        let panel: [Member; 8] = slack.members(PEOPLE);
        let hiring = slack.private_channel("#hiring");
        let named = PEOPLE.map(|name| format!("@{name}")).join(" ");
        rita.types(
            &hiring,
            &format!("/interview senior-backend Jane Doe {named}"),
        )
        .await
        .clicks("Open it all the same")
        .await;
        let code = rita.code_of(&hiring, "Jane Doe");
        let mut cards = Vec::new();
        for member in &panel {
            cards.push(member.clicks(&hiring, "Score").await);
        }
        slack.misbehaves(Misbehaviour::DuplicateDeliveries(true));
        let updates = slack.calls_of("chat.update");

        join_all(
            cards
                .iter()
                .enumerate()
                .map(|(person, card)| clicks_everything(person, card)),
        )
        .await;
        slack.settle().await;
        assert_eq!(
            slack.calls_of("chat.update"),
            updates,
            "ratings change nothing that all can see"
        );

        let forms = join_all(
            cards
                .iter()
                .map(|card| card.clicks_and_goes_on("Recommend and submit")),
        )
        .await;
        slack.settle().await;
        drop(forms);
        join_all(panel.iter().map(|member| async move {
            let form = member.modal().expect("the form is open");
            let form = form
                .chooses("Recommendation", "Yes")
                .fills("Why? A line of evidence", "Knows the trade");
            form.submits_and_goes_on().await;
        }))
        .await;
        slack.settle().await;
        let updates = slack.calls_of("chat.update") - updates;
        assert!(!slack.was_overrun());
        assert!((1..=5).contains(&updates), "{updates} updates");

        // What each of them sees.
        for (person, member) in panel.iter().enumerate() {
            let card = member.clicks(&hiring, "Score").await;
            for section in ["Screening", "Technical", "Behavioural"] {
                card.clicks(section).await;
                let wanted: Vec<String> = questions()
                    .filter(|(_, question)| question.starts_with(&section.to_lowercase()))
                    .map(|(number, _)| format!("✓ {}", mark_of(person, number)))
                    .collect();
                assert_eq!(card.chosen(), wanted, "{section} of {}", member.name());
            }
        }
        // What is kept: every click once, in the order in which each of them clicked.
        let audit = slack.audit(&code).await;
        let mut clicks: BTreeMap<(String, String), Vec<Mark>> = BTreeMap::new();
        let mut submitted = 0;
        for entry in audit {
            match entry.what {
                Audited::Rated { question, to, .. } => {
                    let who = entry.actor.expect("somebody clicked").to_string();
                    clicks
                        .entry((who, question.to_string()))
                        .or_default()
                        .push(to);
                }
                Audited::Submitted { late, .. } => {
                    assert!(!late);
                    submitted += 1;
                }
                _ => {}
            }
        }
        assert_eq!(submitted, PEOPLE.len());
        for (person, member) in panel.iter().enumerate() {
            for (number, question) in questions() {
                let mut wanted = vec![MARKS[number % 2], mark_of(person, number)];
                wanted.dedup();
                let kept = &clicks[&(member.id().to_owned(), question.clone())];
                let kept: Vec<String> = kept.iter().map(ToString::to_string).collect();
                assert_eq!(kept, wanted, "{question} of {}", member.name());
            }
        }
        let debrief = rita.sees(&hiring.thread_of("Jane Doe"));
        assert!(
            debrief.contains("8 scorecards") && debrief.contains("Recommendation: 8 Yes"),
            "{debrief}"
        );
        assert_eq!(debrief.matches("Debrief · ").count(), 1, "{debrief}");
        assert!(!debrief.contains("after the reveal"), "{debrief}");
        slack.rest_is_read();
    })
    .await;
}
