//! Reminders of owed scorecards: when they come, to whom, how often, what ends them. Planned interviews are in `planning`.

use crate::harness::{Member, Place, Slack, assert_snapshot, on_both, story, submits};
use interview_assistant::domain::event::{Deed, Request};
use interview_assistant::domain::ids::{LoopCode, UserId};
use interview_assistant::simulator::{ActionValue, Misbehaviour, Person};
use jiff::Timestamp;
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// The reminders somebody got, oldest first: when by their own clock, and what it said.
fn reminders(slack: &Slack, of: &Member, zone: &str) -> Vec<(String, String)> {
    let direct = slack.direct_messages(of);
    let messages = slack.sim().messages(of.name(), direct.id());
    let reminders = messages
        .iter()
        .filter(|message| !message.ephemeral && message.text.contains("still to come:"));
    reminders
        .map(|message| {
            let second = message.ts.split('.').next().and_then(|it| it.parse().ok());
            let at = Timestamp::from_second(second.expect("a ts")).expect("a moment");
            let there = at.in_tz(zone).expect("a zone");
            (
                there.strftime("%a %-d %b %H:%M").to_string(),
                message.text.clone(),
            )
        })
        .collect()
}

fn times(slack: &Slack, of: &Member, zone: &str) -> Vec<String> {
    let all = reminders(slack, of, zone).into_iter();
    all.map(|(at, _)| at).collect()
}

/// The same for people who live in Berlin.
fn at_home(slack: &Slack, of: &Member) -> Vec<String> {
    times(slack, of, "Europe/Berlin")
}

/// A team in Berlin with a loop under way, on Friday 22 November 2024, at so many hours.
async fn opened(slack: &Slack, hour: u32) -> ([Member; 4], Place) {
    let people = slack.members(["rita", "ada", "ben", "cid"]);
    let hiring = slack.private_channel("#hiring");
    slack.advance(HOUR * hour).await;
    people[0]
        .types(&hiring, "/interview senior-backend Jane Doe @ada @ben")
        .await;
    slack.rest_is_read();
    (people, hiring)
}

#[tokio::test]
async fn everybody_is_reminded_at_nine_where_they_are_on_five_working_days() {
    story(async |slack| {
        let [rita] = slack.members(["rita"]);
        let zones = [
            ("ada", "Europe/Berlin"),
            ("ben", "America/New_York"),
            ("cid", "Asia/Kolkata"),
            ("dora", "Pacific/Auckland"),
            ("eve", "America/Los_Angeles"),
        ];
        let people = zones.map(|(name, zone)| slack.joins(Person::new(name, name).tz(zone)));
        let hiring = slack.private_channel("#hiring");
        rita.types(
            &hiring,
            "/interview senior-backend Jane Doe @ada @ben @cid @dora @eve",
        )
        .await
        .clicks("Open it all the same")
        .await;
        slack.rest_is_read();
        slack.lives_on(21 * DAY).await;
        let mut told = Vec::new();
        for (member, (name, zone)) in people.iter().zip(zones) {
            told.push(format!("{name}: {}", times(slack, member, zone).join(", ")));
        }
        // It was opened in the night to Friday, and Friday evening in Auckland.
        assert_snapshot!(told.join("\n"), @"
        ada: Mon 25 Nov 09:00, Tue 26 Nov 09:00, Wed 27 Nov 09:00, Thu 28 Nov 09:00, Fri 29 Nov 09:00
        ben: Mon 25 Nov 09:00, Tue 26 Nov 09:00, Wed 27 Nov 09:00, Thu 28 Nov 09:00, Fri 29 Nov 09:00
        cid: Mon 25 Nov 09:00, Tue 26 Nov 09:00, Wed 27 Nov 09:00, Thu 28 Nov 09:00, Fri 29 Nov 09:00
        dora: Mon 25 Nov 09:00, Tue 26 Nov 09:00, Wed 27 Nov 09:00, Thu 28 Nov 09:00, Fri 29 Nov 09:00
        eve: Fri 22 Nov 15:00, Mon 25 Nov 09:00, Tue 26 Nov 09:00, Wed 27 Nov 09:00, Thu 28 Nov 09:00
        ");
    })
    .await;
}

#[tokio::test]
async fn an_hour_after_the_first_scorecard_the_others_are_reminded_until_theirs_is_in() {
    on_both(async |slack| {
        let ([_rita, ada, ben, _cid], hiring) = opened(slack, 10).await;
        submits(&ada, &hiring).await;
        slack.lives_on(HOUR * 3).await;
        let all = reminders(slack, &ben, "Europe/Berlin");
        assert_eq!(at_home(slack, &ben), ["Fri 22 Nov 11:00"]);
        let direct = slack.direct_messages(&ben);
        assert_snapshot!(ben.card_with(&direct, "Continue").text(), @"
        Your scorecard is still to come:
        Jane Doe · Senior Backend Developer · C-XXXX in #hiring · opened on Nov 22, 2024
        [Continue] [I did not attend]
        [Remind me later v]
        At most one reminder a day, and 5 for each. Submitting ends them.
        ");
        assert!(!all[0].1.contains("Good"), "{}", all[0].1);
        let card = ben.clicks(&direct, "Continue").await;
        assert_snapshot!(card.head(1), @"Scorecard: Jane Doe");
        slack.lives_on(3 * DAY).await;
        assert_eq!(
            at_home(slack, &ben),
            ["Fri 22 Nov 11:00", "Mon 25 Nov 09:00"]
        );
        submits(&ben, &hiring).await;
        slack.lives_on(7 * DAY).await;
        assert_eq!(at_home(slack, &ben).len(), 2);
        assert_eq!(at_home(slack, &ada), [""; 0]);
        // The button in the message leads to what is in by now.
        let card = ben.clicks(&direct, "Continue").await;
        assert_snapshot!(card.foot(), @"saved 12:00 · 15 of 15 · Changes now are marked as after the reveal");
    })
    .await;
}

#[tokio::test]
async fn several_owed_scorecards_make_one_message_a_day() {
    story(async |slack| {
        let ([rita, ada, ben, cid], hiring) = opened(slack, 9).await;
        for (name, panel) in [("Sam Okafor", "@ben @cid"), ("Kim Lee", "@ben @ada")] {
            slack.advance(Duration::from_secs(60)).await;
            let line = format!("/interview senior-backend {name} {panel}");
            rita.types(&hiring, &line).await;
        }
        submits(&ada, &hiring).await;
        slack.lives_on(HOUR * 3).await;
        // Of the second loop the first scorecard is in when Ben had his reminder of the day already.
        let card = cid.clicks(&slack.direct_messages(&cid), "Score").await;
        card.rates("technical/1", "3 Good").await;
        card.submits_with("Yes", "Knows the trade").await;
        slack.lives_on(3 * DAY).await;
        assert_eq!(
            at_home(slack, &ben),
            ["Fri 22 Nov 10:02", "Mon 25 Nov 09:00"]
        );
        let direct = slack.direct_messages(&ben);
        let reminder = ben.card_with(&direct, "Continue");
        assert_snapshot!(reminder.text(), @"
        3 scorecards of yours are still to come:
        Jane Doe · Senior Backend Developer · C-XXXX in #hiring · opened on Nov 22, 2024
        [Continue] [I did not attend]
        Sam Okafor · Senior Backend Developer · C-XXXX in #hiring · opened on Nov 22, 2024
        [Continue] [I did not attend]
        Kim Lee · Senior Backend Developer · C-XXXX in #hiring · opened on Nov 22, 2024
        [Continue] [I did not attend]
        [Remind me later v]
        At most one reminder a day, and 5 for each. Submitting ends them.
        ");
        let controls = reminder.controls();
        let last = controls.iter().filter(|it| it.label == "Continue").nth(1);
        let absent = reminder.clicks("I did not attend").await;
        assert_snapshot!(absent.text(), @"Noted. You owe no scorecard for this interview.");
        let card = reminder.clicks_on(last.expect("there are several")).await;
        assert_snapshot!(card.head(1), @"Scorecard: Sam Okafor");
        slack.lives_on(DAY).await;
        let reminder = ben.card_with(&direct, "Continue").text();
        assert!(
            reminder.starts_with("2 scorecards") && !reminder.contains("Jane"),
            "{reminder}"
        );
    })
    .await;
}

#[tokio::test]
async fn shadows_are_reminded_and_observers_never() {
    story(async |slack| {
        let ([rita, ada, ben, cid], hiring) = opened(slack, 9).await;
        cid.types(&hiring, "/interview mine").await;
        let user = |of: &Member| UserId::from(of.id());
        let deed = Deed::SetPanel {
            users: vec![user(&ada)],
            shadows: vec![user(&ben)],
            observers: vec![user(&cid)],
            namesakes: Vec::new(),
            anyway: true,
        };
        let code = LoopCode::from(rita.code_of(&hiring, "Jane Doe"));
        slack
            .asks(&rita, &hiring, Request::Loop { code, deed })
            .await;
        slack.lives_on(4 * DAY).await;
        let monday_and_tuesday = ["Mon 25 Nov 09:00", "Tue 26 Nov 09:00"];
        assert_eq!(at_home(slack, &ada), monday_and_tuesday);
        assert_eq!(at_home(slack, &ben), monday_and_tuesday);
        assert_eq!(at_home(slack, &cid), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn whoever_wants_to_be_reminded_later_is() {
    story(async |slack| {
        let ([_rita, ada, ben, _cid], hiring) = opened(slack, 9).await;
        submits(&ada, &hiring).await;
        slack.lives_on(HOUR + HOUR / 2).await;
        let direct = slack.direct_messages(&ben);
        let later = async |choice: &str| {
            let reminder = ben.card_with(&direct, "Continue");
            let said = reminder.picks(ActionValue::Option(choice.to_owned())).await;
            said.text()
        };
        assert_snapshot!(later("In 2 hours").await, @"You are reminded again on Nov 22, 2024 at 11:30.");
        slack.lives_on(HOUR * 3).await;
        assert_eq!(
            at_home(slack, &ben),
            ["Fri 22 Nov 10:00", "Fri 22 Nov 12:30"]
        );
        assert_snapshot!(later("In two days").await, @"You are reminded again on Nov 25, 2024 at 08:00.");
        slack.lives_on(3 * DAY).await;
        assert_snapshot!(later("In two days").await, @"You are reminded again on Nov 27, 2024 at 08:00.");
        slack.lives_on(DAY).await;
        assert_eq!(at_home(slack, &ben)[2..], ["Mon 25 Nov 09:00"]);
        // Past the end of work it is the next morning.
        slack.lives_on(DAY).await;
        slack.lives_on(HOUR * 4).await;
        assert_eq!(at_home(slack, &ben)[3..], ["Wed 27 Nov 09:00"]);
        assert_snapshot!(later("In 2 hours").await, @"You are reminded again on Nov 28, 2024 at 08:00.");
        slack.lives_on(3 * DAY).await;
        assert_eq!(at_home(slack, &ben)[4..], ["Thu 28 Nov 09:00"]);
        // That was the fifth: it offers no other, and an older one says so.
        let reminder = ben.card_with(&direct, "Continue");
        assert_snapshot!(reminder.text(), @"
        Your scorecard is still to come:
        Jane Doe · Senior Backend Developer · C-XXXX in #hiring · opened on Nov 22, 2024
        [Continue] [I did not attend]
        This is the last reminder.
        ");
        let copies = slack.copies(&ben, &direct);
        let old = copies
            .iter()
            .rev()
            .find(|card| card.text().contains("Remind me later"));
        let said = old
            .expect("an older one")
            .picks(ActionValue::Option("In 2 hours".to_owned()))
            .await;
        assert_snapshot!(said.text(), @"No reminder is to come: you owe none of these scorecards any more, or you had the last reminder. /interview mine shows what is open.");
        slack.lives_on(7 * DAY).await;
        assert_eq!(at_home(slack, &ben).len(), 5);
    })
    .await;
}

#[tokio::test]
async fn nobody_is_reminded_of_what_they_do_not_owe_any_more() {
    story(async |slack| {
        let [rita, ada] = slack.members(["rita", "ada"]);
        let names = ["ben", "cid", "dora", "eve", "finn", "gil"];
        let people = slack.members(names);
        let hiring = slack.private_channel("#hiring");
        for name in names {
            let line = format!("/interview senior-backend Candidate {name} @ada @{name}");
            rita.types(&hiring, &line).await;
        }
        slack.rest_is_read();
        let [ben, cid, dora, eve, finn, gil] = &people;
        let of = |name: &str| hiring.thread_of(&format!("Candidate {name}"));
        let more = async |name: &str, offer: &str| {
            let posts = slack.copies(&rita, &hiring);
            let post = posts
                .iter()
                .find(|post| post.text().contains(&format!("Candidate {name}")));
            post.expect("its post")
                .clicks("More")
                .await
                .clicks(offer)
                .await
        };
        let submit = async |of: &Member, name: &str| {
            let posts = slack.copies(of, &hiring);
            let post = posts
                .iter()
                .find(|post| post.text().contains(&format!("Candidate {name}")));
            let card = post.expect("its post").clicks("Score").await;
            card.rates("technical/1", "3 Good").await;
            card.submits_with("Yes", "Knows the trade").await;
        };
        slack.lives_on(HOUR * 60).await;
        // Ben submits, Cid is dismissed, Dora's loop is revealed, Eve's is decided, Finn's is withdrawn.
        submit(ben, "ben").await;
        more("cid", "Edit panel")
            .await
            .names("Panel", ["ada"])
            .submits()
            .await;
        submit(&ada, "dora").await;
        more("dora", "Reveal").await;
        submit(&ada, "eve").await;
        more("eve", "Reveal").await;
        let form = rita.clicks(&of("eve"), "Decide").await;
        form.chooses("Decision", "Hold")
            .fills("Reason", "Knows the trade")
            .submits()
            .await;
        more("finn", "Withdraw").await.submits().await;
        slack.lives_on(2 * DAY).await;
        let mut told: Vec<String> = Vec::new();
        for (name, member) in names.iter().zip(&people) {
            told.push(format!("{name}: {}", at_home(slack, member).join(", ")));
        }
        // Only Gil still owes.
        assert_snapshot!(told.join("\n"), @"
        ben: 
        cid: 
        dora: 
        eve: 
        finn: 
        gil: Mon 25 Nov 09:00, Tue 26 Nov 09:00
        ");
        slack.sim().deactivate("gil").await;
        slack.lives_on(7 * DAY).await;
        assert_eq!(at_home(slack, gil).len(), 2);
        // Reopened, Finn's goes on.
        more("finn", "Reopen").await;
        slack.lives_on(DAY).await;
        assert_eq!(at_home(slack, finn).len(), 2);
        let _ = (cid, dora, eve);
    })
    .await;
}

#[tokio::test]
async fn somebody_who_moves_is_reminded_where_they_are() {
    story(async |slack| {
        let ([_rita, ada, ben, _cid], hiring) = opened(slack, 10).await;
        submits(&ada, &hiring).await;
        slack.lives_on(HOUR * 2).await;
        let moves = async |zone: &str| {
            let zone = zone.to_owned();
            slack.sim().change_person("ben", |ben| ben.tz = zone).await;
        };
        moves("Asia/Tokyo").await;
        slack.lives_on(3 * DAY).await;
        moves("America/Los_Angeles").await;
        slack.lives_on(3 * DAY).await;
        let home = at_home(slack, &ben);
        assert_eq!(home[0], "Fri 22 Nov 11:00");
        assert_eq!(times(slack, &ben, "Asia/Tokyo")[1], "Mon 25 Nov 09:00");
        // The one of Monday in Tokyo was on Sunday there.
        assert_eq!(
            times(slack, &ben, "America/Los_Angeles")[2],
            "Mon 25 Nov 09:00"
        );
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn downtime_costs_no_reminder_and_makes_none_twice() {
    story(async |slack| {
        let ([_rita, ada, ben, _cid], hiring) = opened(slack, 10).await;
        submits(&ada, &hiring).await;
        slack.restarts().await;
        // It was due at eleven; the bot is back at half past one.
        slack.stops().await;
        slack.moves_on_by(HOUR * 7 / 2);
        slack.restarts().await;
        assert_eq!(at_home(slack, &ben), ["Fri 22 Nov 13:30"]);
        slack.restarts().await;
        slack.lives_on(HOUR).await;
        // Down over the weekend and until Monday evening: that morning is over.
        slack.stops().await;
        slack.moves_on_by(3 * DAY + 5 * HOUR);
        slack.restarts().await;
        slack.lives_on(DAY).await;
        assert_eq!(
            at_home(slack, &ben),
            ["Fri 22 Nov 13:30", "Tue 26 Nov 09:00"]
        );
    })
    .await;
}

#[tokio::test]
async fn a_reminder_whose_answer_is_lost_is_not_sent_again_that_day() {
    story(async |slack| {
        let ([_rita, ada, ben, _cid], hiring) = opened(slack, 10).await;
        submits(&ada, &hiring).await;
        slack.lives_on(HOUR / 2).await;
        slack.misbehaves(Misbehaviour::LoseAnswer {
            method: Some("chat.postMessage".to_owned()),
            times: 1,
        });
        slack.lives_on(HOUR * 2).await;
        assert_eq!(at_home(slack, &ben), ["Fri 22 Nov 11:00"]);
        slack.restarts().await;
        slack.lives_on(3 * DAY).await;
        assert_eq!(
            at_home(slack, &ben),
            ["Fri 22 Nov 11:00", "Mon 25 Nov 09:00"]
        );
    })
    .await;
}

#[tokio::test]
async fn a_reminder_that_slack_puts_off_comes_once_and_counts_once() {
    story(async |slack| {
        let ([_rita, ada, ben, _cid], hiring) = opened(slack, 10).await;
        submits(&ada, &hiring).await;
        slack.lives_on(HOUR / 2).await;
        slack.misbehaves(Misbehaviour::RateLimit {
            method: Some("chat.postMessage".to_owned()),
            times: 2,
            retry_after: 600,
        });
        slack.lives_on(14 * DAY).await;
        let all = at_home(slack, &ben);
        assert_eq!(all.len(), 5, "{all:?}");
        assert_eq!(all[..2], ["Fri 22 Nov 11:20", "Mon 25 Nov 09:00"]);
    })
    .await;
}

#[tokio::test]
async fn a_nudge_at_night_waits_for_the_morning_and_is_dropped_where_it_came_to_nothing() {
    on_both(async |slack| {
        let [rita, ada, ben] = slack.members(["rita", "ada", "ben"]);
        let cid = slack.joins(Person::new("cid", "cid").tz("America/Los_Angeles"));
        let hiring = slack.private_channel("#hiring");
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada @ben @cid")
            .await;
        slack.rest_is_read();
        let nudges = |of: &Member| {
            let direct = slack.direct_messages(of);
            let messages = slack.sim().messages(of.name(), direct.id());
            messages
                .iter()
                .filter(|message| message.text.contains("asks for your scorecard"))
                .count()
        };
        let said = rita.clicks(&hiring, "More").await.clicks("Nudge").await;
        assert_snapshot!(said.text(), @"Nudged: @cid. It is night for @ada and @ben: they get it at 08:00 their time.");
        assert_eq!([nudges(&ada), nudges(&ben), nudges(&cid)], [0, 0, 1]);
        submits(&ben, &hiring).await;
        slack.lives_on(HOUR * 8 - Duration::from_secs(120)).await;
        assert_eq!([nudges(&ada), nudges(&ben)], [0, 0]);
        slack.lives_on(HOUR).await;
        assert_eq!([nudges(&ada), nudges(&ben)], [1, 0]);
        // Twelve hours count from when it came.
        slack.lives_on(HOUR * 4).await;
        let said = rita.clicks(&hiring, "More").await.clicks("Nudge").await;
        assert_snapshot!(said.text(), @"It is night for @cid: they get it at 08:00 their time.");
        let said = rita.clicks(&hiring, "More").await.clicks("Nudge").await;
        assert_snapshot!(said.text(), @"They were nudged less than twelve hours ago. You can do it again from Nov 22, 2024 at 19:00.");
        // A reminder on the day of a nudge would be a second one for the same thing.
        slack.lives_on(HOUR * 10).await;
        assert_eq!(at_home(slack, &ada), [""; 0]);
        slack.lives_on(3 * DAY).await;
        assert_eq!(at_home(slack, &ada), ["Mon 25 Nov 09:00"]);
    })
    .await;
}
