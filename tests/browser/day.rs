//! The team's day on the demo's page: the clock is moved, and the digest and what follows come.

use super::chromium::{Browser, In};
use super::{DESKTOP, PHONE, fits, picture, story};

const DIGEST: In = In::Message("Interviews here");

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
