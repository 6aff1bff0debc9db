//! Slack answering what is no answer: no word of how long to wait, a page for people, half of what it meant to say.

use crate::harness::{Member, Place, Slack, on_both, story, submits};
use interview_assistant::simulator::Misbehaviour;
use std::time::Duration;

async fn opened(slack: &Slack) -> ([Member; 3], Place) {
    let people = slack.members(["rita", "ada", "ben"]);
    let hiring = slack.private_channel("#hiring");
    people[0]
        .types(&hiring, "/interview senior-backend Jane Doe @ada @ben")
        .await;
    slack.rest_is_read();
    (people, hiring)
}

fn of(method: &str) -> Option<String> {
    Some(method.to_owned())
}

/// Three answers that cannot be read although the call was made, and one that came in place of any call.
fn unreadable(method: &str, times: u32) -> [Misbehaviour; 4] {
    let method = of(method);
    [
        Misbehaviour::Page {
            method: method.clone(),
            times,
            status: 200,
        },
        Misbehaviour::Page {
            method: method.clone(),
            times,
            status: 502,
        },
        Misbehaviour::CutShort {
            method: method.clone(),
            times,
            announced: true,
        },
        Misbehaviour::CutShort {
            method,
            times,
            announced: false,
        },
    ]
}

/// One post that shows the newest state, and a debrief that counts.
fn is_whole(reader: &Member, place: &Place) {
    let post = reader.sees(place);
    assert_eq!(post.matches("C-XXXX").count(), 1, "{post}");
    assert!(post.contains("2 of 2 scorecards in"), "{post}");
    let thread = reader.sees(&place.thread_of("Jane Doe"));
    assert!(thread.contains("Recommendation: 2 Yes"), "{thread}");
}

#[tokio::test]
async fn where_slack_does_not_say_how_long_to_wait_half_a_minute_is_waited() {
    on_both(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        for method in ["chat.update", "chat.postMessage"] {
            slack.misbehaves(Misbehaviour::RateLimitUnsaid {
                method: of(method),
                times: 2,
            });
        }
        submits(&ada, &hiring).await;
        submits(&ben, &hiring).await;
        is_whole(&rita, &hiring);
        let limited = slack.sim().calls().into_iter();
        let limited: Vec<_> = limited.filter(|call| call.status == 429).collect();
        assert_eq!(limited.len(), 4);
        for one in &limited {
            let calls = slack.sim().calls().into_iter();
            let mut later = calls.filter(|call| call.method == one.method && call.at > one.at);
            let next = later.next().expect("it is made again");
            assert!(next.at - one.at >= 30_000, "{next:?} after {one:?}");
        }
        let thread = rita.sees(&hiring.thread_of("Jane Doe"));
        assert_eq!(thread.matches("Debrief · ").count(), 1, "{thread}");
    })
    .await;
}

#[tokio::test]
async fn answers_that_cannot_be_read_leave_posts_that_show_the_newest_state() {
    story(async |slack| {
        let ([rita, ada, ben], hiring) = opened(slack).await;
        for how in unreadable("chat.update", 1) {
            slack.misbehaves(how);
        }
        submits(&ada, &hiring).await;
        for how in unreadable("chat.postMessage", 1) {
            slack.misbehaves(how);
        }
        submits(&ben, &hiring).await;
        is_whole(&rita, &hiring);
        // Nobody knows whether the debrief arrived: it did with both of the answers that were cut short, and once more at the end.
        let thread = rita.sees(&hiring.thread_of("Jane Doe"));
        assert_eq!(thread.matches("Debrief · ").count(), 3, "{thread}");
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_doubles_no_direct_message() {
    story(async |slack| {
        let [rita, ada, ben] = slack.members(["rita", "ada", "ben"]);
        let hiring = slack.private_channel("#hiring");
        let mut told = Vec::new();
        let names = ["Jane Doe", "Sam Okafor", "Kim Lee", "Noor Aziz"];
        for (how, name) in unreadable("chat.postMessage", 3).into_iter().zip(names) {
            slack.misbehaves(how);
            let line = format!("/interview senior-backend {name} @ada @ben");
            rita.types(&hiring, &line).await;
            slack.misbehaves(Misbehaviour::Behave);
            let direct = [&ada, &ben].map(|one| {
                let direct = one.sees(&slack.direct_messages(one));
                direct.matches("You are on the panel").count()
            });
            told.push(direct);
        }
        // None where the call was never made, one where it was and its answer was cut short.
        assert_eq!(told, [[0, 0], [0, 0], [1, 1], [2, 2]]);
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_doubles_no_digest_and_costs_one_at_most() {
    story(async |slack| {
        let [rita] = slack.members(["rita"]);
        let hiring = slack.private_channel("#hiring");
        rita.types(&hiring, "/interview senior-backend Jane Doe")
            .await;
        rita.types(&hiring, "/interview digest 09:00 daily Europe/Berlin")
            .await;
        let mut came = Vec::new();
        for how in unreadable("chat.postMessage", 1) {
            slack.misbehaves(how);
            slack.lives_on(Duration::from_secs(24 * 3600)).await;
            let posts = slack.copies(&rita, &hiring).into_iter();
            let digests = posts.filter(|post| post.text().starts_with("Interviews here"));
            came.push(digests.count());
        }
        assert_eq!(came, [0, 0, 1, 2]);
        slack.lives_on(Duration::from_secs(24 * 3600)).await;
        let shown = rita.sees(&hiring);
        assert_eq!(shown.matches("Interviews here").count(), 3, "{shown}");
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn what_people_do_is_saved_whatever_the_answers_to_the_bots_calls_look_like() {
    story(async |slack| {
        let [rita, ada, ben] = slack.members(["rita", "ada", "ben"]);
        let hiring = slack.private_channel("#hiring");
        for method in ["users.info", "conversations.info"] {
            for how in unreadable(method, 1) {
                slack.misbehaves(how);
            }
        }
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada @ben")
            .await;
        slack.rest_is_read();
        let code = rita.code_of(&hiring, "Jane Doe");
        let card = ada.clicks(&hiring, "Score").await;
        for how in unreadable("response_url", 1) {
            slack.misbehaves(how);
        }
        card.rates("technical/1", "3 Good").await;
        card.rates("technical/2", "2 Mixed").await;
        slack.misbehaves(Misbehaviour::Behave);
        let marks = slack.scorecards(&code).await[&ada.id().into()].marks.len();
        assert_eq!(marks, 2);
        // A form that may have opened is offered once more.
        for how in unreadable("views.open", 1) {
            slack.misbehaves(how);
            card.clicks("Recommend and submit").await;
            ada.closes_all().await;
        }
        for one in [&ada, &ben] {
            submits(one, &hiring).await;
        }
        is_whole(&rita, &hiring);
    })
    .await;
}
