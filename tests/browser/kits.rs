//! Kits in a real browser: edited, imported, calibrated with, and used while interviewing.

use super::chromium::{Browser, In};
use super::{DESKTOP, PHONE, fits, picture, story};

/// A picture that the README does not show.
fn aside(name: &str) -> std::path::PathBuf {
    std::env::temp_dir().join(format!("interview-assistant-{name}"))
}

const TECHNICAL: In = In::Message("Technical · 5 questions");
const ASK: &str = "Tell me about a slow query that you made fast.";

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_improves_a_kit_and_the_panel_calibrates_on_it() {
    story("kits", DESKTOP, false, async |page| {
        page.becomes("olga").await;
        a_question_is_edited(page).await;
        a_guide_becomes_a_kit(page).await;
        two_rate_the_same_answer(page).await;
    })
    .await;
}

async fn a_question_is_edited(page: &Browser) {
    page.types("/interview senior-backend").await;
    page.clicks(In::Message("15 questions, about 45 minutes"), "Technical")
        .await;
    page.sees(TECHNICAL, "3. How do you go about optimising")
        .await;
    page.scrolls_to(TECHNICAL, "start").await;
    page.pictures(&aside("kit-for-administrators.png")).await;
    page.clicks(TECHNICAL, "Edit question 3").await;
    page.sees(In::Modal, "Saving makes a new version of the kit.")
        .await;
    page.empties("Question").await;
    page.fills("Question", ASK).await;
    page.pictures(&picture("kit-edit.png")).await;
    page.clicks(In::Modal, "Save").await;
    page.sees_no_modal().await;
    page.sees(TECHNICAL, ASK).await;
    page.sees(TECHNICAL, "edited in Slack by @olga").await;
    page.types("/interview kits").await;
    let kits = In::Message("Interview kits");
    page.sees(kits, "edited in Slack by @olga · 0 open loops")
        .await;
    page.pictures(&aside("kits.png")).await;
}

async fn a_guide_becomes_a_kit(page: &Browser) {
    page.types("/interview import").await;
    page.fills(
        "Guide",
        "Interview Questions for Release Manager\n\nTechnical Assessment Questions\n- How do you decide that a release goes out?\n- What do you do in the hour after a bad release?\n\nBehavioral Questions\n- Tell me about a release that you stopped.\n",
    )
    .await;
    page.clicks(In::Modal, "Read it").await;
    page.sees(In::Modal, "This would be a kit of 3 questions")
        .await;
    page.sees(In::Modal, "Lacking").await;
    page.pictures(&aside("guide.png")).await;
    page.clicks(In::Modal, "Save the kit").await;
    page.sees_no_modal().await;
    page.sees(
        In::Message("3 questions, about 30 minutes"),
        "imported in Slack by @olga",
    )
    .await;
}

async fn two_rate_the_same_answer(page: &Browser) {
    page.becomes("rita").await;
    page.types("/interview calibrate senior-backend").await;
    let choice = In::Message("Calibrate: Senior Backend Developer");
    page.sees(choice, "The letters say nothing about the answers.")
        .await;
    page.clicks(choice, "Start: answer A").await;
    let post = In::Message("Calibration: Senior Backend Developer");
    page.sees(post, "0 ratings in").await;
    page.clicks(post, "2 Mixed").await;
    page.sees(In::Page, "You gave 2 Mixed.").await;
    page.becomes("ada").await;
    page.clicks(post, "4 Excellent").await;
    page.sees(post, "2 ratings in").await;
    let seen = page.reads(In::Page).await;
    assert!(!seen.contains("You gave 2"), "{seen}");
    page.becomes("rita").await;
    page.clicks(post, "Show the spread").await;
    page.clicks(In::Confirm, "Show it").await;
    page.sees(post, "from 2 Mixed to 4 Excellent").await;
    page.scrolls_to(post, "start").await;
    page.pictures(&picture("calibration.png")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_notes_are_pasted_and_go_where_they_belong() {
    story("notes", PHONE, true, async |page| {
        page.types("/interview senior-backend Jane Doe").await;
        let card = In::Message("Scorecard: Jane Doe");
        page.clicks(In::Message("opened by @rita"), "Score").await;
        page.clicks(card, "Technical 0/5").await;
        page.clicks(card, "Follow-ups for question 2").await;
        page.sees(card, "How do you make sure that a signed-in user sees only their own records?")
            .await;
        fits(page, card).await;
        page.scrolls_to(card, "start").await;
        page.pictures(&aside("follow-ups.png"))
            .await;
        page.clicks(card, "Paste my notes").await;
        page.fills(
            "Notes",
            "Came with a diagram.\nT1 queue between shop and bank\nT3: measured first, then an index\nT9 nothing\n",
        )
        .await;
        page.clicks(In::Modal, "Show where they go").await;
        page.sees(In::Modal, "Nothing is saved yet.").await;
        page.sees(In::Modal, "measured first, then an index").await;
        fits(page, In::Modal).await;
        page.pictures(&aside("notes.png"))
            .await;
        page.clicks(In::Modal, "Save").await;
        page.sees_no_modal().await;
        page.sees(card, "Evidence ✓").await;
        page.clicks(card, "Rest of section: Not asked").await;
        page.sees(card, "Technical 5/5").await;
    })
    .await;
}
