//! Blind until the reveal: what is sent to places that more than one person reads, and to whom answers go.

use crate::harness::{Member, Place, Slack, on_both, story};
use std::time::Duration;

const RECOMMENDATIONS: [&str; 5] = [
    "Strong no",
    "Strong yes",
    "Not enough signal",
    "strong_no",
    "strong_yes",
];
const RATINGS: [&str; 8] = [
    "1 Poor",
    "2 Mixed",
    "3 Good",
    "4 Excellent",
    "poor",
    "mixed",
    "excellent",
    "mean",
];
const SECRETS: [&str; 4] = ["zanzibar", "quokka", "ocelot", "walrus"];

/// Everything an interviewer can do before the reveal, with words that stand nowhere else.
async fn scores_at_length(member: &Member, place: &Place, evidence: &str, reason: &str) {
    let card = member.clicks(place, "Score").await;
    card.rates("technical/1", "1 Poor").await;
    card.rates("technical/2", "4 Excellent").await;
    card.rates("technical/3", "3 Good").await;
    card.writes("technical/1", evidence).await;
    card.writes("technical/2", evidence).await;
    card.rates("behavioural/1", "2 Mixed").await;
    card.submits_with("Strong no", reason).await;
}

fn holds_a_score(sent: &str) -> Option<&'static str> {
    let mut words = RECOMMENDATIONS.iter().chain(&RATINGS).chain(&SECRETS);
    words.find(|words| sent.contains(**words)).copied()
}

async fn opened(slack: &Slack, place: &Place, owner: &Member) {
    owner
        .types(place, "/interview senior-backend Jane Doe @ada @ben @cid")
        .await;
    slack.rest_is_read();
}

#[tokio::test]
async fn nothing_sent_to_a_shared_place_before_the_reveal_holds_a_score() {
    on_both(async |slack| {
        let [rita, ada, ben, cid] = slack.members(["rita", "ada", "ben", "cid"]);
        let hiring = slack.private_channel("#hiring");
        opened(slack, &hiring, &rita).await;
        scores_at_length(&ada, &hiring, "zanzibar", "quokka").await;
        scores_at_length(&ben, &hiring, "ocelot", "walrus").await;
        let card = ada.clicks(&hiring, "Score").await;
        card.rates("technical/3", "4 Excellent").await;
        let more = rita.clicks(&hiring, "More").await;
        more.clicks("Nudge").await;
        rita.clicks(&hiring, "More").await.clicks("Progress").await;
        let form = rita.clicks(&hiring, "More").await.clicks("Rename").await;
        form.fills("Candidate's name", "Joan Doe").submits().await;
        rita.types(&hiring, "/interview digest now").await;
        rita.types(&hiring, "/interview digest 09:00 daily UTC")
            .await;
        slack.restarts().await;
        slack
            .lives_on(std::time::Duration::from_secs(24 * 3600))
            .await;
        let digests = |call: &&interview_assistant::simulator::Call| {
            let text = call.args["text"].as_str().unwrap_or_default();
            text.starts_with("Interviews here")
        };
        let payloads = slack.shared_payloads_so_far();
        assert_eq!(payloads.iter().filter(digests).count(), 2);

        let before = slack.shared_payloads_so_far();
        assert!(
            before.len() >= 4,
            "there was something to look at: {}",
            before.len()
        );
        for call in &before {
            assert_eq!(
                holds_a_score(&call.args.to_string()),
                None,
                "{} {}",
                call.method,
                call.args
            );
        }
        for shown in slack.shown_to_all_so_far() {
            assert_eq!(holds_a_score(&shown), None, "{shown}");
        }

        // The same look finds the scores after the reveal: it is not blind itself.
        scores_at_length(&cid, &hiring, "zanzibar", "quokka").await;
        let after = slack.shared_payloads_so_far();
        assert!(
            after[before.len()..]
                .iter()
                .any(|call| holds_a_score(&call.args.to_string()).is_some())
        );
    })
    .await;
}

#[tokio::test]
async fn nobodys_home_tab_holds_a_score_before_the_reveal() {
    on_both(async |slack| {
        let [rita, ada, ben, cid] = slack.members(["rita", "ada", "ben", "cid"]);
        let hiring = slack.private_channel("#hiring");
        opened(slack, &hiring, &rita).await;
        let everybody = [&rita, &ada, &ben, &cid];
        for member in everybody {
            member.opens_home().await;
        }
        scores_at_length(&ada, &hiring, "zanzibar", "quokka").await;
        scores_at_length(&ben, &hiring, "ocelot", "walrus").await;
        slack.advance(Duration::from_secs(5)).await;
        for member in everybody {
            let home = member.opens_home().await;
            home.clicks("Help").await;
            member.closes_all().await;
        }
        let home = rita.home().expect("it is drawn");
        home.clicks("More").await.clicks("Progress").await;
        assert!(home.text().contains("2 of 3 scorecards in"));
        let views = || {
            let calls = slack.sim().calls().into_iter();
            calls.filter(|call| call.method.starts_with("views."))
        };
        let homes = views().filter(|call| call.method == "views.publish");
        assert!(homes.count() >= 10, "there was something to look at");
        for call in views() {
            let view = call.args.to_string();
            // The form that submits asks for a recommendation, and whoever fills it in sees what they wrote.
            let own = view.contains("Recommend and submit") || view.contains("What did you hear?");
            assert!(
                own || holds_a_score(&view).is_none(),
                "{} {view}",
                call.method
            );
        }

        // The same look finds the scores in the window of whoever gave them: it is not blind itself.
        let home = cid.opens_home().await;
        let card = home.clicks("Score").await;
        card.rates("technical/1", "1 Poor").await;
        let last = views().next_back().expect("there is one");
        assert!(holds_a_score(&last.args.to_string()).is_some());
    })
    .await;
}

#[tokio::test]
async fn what_only_one_person_may_see_is_sent_to_nobody_else() {
    on_both(async |slack| {
        let [rita, ada, ben, cid] = slack.members(["rita", "ada", "ben", "cid"]);
        let hiring = slack.private_channel("#hiring");
        opened(slack, &hiring, &rita).await;
        scores_at_length(&ada, &hiring, "zanzibar", "quokka").await;
        scores_at_length(&ben, &hiring, "ocelot", "walrus").await;
        // On the panel, and has not submitted: what the others gave is not for their eyes.
        let card = cid.clicks(&hiring, "Score").await;
        card.clicks("Technical").await;

        for (member, own) in [
            (&ada, ["zanzibar", "quokka"]),
            (&ben, ["ocelot", "walrus"]),
            (&cid, ["", ""]),
            (&rita, ["", ""]),
        ] {
            let seen = member.everything_seen();
            for secret in SECRETS.iter().filter(|secret| !own.contains(*secret)) {
                assert!(!seen.contains(secret), "{} saw {secret}", member.name());
            }
        }
        let ephemerals = slack.sim().calls();
        let ephemerals = ephemerals
            .iter()
            .filter(|call| call.method == "chat.postEphemeral");
        for call in ephemerals {
            let sent = call.args.to_string();
            let authors = [
                (ada.id(), ["zanzibar", "quokka"]),
                (ben.id(), ["ocelot", "walrus"]),
            ];
            for (author, secrets) in authors {
                let holds = secrets.iter().any(|secret| sent.contains(secret));
                assert!(!holds || call.args["user"] == author, "{sent}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn neither_the_owner_nor_an_administrator_sees_scores_before_the_reveal() {
    story(async |slack| {
        let [rita, ada, _ben, _cid] = slack.members(["rita", "ada", "ben", "cid"]);
        let olga = slack.joins(interview_assistant::simulator::Person::new("olga", "Olga").admin());
        let hiring = slack.private_channel("#hiring");
        opened(slack, &hiring, &rita).await;
        let code = rita.code_of(&hiring, "Jane Doe");
        scores_at_length(&ada, &hiring, "zanzibar", "quokka").await;

        for leader in [&rita, &olga] {
            for words in ["mine", "list"] {
                let shown = leader.types(&hiring, &format!("/interview {words}")).await;
                assert!(
                    shown.text().contains("1 of 3 scorecards in") || leader.name() == "olga",
                    "{}",
                    shown.text()
                );
            }
            let more = leader.clicks(&hiring, "More").await;
            assert!(
                !more.offers().contains(&"Evidence".to_owned()),
                "{}",
                more.text()
            );
            more.clicks("Progress").await;
            for screen in [
                "debrief.evidence.v1",
                "debrief.by_question.v1",
                "debrief.show.v1",
            ] {
                let refused = leader.clicks_forged(&hiring, screen, &code).await;
                assert_eq!(refused.text(), "The scorecards have not been revealed yet.");
            }
            let seen = leader.everything_seen();
            for secret in SECRETS.iter().chain(&RECOMMENDATIONS) {
                assert!(!seen.contains(secret), "{} saw {secret}", leader.name());
            }
        }
    })
    .await;
}

/// What everybody got to see of a calibration, without what names it.
fn of_a_calibration(slack: &Slack, place: &Place, ids: &[String]) -> Vec<String> {
    let calls = slack.shared_payloads_so_far().into_iter();
    let here = calls.filter(|call| call.args["channel"] == place.id());
    here.map(|call| {
        let shown = format!(
            "{} {} {}",
            call.method, call.args["text"], call.args["blocks"]
        );
        ids.iter().fold(shown, |shown, id| shown.replace(id, "?"))
    })
    .collect()
}

#[tokio::test]
async fn before_the_spread_everybody_sees_the_same_whatever_is_rated() {
    on_both(async |slack| {
        let [rita, ada, ben, cid] = slack.members(["rita", "ada", "ben", "cid"]);
        let rooms = [
            slack.private_channel("#one"),
            slack.private_channel("#other"),
        ];
        let ratings = [
            ["1 Poor", "1 Poor", "2 Mixed"],
            ["4 Excellent", "3 Good", "4 Excellent"],
        ];
        for (room, ratings) in rooms.iter().zip(ratings) {
            let offered = rita
                .types(room, "/interview calibrate senior-backend")
                .await;
            offered.clicks("Start: answer A").await;
            for (member, rating) in [&ada, &ben, &cid].into_iter().zip(ratings) {
                let own = member.clicks(room, rating).await;
                assert!(own.is_only_for_you());
            }
        }
        // Somebody changes their mind: nothing that the others can see moves.
        ada.clicks(&rooms[0], "4 Excellent").await;
        assert!(
            !rita.everything_seen().contains("You gave"),
            "what each gave is for themselves"
        );

        let kept = slack.calibrations().await;
        let ids: Vec<String> = kept
            .iter()
            .map(|kept| {
                let start = kept.find("\"id\":\"").expect("it has a name") + 6;
                kept[start..start + 16].to_owned()
            })
            .collect();
        let [one, other] = rooms
            .each_ref()
            .map(|room| of_a_calibration(slack, room, &ids));
        assert_eq!(one.len(), 4, "the post, and three more: {one:#?}");
        assert_eq!(one, other);

        // The same look finds a difference after the spread: it is not blind itself.
        for room in &rooms {
            rita.clicks(room, "Show the spread").await;
        }
        let [one, other] = rooms
            .each_ref()
            .map(|room| of_a_calibration(slack, room, &ids));
        assert!(one.len() == 5 && one[..4] == other[..4] && one[4] != other[4]);
        slack.rest_is_read();
    })
    .await;
}
