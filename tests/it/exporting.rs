//! A loop as a file: who gets which of it, before the reveal and after, and what is said where it cannot be sent.

use crate::harness::program::until;
use crate::harness::{Member, Place, Slack, assert_snapshot, on_both, story};
use interview_assistant::simulator::{FileSeen, Misbehaviour, Person};
use serde_json::{Value, json};

/// What somebody wrote that must not be read as anything but text.
const ODD: &str = "=HYPERLINK(\"http://example.com\") <b>*she*</b> | 1. said";

/// The files that somebody was sent, the oldest first.
fn files(slack: &Slack, of: &Member) -> Vec<FileSeen> {
    let direct = slack.direct_messages(of);
    let messages = slack.sim().messages(of.name(), direct.id());
    messages
        .into_iter()
        .flat_map(|message| message.files)
        .collect()
}

/// The last one, as text.
fn last(slack: &Slack, of: &Member) -> String {
    let files = files(slack, of);
    let file = files.last().expect("a file came");
    String::from_utf8(file.bytes.to_vec()).expect("text")
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// Rates one question with evidence, marks the rest as not asked, and submits.
async fn scores(member: &Member, place: &Place, rating: &str, evidence: &str) {
    let card = member.clicks(place, "Score").await;
    card.rates("technical/1", rating).await;
    let form = card.clicks("Recommend and submit").await;
    let mut form = form
        .chooses("Recommendation", "Yes")
        .fills(
            "Why? A line of evidence",
            &format!("{} would", member.name()),
        )
        .ticks("Unrated questions");
    let wanting: Vec<String> = form
        .offers()
        .into_iter()
        .filter(|label| label.contains(", rated "))
        .collect();
    for field in wanting {
        form = form.fills(&field, evidence);
    }
    form.submits().await;
}

async fn opened(slack: &Slack) -> ([Member; 4], Place, String) {
    let people = slack.members(["rita", "ada", "ben", "cid"]);
    let hiring = slack.private_channel("#hiring");
    people[0]
        .types(&hiring, "/interview senior-backend Jane Doe @ada @ben @cid")
        .await;
    let code = people[0].code_of(&hiring, "Jane Doe");
    slack.rest_is_read();
    (people, hiring, code)
}

/// Whose scorecards a document holds.
fn authors(document: &Value) -> Vec<&str> {
    let cards = document["scorecards"].as_array().expect("a list");
    cards
        .iter()
        .filter_map(|card| card["interviewer"].as_str())
        .collect()
}

#[tokio::test]
async fn before_the_reveal_a_file_holds_nobody_elses_scorecard() {
    on_both(async |slack| {
        let ([rita, ada, ben, _], hiring, code) = opened(slack).await;
        scores(&ada, &hiring, "1 Poor", "she froze").await;

        let offered = rita
            .types(&hiring, &format!("/interview export {code}"))
            .await;
        assert!(offered.is_only_for_you());
        assert_snapshot!(offered.text(), @"
        Jane Doe · Senior Backend Developer · C-XXXX · 1 of 3 scorecards in
        As a file, in your direct messages with me? It holds the loop, its panel and your own scorecard, if you began one. The others' are not in it before the reveal. JSON also says who did what, and when.
        Markdown is to read, CSV for a spreadsheet, JSON for programs. A file is a copy: it does not change with the loop, and whoever has it can read it.
        [Markdown] [CSV] [JSON] [Back]
        ");
        let said = offered.clicks("JSON").await;
        assert_eq!(said.text(), "The file is in your direct messages with me.");
        let text = last(slack, &rita);
        let document = parsed(&text);
        assert!(authors(&document).is_empty(), "{text}");
        assert_eq!(document["debrief"], Value::Null);
        assert!(document["panel"][0]["submitted_at"].is_string());
        for hidden in ["she froze", "ada would", "\"yes\"", "rated"] {
            assert!(!text.contains(hidden), "{hidden}: {text}");
        }
        let history = document["history"].as_array().expect("she leads it");
        assert_eq!(history.len(), 1, "{history:?}");

        // Their own, and no history.
        ben.types(&hiring, &format!("/interview export {code} json"))
            .await;
        assert!(authors(&parsed(&last(slack, &ben))).is_empty());
        ada.types(&hiring, &format!("/interview export {code} json"))
            .await;
        let own = parsed(&last(slack, &ada));
        assert_eq!(authors(&own), [ada.id()]);
        let answers = own["scorecards"][0]["answers"].as_array();
        let rated = |answer: &&Value| answer["question"] == "technical/1";
        let rated = answers.and_then(|all| all.iter().find(rated));
        assert_eq!(rated.expect("it is rated")["rating"], json!(1));
        assert_eq!(own["history"], Value::Null);
    })
    .await;
}

#[tokio::test]
async fn after_the_reveal_it_holds_what_each_may_see_in_three_forms() {
    story(async |slack| {
        let ([rita, ada, ben, cid], hiring, code) = opened(slack).await;
        slack.is_confidential("HYPERLINK");
        scores(&ada, &hiring, "1 Poor", ODD).await;
        scores(&ben, &hiring, "4 Excellent", "quick and calm").await;
        let card = cid.clicks(&hiring, "Score").await;
        card.rates("technical/1", "2 Mixed").await;
        rita.clicks(&hiring, "More").await.clicks("Reveal").await;

        // From the loop's own menu, as a table for a spreadsheet.
        let more = rita.clicks(&hiring, "More").await;
        let offered = more.clicks("Export").await;
        assert_snapshot!(offered.text(), @"
        Jane Doe · Senior Backend Developer · C-XXXX · 2 of 3 scorecards in · debrief in the thread
        As a file, in your direct messages with me? It holds the loop, its panel, the debrief and the scorecards that are in. JSON also says who did what, and when.
        Markdown is to read, CSV for a spreadsheet, JSON for programs. A file is a copy: it does not change with the loop, and whoever has it can read it.
        [Markdown] [CSV] [JSON] [Back]
        ");
        offered.clicks("CSV").await;
        let rows = last(slack, &rita);
        let rows = rows
            .strip_prefix('\u{feff}')
            .expect("it says that it is UTF-8");
        let mut table = csv::Reader::from_reader(rows.as_bytes());
        let rows: Vec<csv::StringRecord> = table
            .records()
            .collect::<Result<_, _>>()
            .expect("well formed");
        let rated: Vec<Vec<&str>> = rows
            .iter()
            .filter(|row| &row[7] == "technical/1")
            .map(|row| [3, 5, 10, 11, 12].map(|at| &row[at]).to_vec())
            .collect();
        let harmless = format!("'{ODD}");
        assert_eq!(
            rated,
            [
                vec!["ada", "yes", "1", "1 Poor", harmless.as_str()],
                vec!["ben", "yes", "4", "4 Excellent", "quick and calm"],
            ]
        );

        // To read: what was typed stays text.
        rita.types(&hiring, &format!("/interview export {code} md"))
            .await;
        let page = last(slack, &rita);
        assert!(
            page.starts_with("# Jane Doe · Senior Backend Developer · C-"),
            "{page}"
        );
        assert!(
            page.contains("> =HYPERLINK") || page.contains("> \\=HYPERLINK"),
            "{page}"
        );
        assert!(
            page.contains("\\<b\\>\\*she\\*\\</b\\> \\| 1. said"),
            "{page}"
        );
        assert!(page.contains("discuss first"), "{page}");

        // Everything, with who did what, but not what Cid never submitted.
        rita.types(&hiring, &format!("/interview export {code} json"))
            .await;
        let document = parsed(&last(slack, &rita));
        assert_eq!(authors(&document), [ada.id(), ben.id()]);
        assert_eq!(document["people"][ada.id()], "ada");
        let history = document["history"].to_string();
        assert!(
            history.contains("\"excellent\"") && !history.contains("\"mixed\""),
            "{history}"
        );

        // Ben submitted, and reads what the others gave. Cid did not: the figures and their own.
        ben.types(&hiring, &format!("/interview export {code} json"))
            .await;
        assert_eq!(authors(&parsed(&last(slack, &ben))), [ada.id(), ben.id()]);
        cid.types(&hiring, &format!("/interview export {code} json"))
            .await;
        let document = parsed(&last(slack, &cid));
        assert_eq!(authors(&document), [cid.id()]);
        assert_eq!(document["debrief"]["scorecards"], json!(2));
        // It is in no figure, and never will be.
        assert_eq!(document["scorecards"][0]["counts"], json!(false));
        assert_eq!(document["history"], Value::Null);

        let names: Vec<String> = files(slack, &rita)
            .into_iter()
            .map(|file| file.name)
            .collect();
        assert_eq!(
            names,
            ["csv", "md", "json"].map(|ending| format!("{code}.{ending}"))
        );
    })
    .await;
}

#[tokio::test]
async fn a_file_is_for_those_who_know_the_loop() {
    story(async |slack| {
        let eve = slack.joins(Person::new("eve", "Eve"));
        let ([_, ada, ..], hiring, code) = opened(slack).await;
        let elsewhere = slack.private_channel("#elsewhere");
        for typed in [
            format!("/interview export {code} json"),
            "/interview export C-0000".to_owned(),
        ] {
            let refused = eve.types(&elsewhere, &typed).await;
            assert_snapshot!(refused.text().replace("C-0000", "C-XXXX"), @"There is no interview loop C-XXXX that you can see. /interview list shows those you can.");
        }
        // In the loop's own channel she sees that it is there.
        let refused = eve
            .types(&hiring, &format!("/interview export {code} json"))
            .await;
        assert_snapshot!(refused.text(), @"A loop as a file is for its panel, its owner and administrators. Nothing was sent.");
        let asked = ada.types(&hiring, "/interview export").await;
        assert_snapshot!(asked.text(), @"Which loop? Please type its code behind that, like C-XXXX. /interview list shows the codes.");
        let asked = ada.types(&hiring, "/interview export <!channel>`x`").await;
        assert_snapshot!(asked.text(), @"There is no interview loop <!channel>`x` that you can see. /interview list shows those you can.");
        // A form that there is not: the ones there are.
        let asked = ada
            .types(&hiring, &format!("/interview export {code} pdf"))
            .await;
        assert_eq!(asked.offers(), ["Markdown", "CSV", "JSON", "Back"]);
        assert_eq!(slack.calls_of("files.getUploadURLExternal"), 0);

        // Whoever recused themself sees nothing of it any more but that it is there.
        let more = ada.clicks(&hiring, "More").await;
        more.clicks("Recuse myself").await;
        ada.types(&hiring, &format!("/interview export {code} json"))
            .await;
        let document = parsed(&last(slack, &ada));
        assert!(authors(&document).is_empty() && document["debrief"].is_null());
    })
    .await;
}

#[tokio::test]
async fn pictures_and_files_are_made_a_few_at_a_time() {
    story(async |slack| {
        let names = (0..10).map(|number| format!("person{number}"));
        let people: Vec<_> = names
            .map(|name| slack.joins(Person::new(&name, &name)))
            .collect();
        let hiring = slack.private_channel("#hiring");
        people[0]
            .types(&hiring, "/interview senior-backend Jane Doe")
            .await;
        let code = people[0].code_of(&hiring, "Jane Doe");
        for member in &people {
            member
                .clicks(&hiring, "Score")
                .await
                .rates("technical/1", "3 Good")
                .await;
        }
        slack.misbehaves(Misbehaviour::Hang {
            method: Some("conversations.open".to_owned()),
            times: 1000,
            performs: false,
        });
        let asks = async |who: &Member| {
            let typed = format!("/interview export {code} csv");
            let told = who.tries_to_type(&hiring, &typed).await;
            told.expect("nobody waits for it");
        };
        let begun = slack.calls_of("conversations.open");
        let hang = || slack.calls_of("conversations.open") - begun;
        for member in &people {
            asks(member).await;
        }
        until("some are sent", || (hang() >= 4).then_some(())).await;
        // Those who wait hold up nobody else.
        let told = people[1].tries_to_type(&hiring, "/interview help").await;
        told.expect("she is answered");
        assert_eq!(hang(), 4);
        slack.misbehaves(Misbehaviour::Behave);
        slack.kills().await;
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn from_the_home_tab_it_is_offered_in_a_window() {
    story(async |slack| {
        let ([rita, ..], _, code) = opened(slack).await;
        let home = rita.opens_home().await;
        let offered = home.clicks("More").await.clicks("Export").await;
        assert_eq!(offered.offers(), ["Markdown", "CSV", "JSON", "Back"]);
        let said = offered.clicks("Markdown").await;
        assert_snapshot!(said.text(), @"
        [Done]
        The file is in your direct messages with me.
        ");
        let page = last(slack, &rita);
        assert!(page.contains(&code), "{page}");
        assert_eq!(offered.clicks("Back").await.offers()[0], "Progress");
    })
    .await;
}

#[tokio::test]
async fn a_file_that_slack_does_not_take_is_told() {
    story(async |slack| {
        let ([rita, ..], hiring, code) = opened(slack).await;
        let typed = format!("/interview export {code} csv");
        let refuse = |method: &str, error: &str| Misbehaviour::Refuse {
            method: Some(method.to_owned()),
            times: 1,
            error: error.to_owned(),
        };
        slack.misbehaves(refuse(
            "files.getUploadURLExternal",
            "storage_limit_reached",
        ));
        let said = rita.types(&hiring, &typed).await;
        assert_snapshot!(said.text(), @"The file was not sent: this workspace takes no files from apps.");
        slack.misbehaves(Misbehaviour::LoseAnswer {
            method: Some("files.completeUploadExternal".to_owned()),
            times: 1,
        });
        let said = rita.types(&hiring, &typed).await;
        assert_snapshot!(said.text(), @"Slack did not say whether it took the file: look into your direct messages with me, and ask for it again if it is not there.");
        // Whose name Slack does not tell is named by their id.
        slack.misbehaves(Misbehaviour::Refuse {
            method: Some("users.info".to_owned()),
            times: 100,
            error: "fatal_error".to_owned(),
        });
        rita.types(&hiring, &format!("/interview export {code} json"))
            .await;
        let document = parsed(&last(slack, &rita));
        assert_eq!(document["people"], json!({}));
    })
    .await;
}
