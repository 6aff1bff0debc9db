//! A loop keeps the kit it began with, whatever becomes of the kit's file.

use crate::harness::{assert_snapshot, story};
use std::path::Path;

#[tokio::test]
async fn an_edited_kit_is_served_anew_and_loops_under_way_stay_on_theirs() {
    story(async |slack| {
        let [rita, ada] = slack.members(["rita", "ada"]);
        let hiring = slack.private_channel("#hiring");
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada")
            .await;
        let card = ada.clicks(&hiring, "Score").await;
        card.rates("technical/1", "3 Good").await;
        let old = card.text();

        let folder = tempfile::tempdir().expect("a folder can be made");
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("questions/senior-backend.toml");
        let kit = std::fs::read_to_string(shipped).expect("it is there");
        let question = kit
            .lines()
            .filter(|line| line.starts_with("ask = "))
            .nth(5)
            .expect("there are fifteen");
        let edited = kit.replacen(
            question,
            "ask = \"Which of your services would you write differently now?\"",
            1,
        );
        std::fs::write(folder.path().join("senior-backend.toml"), edited)
            .expect("it can be written");
        slack.uses_kits(folder.path());
        slack.restarts().await;

        let kit = rita.types(&hiring, "/interview senior-backend").await;
        kit.clicks("Technical").await;
        assert!(
            kit.text()
                .contains("1. Which of your services would you write differently now?"),
            "{}",
            kit.text()
        );
        let pinned = ada.clicks(&hiring, "Kit").await;
        assert_snapshot!(pinned.head(2), @"
        Senior Backend Developer
        15 questions, about 45 minutes · kit xxxxxx · pinned to this version; a newer version exists since Nov 21, 2024
        ");
        let card = ada.clicks(&hiring, "Score").await;
        card.clicks("Technical").await;
        assert_eq!(card.text(), old);
        card.submits_with("Yes", "Knows the trade").await;
        let debrief = rita.sees(&hiring.thread_of("Jane Doe"));
        assert!(
            debrief.contains("Systems and data     3.0   1  3"),
            "{debrief}"
        );

        // A role whose file is gone is served no more; its loops go on.
        std::fs::rename(
            folder.path().join("senior-backend.toml"),
            folder.path().join("other.txt"),
        )
        .expect("it can be moved");
        let other = std::fs::read_to_string(
            Path::new(env!("CARGO_MANIFEST_DIR")).join("questions/head-of-backend.toml"),
        );
        std::fs::write(
            folder.path().join("head-of-backend.toml"),
            other.expect("it is there"),
        )
        .expect("it can be written");
        slack.restarts().await;
        let refused = kit.clicks("Start a candidate").await;
        assert_snapshot!(refused.text(), @"
        That role is not here any more. /interview shows the roles there are.
        [All roles]
        ");
        let card = ada.clicks(&hiring, "Score").await;
        card.clicks("Technical").await;
        assert_eq!(
            card.chosen(),
            [
                "✓ 3 Good",
                "✓ Not asked",
                "✓ Not asked",
                "✓ Not asked",
                "✓ Not asked"
            ]
        );
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn two_loops_of_one_role_on_two_versions_share_no_average() {
    story(async |slack| {
        let olga = crate::kit_editing::admin(slack);
        let [rita, ada] = slack.members(["rita", "ada"]);
        let hiring = slack.private_channel("#hiring");
        let debrief_of = async |who: &str, mark: &str| {
            rita.types(&hiring, &format!("/interview senior-backend {who} @ada"))
                .await;
            let card = ada.clicks(&hiring, "Score").await;
            card.rates("technical/3", mark).await;
            card.submits_with("Yes", "Knows the trade").await;
            rita.sees(&hiring.thread_of(who))
        };
        let first = debrief_of("Jane Doe", "2 Mixed").await;

        let kit = crate::kit_editing::technical(&olga, &hiring).await;
        let form = crate::kit_editing::edits(&kit, 3).await;
        let asks = "Tell me about a slow query that you made fast.";
        form.fills("Question", asks).submits().await;
        let second = debrief_of("Sam Okafor", "3 Good").await;

        assert!(first.contains("Systems and data     2.0   1  2"), "{first}");
        assert!(
            second.contains("Systems and data     3.0   1  3"),
            "{second}"
        );
        assert_eq!(rita.sees(&hiring.thread_of("Jane Doe")), first, "it stays");
        slack.rest_is_read();
    })
    .await;
}
