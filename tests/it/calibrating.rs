//! A panel rates one written answer, blind, and then sees how far apart it is.

use crate::harness::{Member, Place, Slack, assert_snapshot, on_both, story};
use interview_assistant::simulator::{Channel, Misbehaviour, Person};
use std::path::Path;
use std::time::Duration;

const SHIPPED: &str = "questions/senior-backend.toml";

/// A kit with a short answer to one question of it, in place of those that come with it.
fn kit(answer: &str) -> String {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join(SHIPPED);
    let shipped = std::fs::read_to_string(shipped).expect("it is there");
    let mut kit = String::new();
    let mut in_sample = false;
    for line in shipped.lines() {
        if line.starts_with('[') {
            in_sample = line == "[[sample]]";
        }
        if !in_sample {
            kit.push_str(line);
            kit.push('\n');
        }
    }
    format!("{kit}\n[[sample]]\nquestion = \"technical/2\"\ntext = \"{answer}\"\n")
}

fn write(folder: &Path, name: &str, kit: &str) {
    std::fs::write(folder.join(name), kit).expect("it can be written");
}

async fn kits(slack: &Slack, answer: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    write(folder.path(), "senior-backend.toml", &kit(answer));
    slack.uses_kits(folder.path());
    slack.restarts().await;
    folder
}

async fn started(slack: &Slack) -> ([Member; 4], Place, tempfile::TempDir) {
    let folder = kits(slack, "We used HTTPS.").await;
    let people = slack.members(["rita", "ada", "ben", "cid"]);
    let panel = slack.private_channel("#panel");
    let offered = people[0]
        .types(&panel, "/interview calibrate senior-backend")
        .await;
    offered.clicks("Start: answer A").await;
    (people, panel, folder)
}

const OPEN: &str = "[1 Poor] [2 Mixed] [3 Good] [4 Excellent]";

#[tokio::test]
async fn a_panel_rates_an_answer_blind_and_then_sees_the_spread_and_the_anchors() {
    on_both(async |slack| {
        let _folder = kits(slack, "We used HTTPS.").await;
        let [rita, ada, ben, cid] = slack.members(["rita", "ada", "ben", "cid"]);
        let panel = slack.private_channel("#panel");
        let offered = rita
            .types(&panel, "/interview calibrate Senior Backend")
            .await;
        assert!(offered.is_only_for_you());
        assert_snapshot!(offered.text(), @"
        Calibrate: Senior Backend Developer
        kit xxxxxx
        Everybody in this channel rates one written answer, without seeing what the others give. Then you look at the spread together. The letters say nothing about the answers.
        Technical 2 · API design: How do you secure the APIs that you build?
        [Start: answer A]
        ");
        assert_eq!(ada.sees(&panel), "");
        let said = offered.clicks("Start: answer A").await;
        assert_snapshot!(said.text(), @"Started: Technical 2, answer A. Everybody rates it in the post in #panel, you as well.");
        assert_snapshot!(ada.sees(&panel), @"
        Calibration: Senior Backend Developer
        Technical 2 · API design · answer A · kit xxxxxx · started by @rita
        The question
        How do you secure the APIs that you build?
        An answer, written for practice
        We used HTTPS.
        Rate it as if you had heard it, before you talk about it. Nobody sees who gives what, now or later.
        [1 Poor] [2 Mixed] [3 Good] [4 Excellent]
        0 ratings in
        ");

        let own = ada.clicks(&panel, "2 Mixed").await;
        assert!(own.is_only_for_you());
        assert_snapshot!(own.text(), @"You gave 2 Mixed. It is kept until the spread is shown, and nobody sees it; click another to change it.");
        ben.clicks(&panel, "4 Excellent").await;
        cid.clicks(&panel, "1 Poor").await;
        ada.clicks(&panel, "3 Good").await;
        assert_snapshot!(ada.sees_only_you(&panel), @"You gave 3 Good. It is kept until the spread is shown, and nobody sees it; click another to change it.");
        let post = rita.card_with(&panel, "Show the spread");
        assert_eq!(post.foot(), "3 ratings in");
        let kept = slack.calibrations().await;
        assert!(
            kept[0].contains(ada.id()) && kept.len() == 1,
            "on disk: {kept:?}"
        );

        let refused = ada.clicks(&panel, "Show the spread").await;
        assert_snapshot!(refused.text(), @"That is for @rita, who started it, and for administrators. Nothing was shown.");
        assert!(post.asks_before("Show the spread").is_some());
        let said = post.clicks("Show the spread").await;
        assert_snapshot!(said.text(), @"The spread of 3 ratings is in the post now. Who gave what is erased.");
        assert_snapshot!(cid.sees(&panel), @"
        Calibration: Senior Backend Developer
        Technical 2 · API design · answer A · kit xxxxxx
        The question
        How do you secure the APIs that you build?
        An answer, written for practice
        We used HTTPS.
        3 ratings, from 1 Poor to 4 Excellent, 3 steps apart
        1 Poor         1 ■
        2 Mixed        0
        3 Good         1 ■
        4 Excellent    1 ■
        1 Poor
        'HTTPS', 'a token' or 'the gateway does that', and stops; has no answer to who may read whose records.
        2 Mixed
        Tells login from permission and checks input, but recites measures: cannot say what attack one of them stops.
        3 Good
        Checks permission per record, validates input, keeps secrets out of code, and says what each measure protects against.
        4 Excellent
        Starts from who could want what; plans for a leaked key, tests that forbidden calls fail, and says what stays at risk.
        Now talk: those who gave 1 and 4, which words of the answer, and which anchor, did you go by?
        ");
        let kept = slack.calibrations().await;
        for member in [&rita, &ada, &ben, &cid] {
            assert!(!kept[0].contains(member.id()), "{kept:?}");
        }
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn of_two_quick_ratings_that_arrive_reversed_the_later_one_stands() {
    on_both(async |slack| {
        let ([rita, ada, ben, _cid], panel, _folder) = started(slack).await;
        let post = ada.card_with(&panel, "2 Mixed");
        slack.misbehaves(Misbehaviour::HoldDeliveries(2));
        let sends_held = async {
            slack.sim().holds(2).await;
            slack.signs_now();
            slack.misbehaves(Misbehaviour::SendHeld { reversed: true });
        };
        tokio::join!(
            post.clicks_and_goes_on("4 Excellent"),
            post.clicks_and_goes_on("2 Mixed"),
            sends_held,
        );
        slack.settle().await;
        let told = ada.sees_only_you(&panel);
        assert!(told.starts_with("You gave 2 Mixed."), "{told}");
        // Whoever thinks again later is heard.
        ada.clicks(&panel, "1 Poor").await;
        ben.clicks(&panel, "4 Excellent").await;
        rita.clicks(&panel, "Show the spread").await;
        let shown = rita.sees(&panel);
        assert!(
            shown.contains("2 ratings, from 1 Poor to 4 Excellent"),
            "{shown}"
        );
    })
    .await;
}

#[tokio::test]
async fn whoever_still_has_the_old_post_before_them_is_told_that_it_is_over() {
    on_both(async |slack| {
        let ([rita, ada, ben, cid], panel, _folder) = started(slack).await;
        ada.clicks(&panel, "2 Mixed").await;
        let post = ben.clicks(&panel, "3 Good").await;
        assert_eq!(post.text(), "You gave 3 Good. It is kept until the spread is shown, and nobody sees it; click another to change it.");
        let kept = slack.calibrations().await;
        let start = kept[0].find("\"id\":\"").expect("it has a name") + 6;
        let id = kept[0][start..start + 16].to_owned();
        rita.clicks(&panel, "Show the spread").await;
        let kept = slack.calibrations().await;
        for (name, value) in [
            ("calibration.rate.v1", serde_json::json!({"do": "calibration.rate.v1", "id": id, "rating": "good"})),
            ("calibration.spread.v1", serde_json::json!({"do": "calibration.spread.v1", "id": id})),
        ] {
            let told = cid.clicks_drawn(&panel, name, &value.to_string()).await;
            assert_eq!(told.text(), "This calibration is over: the spread is in the post, and this click was not kept. /interview calibrate starts another.");
        }
        // One of another channel, and one that never was, get the same answer.
        let other = slack.private_channel("#other");
        rita.types(&other, "/interview calibrate senior-backend").await.clicks("Start: answer A").await;
        for id in [id.as_str(), "0"] {
            let value = serde_json::json!({"do": "calibration.rate.v1", "id": id, "rating": "good"});
            let told = cid.clicks_drawn(&other, "calibration.rate.v1", &value.to_string()).await;
            assert_eq!(told.text(), "There is no such calibration in this channel, so nothing was kept. /interview calibrate starts one.");
        }
        assert_eq!(slack.calibrations().await.iter().filter(|one| kept.contains(one)).count(), 1);
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn a_spread_needs_two_and_an_administrator_may_ask_for_it_too() {
    story(async |slack| {
        let _folder = kits(slack, "We used HTTPS.").await;
        let [rita, ada] = slack.members(["rita", "ada"]);
        let olga = slack.joins(Person::new("olga", "Olga").admin());
        let panel = slack.private_channel("#panel");
        rita.types(&panel, "/interview calibrate senior-backend")
            .await
            .clicks("Start: answer A")
            .await;
        ada.clicks(&panel, "2 Mixed").await;
        let post = rita.card_with(&panel, "2 Mixed");
        assert!(
            !post.offers().contains(&"Show the spread".to_owned()),
            "{}",
            post.text()
        );
        rita.clicks(&panel, "2 Mixed").await;
        olga.clicks(&panel, "Show the spread").await;
        assert!(
            post.text().contains("2 ratings, all gave 2 Mixed"),
            "{}",
            post.text()
        );
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn a_role_is_found_as_ever_and_only_those_with_answers_are_offered() {
    story(async |slack| {
        let folder = kits(slack, "We used HTTPS.").await;
        let bare = kit("").split("[[sample]]").next().expect("a kit").replace("slug = \"senior-backend\"", "slug = \"bare\"").replace("title = \"Senior Backend Developer\"", "title = \"Bare Backend Developer\"");
        let bare: Vec<&str> = bare.lines().filter(|line| !line.starts_with("aliases")).collect();
        write(folder.path(), "bare.toml", &bare.join("\n"));
        slack.restarts().await;
        let [rita] = slack.members(["rita"]);
        let panel = slack.private_channel("#panel");
        assert_snapshot!(rita.types(&panel, "/interview calibrate").await.text(), @"
        Which role?
        • Senior Backend Developer: senior-backend
        [Senior Backend Developer]
        ");
        assert_snapshot!(rita.types(&panel, "/interview Calibrate senoir-backend").await.text(), @"
        No role senoir-backend. Did you mean
        [Senior Backend Developer] [All roles]
        ");
        assert_snapshot!(rita.types(&panel, "/interview calibrate bare").await.text(), @"The kit Bare Backend Developer has no sample answers yet, so there is nothing to calibrate with. They are written into its file, as [[sample]].");
        let choice = rita.types(&panel, "/interview calibrate xyzzy").await;
        assert_snapshot!(choice.text(), @"
        No role xyzzy.
        [All roles]
        ");
        choice.clicks("All roles").await.clicks("Senior Backend Developer").await;
        assert_eq!(choice.head(1), "Calibrate: Senior Backend Developer");

        write(folder.path(), "senior-backend.toml", &kit("").replace("[[sample]]\nquestion = \"technical/2\"\ntext = \"\"\n", ""));
        slack.restarts().await;
        assert_snapshot!(rita.types(&panel, "/interview calibrate").await.text(), @"No kit has sample answers yet, so there is nothing to calibrate with. They are written into a kit's file, as [[sample]].");
        let refused = choice.clicks("Start: answer A").await;
        assert!(refused.text().starts_with("Started: "), "the version that was shown is still there: {}", refused.text());
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn a_calibration_needs_a_channel_of_members() {
    on_both(async |slack| {
        let _folder = kits(slack, "We used HTTPS.").await;
        let [rita] = slack.members(["rita"]);
        let gus = slack.joins(Person::new("gus", "Gus").guest());
        let direct = slack.direct_messages(&rita);
        assert_snapshot!(rita.types(&direct, "/interview calibrate senior-backend").await.text(), @"A calibration is for a whole panel, so it needs a channel. Nothing was started; please type this in the channel where the panel is.");
        let shared = slack.channel(Channel::private("#partners").with(["rita"]).with_bot().shared());
        assert_snapshot!(rita.types(&shared, "/interview calibrate senior-backend").await.text(), @"This channel is shared with another company, and kits are for members of this workspace. Nothing was started; please use a channel of your own.");
        let panel = slack.private_channel("#panel");
        assert_snapshot!(gus.types(&panel, "/interview calibrate senior-backend").await.text(), @"Guests cannot use interviews here. Nothing was saved; please ask a member of this workspace.");
        rita.types(&panel, "/interview calibrate senior-backend").await.clicks("Start: answer A").await;
        assert_snapshot!(gus.clicks(&panel, "3 Good").await.text(), @"Guests cannot use interviews here. Nothing was saved; please ask a member of this workspace.");
        assert!(rita.sees(&panel).ends_with("0 ratings in"), "{}", rita.sees(&panel));
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn calibrations_on_two_versions_of_a_kit_stay_apart() {
    story(async |slack| {
        let ([rita, ada, ben, cid], panel, folder) = started(slack).await;
        ada.clicks(&panel, "1 Poor").await;
        let old = kit("We used HTTPS.");
        let question = old.find("id = \"technical/2\"").expect("it is asked");
        let anchor = old[question..]
            .lines()
            .find(|line| line.starts_with("poor = "));
        let anchor = anchor.expect("it has anchors").to_owned();
        write(
            folder.path(),
            "senior-backend.toml",
            &old.replacen(&anchor, "poor = \"Says that somebody else does it.\"", 1),
        );
        slack.restarts().await;
        rita.types(&panel, "/interview calibrate senior-backend")
            .await
            .clicks("Start: answer A")
            .await;
        let posts = slack.copies(&rita, &panel);
        let [first, second] = posts.as_slice() else {
            panic!("two posts: {}", rita.sees(&panel));
        };
        ben.clicks(&panel, "4 Excellent").await;
        cid.clicks(&panel, "4 Excellent").await;
        assert_eq!(
            (first.foot(), second.foot()),
            ("1 rating in".to_owned(), "2 ratings in".to_owned())
        );
        second.clicks("Show the spread").await;
        assert!(
            second.text().contains("2 ratings, all gave 4 Excellent"),
            "{}",
            second.text()
        );
        assert!(
            second.text().contains("Says that somebody else does it."),
            "{}",
            second.text()
        );
        first.clicks("3 Good").await;
        first.clicks("Show the spread").await;
        assert!(
            first
                .text()
                .contains("2 ratings, from 1 Poor to 3 Good, 2 steps apart"),
            "{}",
            first.text()
        );
        assert!(
            !first.text().contains("Says that somebody else does it."),
            "its own version's anchors: {}",
            first.text()
        );
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn a_room_that_clicks_at_once_loses_no_rating_and_makes_few_updates() {
    on_both(async |slack| {
        let _folder = kits(slack, "We used HTTPS.").await;
        let names: Vec<String> = (0..20).map(|number| format!("p{number}")).collect();
        let people: Vec<Member> = names
            .iter()
            .map(|name| slack.joins(Person::new(name, name)))
            .collect();
        let [rita] = slack.members(["rita"]);
        let panel = slack.private_channel("#panel");
        rita.types(&panel, "/interview calibrate senior-backend")
            .await
            .clicks("Start: answer A")
            .await;
        let updates = slack.calls_of("chat.update");
        let labels = ["1 Poor", "2 Mixed", "3 Good", "4 Excellent"];
        let cards: Vec<_> = people
            .iter()
            .map(|member| member.card_with(&panel, "1 Poor"))
            .collect();
        futures_util::future::join_all(
            cards
                .iter()
                .enumerate()
                .map(|(place, card)| card.clicks_and_goes_on(labels[place % 4])),
        )
        .await;
        slack.settle().await;
        let post = rita.card_with(&panel, "Show the spread");
        assert_eq!(post.foot(), "20 ratings in");
        assert!(slack.calls_of("chat.update") - updates < 20);
        post.clicks("Show the spread").await;
        for label in labels {
            assert!(
                post.text().contains(&format!("{label:<12}   5 ■■■■■")),
                "{}",
                post.text()
            );
        }
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn ratings_survive_a_restart_and_an_older_copy_of_the_post_is_retired() {
    on_both(async |slack| {
        let _folder = kits(slack, "We used HTTPS.").await;
        let [rita, ada, ben] = slack.members(["rita", "ada", "ben"]);
        let panel = slack.private_channel("#panel");
        let offered = rita
            .types(&panel, "/interview calibrate senior-backend")
            .await;
        slack.misbehaves(Misbehaviour::LoseAnswer {
            method: Some("chat.postMessage".to_owned()),
            times: 1,
        });
        offered.clicks("Start: answer A").await;
        let copies = slack.copies(&rita, &panel);
        assert_eq!(copies.len(), 2);
        ada.clicks(&panel, "2 Mixed").await;
        slack.restarts().await;
        let older = slack.copies(&ben, &panel);
        older[0].clicks("4 Excellent").await;
        assert_snapshot!(older[0].text(), @"This is an older copy of a calibration. The present one is in this channel, and your click counts there.");
        assert_eq!(
            older[1].foot(),
            "2 ratings in",
            "the click counts all the same"
        );
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn a_post_that_is_deleted_comes_back_once_and_an_archived_channel_gets_none() {
    on_both(async |slack| {
        let ([rita, ada, ben, _cid], panel, _folder) = started(slack).await;
        for (rater, comes_back) in [(&ada, true), (&ben, false)] {
            let card = rater.card_with(&panel, "2 Mixed");
            slack.stands_still();
            card.clicks_and_goes_on("2 Mixed").await;
            slack.deletes_posts(&rita, &panel);
            slack.goes_on().await;
            assert_eq!(
                rita.sees(&panel).contains(OPEN),
                comes_back,
                "{}",
                rita.sees(&panel)
            );
        }
        assert!(
            slack.calibrations().await[0].contains(ben.id()),
            "his click was kept"
        );
        slack.rest_is_read();
    })
    .await;
    story(async |slack| {
        let ([rita, ada, ..], panel, _folder) = started(slack).await;
        let card = ada.card_with(&panel, "2 Mixed");
        slack.stands_still();
        card.clicks_and_goes_on("2 Mixed").await;
        slack.sim().archive(panel.id()).await;
        slack.goes_on().await;
        assert!(rita.sees(&panel).contains(OPEN), "{}", rita.sees(&panel));
        assert!(!slack.log().contains("ERROR"), "{}", slack.log());
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn one_that_is_left_open_ends_after_thirty_days_without_its_ratings() {
    on_both(async |slack| {
        let ([rita, ada, ben, _cid], panel, _folder) = started(slack).await;
        ada.clicks(&panel, "2 Mixed").await;
        ben.clicks(&panel, "3 Good").await;
        let card = ada.card_with(&panel, "2 Mixed");
        slack.advance(Duration::from_secs(29 * 24 * 3600)).await;
        slack.sweeps().await;
        assert!(card.text().contains(OPEN), "{}", card.text());
        slack.advance(Duration::from_secs(24 * 3600)).await;
        slack.sweeps().await;
        assert_snapshot!(rita.sees(&panel), @"
        Calibration: Senior Backend Developer
        Technical 2 · API design · answer A · kit xxxxxx
        The question
        How do you secure the APIs that you build?
        An answer, written for practice
        We used HTTPS.
        This was open for thirty days, and nobody asked for the spread. The ratings were erased.
        ");
        let kept = slack.calibrations().await;
        for member in [&rita, &ada, &ben] {
            assert!(!kept[0].contains(member.id()), "{kept:?}");
        }
        slack.rest_is_read();
    })
    .await;
}
