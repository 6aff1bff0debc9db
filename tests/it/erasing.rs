//! A loop is erased: what goes, what stays and who is told so; whoever still has something of it open; and the legal hold that keeps it.

use crate::harness::{
    Card, Member, Place, Slack, assert_snapshot, on_both, on_postgres, story, submits,
};
use interview_assistant::domain::candidate::Note;
use interview_assistant::domain::event::{Audited, Deed, Post, PostResult, Reply, Request};
use interview_assistant::domain::ids::{ChannelId, LoopCode, MessageTs, UserId, WorkspaceId};
use interview_assistant::domain::refusal::Refusal;
use interview_assistant::simulator::{Misbehaviour, Person};
use interview_assistant::store::Parcel;
use std::collections::BTreeSet;
use std::time::Duration;

const NAME: &str = "Jane Doe";
const EVIDENCE: &str = "Clear and concrete";
const GONE: &str = "This record was erased. Nothing was saved.";

async fn opened(slack: &Slack) -> ([Member; 3], Place, String) {
    let people = slack.members(["rita", "ada", "ben"]);
    let hiring = slack.private_channel("#hiring");
    let line = format!("/interview senior-backend {NAME} @ada @ben");
    people[0].types(&hiring, &line).await;
    let code = people[0].code_of(&hiring, NAME);
    slack.rest_is_read();
    (people, hiring, code)
}

/// The form that erases, filled in.
async fn asks_to_erase(who: &Member, place: &Place, code: &str) -> Card {
    let form = who.types(place, &format!("/interview erase {code}")).await;
    form.fills(&format!("Type {code} to erase it"), code)
}

/// Of which kinds the records in the store are that hold one of these.
async fn kinds_naming(slack: &Slack, words: &[&str]) -> BTreeSet<String> {
    let file = slack
        .folder()
        .join(format!("{:016x}.zst", rand::random::<u64>()));
    let line = format!("backup {}", file.display());
    let (code, said) = slack.at_the_machine(&line).await;
    assert_eq!(code, 0, "{said}");
    let packed = std::fs::File::open(&file).expect("it is there");
    let text = String::from_utf8(zstd::decode_all(packed).expect("it is whole")).expect("text");
    assert!(text.contains("Joe Public"), "it holds what there is");
    let naming = text
        .lines()
        .filter(|line| words.iter().any(|word| line.contains(word)));
    let records = naming.map(|line| serde_json::from_str(line).expect("JSON"));
    let kinds = records.map(|record: serde_json::Value| record["kind"].to_string());
    kinds
        .map(|kind| kind.trim_matches('"').to_owned())
        .collect()
}

/// What somebody reads in their direct messages.
fn directs(slack: &Slack, of: &Member) -> String {
    of.sees(&slack.direct_messages(of))
}

#[tokio::test]
async fn an_erased_loop_goes_with_the_bots_messages_and_a_receipt_says_what_stays() {
    on_both(goes).await;
}

#[tokio::test]
async fn from_a_database_it_goes_likewise() {
    on_postgres(goes).await;
}

async fn goes(slack: &Slack) {
    let ([rita, ada, ben], hiring, code) = opened(slack).await;
    // Another candidate of the same role and panel, who stays.
    let other = slack.private_channel("#other");
    rita.types(&other, "/interview senior-backend Joe Public @ada @ben")
        .await;
    for member in [&ada, &ben] {
        let card = member.clicks(&hiring, "Score").await;
        card.rates("technical/1", "3 Good").await;
        card.submits_with("Yes", EVIDENCE).await;
    }
    let decide = rita.clicks(&hiring, "More").await.clicks("Decide").await;
    decide
        .chooses("Decision", "Hire")
        .fills("Reason", "She is the one")
        .submits()
        .await;
    rita.types(&hiring, &format!("/interview export {code} json"))
        .await;
    ada.clicks(&hiring.thread_of(NAME), "Chart").await;
    assert!(directs(slack, &ada).contains(NAME));

    let more = rita.clicks(&hiring, "More").await;
    let form = more.clicks("Erase").await;
    assert_snapshot!(form.text(), @"
    [Erase]
    Jane Doe · Senior Backend Developer · C-XXXX
    This goes, for good:
    • every scorecard, with all that was written
    • the debrief, the decision, and the record of who did what
    • my messages about it, in channels and in direct messages, and the charts and files I sent of it
    This is not mine to remove:
    • what people wrote in its thread
    • digests and reminders in which it was one of several
    • backups that were made until now, and files that people saved
    Type C-XXXX to erase it: []
    It cannot be taken back. You get a list of what went and what stays.
    ");
    let form = form.fills(&format!("Type {code} to erase it"), "yes");
    let refused = form.submits().await;
    assert_snapshot!(refused.complaints().replace(&code, "C-XXXX"), @"Type C-XXXX to erase it: Please type C-XXXX, the code of this loop. Nothing was erased.");
    assert!(rita.sees(&hiring).contains(NAME));
    let form = refused.fills(&format!("Type {code} to erase it"), &code.to_lowercase());
    let said = form.submits().await;
    assert_snapshot!(said.text(), @"Erased: C-XXXX is gone from the record. I am taking my messages about it back, and send you a list of what went and what stays.");

    assert_snapshot!(rita.sees(&hiring), @"");
    assert_snapshot!(directs(slack, &rita), @"
    A copy of C-XXXX, with what you may see of it at this moment.

    You erased C-XXXX, an interview loop that was opened on Nov 21, 2024 in #hiring.
    This went:
    • 2 scorecards
    • 7 entries of its record
    • 7 messages and files of mine
    This stays until somebody removes it; for messages that is an administrator of the workspace:
    • What people wrote in its thread in #hiring
    • Digests in #hiring, and daily reminders, that named the candidate between Nov 21, 2024 and Nov 21, 2024
    • Backups that were made before Nov 21, 2024 at 23:00: whoever restores one has the loop again
    What was typed and answered about it in the last days is forgotten within three days. Nothing else of it is kept but what stands here.
    ");
    for member in [&rita, &ada, &ben] {
        let seen = format!("{}{}", member.sees(&hiring), directs(slack, member));
        assert!(!seen.contains(NAME), "{}: {seen}", member.name());
    }
    let files = slack
        .sim()
        .messages("rita", slack.direct_messages(&rita).id());
    assert!(files.iter().all(|message| message.files.is_empty()));
    let kept = slack.everything_kept().await;
    assert!(
        !kept.contains(NAME) && kept.contains("Joe Public"),
        "{kept}"
    );
    assert!(
        !rita
            .types(&hiring, "/interview list")
            .await
            .text()
            .contains(NAME)
    );

    // What people typed and were answered is forgotten within three days; nothing else names her.
    slack.is_confidential(EVIDENCE);
    let mut named = kinds_naming(slack, &[NAME, EVIDENCE]).await;
    named.remove("answer");
    assert_eq!(named, BTreeSet::new());
    slack.lives_on(Duration::from_secs(3 * 24 * 3600)).await;
    slack.sweeps().await;
    assert_eq!(
        kinds_naming(slack, &[NAME, EVIDENCE]).await,
        BTreeSet::new()
    );
    slack.rest_is_read();
}

#[tokio::test]
async fn whoever_has_something_of_it_open_is_told_and_nothing_comes_back() {
    on_both(async |slack| {
        let ([rita, ada, ben], hiring, code) = opened(slack).await;
        let card = ada.clicks(&hiring, "Score").await;
        let card = card.rates("technical/1", "3 Good").await;
        let note = card.under("technical/2", "Evidence").await;
        let asked = ben.clicks(&hiring, "More").await;
        asks_to_erase(&rita, &hiring, &code).await.submits().await;

        let told = note.fills("What did you hear?", "too late").submits().await;
        assert_snapshot!(told.text(), @"
        [Not yet]
        This record was erased. Nothing was saved.
        ");
        ada.closes_all().await;
        assert_eq!(card.rates("technical/1", "1 Poor").await.text(), GONE);
        assert_eq!(asked.clicks("Export").await.text(), GONE);
        for typed in ["erase", "export", "hold"] {
            let told = rita
                .types(&hiring, &format!("/interview {typed} {code}"))
                .await;
            assert_eq!(told.text(), GONE, "{typed}");
        }
        let deed = Deed::Erase {
            typed: Note::new(&code),
        };
        let again = Request::Loop {
            code: LoopCode::from(code.as_str()),
            deed,
        };
        let reply = slack.asks(&rita, &hiring, again).await;
        assert_eq!(reply, Reply::Refused(Refusal::Erased));
        assert!(!slack.everything_kept().await.contains(NAME));
        assert_eq!(directs(slack, &rita).matches("You erased").count(), 1);
    })
    .await;
}

#[tokio::test]
async fn who_leads_a_loop_erases_it_and_nobody_else() {
    story(async |slack| {
        let olga = slack.joins(Person::new("olga", "Olga").admin());
        let eve = slack.joins(Person::new("eve", "Eve"));
        let ([rita, ada, _], hiring, code) = opened(slack).await;
        let elsewhere = slack.private_channel("#elsewhere");
        let typed = format!("/interview erase {code}");
        let refused = ada.types(&hiring, &typed).await;
        assert_snapshot!(refused.text(), @"That is for the loop's owner, @rita, and for administrators. Nothing was changed.");
        let refused = eve.types(&elsewhere, &typed).await;
        assert_snapshot!(refused.text().replace(&code, "C-XXXX"), @"There is no interview loop C-XXXX that you can see. /interview list shows those you can.");
        let refused = rita.types(&hiring, "/interview erase").await;
        assert_snapshot!(refused.text(), @"Which loop? Please type its code behind that, like C-XXXX. /interview list shows the codes.");
        assert!(
            !ada.clicks(&hiring, "More")
                .await
                .offers()
                .contains(&"Erase".to_owned())
        );
        // An administrator may, and gets the receipt, in the window over the Home tab or wherever they are.
        asks_to_erase(&olga, &elsewhere, &code)
            .await
            .submits()
            .await;
        assert!(directs(slack, &olga).starts_with("You erased"));
        assert!(!directs(slack, &rita).contains("You erased"));
    })
    .await;
}

#[tokio::test]
async fn a_legal_hold_keeps_a_loop_until_an_administrator_lifts_it() {
    on_both(async |slack| {
        let olga = slack.joins(Person::new("olga", "Olga").admin());
        let ([rita, ada, _], hiring, code) = opened(slack).await;
        olga.types(&hiring, "/interview mine").await;
        let before = ada.sees(&hiring);
        let form = rita
            .clicks(&hiring, "More")
            .await
            .clicks("Legal hold")
            .await;
        assert_snapshot!(form.text(), @"
        [Legal hold]
        Jane Doe · Senior Backend Developer · C-XXXX
        Nobody can erase a loop under a legal hold, until an administrator lifts it. All else goes on, and the channel is not told.
        Reason: []
        In your own words: a dispute, a request of the authorities.
        ");
        let refused = form.fills("Reason", " ").submits().await;
        assert_snapshot!(refused.complaints(), @"Reason: Please complete this required field.");
        let said = refused
            .fills("Reason", "a dispute with <!channel>")
            .submits()
            .await;
        assert_snapshot!(said.text(), @"It is under a legal hold: nobody can erase it until an administrator lifts that.");
        // The channel is not told.
        assert_eq!(ada.sees(&hiring), before);

        let more = rita.clicks(&hiring, "More").await;
        assert_snapshot!(more.text(), @"
        Jane Doe · Senior Backend Developer · C-XXXX · 0 of 2 scorecards in
        Owned by @rita · opened on Nov 21, 2024 in #hiring
        Under a legal hold since Nov 21, 2024, by @rita: a dispute with <!channel>
        Still owed by @ada and @ben
        [Progress] [Nudge] [Edit panel] [Plan a time] [Rename] [Hand over] [Move] [Withdraw] [Export]
        ");
        let refused = rita
            .types(&hiring, &format!("/interview erase {code}"))
            .await;
        assert_snapshot!(refused.text(), @"@rita put this loop under a legal hold on Nov 21, 2024, so it stays. Nothing was erased; an administrator can lift the hold under More.");
        let refused = rita
            .types(&hiring, &format!("/interview hold {code} off"))
            .await;
        assert_snapshot!(refused.text(), @"A legal hold is lifted by administrators. Nothing was changed; please ask one of them.");
        // Not even with a form that was opened before.
        let deed = Deed::Erase {
            typed: Note::new(&code),
        };
        let erase = Request::Loop {
            code: LoopCode::from(code.as_str()),
            deed,
        };
        let refused = slack.asks(&olga, &hiring, erase).await;
        assert!(
            matches!(refused, Reply::Refused(Refusal::UnderHold { .. })),
            "{refused:?}"
        );
        assert_eq!(slack.calls_of("chat.delete"), 0);

        let more = olga.clicks(&hiring, "More").await;
        let said = more.clicks("Lift the hold").await;
        assert_snapshot!(said.text(), @"The legal hold is lifted. Whoever leads the loop can erase it now.");
        let said = rita
            .types(&hiring, &format!("/interview hold {code} once more"))
            .await;
        assert!(
            said.text().starts_with("It is under a legal hold"),
            "{}",
            said.text()
        );
        olga.types(&hiring, &format!("/interview hold {code} off"))
            .await;
        let deeds = slack.deeds(&code).await;
        let held: Vec<&Audited> = deeds
            .iter()
            .filter(|deed| matches!(deed, Audited::Held { .. } | Audited::HoldLifted))
            .collect();
        assert_eq!(held.len(), 4, "{held:?}");
        asks_to_erase(&rita, &hiring, &code).await.submits().await;
        assert!(!rita.sees(&hiring).contains(NAME));
    })
    .await;
}

#[tokio::test]
async fn a_hold_at_the_instant_of_an_erasing_is_on_one_side_of_it() {
    on_both(async |slack| {
        let olga = slack.joins(Person::new("olga", "Olga").admin());
        let [rita] = slack.members(["rita"]);
        let hiring = slack.private_channel("#hiring");
        let mut gone = 0;
        for candidate in ["Jane Doe", "Sam Okafor", "Kim Lee", "Pat Roe"] {
            rita.types(&hiring, &format!("/interview senior-backend {candidate}"))
                .await;
            let code = rita.code_of(&hiring, candidate);
            let form = asks_to_erase(&rita, &hiring, &code).await;
            let hold = format!("/interview hold {code} a dispute");
            let (erased, held) = tokio::join!(form.submits(), olga.types(&hiring, &hold));

            let (erased, held) = (erased.text(), held.text());
            let stands = rita.sees(&hiring).contains(candidate);
            let held_first = held.starts_with("It is under a legal hold")
                && erased.contains("put this loop under a legal hold");
            let erased_first = held.contains("was erased");
            assert!(
                (stands && held_first) != (!stands && erased_first),
                "{candidate} stands: {stands}; {held}; {erased}"
            );
            // A receipt, in one of the two.
            gone += usize::from(erased_first);
            slack.settle().await;
            let receipts = directs(slack, &rita).matches("You erased").count();
            assert_eq!(receipts, gone);
        }
    })
    .await;
}

#[tokio::test]
async fn what_slack_does_not_let_go_stands_in_the_receipt() {
    story(async |slack| {
        let ([rita, ..], hiring, code) = opened(slack).await;
        let form = asks_to_erase(&rita, &hiring, &code).await;
        slack.misbehaves(Misbehaviour::RateLimit {
            method: Some("chat.delete".to_owned()),
            times: 1,
            retry_after: 30,
        });
        slack.misbehaves(Misbehaviour::Refuse {
            method: Some("chat.delete".to_owned()),
            times: 1,
            error: "compliance_exports_prevent_deletion".to_owned(),
        });
        slack.misbehaves(Misbehaviour::ServerError {
            method: Some("chat.delete".to_owned()),
            times: 1,
        });
        form.submits().await;
        assert_snapshot!(directs(slack, &rita), @"
        You erased C-XXXX, an interview loop that was opened on Nov 21, 2024 in #hiring.
        This went:
        • 0 scorecards
        • 1 entry of its record
        • 2 messages and files of mine
        This stays until somebody removes it; for messages that is an administrator of the workspace:
        • 1 message of mine in direct messages: the rules of this workspace keep me from removing it
        • What people wrote in its thread in #hiring
        • Digests in #hiring, and daily reminders, that named the candidate between Nov 21, 2024 and Nov 21, 2024
        • Backups that were made before Nov 21, 2024 at 23:00: whoever restores one has the loop again
        What was typed and answered about it in the last days is forgotten within three days. Nothing else of it is kept but what stands here.
        ");
    })
    .await;
}

#[tokio::test]
async fn a_death_in_the_middle_loses_nothing_of_what_is_to_be_taken_back() {
    on_both(async |slack| {
        let ([rita, ada, ben], hiring, code) = opened(slack).await;
        submits(&ada, &hiring).await;
        let form = asks_to_erase(&rita, &hiring, &code).await;
        form.submits_and_goes_on().await;
        // One message a second is taken back; it dies at another step of each.
        for steps in 0..6 {
            slack
                .wakes_and_is_killed(Duration::from_secs(2), steps * 9)
                .await;
        }
        for member in [&rita, &ada, &ben] {
            let seen = format!("{}{}", member.sees(&hiring), directs(slack, member));
            assert!(!seen.contains(NAME), "{}: {seen}", member.name());
        }
        // As every direct message, the receipt is not sent twice.
        assert!(directs(slack, &rita).matches("You erased").count() <= 1);
        assert!(!slack.everything_kept().await.contains(NAME));
    })
    .await;
}

#[tokio::test]
async fn a_message_that_was_on_its_way_is_taken_back_too() {
    story(async |slack| {
        let ([rita, ada, _], hiring, code) = opened(slack).await;
        asks_to_erase(&rita, &hiring, &code).await.submits().await;
        let direct = slack.direct_messages(&ada);
        slack
            .dies_after(async |app, client| {
                // As when the loop is erased between the call and what becomes of it.
                let channel = client
                    .direct_messages(ada.id())
                    .await
                    .expect("they are there");
                let message = interview_assistant::slack::client::Outgoing {
                    channel,
                    thread_ts: None,
                    text: format!("You are on the panel for {NAME}"),
                    blocks: Vec::new(),
                    metadata: None,
                };
                let posted = client.post_message(&message).await.expect("it is posted");
                let parcel = Parcel {
                    workspace: WorkspaceId::from("T0STORY"),
                    post: Post::Invitation {
                        code: LoopCode::from(code.as_str()),
                        user: UserId::from(ada.id()),
                    },
                    stamp: 1,
                    attempt: None,
                    lease: None,
                };
                let stands = PostResult::Standing {
                    channel: ChannelId::from(posted.channel),
                    ts: MessageTs::from(posted.ts),
                };
                app.observe(&parcel, &stands).await.expect("it is taken in");
                assert!(ada.sees(&direct).contains(NAME));
            })
            .await;
        slack.settle().await;
        assert!(!ada.sees(&direct).contains(NAME));
        assert_eq!(directs(slack, &rita).matches("You erased").count(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_being_made_is_not_sent_any_more() {
    story(async |slack| {
        let ([rita, ada, _], hiring, code) = opened(slack).await;
        let slow = |millis| slack.misbehaves(Misbehaviour::Slow { millis });
        slow(300);
        let typed = format!("/interview export {code} json");
        let told = rita.tries_to_type(&hiring, &typed).await;
        told.expect("it is acknowledged");
        let deed = Deed::Erase {
            typed: Note::new(&code),
        };
        let erase = Request::Loop {
            code: LoopCode::from(code.as_str()),
            deed,
        };
        slack.asks(&rita, &hiring, erase).await;
        slow(0);
        slack.settle().await;
        assert_eq!(rita.sees_only_you(&hiring), GONE);
        for member in [&rita, &ada] {
            let direct = slack.direct_messages(member);
            let messages = slack.sim().messages(member.name(), direct.id());
            assert!(messages.iter().all(|message| message.files.is_empty()));
        }
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn the_receipt_of_a_loop_that_was_moved_names_every_channel() {
    story(async |slack| {
        let ([rita, ..], hiring, code) = opened(slack).await;
        let other = slack.private_channel("#other");
        let form = rita.clicks(&hiring, "More").await.clicks("Move").await;
        form.goes_to("Channel", &other).submits().await;
        assert!(rita.sees(&hiring).contains(NAME) && rita.sees(&other).contains(NAME));
        asks_to_erase(&rita, &other, &code).await.submits().await;
        for place in [&hiring, &other] {
            assert!(!rita.sees(place).contains(NAME), "{}", rita.sees(place));
        }
        let receipt = directs(slack, &rita);
        let thread = "What people wrote in its thread in #other and #hiring";
        assert!(receipt.contains(thread), "{receipt}");
        assert!(receipt.contains("Digests in #other and #hiring, and daily"));
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn from_the_home_tab_it_goes_from_the_tab_as_well() {
    story(async |slack| {
        let ([rita, ..], _, _) = opened(slack).await;
        let other = slack.private_channel("#other");
        rita.types(&other, "/interview senior-backend Zora Quist")
            .await;
        let code = rita.code_of(&other, "Zora Quist");
        let home = rita.opens_home().await;
        assert!(home.text().contains("Zora Quist"));
        let more = home.clicks_beside("Zora Quist", "More").await;
        let form = more.clicks("Erase").await;
        let form = form.fills(&format!("Type {code} to erase it"), &code);
        let said = form.submits().await;
        assert_snapshot!(said.text(), @"
        [Done]
        Erased: C-XXXX is gone from the record. I am taking my messages about it back, and send you a list of what went and what stays.
        ");
        rita.closes_all().await;
        slack.advance(Duration::from_secs(5)).await;
        let home = rita.home().expect("she opened it");
        assert!(!home.text().contains("Zora Quist"), "{}", home.text());
    })
    .await;
}
