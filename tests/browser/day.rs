//! The team's day on the demo's page: the clock is moved, and the digest and what follows come.

use super::chromium::{Browser, In};
use super::{DESKTOP, PHONE, fits, picture, story};

const DIGEST: In = In::Message("Interviews here");
const REMINDER: In = In::Message("Your scorecard is still to come");

async fn a_loop_and_a_digest(page: &Browser) {
    page.types("/interview senior-backend Jane Doe @ada @ben")
        .await;
    page.sees(In::Message("opened by @rita"), "0 of 2 scorecards in")
        .await;
    page.types("/interview digest 09:00 daily").await;
    page.sees(In::Message("This channel gets a digest"), "09:00 daily")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tomorrow_at_nine_the_channel_has_its_digest() {
    story("day", DESKTOP, false, async |page| {
        a_loop_and_a_digest(page).await;
        page.moves_clock("Tomorrow 09:00").await;
        page.sees(DIGEST, "Scorecards owed: 1").await;
        page.sees(DIGEST, "2 scorecards owed").await;
        page.sees(DIGEST, "Opened: 1").await;
        page.scrolls_to(DIGEST, "start").await;
        page.pictures(&picture("digest.png")).await;
        page.clicks(DIGEST, "All open loops").await;
        page.sees(In::Message("Open loops here"), "Jane Doe").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_day_whoever_owes_a_scorecard_is_reminded_and_goes_on_with_it() {
    story("reminder", DESKTOP, false, async |page| {
        page.types("/interview senior-backend Jane Doe @ada @ben")
            .await;
        page.sees(In::Message("opened by @rita"), "0 of 2 scorecards in")
            .await;
        for _ in 0..2 {
            page.moves_clock("Next working day 09:00").await;
            page.clicks(In::Page, "Dismiss").await;
        }
        page.becomes("ada").await;
        page.opens("interview-assistant").await;
        page.sees(REMINDER, "Jane Doe · Senior Backend Developer · C-")
            .await;
        page.sees(REMINDER, "I did not attend").await;
        page.scrolls_to(REMINDER, "end").await;
        page.pictures(&picture("reminder.png")).await;
        page.clicks(REMINDER, "Continue").await;
        page.sees(In::Message("Scorecard: Jane Doe"), "nothing rated yet")
            .await;
    })
    .await;
}

/// Opens the Home tab of whoever is played.
async fn opens_home(page: &Browser) {
    page.opens("interview-assistant").await;
    page.clicks(In::Page, "Home").await;
    page.until(
        "document.querySelector('#home:not([hidden]) .home-inner')",
        "Home is drawn",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn home_shows_what_is_theirs_and_leads_to_it_in_a_window() {
    story("home", DESKTOP, false, async |page| {
        opens_home(page).await;
        page.sees(In::Page, "Start with /interview senior-backend")
            .await;
        page.opens("hiring").await;
        page.types("/interview senior-backend Jane Doe @rita @ben")
            .await;
        page.sees(In::Message("opened by @rita"), "0 of 2 scorecards in")
            .await;
        page.types("/interview practice-lead Sam Okafor @ada").await;
        page.sees(In::Message("Sam Okafor"), "0 of 1 scorecard in")
            .await;
        opens_home(page).await;
        page.sees(In::Page, "Your open scorecards").await;
        page.sees(In::Page, "nothing rated yet").await;
        page.clicks(In::Page, "Score").await;
        page.sees(In::Modal, "Jane Doe").await;
        page.clicks(In::Modal, "3 Good, for question 1").await;
        page.sees(In::Modal, "1 of 15").await;
        page.clicks(In::Modal, "Close").await;
        page.sees_no_modal().await;
        page.sees(In::Page, "1 of 15 rated").await;
        page.pictures(&picture("home.png")).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_a_digest_is_set_up_by_its_form() {
    story("day-phone", PHONE, true, async |page| {
        page.types("/interview digest").await;
        page.sees(In::Modal, "Daily digest").await;
        fits(page, In::Modal).await;
        page.clicks(In::Modal, "Set up").await;
        page.sees(In::Message("This channel gets a digest"), "09:00 weekdays")
            .await;
    })
    .await;
}
