//! Everything into a file and back, and from one store into another: nothing is missing, and interviews go on.

use crate::harness::postgres::Server;
use crate::harness::{Slack, assert_snapshot, story, submits};
use std::path::Path;

/// A loop with one scorecard in and one begun.
async fn interviewed(slack: &Slack) {
    let [rita, ada, ben] = slack.members(["rita", "ada", "ben"]);
    let hiring = slack.private_channel("#hiring");
    rita.types(&hiring, "/interview senior-backend Jane Doe @ada @ben")
        .await;
    submits(&ada, &hiring).await;
    let card = ben.clicks(&hiring, "Score").await;
    card.rates("technical/1", "3 Good").await;
    slack.rest_is_read();
}

/// The other scorecard comes in, so the debrief opens.
async fn goes_on(slack: &Slack) {
    let [_rita, _ada, ben] = slack.members(["rita", "ada", "ben"]);
    let hiring = slack.place("#hiring");
    let card = ben.clicks(&hiring, "Score").await;
    assert!(card.text().contains("[Technical 1/5]"), "{}", card.text());
    submits(&ben, &hiring).await;
    let debrief = slack.sim().messages("rita", "#hiring");
    let told = debrief
        .iter()
        .any(|message| message.text.contains("2 of 2"));
    assert!(told, "both scorecards are in");
    slack.rest_is_read();
}

fn empties(folder: &Path) {
    std::fs::remove_dir_all(folder).expect("removed");
    std::fs::create_dir(folder).expect("made");
}

#[tokio::test]
async fn a_backup_made_while_people_interview_brings_everything_back() {
    story(async |slack| {
        interviewed(slack).await;
        let kept = slack.everything_kept().await;
        let place = tempfile::tempdir().expect("a temporary folder");
        let file = place.path().join("monday.jsonl.zst");
        let hidden = |said: &str| said.replace(&file.display().to_string(), "monday.jsonl.zst");
        let (code, said) = slack
            .at_the_machine(&format!("backup {}", file.display()))
            .await;
        assert_eq!(code, 0, "{said}");
        let records: String = hidden(&said).chars().filter(char::is_ascii_digit).collect();
        assert_snapshot!(hidden(&said).replace(&records, "N"), @"monday.jsonl.zst holds everything: N records. Keep it as safe as the store itself: it names candidates and ratings.");

        // A second one does not take its place.
        let (code, said) = slack
            .at_the_machine(&format!("backup {}", file.display()))
            .await;
        assert_eq!(code, 2);
        assert_snapshot!(hidden(&said), @"interview-assistant: monday.jsonl.zst: there is such a file already; name another one");

        // What came later is not in it; what is in it takes no store's place either.
        slack.stops().await;
        let (code, said) = slack
            .at_the_machine(&format!("restore {}", file.display()))
            .await;
        assert_eq!(code, 2);
        assert_snapshot!(hidden(&said), @"interview-assistant: the destination is not empty; nothing was changed. Name an empty one");
        empties(slack.folder());
        let (code, said) = slack
            .at_the_machine(&format!("restore {}", file.display()))
            .await;
        assert_eq!(code, 0, "{said}");
        assert_snapshot!(said.replace(&records, "N"), @"Everything is there: N records. The bot can be started.");
        slack.restarts().await;
        assert_eq!(slack.everything_kept().await, kept);
        goes_on(slack).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_no_whole_backup_is_told_and_changes_nothing() {
    story(async |slack| {
        interviewed(slack).await;
        let place = tempfile::tempdir().expect("a temporary folder");
        let file = |name: &str| place.path().join(name);
        let hidden = |said: &str| said.replace(&place.path().display().to_string(), "DIR");
        // The bot need not run.
        slack.stops().await;
        let (code, said) = slack
            .at_the_machine(&format!("backup {}", file("good").display()))
            .await;
        assert_eq!(code, 0, "{said}");
        empties(slack.folder());
        let good = std::fs::read(file("good")).expect("read");
        std::fs::write(file("short"), &good[..good.len() / 2]).expect("written");
        let mut altered = good.clone();
        altered[good.len() / 2] ^= 1;
        std::fs::write(file("altered"), altered).expect("written");
        std::fs::write(file("other"), "hello").expect("written");
        let mut told = String::new();
        for name in ["short", "altered", "other", "nowhere"] {
            let (code, said) = slack
                .at_the_machine(&format!("restore {}", file(name).display()))
                .await;
            assert_eq!(code, 2, "{said}");
            // Where a flipped bit shows depends on how the file was packed.
            let said = match said.split_once(" at line ") {
                Some((before, after)) => {
                    format!("{before}{}", after.trim_start_matches(char::is_numeric))
                }
                None => said,
            };
            told.push_str(&hidden(&said));
        }
        for line in [
            format!("backup {}", file("of-nothing").display()),
            format!("transfer --from sled:{} --to sled:", place.path().display()),
            "transfer --from sled: --to sled:".to_owned(),
            "transfer --from mysql: --to sled:".to_owned(),
            "transfer --from postgres: --to sled:".to_owned(),
        ] {
            let (code, said) = slack.at_the_machine(&line).await;
            assert_eq!(code, 2, "{said}");
            told.push_str(&hidden(&said).replace(&slack.folder().display().to_string(), "DATA"));
        }
        assert_snapshot!(told, @"
        interview-assistant: DIR/short: this backup was cut short: its last line is missing. Nothing was changed; use another one
        interview-assistant: DIR/altered: this backup was altered or damaged. Nothing was changed; use another one
        interview-assistant: DIR/other: this is no backup of interview-assistant
        interview-assistant: DIR/nowhere: it cannot be read or written: No such file or directory (os error 2)
        interview-assistant: there is no store in DATA
        interview-assistant: --from: there is no store in DIR
        interview-assistant: both ends are the same store
        interview-assistant: --from: a store is written `sled:DIR` or `postgres:URL`
        interview-assistant: --from: `postgres:` without an address means INTERVIEW_DATABASE_URL, and that is not set
        ");
        let (code, said) = slack
            .at_the_machine(&format!("restore {}", file("good").display()))
            .await;
        assert_eq!(code, 0, "nothing stands in its way: {said}");
        slack.restarts().await;
        goes_on(slack).await;
    })
    .await;
}

#[tokio::test]
async fn everything_moves_to_postgresql_and_back() {
    let Some(server) = Server::shared() else {
        return;
    };
    story(async |slack| {
        interviewed(slack).await;
        let kept = slack.everything_kept().await;
        let name = server.database();
        let url = server.url(&name);
        let there = format!("transfer --from sled: --to postgres:{url}");
        slack.stops().await;
        let (code, said) = slack.at_the_machine(&there).await;
        assert_eq!(code, 0, "{said}");
        let records: String = said.chars().filter(char::is_ascii_digit).collect();
        assert_snapshot!(said.replace(&records, "N"), @"Everything is there, and the same at both ends: N records. Start the bot on the new store only; nobody writes to the old one any more.");
        let (code, said) = slack.at_the_machine(&there).await;
        assert_eq!(code, 2);
        assert_snapshot!(said, @"interview-assistant: the destination is not empty; nothing was changed. Name an empty one");

        empties(slack.folder());
        let back = format!(
            "transfer --from postgres:{url} --to sled:{}",
            slack.folder().display()
        );
        let (code, said) = slack.at_the_machine(&back).await;
        assert_eq!(code, 0, "{said}");
        assert!(said.contains(&format!(" {records} records")), "{said}");
        slack.restarts().await;
        assert_eq!(slack.everything_kept().await, kept);
        goes_on(slack).await;
    })
    .await;
}
