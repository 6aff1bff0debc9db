//! The demo's page in a real browser: the whole main job, as people click it. It takes the pictures that the README shows.
//!
//! Skipped where there is no browser, unless `BROWSER_TEST=required`. `PICTURES=docs/pictures` says where the pictures go.

mod chromium;
mod day;
mod kits;
mod page;

use chromium::{Browser, ENTER, In, Programs, SHIFT, TAB, setting};
use futures_util::FutureExt as _;
use interview_assistant::simulator::Simulator;
use interview_assistant::start::{Demo, DemoOptions};
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::PathBuf;

const DESKTOP: (u32, u32) = (1280, 900);
const PHONE: (u32, u32) = (390, 844);

/// Runs a story in a window of its own and closes everything after it, however it ends.
async fn story(name: &str, size: (u32, u32), phone: bool, tell: impl AsyncFnOnce(&Browser)) {
    story_in(name, size, phone, async |page, _| tell(page).await).await;
}

/// The same, with the pretend Slack at hand for what people cannot do.
async fn story_in(
    name: &str,
    size: (u32, u32),
    phone: bool,
    tell: impl AsyncFnOnce(&Browser, &Simulator),
) {
    let Some(programs) = Programs::find() else {
        assert!(
            setting("BROWSER_TEST").as_deref() != Some("required"),
            "BROWSER_TEST=required, and there is no chromium/chromedriver"
        );
        println!("browser test skipped: no chromium/chromedriver");
        return;
    };
    let options = DemoOptions {
        http: false,
        data: None,
        port: Some(0),
    };
    let demo = Demo::start(options).await.expect("the demo starts");
    let browser = Browser::open(&programs, size, phone).await;
    browser.goes_to(&demo.slack().page_url()).await;
    let told = AssertUnwindSafe(tell(&browser, demo.slack()))
        .catch_unwind()
        .await;
    if told.is_err() {
        let file = std::env::temp_dir().join(format!("interview-assistant-{name}.png"));
        browser.pictures(&file).await;
        println!("the page at that moment: {}", file.display());
    }
    browser.closes().await;
    let breaches = demo.slack().breaches();
    demo.stop().await;
    if let Err(panic) = told {
        resume_unwind(panic);
    }
    assert!(breaches.is_empty(), "{breaches:#?}");
}

/// Where a picture for the README goes: to a temporary folder, unless `PICTURES` names another.
fn picture(name: &str) -> PathBuf {
    let folder = setting("PICTURES").map_or_else(
        || std::env::temp_dir().join("interview-assistant-pictures"),
        PathBuf::from,
    );
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    folder.join(name)
}

const KIT: In = In::Message("15 questions, about 45 minutes");
const POST: In = In::Message("opened by @rita");
const CARD: In = In::Message("Scorecard: Jane Doe");

/// Goes back, key by key, from the message box to a control of this name.
async fn tabs_back_to(page: &Browser, name: &str) {
    page.presses_in("composer", &format!("{SHIFT}{TAB}")).await;
    for _ in 0..100 {
        if page.has_focus(name).await {
            return;
        }
        page.presses(&format!("{SHIFT}{TAB}")).await;
    }
    panic!("the keyboard alone does not lead to {name}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_interview_in_a_browser() {
    story("whole", DESKTOP, false, async |page| {
        the_kit_is_shown_privately(page).await;
        a_loop_is_opened(page).await;
        ada_scores_and_submits(page).await;
        ben_scores_in_his_direct_messages(page).await;
        nobody_sees_a_score_before_the_reveal(page).await;
        ben_submits_last(page).await;
        rita_reads_the_debrief_and_decides(page).await;
    })
    .await;
}

async fn the_kit_is_shown_privately(page: &Browser) {
    page.types("/interview senior-backend").await;
    page.sees(KIT, "Only visible to you").await;
    page.sees(KIT, "Senior Backend Developer").await;
    page.clicks(KIT, "Pitfalls").await;
    page.sees(KIT, "• Pitfalls").await;
    page.clicks(KIT, "Technical").await;
    page.sees(KIT, "How do you secure the APIs that you build?")
        .await;
    page.scrolls_to(KIT, "start").await;
    page.pictures(&picture("kit.png")).await;
    page.becomes("ada").await;
    let channel = page.reads(In::Page).await;
    assert!(
        !channel.contains("Senior Backend Developer"),
        "the channel sees nothing of it: {channel}"
    );
    page.becomes("rita").await;
}

async fn a_loop_is_opened(page: &Browser) {
    page.types("/interview senior-backend Jane Doe @ada @ben")
        .await;
    page.sees(POST, "Jane Doe · Senior Backend Developer · C-")
        .await;
    page.sees(POST, "0 of 2 scorecards in").await;
}

async fn ada_scores_and_submits(page: &Browser) {
    page.becomes("ada").await;
    page.clicks(POST, "Score").await;
    page.sees(
        CARD,
        "nothing rated yet · 0 of 15 · Only you see this until the reveal",
    )
    .await;
    page.clicks(CARD, "3 Good, for question 1").await;
    page.sees(CARD, "✓ 3 Good").await;
    page.sees(CARD, "1 of 15").await;

    page.clicks(CARD, "Technical 0/5").await;
    page.sees(CARD, "• Technical 0/5").await;
    page.clicks(CARD, "4 Excellent, for question 1").await;
    page.sees(CARD, "• Technical 1/5").await;
    page.clicks(CARD, "Evidence for question 1").await;
    page.sees(In::Modal, "What did you hear?").await;
    page.sees(In::Modal, "Walk me through the architecture")
        .await;
    page.fills(
        "What did you hear?",
        "Drew the queue between the shop and the bank, and what is lost when it is full.",
    )
    .await;
    page.clicks(In::Modal, "Save").await;
    page.sees_no_modal().await;
    page.sees(CARD, "Evidence ✓").await;

    // With the keyboard alone.
    tabs_back_to(page, "3 Good, for question 2").await;
    page.presses(ENTER).await;
    page.sees(CARD, "• Technical 2/5").await;
    assert!(
        page.has_focus("3 Good, chosen for question 2").await,
        "the focus stays where it was"
    );
    // Latest wins.
    page.clicks(CARD, "2 Mixed, for question 3").await;
    page.sees(CARD, "• Technical 3/5").await;
    page.clicks(CARD, "3 Good, for question 3").await;
    page.sees(CARD, "saved").await;
    page.scrolls_to(CARD, "start").await;
    page.pictures(&picture("scorecard.png")).await;

    page.clicks(CARD, "Behavioural 0/5").await;
    page.sees(CARD, "Tell me about a time").await;
    page.clicks(CARD, "4 Excellent, for question 2").await;
    page.sees(CARD, "• Behavioural 1/5").await;
    page.clicks(CARD, "Recommend and submit").await;
    page.sees(
        In::Modal,
        "Still unrated: Screening 2, 3, 4, 5 · Technical 4, 5 · Behavioural 1, 3, 4, 5",
    )
    .await;
    page.sees(
        In::Modal,
        "A candidate may be entitled to read what you write here.",
    )
    .await;
    page.chooses("Strong yes").await;
    page.fills(
        "Behavioural 2, rated 4 Excellent",
        "Told two teams which date would move, and why, before they asked.",
    )
    .await;
    page.fills("Why?", "Every choice had a reason and a price.")
        .await;
    page.clicks(In::Modal, "Submit").await;
    page.sees(In::Modal, "10 questions still need a rating")
        .await;
    page.chooses("Mark the 10 unrated questions as Not asked")
        .await;
    page.clicks(In::Modal, "Submit").await;
    page.sees_no_modal().await;
    page.sees(In::Page, "In. You will see the others at the reveal.")
        .await;
    page.sees(POST, "1 of 2 scorecards in").await;
}

async fn ben_scores_in_his_direct_messages(page: &Browser) {
    page.becomes("ben").await;
    page.opens("interview-assistant").await;
    let invitation = In::Message("You are on the panel for Jane Doe");
    page.sees(invitation, "Senior Backend Developer").await;
    page.clicks(invitation, "Score").await;
    page.clicks(CARD, "Technical 0/5").await;
    page.sees(CARD, "• Technical 0/5").await;
    page.clicks(CARD, "1 Poor, for question 1").await;
    page.clicks(CARD, "3 Good, for question 2").await;
    page.clicks(CARD, "2 Mixed, for question 3").await;
    page.sees(CARD, "• Technical 3/5").await;
}

async fn nobody_sees_a_score_before_the_reveal(page: &Browser) {
    page.becomes("ada").await;
    page.opens("hiring").await;
    page.clicks(POST, "More").await;
    page.sees(In::Message("Only visible to you"), "Owned by @rita")
        .await;
    let all = page.reads(In::Page).await;
    assert!(
        !all.contains("1 Poor, chosen") && !all.contains("✓ 1 Poor"),
        "{all}"
    );
    page.becomes("rita").await;
    page.clicks(POST, "More").await;
    let menu = In::Message("Still owed by @ben");
    page.clicks(menu, "Progress").await;
    let progress = In::Message("@ada: submitted");
    page.sees(
        progress,
        "@ben: Screening 0 of 5 · Technical 3 of 5 · Behavioural 0 of 5",
    )
    .await;
    let (post, progress) = (page.reads(POST).await, page.reads(progress).await);
    for score in ["Poor", "Excellent", "Strong yes", "Drew the queue"] {
        let told = [&post, &progress].iter().any(|text| text.contains(score));
        assert!(!told, "the owner reads {score}: {post}\n{progress}");
    }
}

async fn ben_submits_last(page: &Browser) {
    page.becomes("ben").await;
    page.opens("interview-assistant").await;
    page.clicks(In::Message("You are on the panel for Jane Doe"), "Score")
        .await;
    page.sees(CARD, "3 of 15").await;
    page.clicks(CARD, "Recommend and submit").await;
    page.fills(
        "Technical 1, rated 1 Poor",
        "Named the products, and could not say what happens when one is down.",
    )
    .await;
    page.chooses("Mark the 12 unrated questions as Not asked")
        .await;
    page.chooses("No").await;
    page.fills("Why?", "I did not hear a reason for the parts.")
        .await;
    page.clicks(In::Modal, "Submit").await;
    page.sees_no_modal().await;
    // In place of the scorecard that he submitted, not of the one opened before it.
    page.sees(
        In::Message("Only visible to you"),
        "In, and it was the last one: the debrief is in the thread.",
    )
    .await;
}

async fn rita_reads_the_debrief_and_decides(page: &Browser) {
    page.becomes("rita").await;
    page.opens("hiring").await;
    page.sees(POST, "2 of 2 scorecards in · debrief in the thread")
        .await;
    page.clicks_replies(POST).await;
    page.sees(In::Thread, "Debrief · Jane Doe · Senior Backend Developer")
        .await;
    for line in [
        "Systems and data 2.5 2 1.5-3.5 discuss first: 2 steps apart",
        "API design 3.0 2 3",
        "Delivery in a team 4.0 1 4 one opinion",
        "Drive and learning - 0 not covered",
        "Recommendation: 1 Strong yes · 1 No",
    ] {
        page.sees(In::Thread, line).await;
    }
    page.scrolls_to(POST, "start").await;
    page.pictures(&picture("debrief.png")).await;

    page.clicks(In::Thread, "By question").await;
    page.sees(In::Modal, "Walk me through the architecture")
        .await;
    page.sees(In::Modal, "@ada 4 Excellent · @ben 1 Poor").await;
    page.clicks(In::Modal, "Close").await;
    page.sees_no_modal().await;
    page.clicks(In::Thread, "Evidence").await;
    page.sees(In::Modal, "Drew the queue between the shop and the bank")
        .await;
    page.sees(In::Modal, "could not say what happens when one is down")
        .await;
    page.clicks(In::Modal, "Close").await;
    page.sees_no_modal().await;

    page.clicks(In::Thread, "Decide").await;
    page.chooses("Hold").await;
    page.clicks(In::Modal, "Decide").await;
    page.sees(In::Modal, "Please complete this required field.")
        .await;
    page.fills(
        "Reason",
        "We ask about the architecture once more, with a third person.",
    )
    .await;
    page.clicks(In::Modal, "Decide").await;
    page.sees_no_modal().await;
    page.sees(In::Thread, "Decision: Hold by @rita").await;
    page.sees(In::Thread, "We ask about the architecture once more")
        .await;
    page.sees(POST, "Decided: Hold by @rita").await;
}

/// Whether everything fits the width of the window, and every control of a place can be touched there.
async fn fits(page: &Browser, place: In<'_>) {
    let outside = page.sticking_out(place).await;
    assert!(outside.is_empty(), "not within the window: {outside:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_a_candidate_is_started_scored_and_revealed_by_the_owner() {
    story("phone", PHONE, true, async |page| {
        page.types("/interview senior-backend").await;
        page.clicks(KIT, "Profile").await;
        page.sees(KIT, "Hard skills").await;
        fits(page, KIT).await;
        page.clicks(KIT, "Start a candidate").await;
        page.fills("Candidate's name", "Sam Okafor").await;
        fits(page, In::Modal).await;
        page.clicks(In::Modal, "Start").await;
        page.sees_no_modal().await;
        page.sees(POST, "Sam Okafor · Senior Backend Developer · C-")
            .await;
        page.sees(POST, "Anybody here can join by scoring.").await;

        page.opens_the_list("Channels and people").await;
        page.becomes("ada").await;
        page.goes_back_to_the_messages().await;
        page.clicks(POST, "Score").await;
        let card = In::Message("Scorecard: Sam Okafor");
        page.clicks(card, "2 Mixed, for question 4").await;
        page.sees(card, "✓ 2 Mixed").await;
        fits(page, card).await;
        page.scrolls_to(card, "start").await;
        page.pictures(&std::env::temp_dir().join("interview-assistant-phone.png"))
            .await;
        page.clicks(card, "Recommend and submit").await;
        page.chooses("Mark the 14 unrated questions as Not asked")
            .await;
        page.chooses("Not enough signal").await;
        page.fills("Why?", "We spoke about logistics only.").await;
        fits(page, In::Modal).await;
        page.clicks(In::Modal, "Submit").await;
        page.sees_no_modal().await;
        page.sees(POST, "1 scorecard in").await;

        page.opens_the_list("Channels and people").await;
        page.becomes("rita").await;
        page.goes_back_to_the_messages().await;
        page.clicks(POST, "More").await;
        page.clicks(In::Message("Owned by @rita"), "Reveal").await;
        page.sees(In::Confirm, "1 scorecard is in").await;
        page.clicks(In::Confirm, "Reveal").await;
        page.sees(POST, "debrief in the thread").await;
        page.clicks_replies(POST).await;
        page.sees(In::Thread, "Recommendation: 1 Not enough signal")
            .await;
        fits(page, In::Thread).await;
        page.pictures(&std::env::temp_dir().join("interview-assistant-phone-2.png"))
            .await;
    })
    .await;
}
