//! The Home tab: what one has to do and what one leads, with one click to each.

use crate::harness::{Card, assert_snapshot, on_both, story, submits};
use interview_assistant::domain::ids::{LoopCode, MessageTs, UserId};
use interview_assistant::domain::interview_loop::{Head, Seat};
use interview_assistant::simulator::{Channel, Misbehaviour, Person};
use jiff::Timestamp;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(5);
/// The beginning of the line of Jane's loop.
const JANES: &str = "Jane Doe · Senior Backend Developer";

/// What a Home tab says up to the list of kits.
fn lists(home: &Card) -> String {
    let text = home.text();
    let end = text.find("\nInterview kits").expect("kits are on it");
    text[..end].to_owned()
}

#[tokio::test]
async fn with_nothing_to_do_yet_home_says_how_to_start() {
    on_both(async |slack| {
        let [rita] = slack.members(["rita"]);
        slack.private_channel("#hiring");
        let home = rita.opens_home().await;
        assert_snapshot!(home.text(), @"
        Structured interviews
        Start with /interview senior-backend, in any channel: it shows the interview kit, to you alone. /interview senior-backend Jane Doe @ada @ben opens Jane's interviews in that channel.
        The scorecards you owe and the loops you own will be here.
        Interview kits
        [Backend Platforms Lead] [Backend Practice Lead] [Head of Backend Engineering] [Senior Backend Developer]
        Your settings
        Reminders of scorecards you owe: on
        [Switch off]
        Kit and your part, ten minutes before a planned interview: on
        [Switch off]
        Time zone: Europe/Berlin, as Slack tells it
        [Change]
        ---
        [Start an interview] [Help]
        interview-assistant 0.1.0
        ");
    })
    .await;
}

#[tokio::test]
async fn a_scorecard_is_filled_in_from_home_without_leaving_it() {
    on_both(async |slack| {
        let [rita, ada, ben] = slack.members(["rita", "ada", "ben"]);
        let hiring = slack.private_channel("#hiring");
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada @ben")
            .await;
        let home = ada.opens_home().await;
        assert_snapshot!(lists(&home), @"
        Your open scorecards
        Jane Doe · Senior Backend Developer · `C-XXXX`
        nothing rated yet · opened Nov 21, 2024 in #hiring
        [Score]
        ");
        let card = home.clicks("Score").await;
        assert!(card.is_modal());
        assert_snapshot!(card.head(5), @"
        [Scorecard]
        Scorecard: Jane Doe
        Senior Backend Developer · `C-XXXX` · kit xxxxxx
        [• Screening 0/5] [Technical 0/5] [Behavioural 0/5] [Recommend and submit]
        1. What draws you to this role?
        ");
        card.rates("technical/1", "3 Good").await;
        assert_eq!(card.chosen(), ["✓ 3 Good"]);
        card.writes("technical/1", "what I heard").await;
        let card = ada.modal().expect("the scorecard is still there");
        assert!(card.offers().contains(&"Evidence ✓".to_owned()));
        card.under("technical/2", "Follow-ups").await;
        card.writes("technical/2", "what I heard").await;
        assert!(card.text().contains("Follow-ups to question 2"));
        slack.advance(SOON).await;
        assert_snapshot!(lists(&ada.home().expect("it is drawn")), @"
        Your open scorecards
        Jane Doe · Senior Backend Developer · `C-XXXX`
        1 of 15 rated · opened Nov 21, 2024 in #hiring
        [Continue]
        ");
        let said = card.submits_with("Yes", "Knows the trade").await;
        assert_snapshot!(said.text(), @"
        [Done]
        In. You will see the others at the reveal.
        ");
        ada.closes_all().await;
        slack.advance(SOON).await;
        assert_snapshot!(lists(&ada.home().expect("it is drawn")), @"
        Structured interviews
        Start with /interview senior-backend, in any channel: it shows the interview kit, to you alone. /interview senior-backend Jane Doe @ada @ben opens Jane's interviews in that channel.
        The scorecards you owe and the loops you own will be here.
        ");
        submits(&ben, &hiring).await;
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn notes_are_pasted_from_home_and_what_is_refused_takes_no_fourth_window() {
    story(async |slack| {
        let [rita, ada] = slack.members(["rita", "ada"]);
        let hiring = slack.private_channel("#hiring");
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada")
            .await;
        let card = ada.opens_home().await.clicks("Score").await;
        let form = card.clicks("Paste my notes").await;
        let report = form.fills("Notes", "T2 what I heard").submits().await;
        assert!(report.text().contains("Technical 2"), "{}", report.text());
        let filed = report.submits().await;
        assert_snapshot!(filed.text(), @"
        [Saved]
        It is saved. Closing this leads back to the Home tab.
        ");
        ada.closes_top().await;
        assert!(ada.modal().is_none(), "closing it closes all");

        // What is refused is said in place of the third.
        let card = ada.opens_home().await.clicks("Score").await;
        let form = card.clicks("Paste my notes").await;
        let report = form.fills("Notes", "T3 what I heard").submits().await;
        let withdraw = rita.clicks(&hiring, "More").await.clicks("Withdraw").await;
        withdraw.submits().await;
        let refused = report.submits().await;
        assert_snapshot!(refused.text(), @"
        [Not yet]
        This loop was withdrawn, so nothing was saved. Its owner can reopen it.
        ");
        let below = ada
            .closes_top()
            .await
            .expect("what was typed is still there");
        assert!(below.text().contains("Notes"), "{}", below.text());
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn an_owner_is_told_what_is_next_with_its_button() {
    on_both(async |slack| {
        let [rita, ada, ben] = slack.members(["rita", "ada", "ben"]);
        let hiring = slack.private_channel("#hiring");
        rita.types(
            &hiring,
            "/interview senior-backend Jane Doe @ada @ben @rita",
        )
        .await;
        let home = rita.opens_home().await;
        assert_snapshot!(lists(&home), @"
        Your open scorecards
        Jane Doe · Senior Backend Developer · `C-XXXX`
        nothing rated yet · opened Nov 21, 2024 in #hiring
        [Score]
        Loops you own
        Jane Doe · Senior Backend Developer · `C-XXXX`
        0 of 3 scorecards in · next: your own scorecard
        [Score] [More]
        ");
        submits(&rita, &hiring).await;
        slack.advance(SOON).await;
        assert_snapshot!(lists(&home), @"
        Your open scorecards
        You owe no scorecard.
        Loops you own
        Jane Doe · Senior Backend Developer · `C-XXXX`
        1 of 3 scorecards in · next: nudge @ada and @ben
        [Nudge] [More]
        ");
        let said = home.clicks("Nudge").await;
        assert_snapshot!(said.text(), @"
        [Done]
        It is night for @ada and @ben: they get it at 08:00 their time.
        ");
        rita.closes_all().await;
        assert_snapshot!(lists(&home), @"
        Your open scorecards
        You owe no scorecard.
        Loops you own
        Jane Doe · Senior Backend Developer · `C-XXXX`
        1 of 3 scorecards in · nudged; waiting for @ada and @ben
        [More]
        ");

        let more = home.clicks("More").await;
        assert!(
            more.is_modal() && more.text().contains("[Progress]"),
            "{}",
            more.text()
        );
        let progress = more.clicks("Progress").await;
        assert_snapshot!(progress.text(), @"
        [Progress]
        Jane Doe · Senior Backend Developer · C-XXXX · 1 of 3 scorecards in
        • @ada: Screening 0 of 5 · Technical 0 of 5 · Behavioural 0 of 5
        • @ben: Screening 0 of 5 · Technical 0 of 5 · Behavioural 0 of 5
        • @rita: submitted
        [Nudge] [Edit panel] [Reveal] [Back]
        ");
        let form = progress.clicks("Edit panel").await;
        let said = form.names("Panel", ["rita", "ada"]).submits().await;
        assert_snapshot!(said.text(), @"
        [Done]
        The panel has 2 interviewers now.
        ");
        rita.closes_all().await;

        submits(&ada, &hiring).await;
        slack.advance(SOON).await;
        assert_snapshot!(lists(&home), @"
        Your open scorecards
        You owe no scorecard.
        Loops you own
        Jane Doe · Senior Backend Developer · `C-XXXX`
        2 of 2 scorecards in · revealed; next: decide
        [Decide] [More]
        ");
        let form = home.clicks("Decide").await;
        let form = form
            .chooses("Decision", "Hire")
            .fills("Reason", "Knows the trade");
        let said = form.submits().await;
        assert_snapshot!(said.text(), @"
        [Done]
        Decided; it is in the thread. Nothing is sent to the candidate.
        ");
        rita.closes_all().await;
        assert_snapshot!(lists(&home), @"
        Your open scorecards
        You owe no scorecard.
        Decided lately
        • Jane Doe · Senior Backend Developer · C-XXXX · Decided: Hire by @rita on Nov 21, 2024
        ");
        // Each line leads to the thread.
        let links = rita.everything_seen();
        let link = format!("/archives/{}/p1", hiring.id());
        assert!(links.contains(&link), "{links}");
        assert_eq!(ben.home().map(|home| home.text()), None);
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn an_interview_is_started_from_home() {
    story(async |slack| {
        let [rita, ada] = slack.members(["rita", "ada"]);
        let open = slack.public_channel("#open");
        let home = rita.opens_home().await;
        let form = home.clicks("Start an interview").await;
        let form = form
            .chooses("Role", "Senior Backend Developer")
            .submits()
            .await;
        let form = form
            .fills("Candidate's name", "Jane Doe")
            .names("Panel", ["ada"])
            .goes_to("Channel", &open);
        let question = form.submits().await;
        assert_snapshot!(question.text(), @"
        [One more question]
        Everybody here can see this post.
        With initials it says: J. D.
        [Use initials] [Use the name]
        ");
        let said = question.clicks("Use initials").await;
        assert_snapshot!(said.text(), @"
        [Done]
        Opened C-XXXX in #open. @ada gets a direct message.
        ");
        rita.closes_all().await;
        slack.advance(SOON).await;
        // Whoever owns it may know the name; its channel does not.
        assert_snapshot!(lists(&home), @"
        Your open scorecards
        You owe no scorecard.
        Loops you own
        Jane Doe · Senior Backend Developer · `C-XXXX`
        0 of 1 scorecard in · next: nudge @ada
        [Nudge] [More]
        ");
        assert!(!ada.sees(&open).contains("Jane Doe"));
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn a_kit_is_read_from_home_and_an_interview_begun_with_it() {
    story(async |slack| {
        let [rita] = slack.members(["rita"]);
        let hiring = slack.private_channel("#hiring");
        let home = rita.opens_home().await;
        let kit = home.clicks("Senior Backend Developer").await;
        assert_snapshot!(kit.head(4), @"
        [Interview kit]
        Senior Backend Developer
        15 questions, about 45 minutes · kit xxxxxx
        [Screening] [Technical] [Behavioural] [Look for] [Pitfalls] [Profile]
        ");
        assert!(
            !kit.offers().contains(&"Share kit here".to_owned()),
            "there is no channel to share it with"
        );
        let kit = kit.clicks("Technical").await;
        assert!(kit.text().contains("• Technical"), "{}", kit.text());
        let form = kit.clicks("Start a candidate").await;
        let form = form
            .fills("Candidate's name", "Jane Doe")
            .goes_to("Channel", &hiring);
        let said = form.submits().await;
        assert_snapshot!(said.text(), @"
        [Done]
        Opened C-XXXX in #hiring. Nobody is named to interview, so anybody there joins the panel by scoring.
        ");
        let help = home.clicks("Help").await;
        assert!(help.text().starts_with("[Help]"), "{}", help.text());
        slack.rest_is_read();
    })
    .await;
}

/// A loop that was opened a while ago, by number: the higher, the later.
fn numbered(number: u32, owner: &str, panel: &[&str]) -> Head {
    let opened_at = Timestamp::from_second(1_732_000_000 + i64::from(number)).expect("a moment");
    let mut head: Head = serde_json::from_value(serde_json::json!({
        "code": LoopCode::from_random(number), "title": "Senior Backend Developer", "candidate": format!("Candidate {number}"),
        "kit": {"slug": "senior-backend", "version": "PINNED"}, "owner": owner, "opened_by": owner, "opened_at": opened_at,
        "channel": "C0HIRING", "public": false, "naming": "name", "named_panel": true, "panel": [],
    }))
    .expect("a head");
    head.panel = panel
        .iter()
        .map(|user| Seat::new(UserId::from(*user)))
        .collect();
    head.messages.post = Some(MessageTs::from(format!("17320{number:05}.000100")));
    head
}

/// Which candidates are on a Home tab, in order, each once.
fn candidates(home: &Card) -> Vec<String> {
    let text = home.text();
    let lines = text.lines().filter(|line| line.contains("Candidate "));
    let names = lines.filter_map(|line| {
        let start = line.find("Candidate ")? + "Candidate ".len();
        line[start..].split(' ').next()
    });
    names.map(str::to_owned).collect()
}

fn from_to(numbers: impl Iterator<Item = u32>) -> Vec<String> {
    numbers.map(|number| number.to_string()).collect()
}

#[tokio::test]
async fn long_lists_are_turned_page_by_page() {
    story(async |slack| {
        let [rita, ada] = slack.members(["rita", "ada"]);
        slack.private_channel("#hiring");
        let heads = (0..45).map(|number| numbered(number, rita.id(), &[ada.id()]));
        slack.has_loops(heads.collect()).await;

        // What one owes begins with the oldest, what one owns with the newest.
        let owed = ada.opens_home().await;
        assert_eq!(candidates(&owed), from_to(0..20));
        assert!(!owed.offers().contains(&"Oldest".to_owned()));
        owed.clicks("Newer").await;
        assert_eq!(candidates(&owed), from_to(20..40));
        owed.clicks("Newer").await;
        assert_eq!(candidates(&owed), from_to(40..45));
        assert!(!owed.offers().contains(&"Newer".to_owned()));

        let led = rita.opens_home().await;
        assert_eq!(candidates(&led), from_to((25..45).rev()));
        led.clicks("Older").await;
        assert_eq!(candidates(&led), from_to((5..25).rev()));

        // What was turned stays turned, when something changes and after a click on something else.
        let card = led.clicks_beside("Candidate 24>", "Nudge").await;
        assert!(
            card.text().contains("It is night for @ada"),
            "{}",
            card.text()
        );
        rita.closes_all().await;
        slack.advance(SOON).await;
        assert_eq!(candidates(&led), from_to((5..25).rev()));
        led.clicks("Newest").await;
        assert_eq!(candidates(&led), from_to((25..45).rev()));
        owed.clicks("Oldest").await;
        assert_eq!(candidates(&owed), from_to(0..20));

        // A button that was drawn by an earlier process still turns.
        led.clicks("Older").await;
        slack.restarts().await;
        led.clicks("Older").await;
        assert_eq!(candidates(&led), from_to((0..5).rev()));
        let again = rita.opens_home().await;
        assert_eq!(candidates(&again), from_to((25..45).rev()));
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn home_is_drawn_with_however_many_loops_there_are() {
    story(async |slack| {
        let [rita, ada] = slack.members(["rita", "ada"]);
        slack.private_channel("#hiring");
        let mut owned = 0;
        for number in [1, 20, 500] {
            let heads =
                (owned..number).map(|number| numbered(number, rita.id(), &[ada.id(), rita.id()]));
            slack.has_loops(heads.collect()).await;
            owned = number;
            let shown = usize::try_from(number.min(20)).expect("a number");
            assert_eq!(candidates(&ada.opens_home().await).len(), shown);
            // Whoever owns them and is on the panel has each in both lists.
            assert_eq!(candidates(&rita.opens_home().await).len(), 2 * shown);
        }
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn what_was_decided_lately_tells_the_verdict_to_those_who_may_know() {
    story(async |slack| {
        let [rita, ada] = slack.members(["rita", "ada"]);
        let open = slack.public_channel("#open");
        let form = rita
            .types(&open, "/interview senior-backend Jane Doe @ada")
            .await;
        form.clicks("Use the name").await;
        submits(&ada, &open).await;
        let form = rita.clicks(&open, "More").await.clicks("Decide").await;
        let form = form
            .chooses("Decision", "Reject")
            .fills("Reason", "Knows the trade");
        form.submits().await;
        assert_snapshot!(lists(&rita.opens_home().await), @"
        Your open scorecards
        You owe no scorecard.
        Decided lately
        • Jane Doe · Senior Backend Developer · C-XXXX · Decided: Reject by @rita on Nov 21, 2024
        ");
        assert_snapshot!(lists(&ada.opens_home().await), @"
        Your open scorecards
        You owe no scorecard.
        Decided lately
        • Jane Doe · Senior Backend Developer · C-XXXX · decided by @rita on Nov 21, 2024
        ");
        slack.advance(Duration::from_secs(15 * 24 * 3600)).await;
        let later = rita.opens_home().await;
        assert!(!later.text().contains(JANES), "{}", later.text());
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn nobody_sees_loops_that_are_not_theirs_and_strangers_see_nothing() {
    story(async |slack| {
        let [rita, ada, eve] = slack.members(["rita", "ada", "eve"]);
        let mut guest = Person::new("gus", "Gus");
        guest.is_restricted = true;
        let guest = slack.joins(guest);
        let mut admin = Person::new("olga", "Olga");
        admin.is_admin = true;
        let olga = slack.joins(admin);
        let hiring = slack.private_channel("#hiring");
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada")
            .await;
        for outsider in [&eve, &olga] {
            let home = outsider.opens_home().await;
            assert!(!home.text().contains(JANES), "{}", home.text());
        }
        assert_snapshot!(guest.opens_home().await.text(), @"
        Structured interviews
        Guests cannot use interviews here. Nothing was saved; please ask a member of this workspace.
        ");
        // Whoever becomes a guest sees no more.
        assert!(ada.opens_home().await.text().contains(JANES));
        slack.sim().make_guest("ada").await;
        slack.advance(SOON * 2).await;
        assert_eq!(
            ada.home().map(|home| home.text()),
            guest.home().map(|home| home.text())
        );
        // A button that was on it before does nothing.
        ada.clicks_forged(&slack.direct_messages(&ada), "scorecard.show.v1", "C-0000")
            .await;
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn while_slack_does_not_tell_who_somebody_is_home_says_so() {
    story(async |slack| {
        let [rita] = slack.members(["rita"]);
        slack.channel(Channel::private("#hiring").with(["rita"]).with_bot());
        let fails = |times| Misbehaviour::ServerError {
            method: Some("users.info".to_owned()),
            times,
        };
        slack.misbehaves(fails(1));
        let before = slack.calls_of("views.publish");
        let home = rita.opens_home().await;
        assert!(home.text().contains("Start with"), "{}", home.text());
        assert_eq!(
            slack.calls_of("views.publish") - before,
            2,
            "first that it is asked"
        );

        let [ben] = slack.members(["ben"]);
        slack.misbehaves(fails(5));
        let home = ben.opens_home().await;
        assert_snapshot!(home.text(), @"
        Structured interviews
        Slack did not tell who you are. Please open this again in a moment.
        ");
        let home = ben.opens_home().await;
        assert!(home.text().contains("Start with"), "{}", home.text());
    })
    .await;
}

#[tokio::test]
async fn an_old_button_on_home_is_answered_in_a_window() {
    story(async |slack| {
        let [rita] = slack.members(["rita"]);
        let home = rita.opens_home().await;
        let said = home.clicks_drawn("home.turn.v0", "{}").await;
        assert_snapshot!(said.text(), @"
        [Not yet]
        This button is from an older message, so nothing was changed. /interview mine leads to the present ones.
        [My scorecards]
        ");
    })
    .await;
}
