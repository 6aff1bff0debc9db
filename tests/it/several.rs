//! Several processes on one database: any of them takes what comes, and everything is sent once, whoever dies meanwhile.

use crate::harness::cluster::{Cluster, at_last, figure};
use crate::harness::hands::{Button, Hands};
use crate::harness::postgres::Server;
use crate::harness::program::{Program, until};
use futures_util::future::join_all;
use interview_assistant::simulator::{
    Channel, Misbehaviour, Pace, Person, Simulator, Submission, ViewSeen, Workspace,
};
use interview_assistant::start::pretend_setup;
use std::time::Duration;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
const NAMES: [&str; 3] = ["rita", "ada", "ben"];

async fn pretend_slack() -> Simulator {
    let people = NAMES.map(|name| Person::new(name, name).tz("UTC"));
    let workspace = people
        .into_iter()
        .fold(Workspace::new("T0MANY", "Northwind"), Workspace::person)
        .channel(Channel::private("hiring").with(NAMES).with_bot());
    let setup = pretend_setup(workspace, Pace::Live);
    Simulator::start(setup).await.expect("a port is free")
}

/// A pretend Slack, and so many processes at it with sockets and so many behind a proxy, none of which runs yet. `None`: this machine has no database to share.
async fn opening(sockets: usize, behind: usize) -> Option<(Simulator, Cluster<'static>)> {
    let server = Server::shared()?;
    let slack = pretend_slack().await;
    let cluster = Cluster::of(&slack, server, sockets, behind).await;
    Some((slack, cluster))
}

/// Nobody has logged an error in the end.
fn ends(cluster: Cluster<'_>) {
    assert_eq!(cluster.errors(), [""; 0]);
    let slack = cluster.slack.clone();
    drop(cluster);
    slack.stop();
}

fn hands(slack: &Simulator, name: &str) -> Hands {
    Hands::new(slack, name, "#hiring")
}

/// How many direct messages with these words somebody has.
fn directs(slack: &Simulator, name: &str, words: &str) -> usize {
    let place = slack.dm(name).expect("everybody has them");
    Hands::new(slack, name, &place).posts(words).len()
}

/// Somebody's scorecard, as it is before them.
fn card(hands: &Hands) -> Option<String> {
    let mut messages = hands.messages();
    messages.retain(|it| it.ephemeral && it.rendered().contains("Recommend and submit"));
    messages.pop().map(|it| it.rendered())
}

/// The form with this field, once it is open.
async fn form(hands: &Hands, field: &str) -> ViewSeen {
    until("a form", || {
        let form = hands.form();
        form.filter(|it| it.inputs().iter().any(|it| it.label.starts_with(field)))
    })
    .await
}

/// Opens the scorecard, rates some questions, and submits it.
async fn scores(slack: &Simulator, name: &str, candidate: &str) {
    let hands = hands(slack, name);
    hands.clicks_soon(candidate, "Score").await;
    until("the scorecard", || card(&hands)).await;
    for rating in ["3 Good", "2 Mixed", "3 Good"] {
        if hands.sees("Recommend and submit", rating).is_some() {
            hands.clicks_soon("Recommend and submit", rating).await;
        }
    }
    hands
        .clicks_soon("Recommend and submit", "Recommend and submit")
        .await;
    let form = form(&hands, "Recommendation").await;
    let fields = [
        ("Recommendation", "Yes"),
        ("Why?", "Knows the trade"),
        ("Unrated", ""),
    ];
    let came = hands.submits(&form, &fields).await.expect("acknowledged");
    assert_eq!(
        came,
        Submission::Closed,
        "{:?}",
        hands.form().map(|it| it.rendered())
    );
}

/// The messages in a candidate's thread that begin so.
fn in_thread(slack: &Simulator, candidate: &str, words: &str) -> usize {
    let rita = hands(slack, "rita");
    let Some(post) = rita.posts_of(candidate).pop() else {
        return 0;
    };
    let thread = slack.thread("rita", &rita.place, &post.ts);
    thread
        .iter()
        .filter(|it| it.rendered().starts_with(words))
        .count()
}

async fn an_interview_is_done(sockets: usize, behind: usize) {
    let Some((slack, cluster)) = opening(sockets, behind).await else {
        return;
    };
    let cluster = cluster.all_start().await;
    for bot in cluster.running() {
        at_last("all to know each other", async || {
            figure(bot, "interview_processes")
                .await
                .filter(|it| *it == 3)
        })
        .await;
    }
    let rita = hands(&slack, "rita");
    let typed = "/interview senior-backend Jane Doe @ada @ben";
    rita.types(typed).await.expect("acknowledged");
    rita.code_of("Jane Doe").await;
    cluster.who_sends().await;
    for name in ["ada", "ben"] {
        scores(&slack, name, "Jane Doe").await;
    }
    until("the debrief", || {
        (in_thread(&slack, "Jane Doe", "Debrief") > 0).then_some(())
    })
    .await;
    rita.clicks_soon("Jane Doe", "More").await;
    cluster.settles().await;
    let posts = rita.posts_of("Jane Doe");
    assert_eq!(posts.len(), 1);
    assert!(
        posts[0].rendered().contains("2 of 2 scorecards in"),
        "{}",
        posts[0].rendered()
    );
    assert_eq!(in_thread(&slack, "Jane Doe", "Debrief"), 1);
    for name in ["ada", "ben"] {
        assert_eq!(directs(&slack, name, "You are on the panel"), 1, "{name}");
    }
    assert_eq!(slack.breaches(), [""; 0]);
    ends(cluster);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interview_is_done_over_the_sockets_of_three_processes() {
    an_interview_is_done(3, 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interview_is_done_by_three_processes_behind_a_proxy_without_sticky_sessions() {
    an_interview_is_done(0, 3).await;
}

async fn two_get_the_same_at_once(sockets: usize, behind: usize) {
    let Some((slack, cluster)) = opening(sockets, behind).await else {
        return;
    };
    let cluster = cluster.all_start().await;
    slack.misbehave(Misbehaviour::DuplicateDeliveries(true));
    let rita = hands(&slack, "rita");
    let typed = "/interview senior-backend Jane Doe @ada @ben";
    rita.types(typed).await.expect("acknowledged");
    let code = rita.code_of("Jane Doe").await;
    for name in ["ada", "ben"] {
        scores(&slack, name, "Jane Doe").await;
    }
    until("the debrief", || {
        (in_thread(&slack, "Jane Doe", "Debrief") > 0).then_some(())
    })
    .await;
    cluster.settles().await;
    assert_eq!(rita.posts_of("Jane Doe").len(), 1);
    assert_eq!(in_thread(&slack, "Jane Doe", "Debrief"), 1);
    for name in ["ada", "ben"] {
        assert_eq!(directs(&slack, name, "You are on the panel"), 1, "{name}");
    }
    let opened = "select count(*) from interview_assistant.record where key >= 'h'::bytea and key < 'i'::bytea";
    assert_eq!(
        cluster.server.does(&cluster.database, opened),
        "1",
        "{code}"
    );
    ends(cluster);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_two_processes_get_at_once_has_one_effect() {
    two_get_the_same_at_once(2, 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_process_gets_over_its_socket_and_another_one_signed_has_one_effect() {
    two_get_the_same_at_once(1, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_that_stops_or_dies_had_to_send_another_one_sends() {
    let Some((slack, cluster)) = opening(2, 0).await else {
        return;
    };
    let mut cluster = cluster.all_start().await;
    let rita = hands(&slack, "rita");
    rita.types("/interview senior-backend Anna Adams @ada")
        .await
        .expect("acknowledged");
    rita.code_of("Anna Adams").await;
    for (round, candidate) in ["Bert Brown", "Cleo Clark", "Dan Davis", "Eve Evans"]
        .iter()
        .enumerate()
    {
        let who = cluster.who_sends().await;
        if round % 2 == 0 {
            drop(cluster.kills(who));
        } else {
            cluster.stops(who).await;
        }
        let typed = format!("/interview senior-backend {candidate} @ben");
        at_last("it to be acknowledged", async || {
            rita.types(&typed).await.ok()
        })
        .await;
        at_last("its post", async || rita.posts_of(candidate).pop()).await;
        cluster.settles().await;
        assert_eq!(rita.posts_of(candidate).len(), 1);
        cluster.starts(who).await;
    }
    assert_eq!(directs(&slack, "ben", "You are on the panel"), 4);
    ends(cluster);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_for_slack_when_its_process_dies_goes_on_at_another_one() {
    let Some((slack, mut cluster)) = opening(2, 0).await else {
        return;
    };
    cluster.starts(0).await;
    // Slack does not tell who they are.
    let method = Some("users.info".to_owned());
    slack.misbehave(Misbehaviour::Hang {
        method,
        times: 1000,
        performs: false,
    });
    let rita = hands(&slack, "rita");
    let typed = "/interview senior-backend Jane Doe @ada @ben";
    rita.types(typed).await.expect("acknowledged");
    let waits = "select count(*) from interview_assistant.record where key >= 'w'::bytea and key < 'x'::bytea";
    assert_eq!(cluster.server.does(&cluster.database, waits), "1");
    cluster.starts(1).await;
    slack.misbehave(Misbehaviour::Behave);
    drop(cluster.kills(0));
    at_last("the loop's post", async || rita.posts_of("Jane Doe").pop()).await;
    cluster.settles().await;
    assert_eq!(rita.posts_of("Jane Doe").len(), 1);
    assert_eq!(directs(&slack, "ada", "You are on the panel"), 1);
    ends(cluster);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn quick_clicks_at_three_processes_never_end_on_an_old_picture() {
    let Some((slack, cluster)) = opening(3, 0).await else {
        return;
    };
    let cluster = cluster.all_start().await;
    let rita = hands(&slack, "rita");
    rita.types("/interview senior-backend Jane Doe @ada")
        .await
        .expect("acknowledged");
    let ada = hands(&slack, "ada");
    ada.clicks_soon("Jane Doe", "Score").await;
    until("the scorecard", || card(&ada)).await;
    for bot in cluster.running() {
        at_last("all to know each other", async || {
            figure(bot, "interview_processes")
                .await
                .filter(|it| *it == 3)
        })
        .await;
    }
    for rating in ["3 Good", "2 Mixed", "1 Poor", "4 Excellent"].repeat(3) {
        let before = ada
            .messages()
            .into_iter()
            .rev()
            .find(|it| it.ephemeral)
            .expect("it is there");
        let mut controls = before.controls();
        controls.retain(|it| it.label == rating);
        assert!(controls.len() > 1, "{}", before.rendered());
        let clicks = controls.iter().map(|control| {
            let (control, on) = (control.clone(), before.on());
            let ada = &ada;
            async move { ada.clicks(&Button { on, control }).await }
        });
        for clicked in join_all(clicks).await {
            clicked.expect("acknowledged");
        }
        // What is marked in the end is what is saved: all of them are rated alike.
        at_last("the last picture", async || {
            let card = ada.messages().into_iter().rev().find(|it| it.ephemeral)?;
            let marked = format!("✓ {rating}");
            let marked = card
                .controls()
                .iter()
                .filter(|it| it.label == marked)
                .count();
            (marked == controls.len()).then_some(())
        })
        .await;
    }
    ends(cluster);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changes_at_one_process_is_on_a_home_tab_that_another_one_keeps_true() {
    let Some((slack, mut cluster)) = opening(0, 2).await else {
        return;
    };
    cluster.starts(0).await;
    let rita = hands(&slack, "rita");
    rita.types("/interview senior-backend Jane Doe @ada")
        .await
        .expect("acknowledged");
    rita.code_of("Jane Doe").await;
    slack.opens_home("rita").await.expect("acknowledged");
    let home = async || slack.home("rita").map(|it| it.rendered());
    at_last("the tab", async || {
        home().await.filter(|it| it.contains("0 of 1 scorecard in"))
    })
    .await;
    cluster.starts(1).await;
    for bot in cluster.running() {
        at_last("both to know each other", async || {
            figure(bot, "interview_processes")
                .await
                .filter(|it| *it == 2)
        })
        .await;
    }
    // The first one gets nothing any more, and keeps the tab true.
    cluster.is_left_out(0);
    scores(&slack, "ada", "Jane Doe").await;
    at_last("the tab to follow", async || {
        home().await.filter(|it| it.contains("1 of 1 scorecard in"))
    })
    .await;
    ends(cluster);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kits_that_are_read_again_at_one_process_are_served_at_all() {
    let Some((slack, mut cluster)) = opening(2, 0).await else {
        return;
    };
    let kit = std::fs::read_to_string("questions/senior-backend.toml").expect("it is there");
    for place in 0..2 {
        let folder = tempfile::tempdir().expect("a folder can be made");
        std::fs::write(folder.path().join("senior-backend.toml"), &kit).expect("written");
        cluster.kits.insert(place, folder);
        cluster.starts(place).await;
    }
    let changed = kit.replacen("title = \"", "title = \"Very ", 1);
    let file = cluster.kits[&0].path().join("senior-backend.toml");
    std::fs::write(file, changed).expect("written");
    let first = cluster.bots[0].as_ref().expect("it runs").id().to_string();
    let told = std::process::Command::new("kill")
        .args(["-HUP", &first])
        .status();
    assert!(told.is_ok_and(|it| it.success()));
    let served = "select count(*) from interview_assistant.record where key >= 's'::bytea and key < 't'::bytea and number = 2";
    at_last("the file to be read", async || {
        (cluster.server.does(&cluster.database, served) == "1").then_some(())
    })
    .await;
    // Whoever has not read it serves it as well, also once the other one is gone.
    let rita = hands(&slack, "rita");
    let shows = async || {
        rita.types("/interview senior-backend").await.ok()?;
        let kit = async || {
            let messages = rita.messages();
            messages
                .into_iter()
                .rev()
                .find(|it| it.ephemeral)
                .map(|it| it.rendered())
        };
        at_last("the kit", kit)
            .await
            .contains("Very Senior")
            .then_some(())
    };
    at_last("the new kit", shows).await;
    cluster.stops(0).await;
    at_last("the new kit of the other one", shows).await;
    ends(cluster);
}

/// Sends a process a signal.
fn signals(bot: &Program, signal: &str) {
    let told = std::process::Command::new("kill")
        .args([signal, &bot.id().to_string()])
        .status();
    assert!(told.is_ok_and(|it| it.success()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_slept_through_its_lease_in_the_middle_of_a_call_changes_nothing_when_it_wakes() {
    let Some((slack, cluster)) = opening(0, 2).await else {
        return;
    };
    let cluster = cluster.all_start().await;
    let rita = hands(&slack, "rita");
    let opens = async |candidate: &str| {
        let typed = format!("/interview senior-backend {candidate} @ada");
        rita.types(&typed).await.expect("acknowledged");
    };
    opens("Anna Adams").await;
    rita.code_of("Anna Adams").await;
    cluster.settles().await;
    let who = cluster.who_sends().await;
    let sleeper = cluster.bots[who].as_ref().expect("it runs");
    cluster.is_left_out(who);

    // Slack has taken the post, and has not said so when it falls asleep.
    slack.misbehave(Misbehaviour::Hang {
        method: Some("chat.postMessage".to_owned()),
        times: 1,
        performs: true,
    });
    opens("Bert Brown").await;
    until("the post", || rita.posts("Bert Brown").pop()).await;
    signals(sleeper, "-STOP");
    opens("Cleo Clark").await;
    at_last("the other one to take over", async || {
        rita.posts_of("Cleo Clark").pop()
    })
    .await;
    cluster.has_sent_all().await;
    signals(sleeper, "-CONT");
    cluster.settles().await;
    assert_eq!(cluster.who_sends().await, 1 - who);
    opens("Dan Davis").await;
    at_last("a post after that", async || {
        rita.posts_of("Dan Davis").pop()
    })
    .await;
    cluster.settles().await;
    for (candidate, most) in [
        ("Anna Adams", 1),
        ("Bert Brown", 2),
        ("Cleo Clark", 1),
        ("Dan Davis", 1),
    ] {
        // What was cut off is there again, as after a crash.
        let posts = rita.posts_of(candidate).len();
        assert!((1..=most).contains(&posts), "{candidate}: {posts}");
    }
    ends(cluster);
}

/// Moves the clock on to the next working day, to this second of it.
fn moves_to(slack: &Simulator, second_of_day: i64) {
    let now = slack.now_millis() / 1000;
    let mut day = now / DAY + 1;
    // The first day of 1970 was a Thursday.
    while matches!((day + 4) % 7, 0 | 6) {
        day += 1;
    }
    let wait = day * DAY + second_of_day - now;
    slack.advance(Duration::from_secs(
        u64::try_from(wait).expect("it is to come"),
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_minute_between_two_clocks_doubles_no_digest_and_no_reminder() {
    let Some((slack, cluster)) = opening(2, 0).await else {
        return;
    };
    moves_to(&slack, 10 * HOUR);
    let skews = vec![Duration::from_mins(1), Duration::ZERO];
    let mut cluster = cluster.with_clocks(skews);
    cluster.starts(0).await;
    let rita = hands(&slack, "rita");
    for typed in [
        "/interview digest 9:00 daily",
        "/interview senior-backend Jane Doe @ada",
    ] {
        rita.types(typed).await.expect("acknowledged");
    }
    rita.code_of("Jane Doe").await;
    cluster.starts(1).await;
    assert_eq!(cluster.who_sends().await, 0);

    moves_to(&slack, 11 * HOUR);
    let sent = || {
        (
            rita.posts("Interviews here").len(),
            directs(&slack, "ada", "still to come:"),
        )
    };
    at_last("the first ones", async || (sent() == (1, 1)).then_some(())).await;

    // Half a minute early, and it is the next day's morning already for the one that sends. The other one takes over, and for it is still to come.
    moves_to(&slack, 9 * HOUR - 30);
    at_last("digest and reminder", async || {
        (sent() == (2, 2)).then_some(())
    })
    .await;
    cluster.settles().await;
    drop(cluster.kills(0));
    assert_eq!(cluster.who_sends().await, 1);
    slack.advance(Duration::from_hours(1));
    cluster.starts(0).await;
    rita.types("/interview senior-backend Sam Okafor @ben")
        .await
        .expect("acknowledged");
    rita.code_of("Sam Okafor").await;
    cluster.settles().await;
    assert_eq!(sent(), (2, 2));

    // The next day comes in its turn, by the clock that is right.
    moves_to(&slack, 9 * HOUR + 30);
    at_last("the next ones", async || (sent() == (3, 3)).then_some(())).await;
    cluster.stops(1).await;
    assert_eq!(cluster.who_sends().await, 0);
    slack.advance(Duration::from_hours(1));
    rita.types("/interview senior-backend Kim Lee @ben")
        .await
        .expect("acknowledged");
    rita.code_of("Kim Lee").await;
    cluster.settles().await;
    assert_eq!(sent(), (3, 3));
    ends(cluster);
}
