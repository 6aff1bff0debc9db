//! Names and notes that would break a careless bot: shown as text, pinging nobody, cut where Slack's limits are.

use crate::harness::{Member, Place, assert_snapshot, on_both, story};

const NASTY: [&str; 9] = [
    "<!channel>",
    "@here <!here> <!everyone>",
    "*bold* _it_ ~no~ `code`",
    "Tom & Jerry < > &amp;lt;",
    "👩🏽‍💻 Zoë 🎉 :tada:",
    "محمد بن علي",
    "\u{202e}txt.exe Jane",
    "<https://evil.example|Jane>",
    "> quote\u{7}\u{0}\u{1b}[31m",
];

async fn decided(rita: &Member, ada: &Member, hiring: &Place, text: &str) {
    let card = ada.clicks(hiring, "Score").await;
    card.rates("technical/1", "4 Excellent").await;
    card.writes("technical/1", text).await;
    let form = card.clicks("Recommend and submit").await;
    let form = form
        .chooses("Recommendation", "Yes")
        .fills("Why? A line of evidence", text)
        .fills("Asked beside the kit", text)
        .ticks("Unrated questions");
    form.submits().await;
    let form = rita.clicks(hiring, "More").await.clicks("Decide").await;
    form.chooses("Decision", "Hire")
        .fills("Reason", text)
        .submits()
        .await;
}

#[tokio::test]
async fn nasty_names_and_notes_are_shown_as_text_and_ping_nobody() {
    on_both(async |slack| {
        let [rita, ada] = slack.members(["rita", "ada"]);
        for (number, nasty) in NASTY.into_iter().enumerate() {
            let channel = slack.private_channel(&format!("#room{number}"));
            slack.is_confidential(nasty);
            let kit = rita.types(&channel, "/interview senior-backend").await;
            let form = kit.clicks("Start a candidate").await;
            let form = form.fills("Candidate's name", nasty).names("Panel", ["ada"]).fills("Requisition", nasty).fills("Note", nasty);
            form.submits().await;
            decided(&rita, &ada, &channel, nasty).await;
            rita.types(&channel, "/interview mine").await;
            rita.clicks(&channel.thread_of("C-"), "Evidence").await;
            rita.closes_all().await;
        }
        for call in slack.sim().calls() {
            let sent = call.args.to_string();
            for ping in ["<!channel", "<!here", "<!everyone", "\"broadcast\"", "<https://evil"] {
                assert!(!sent.contains(ping) || as_rich_text(&call.args, ping), "{} {sent}", call.method);
            }
        }
        assert_snapshot!(rita.sees(&slack.place("room0")), @"
        <!channel> · Senior Backend Developer · C-XXXX · opened by @rita · 1 of 1 scorecard in · Decided: Hire by @rita
        Requisition: <!channel> · Note: <!channel>
        [Score] [Kit] [Plan] [More]
        ");
        assert_snapshot!(rita.sees(&slack.place("room2")), @"
        *bold* _it_ ~no~ `code` · Senior Backend Developer · C-XXXX · opened by @rita · 1 of 1 scorecard in · Decided: Hire by @rita
        Requisition: *bold* _it_ ~no~ `code` · Note: *bold* _it_ ~no~ `code`
        [Score] [Kit] [Plan] [More]
        ");
        assert_snapshot!(rita.sees(&slack.place("room3")), @"
        Tom & Jerry < > &amp;lt; · Senior Backend Developer · C-XXXX · opened by @rita · 1 of 1 scorecard in · Decided: Hire by @rita
        Requisition: Tom & Jerry < > &amp;lt; · Note: Tom & Jerry < > &amp;lt;
        [Score] [Kit] [Plan] [More]
        ");
        assert_snapshot!(rita.sees(&slack.place("room6")), @"
        txt.exe Jane · Senior Backend Developer · C-XXXX · opened by @rita · 1 of 1 scorecard in · Decided: Hire by @rita
        Requisition: txt.exe Jane · Note: txt.exe Jane
        [Score] [Kit] [Plan] [More]
        ");
        assert_snapshot!(rita.sees(&slack.place("room8")), @"
        > quote[31m · Senior Backend Developer · C-XXXX · opened by @rita · 1 of 1 scorecard in · Decided: Hire by @rita
        Requisition: > quote[31m · Note: > quote[31m
        [Score] [Kit] [Plan] [More]
        ");
        slack.rest_is_read();
    })
    .await;
}

/// Whether text stands nowhere but in places where Slack parses nothing.
fn as_rich_text(value: &serde_json::Value, ping: &str) -> bool {
    match value {
        serde_json::Value::Object(fields) => {
            let parsed = fields.get("type").is_none_or(|kind| kind == "mrkdwn");
            fields.iter().all(|(key, field)| match field {
                serde_json::Value::String(text) if key == "text" && parsed => !text.contains(ping),
                field => as_rich_text(field, ping),
            })
        }
        serde_json::Value::Array(items) => items.iter().all(|item| as_rich_text(item, ping)),
        _ => true,
    }
}

#[tokio::test]
async fn ten_thousand_characters_are_cut_where_slack_cuts_and_nothing_breaks() {
    on_both(async |slack| {
        let [rita, ada] = slack.members(["rita", "ada"]);
        let hiring = slack.private_channel("#hiring");
        let long = "wörd & <b> 😀 ".repeat(1000);
        let refused = rita.types(&hiring, &format!("/interview senior-backend {long} @ada")).await;
        assert_snapshot!(refused.text(), @"A name can have at most 120 characters. Nothing was saved.");
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada").await;
        // Slack's boxes take three thousand.
        let most: String = "<&>\u{1F600}".chars().cycle().take(2300).collect();
        decided(&rita, &ada, &hiring, &most).await;
        let board = ada.clicks(&hiring.thread_of("Jane Doe"), "Evidence").await;
        assert!(board.is_modal(), "{}", board.text());
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn a_name_is_kept_in_any_script_and_its_initials_are_letters_of_it() {
    story(async |slack| {
        let [rita] = slack.members(["rita"]);
        let general = slack.public_channel("#general");
        for name in ["Ὀδυσσεύς Λαέρτης", "王 小明", "Çağla Öz", "👩🏽‍💻"]
        {
            let question = rita
                .types(&general, &format!("/interview senior-backend {name}"))
                .await;
            question.clicks("Use initials").await;
        }
        assert_snapshot!(rita.sees(&general), @"
        Ὀ. Λ. · Senior Backend Developer · C-XXXX · opened by @rita · 0 scorecards in
        Anybody here can join by scoring.
        [Score] [Kit] [Plan] [More]

        王. 小. · Senior Backend Developer · C-XXXX · opened by @rita · 0 scorecards in
        Anybody here can join by scoring.
        [Score] [Kit] [Plan] [More]

        Ç. Ö. · Senior Backend Developer · C-XXXX · opened by @rita · 0 scorecards in
        Anybody here can join by scoring.
        [Score] [Kit] [Plan] [More]

         · Senior Backend Developer · C-XXXX · opened by @rita · 0 scorecards in
        Anybody here can join by scoring.
        [Score] [Kit] [Plan] [More]
        ");
    })
    .await;
}
