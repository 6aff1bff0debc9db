//! What goes wrong between us and the database: connections that break, a server that restarts, transactions that meet.

use super::*;
use crate::store::Change;
use futures_util::future::join_all;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};

/// How many people click.
const WRITERS: u32 = 8;

/// Opens a loop for each writer.
async fn opened(store: &PostgresStore) {
    for number in 1..=WRITERS {
        let opened = opens(head(&code(number), &["U1"], at(0)));
        done(store, writes("T1", 0, vec![opened])).await;
    }
}

/// Somebody alone on their loop writes their scorecard again and again, until `enough`. Each commit must be done, and be there: one that
/// was written and reported as refused, or the other way round, shows here. Says how often they did.
async fn clicks(
    store: &PostgresStore,
    number: u32,
    answered: &AtomicU64,
    enough: &AtomicBool,
) -> u64 {
    let mut times = 0;
    while !enough.load(Ordering::SeqCst) {
        let loaded = load(store, "T1", &code(number), Needs::Own(user("U1"))).await;
        let found = loaded.cards.get(&user("U1")).map_or(0, |(_, it)| it.0);
        assert_eq!(found, times, "what was answered is there, once");
        times += 1;
        let text = times.to_string();
        let change = changes(&loaded, &["U1"], None, vec![card("U1", &text)]);
        let key = format!("K{number}-{times}");
        let commit = answers(
            "T1",
            0,
            &key,
            &text,
            vec![change, Change::Owe(Post::Loop(code(number)))],
        );
        done(store, commit).await;
        answered.fetch_add(1, Ordering::SeqCst);
    }
    let loaded = load(store, "T1", &code(number), Needs::All).await;
    assert_eq!(
        loaded.cards[&user("U1")],
        (card("U1", &times.to_string()), Revision(times))
    );
    times
}

/// While they click, somebody does harm so many times, each time once they got on a little.
async fn while_they_click(store: &PostgresStore, harms: u32, harm: impl Fn() + Send + 'static) {
    let answered = Arc::new(AtomicU64::new(0));
    let enough = Arc::new(AtomicBool::new(false));
    let harmful = {
        let (answered, enough) = (Arc::clone(&answered), Arc::clone(&enough));
        tokio::task::spawn_blocking(move || {
            let began = Instant::now();
            let mut harmed = 0;
            let mut seen = 0;
            while harmed < harms && began.elapsed() < Duration::from_mins(5) {
                let now = answered.load(Ordering::SeqCst);
                if now >= seen + u64::from(WRITERS) {
                    harm();
                    harmed += 1;
                    seen = now;
                }
                std::thread::sleep(Duration::from_millis(1));
            }
            enough.store(true, Ordering::SeqCst);
            harmed
        })
    };
    let times =
        join_all((1..=WRITERS).map(|number| clicks(store, number, &answered, &enough))).await;
    let harmed = harmful.await.expect("it does not panic");
    assert_eq!(harmed, harms, "they did not get on");
    // Each answer is there once, and so is each commit's name.
    for (number, times) in (1..=WRITERS).zip(times) {
        for time in 1..=times {
            let key = DeliveryKey::from(format!("K{number}-{time}").as_str());
            let answer = store.answered(&team("T1"), &key, at(0)).await;
            assert_eq!(
                answer.expect("read"),
                Some(contract::said(&time.to_string()))
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_is_killed_in_the_middle_of_a_commit_loses_nothing_and_doubles_nothing() {
    let Some(database) = Database::new() else {
        return;
    };
    let store = database.open().await;
    opened(&store).await;
    let (server, name) = (database.server, database.name.clone());
    while_they_click(&store, 20, move || {
        // Half of them, the process's lock among them.
        server.does(
            "postgres",
            &format!(
                "select pg_terminate_backend(pid) from pg_stat_activity
                 where datname = '{name}' and application_name like 'interview-assistant%' and random() < 0.5"
            ),
        );
    })
    .await;
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_restarts_or_crashes_while_people_click_loses_nothing() {
    let Some(server) = Server::starts() else {
        return;
    };
    let name = server.database();
    let server = Arc::new(server);
    let mut settings = PostgresSettings::new(SecretString::from(server.url(&name)));
    // The machine may be busy with other tests.
    settings.patience = Duration::from_mins(1);
    let store = PostgresStore::open(settings).await;
    let store = store.unwrap_or_else(|fault| panic!("{fault}"));
    opened(&store).await;
    let harmed = Arc::clone(&server);
    let count = std::sync::atomic::AtomicU32::new(0);
    while_they_click(&store, 4, move || {
        if count.fetch_add(1, Ordering::SeqCst).is_multiple_of(2) {
            harmed.stops();
        } else {
            harmed.crashes();
        }
        harmed.comes_back();
    })
    .await;
    // It notices by itself that the database is back.
    let mut state = store.presence.state.clone();
    let here = state.wait_for(|state| matches!(state, State::Here));
    drop(here.await.expect("it is kept"));
    store.works().expect("all is well");

    server.stops();
    let mut state = store.presence.state.clone();
    let away = state.wait_for(|state| matches!(state, State::Away(_)));
    drop(away.await.expect("it is kept"));
    assert!(matches!(store.works(), Err(StoreFault::Away { .. })));
    server.comes_back();
    let mut state = store.presence.state.clone();
    let here = state.wait_for(|state| matches!(state, State::Here));
    drop(here.await.expect("it is kept"));
    done(&store, answers("T1", 0, "after", "", vec![])).await;
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_server_has_no_room_nothing_is_saved_and_that_is_said() {
    let Some(database) = Database::new() else {
        return;
    };
    let store = database.open().await;
    opened(&store).await;
    store.works().expect("all is well");

    database.does(
        "create function no_room() returns trigger language plpgsql as
            $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
         create trigger no_room before insert on interview_assistant.record for each row execute function no_room()",
    );
    let commit = || {
        answers(
            "T1",
            0,
            "K1",
            "saved",
            vec![Change::Owe(Post::Loop(code(1)))],
        )
    };
    let fault = store.commit(commit()).await;
    assert!(matches!(
        fault,
        Err(StoreFault::Away {
            maybe_saved: false,
            ..
        })
    ));
    let told = store.works().expect_err("it is known");
    let told = crate::telemetry::chain(&told);
    assert!(told.contains("No space left on device (53100)"), "{told}");

    database.does("drop trigger no_room on interview_assistant.record");
    // Nothing of it was there, so it is done now.
    done(&store, commit()).await;
    store.close().await;
}

#[tokio::test]
async fn a_server_that_stays_away_is_an_error_that_passes() {
    let Some(server) = Server::starts() else {
        return;
    };
    let mut settings = PostgresSettings::new(SecretString::from(server.url(&server.database())));
    settings.patience = Duration::from_millis(300);
    let store = PostgresStore::open(settings).await;
    let store = store.unwrap_or_else(|fault| panic!("{fault}"));
    let commit = |key: &str| answers("T1", 0, key, "", vec![]);
    done(&store, commit("K1")).await;
    server.stops();
    // Whether the first was sent before the end of the connection was seen is chance; after it nothing is.
    let first = store.commit(commit("K2")).await;
    assert!(matches!(first, Err(StoreFault::Away { .. })), "{first:?}");
    let second = store.commit(commit("K3")).await;
    assert!(
        matches!(
            second,
            Err(StoreFault::Away {
                maybe_saved: false,
                ..
            })
        ),
        "{second:?}"
    );
    let read = store.person(&team("T1"), &user("U1")).await;
    assert!(matches!(read, Err(StoreFault::Away { .. })), "{read:?}");
    server.comes_back();
    let mut state = store.presence.state.clone();
    let here = state.wait_for(|state| matches!(state, State::Here));
    drop(here.await.expect("it is kept"));
    done(&store, commit("K3")).await;
    store.close().await;
}

#[tokio::test]
async fn who_gets_no_connection_in_time_is_told_that_nothing_was_saved() {
    let Some(database) = Database::new() else {
        return;
    };
    let mut settings = database.settings();
    (settings.connections, settings.patience) = (1, Duration::from_millis(200));
    let store = PostgresStore::open(settings).await;
    let store = store.unwrap_or_else(|fault| panic!("{fault}"));
    let only = store.link.pool.get().await.expect("there is one");
    let fault = store.commit(answers("T1", 0, "K1", "", vec![])).await;
    let Err(
        fault @ StoreFault::Away {
            maybe_saved: false, ..
        },
    ) = fault
    else {
        panic!("{fault:?}");
    };
    let why = std::error::Error::source(&fault).map(ToString::to_string);
    assert_eq!(
        why.as_deref(),
        Some("no connection to the database was free in time")
    );
    drop(only);
    // Nothing was.
    done(&store, answers("T1", 0, "K1", "", vec![])).await;
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_eight_who_change_the_same_none_is_lost() {
    let Some(database) = Database::new() else {
        return;
    };
    let store = database.open().await;
    opened(&store).await;
    let changes_all = async || {
        let mut refused = 0;
        for _ in 0..25 {
            loop {
                let loaded = load(&store, "T1", &code(1), Needs::Own(user("U1"))).await;
                let count = loaded.cards.get(&user("U1")).map_or(0, |(card, _)| {
                    card.reason.as_str().parse::<u64>().expect("a number")
                });
                let next = card("U1", &(count + 1).to_string());
                let change = changes(&loaded, &["U1"], None, vec![next]);
                match store
                    .commit(writes("T1", 0, vec![change]))
                    .await
                    .expect("judged")
                {
                    Committed::Done => break,
                    Committed::Conflict => refused += 1,
                    Committed::Duplicate(_) => panic!("there is no delivery"),
                }
            }
        }
        refused
    };
    let refused = join_all((0..8).map(|_| changes_all())).await;
    assert!(refused.iter().sum::<u32>() > 0, "nobody met anybody");
    let loaded = load(&store, "T1", &code(1), Needs::All).await;
    assert_eq!(
        loaded.cards[&user("U1")],
        (card("U1", "200"), Revision(200))
    );
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stamps_grow_whoever_owes_and_however_often_it_was_settled() {
    let Some(database) = Database::new() else {
        return;
    };
    let store = database.open().await;
    let post = Post::Loop(code(1));
    let owes = |seconds: i64| writes("T1", seconds, vec![Change::Owe(post.clone())]);
    let mut last = 0;
    // The second clock is a minute behind.
    for seconds in [60, 0, 60, 0] {
        join_all((0..4).map(|_| store.commit(owes(seconds)))).await;
        let parcel = store.parcel(&team("T1"), &post).await.expect("read");
        let stamp = parcel.expect("owed").stamp;
        assert!(stamp > last);
        last = stamp;
        let settle = Change::Settle {
            post: post.clone(),
            stamp,
            lease: None,
        };
        done(&store, writes("T1", seconds, vec![settle])).await;
        assert_eq!(store.parcel(&team("T1"), &post).await.expect("read"), None);
    }
    store.close().await;
}

#[tokio::test]
async fn a_transaction_that_the_server_gives_up_is_begun_anew() {
    let Some(database) = Database::new() else {
        return;
    };
    let store = database.open().await;
    database.does(
        "create sequence failed;
         create function fails() returns trigger language plpgsql as $$
         declare number bigint := nextval('failed');
         begin
             if number <= 3 then raise exception 'a test wants it' using errcode = '40001'; end if;
             if number <= 6 then raise exception 'a test wants it' using errcode = '40P01'; end if;
             return new;
         end $$;
         create trigger fails before insert on interview_assistant.applied for each row execute function fails()",
    );
    done(&store, answers("T1", 0, "K1", "", vec![])).await;
    assert_eq!(database.does("select last_value from failed"), "7");
    // One that is given up for ever is an error, and nothing was saved.
    database.does(
        "create or replace function fails() returns trigger language plpgsql as
        $$ begin raise exception 'a test wants it' using errcode = '40001'; end $$",
    );
    let fault = store.commit(answers("T1", 0, "K2", "", vec![])).await;
    assert!(
        matches!(
            fault,
            Err(StoreFault::Away {
                maybe_saved: false,
                ..
            })
        ),
        "{fault:?}"
    );
    database.does("drop trigger fails on interview_assistant.applied");
    done(&store, answers("T1", 0, "K2", "", vec![])).await;
    store.close().await;
}

#[tokio::test]
async fn a_second_try_of_a_commit_that_was_written_is_done_and_writes_nothing() {
    let Some(database) = Database::new() else {
        return;
    };
    let store = database.open().await;
    opened(&store).await;
    let loaded = load(&store, "T1", &code(1), Needs::Own(user("U1"))).await;
    let change = changes(&loaded, &["U1"], None, vec![card("U1", "one")]);
    let commit = answers("T1", 0, "K1", "one", vec![change]);
    let sending = Sending::of(Unit::of(&commit), sending::name(7));
    let mut arguments = sending.arguments();
    let again = true;
    arguments.push(&again);
    for _ in 0..3 {
        let rows = store.link.ask(COMMIT, &arguments).await.expect("answered");
        assert_eq!(rows[0].get::<_, &str>(0), "done");
    }
    let loaded = load(&store, "T1", &code(1), Needs::All).await;
    assert_eq!(loaded.cards[&user("U1")], (card("U1", "one"), Revision(1)));
    // Another commit of the same is not.
    assert_eq!(
        store.commit(commit).await.expect("judged"),
        Committed::Duplicate(contract::said("one"))
    );
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_another_server_takes_over_nothing_that_was_answered_is_lost() {
    let Some(first) = Server::starts() else {
        return;
    };
    let name = first.database();
    let second = Server::starts_behind(&first);
    // What is answered is on both.
    first.does(
        "postgres",
        "alter system set synchronous_standby_names = '*'",
    );
    first.does("postgres", "select pg_reload_conf()");
    let replica = PostgresSettings::new(SecretString::from(second.url(&name)));
    let refused = PostgresStore::open(replica).await.err();
    let why = refused.expect("a replica is refused").to_string();
    assert!(why.contains("takes no writes: it is a replica"), "{why}");

    let both = second.url(&name).replace(
        "127.0.0.1:",
        &format!("127.0.0.1:{},127.0.0.1:", first.port),
    );
    let mut settings = PostgresSettings::new(SecretString::from(both));
    settings.patience = Duration::from_mins(1);
    let store = PostgresStore::open(settings).await;
    let store = store.unwrap_or_else(|fault| panic!("{fault}"));
    opened(&store).await;
    let (answered, enough) = (AtomicU64::new(0), AtomicBool::new(false));
    let all = join_all((1..=WRITERS).map(|number| clicks(&store, number, &answered, &enough)));
    let are_answered = async |many| {
        while answered.load(Ordering::SeqCst) < many {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let takes_over = async {
        are_answered(50).await;
        let gone = tokio::task::spawn_blocking(move || {
            first.crashes();
            second.is_promoted();
            (first, second)
        });
        let servers = gone.await.expect("it does not panic");
        are_answered(answered.load(Ordering::SeqCst) + 100).await;
        enough.store(true, Ordering::SeqCst);
        servers
    };
    let (times, servers) = tokio::join!(all, takes_over);
    assert_eq!(
        answered.load(Ordering::SeqCst),
        times.into_iter().sum::<u64>()
    );
    store.close().await;
    drop(servers);
}
