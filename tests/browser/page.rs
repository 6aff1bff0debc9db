//! The pretend Slack itself, as people use it: its clock, its shortcuts, what it shows to people who build apps.

use super::chromium::{Browser, In};
use super::{DESKTOP, PHONE, POST, fits, story, story_in};
use serde_json::json;

const OPENS: &str = "/interview senior-backend Jane Doe @ada @ben";

/// The day and time that the page shows.
async fn clock(page: &Browser) -> String {
    let shown = page
        .asks("return document.getElementById('clock').innerText;")
        .await;
    let words = shown.as_str().unwrap_or_default().split_whitespace();
    words.collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_is_moved_to_the_next_working_day() {
    story("clock", DESKTOP, false, async |page| {
        page.types(OPENS).await;
        page.sees(POST, "0 of 2 scorecards in").await;
        page.types("/interview digest 09:00 weekdays").await;
        page.sees(In::Message("This channel gets a digest"), "Only visible to you")
            .await;
        page.sees(In::Page, "Today").await;
        page.moves_clock("Next working day 09:00").await;
        page.until(
            "/^(Mon|Tue|Wed|Thu|Fri) .*09:0\\d$/s.test(document.getElementById('clock').innerText.trim())",
            "the page shows the next working day",
        )
        .await;
        let morning = clock(page).await;
        page.until(
            "document.querySelectorAll('#log .day').length === 2",
            "what was today is a day ago",
        )
        .await;
        // The bot goes by the same clock: the digest comes, and an answer is of this morning.
        let digest = In::Message("Interviews here");
        page.sees(digest, "09:0").await;
        page.sees(digest, "Jane Doe · Senior Backend Developer · C-").await;
        page.types("/interview mine").await;
        let mine = In::Message("Your scorecards and loops");
        page.sees(mine, "09:0").await;
        page.sees(In::Page, "Today").await;

        // Another moment, and one that is past.
        page.moves_clock("Another moment").await;
        page.sees(In::Dialog, "In the zone Europe/Berlin").await;
        page.sets(In::Dialog, "input", "2020-01-01T09:00").await;
        page.clicks(In::Dialog, "Move").await;
        page.sees(In::Dialog, "This clock only goes forward").await;
        page.sets(In::Dialog, "input", "2030-06-03T17:30").await;
        page.clicks(In::Dialog, "Move").await;
        page.until(
            "!document.querySelector('[data-testid=dialog]')",
            "the dialog closes",
        )
        .await;
        let afternoon = clock(page).await;
        assert!(afternoon.ends_with("3 Jun, 17:30"), "{morning}, then {afternoon}");
        page.becomes("ada").await;
        page.opens("interview-assistant").await;
        page.sees(In::Message("You are on the panel"), "Jane Doe").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_builds_apps_sees_what_was_sent_kept_and_clicked() {
    story("payload", DESKTOP, false, async |page| {
        page.types(OPENS).await;
        page.sees(POST, "0 of 2 scorecards in").await;
        page.clicks(POST, "Show the payload").await;
        page.sees(In::Dialog, "chat.postMessage, at").await;
        page.sees(In::Dialog, "\"channel\": \"C0HIRING\"").await;
        page.sees(In::Dialog, "\"blocks\": [").await;
        page.clicks(In::Dialog, "Kept by Slack").await;
        page.sees(In::Dialog, "\"app_id\": \"A0APP\"").await;
        page.clicks(In::Dialog, "Close").await;

        page.becomes("ada").await;
        page.clicks(POST, "Score").await;
        page.sees(In::Message("Scorecard: Jane Doe"), "0 of 15")
            .await;
        page.clicks(POST, "Show the payload").await;
        page.clicks(In::Dialog, "Sent to the app").await;
        page.sees(In::Dialog, "\"type\": \"block_actions\"").await;
        page.sees(In::Dialog, "\"name\": \"ada\"").await;
        page.clicks(In::Dialog, "Close").await;
        // An answer for one person, drawn through the URL of the click.
        page.clicks(In::Message("Scorecard: Jane Doe"), "Show the payload")
            .await;
        page.sees(In::Dialog, "response_url, at").await;
        page.clicks(In::Dialog, "Close").await;

        page.uses("Start an interview").await;
        page.sees(In::Modal, "Choose a role").await;
        page.clicks(In::Modal, "Show the payload").await;
        page.sees(In::Dialog, "views.open, at").await;
        page.clicks(In::Dialog, "Close").await;
        page.clicks(In::Modal, "Cancel").await;
        page.sees_no_modal().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_everything_of_the_page_fits() {
    story("page-on-a-phone", PHONE, true, async |page| {
        fits(page, In::Page).await;
        page.types(OPENS).await;
        page.sees(POST, "0 of 2 scorecards in").await;
        fits(page, In::Page).await;
        page.moves_clock("One hour later").await;
        page.clicks(POST, "More message actions").await;
        fits(page, In::Menu).await;
        page.sees(In::Menu, "Score this candidate").await;
        page.chooses_in_menu("Show the payload").await;
        page.sees(In::Dialog, "chat.postMessage").await;
        fits(page, In::Dialog).await;
        page.clicks(In::Dialog, "Close").await;
        page.uses("Start an interview").await;
        page.sees(In::Modal, "Choose a role").await;
        fits(page, In::Modal).await;
        page.clicks(In::Modal, "Close").await;
        page.sees_no_modal().await;
        page.opens_the_list("Channels and people").await;
        fits(page, In::Page).await;
        page.opens("interview-assistant").await;
        page.goes_back_to_the_messages().await;
        fits(page, In::Page).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_the_home_tab_fits() {
    story_in("home-on-a-phone", PHONE, true, async |page, slack| {
        let plain = |text: &str| json!({ "type": "plain_text", "text": text, "emoji": false });
        let button = |id: &str| json!({ "type": "button", "action_id": id, "text": plain("Continue") });
        let line = json!({ "type": "mrkdwn", "text": "*Jane Doe* · Senior Backend Developer · 3 of 15 rated" });
        let home = json!({ "type": "home", "blocks": [
            { "type": "header", "text": plain("Your scorecards") },
            { "type": "section", "text": line, "accessory": button("go") },
            { "type": "section", "text": plain("Your working day begins"), "accessory": { "type": "timepicker", "action_id": "at", "initial_time": "09:00", "timezone": "Europe/Berlin" } },
            { "type": "actions", "elements": [
                { "type": "multi_users_select", "action_id": "who", "initial_users": ["U0ADA", "U0BEN"] },
                { "type": "datepicker", "action_id": "day", "initial_date": "2026-12-01" },
            ] },
        ] });
        slack.plant_home("rita", &home).expect("Slack takes it");
        page.opens_the_list("Channels and people").await;
        page.opens("interview-assistant").await;
        page.goes_back_to_the_messages().await;
        page.until("document.querySelector('#home:not([hidden]) .home-inner')", "Home is drawn")
            .await;
        fits(page, In::Page).await;
        page.clicks(In::Page, "Show the payload").await;
        page.sees(In::Dialog, "views.publish").await;
        fits(page, In::Dialog).await;
        page.clicks(In::Dialog, "Close").await;
        page.clicks(In::Page, "Messages").await;
        page.until("!document.querySelector('#home:not([hidden])')", "the messages are shown")
            .await;
        page.clicks(In::Page, "Home").await;
        page.until("document.querySelector('#home:not([hidden]) .home-inner')", "Home is drawn")
            .await;
    })
    .await;
}
