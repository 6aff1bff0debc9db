//! Commits and glances of many at once, which go to the database together. Everything runs on one thread here: so all have asked before any goes.

use super::*;
use crate::domain::event::Fact;
use crate::store::{Change, Loaded};
use futures_util::FutureExt as _;
use futures_util::future::join_all;

/// Opens so many loops, and reads them.
async fn opened(store: &PostgresStore, many: u32, panel: &[&str]) -> Vec<Loaded> {
    let mut all = Vec::new();
    for number in 1..=many {
        let opened = opens(head(&code(number), panel, at(0)));
        done(store, writes("T1", 0, vec![opened])).await;
        all.push(load(store, "T1", &code(number), Needs::Head).await);
    }
    all
}

/// Somebody rates, for the first time.
fn rates(loaded: &Loaded, who: &str, text: &str) -> Commit {
    let change = changes(loaded, &[who], None, vec![card(who, text)]);
    let key = format!("K {} {text}", loaded.head.code);
    answers("T1", 0, &key, text, vec![change])
}

/// Something happens before each row of a table is written.
fn when_written(database: &Database, table: &str, does: &str) {
    database.does(&format!(
        "create sequence times;
         create function happens() returns trigger language plpgsql as $$ begin {does} return new; end $$;
         create trigger happens before insert on interview_assistant.{table} for each row execute function happens()"
    ));
}

#[tokio::test]
async fn of_many_who_commit_at_once_each_gets_its_own_end_and_few_transactions_carry_them() {
    let Some(database) = Database::new() else {
        return;
    };
    let store = database.open().await;
    let panel = ["U1", "U2", "U3", "U4", "U5"];
    let loops = opened(&store, 20, &panel).await;
    let before =
        database.does("select count(distinct xmin::text) from interview_assistant.applied");
    let mut commits = Vec::new();
    for loaded in &loops {
        for who in panel {
            commits.push(rates(loaded, who, who));
        }
        // The same person once more, another delivery: it knows nothing of the first.
        commits.push(rates(loaded, "U1", "again"));
        // And the same delivery once more.
        commits.push(rates(loaded, "U2", "U2"));
    }
    let ends = join_all(commits.into_iter().map(|commit| store.commit(commit))).await;
    let ends: Vec<_> = ends.into_iter().map(|end| end.expect("judged")).collect();
    for (loaded, ends) in loops.iter().zip(ends.chunks(7)) {
        let loaded = load(&store, "T1", &loaded.head.code, Needs::All).await;
        assert_eq!(loaded.cards.len(), panel.len());
        for who in panel {
            let (card, revision) = &loaded.cards[&user(who)];
            assert_eq!(*revision, Revision(1), "each was written once");
            let wins = if who == "U1" && ends[0] == Committed::Conflict {
                "again"
            } else {
                who
            };
            assert_eq!(card.reason.as_str(), wins);
        }
        let both = [&ends[0], &ends[5]];
        assert!(both.contains(&&Committed::Done) && both.contains(&&Committed::Conflict));
        let repeated = Committed::Duplicate(contract::said("U2"));
        let both = [&ends[1], &ends[6]];
        assert!(both.contains(&&Committed::Done) && both.contains(&&repeated));
        assert!(ends[2..5].iter().all(|end| *end == Committed::Done));
    }
    // Each has its name, and far fewer transactions have written them.
    let count = "select count(*) from interview_assistant.applied";
    assert_eq!(database.does(count), "120");
    let after = database.does("select count(distinct xmin::text) from interview_assistant.applied");
    let number = |text: String| text.parse::<u32>().expect("a number");
    assert!(number(after) - number(before) < 60);
    store.close().await;
}

#[tokio::test]
async fn one_that_is_refused_or_damaged_fails_alone() {
    let Some(database) = Database::new() else {
        return;
    };
    let store = database.open().await;
    let loops = opened(&store, 12, &["U1"]).await;
    done(&store, answers("T1", 0, "damaged", "", vec![])).await;
    database.does(
        "update interview_assistant.record set json = '{' where get_byte(key, 0) = ascii('d')",
    );
    when_written(
        &database,
        "record",
        "if new.json like '%unwanted%' then raise exception 'a test wants it'; end if;",
    );
    let mut commits: Vec<Commit> = loops
        .iter()
        .map(|loaded| rates(loaded, "U1", "fine"))
        .collect();
    commits[3] = rates(&loops[3], "U1", "unwanted");
    commits.insert(7, answers("T1", 0, "damaged", "", vec![]));
    for round in 0..3 {
        if round == 2 {
            database.does("drop trigger happens on interview_assistant.record");
        }
        let again = commits.iter().cloned().map(|commit| store.commit(commit));
        for (place, end) in join_all(again).await.into_iter().enumerate() {
            match (place, end) {
                (3, Err(StoreFault::Away { maybe_saved, .. })) => {
                    assert!(round < 2 && !maybe_saved);
                }
                (3, Ok(Committed::Done)) => assert_eq!(round, 2),
                (7, Err(StoreFault::Damaged { .. })) => {}
                (3 | 7, end) => panic!("{end:?}"),
                (_, Ok(Committed::Done)) => {}
                (_, Ok(end)) => assert_eq!(end, Committed::Duplicate(contract::said("fine"))),
                (_, end) => panic!("{end:?}"),
            }
        }
    }
    for loaded in &loops {
        let loaded = load(&store, "T1", &loaded.head.code, Needs::All).await;
        assert_eq!(loaded.cards[&user("U1")].1, Revision(1));
    }
    store.close().await;
}

#[tokio::test]
async fn a_connection_that_ends_in_the_middle_of_a_group_costs_nobody_their_commit() {
    let Some(database) = Database::new() else {
        return;
    };
    let store = database.open().await;
    let loops = opened(&store, 30, &["U1"]).await;
    // The first of the group's names is there, the others are not yet.
    when_written(
        &database,
        "applied",
        "if nextval('times') = 2 then perform pg_terminate_backend(pg_backend_pid()); end if;",
    );
    let commits = loops.iter().map(|loaded| rates(loaded, "U1", "one"));
    for end in join_all(commits.map(|commit| store.commit(commit))).await {
        assert_eq!(end.expect("written"), Committed::Done);
    }
    for loaded in &loops {
        let loaded = load(&store, "T1", &loaded.head.code, Needs::All).await;
        assert_eq!(loaded.cards[&user("U1")], (card("U1", "one"), Revision(1)));
    }
    let count = "select count(*) from interview_assistant.applied";
    assert_eq!(database.does(count), "60");
    store.close().await;
}

#[tokio::test]
async fn a_second_try_of_one_of_a_group_that_was_written_is_done_and_writes_nothing() {
    let Some(database) = Database::new() else {
        return;
    };
    let store = database.open().await;
    let loops = opened(&store, 5, &["U1"]).await;
    let sendings: Vec<Sending> = loops
        .iter()
        .map(|loaded| Unit::of(&rates(loaded, "U1", "one")))
        .map(|unit| Sending::of(unit, sending::name(7)))
        .collect();
    let mut locks = BTreeMap::new();
    assert!(
        sendings
            .iter()
            .all(|it| it.is_simple() && it.joins(&mut locks))
    );
    let units: Vec<&Sending> = sendings.iter().collect();
    let several = together::Several::of(&units, &locks);
    // It was written, and nobody heard of it.
    let told = store
        .link
        .once(together::COMMIT_SOME, &several.arguments())
        .await;
    assert!(told.expect("answered").is_empty(), "all are done");
    for sending in &sendings {
        let mut arguments = sending.arguments();
        let again = true;
        arguments.push(&again);
        let rows = store.link.ask(COMMIT, &arguments).await.expect("answered");
        assert_eq!(rows[0].get::<_, &str>(0), "done");
    }
    for loaded in &loops {
        let loaded = load(&store, "T1", &loaded.head.code, Needs::All).await;
        assert_eq!(loaded.cards[&user("U1")], (card("U1", "one"), Revision(1)));
    }
    store.close().await;
}

#[test]
fn only_what_is_simple_and_touches_nothing_of_another_goes_together() {
    let sending = |commit: Commit| Sending::of(Unit::of(&commit), sending::name(7));
    let loaded = |number| Loaded {
        head: head(&code(number), &["U1", "U2"], at(0)),
        revision: Revision(1),
        cards: BTreeMap::new(),
    };
    let rating = |number, who| sending(rates(&loaded(number), who, who));
    let moves = changes(
        &loaded(1),
        &[],
        Some(head(&code(1), &["U1"], at(0))),
        vec![],
    );
    let reveals = sending(writes("T1", 0, vec![moves]));
    let owes = Change::Owe(Post::Loop(code(1)));
    let drafts = Change::TakeDraft(DraftId::from("D1"));
    for special in [opens(head(&code(3), &[], at(0))), owes, drafts] {
        assert!(!sending(writes("T1", 0, vec![special])).is_simple());
    }
    let mut group = BTreeMap::new();
    assert!(rating(1, "U1").is_simple() && rating(1, "U1").joins(&mut group));
    // Another person in the same loop and in another one.
    assert!(rating(1, "U2").joins(&mut group) && rating(2, "U1").joins(&mut group));
    // The same scorecard, and the head that they looked at.
    assert!(!rating(2, "U1").joins(&mut group) && !reveals.joins(&mut group));
    assert!(rating(2, "U2").joins(&mut group));
}

#[tokio::test]
async fn who_does_not_wait_for_the_end_of_a_commit_strands_nobody() {
    let Some(database) = Database::new() else {
        return;
    };
    let store = database.open().await;
    let loops = opened(&store, 60, &["U1"]).await;
    let commits = |these: &[Loaded]| -> Vec<Commit> {
        these.iter().map(|it| rates(it, "U1", "one")).collect()
    };
    let (gone, stays) = loops.split_at(30);
    let given_up = join_all(commits(gone).into_iter().map(|it| store.commit(it))).now_or_never();
    assert!(given_up.is_none(), "nobody was answered yet");
    for end in join_all(commits(stays).into_iter().map(|it| store.commit(it))).await {
        assert_eq!(end.expect("written"), Committed::Done);
    }
    // What became of the others is found out by asking again.
    for commit in commits(gone) {
        let end = store.commit(commit).await.expect("judged");
        assert!(end == Committed::Done || end == Committed::Duplicate(contract::said("one")));
    }
    for loaded in &loops {
        let loaded = load(&store, "T1", &loaded.head.code, Needs::All).await;
        assert_eq!(loaded.cards[&user("U1")], (card("U1", "one"), Revision(1)));
    }
    store.close().await;
}

#[tokio::test]
async fn of_many_who_look_at_once_each_sees_their_own_and_damage_concerns_who_needs_it() {
    let Some(database) = Database::new() else {
        return;
    };
    let store = database.open().await;
    let loops = opened(&store, 40, &["U1", "U2"]).await;
    for loaded in &loops {
        let text = loaded.head.code.to_string();
        let cards = vec![card("U1", &text), card("U2", &text)];
        let change = changes(loaded, &["U1", "U2"], None, cards);
        done(&store, writes("T1", 0, vec![change])).await;
    }
    let known = Change::Fact(Fact::Person(user("U1"), contract::somebody()));
    done(&store, writes("T1", 0, vec![known])).await;
    let damaged = &loops[5].head.code;
    database.does(&format!(
        "update interview_assistant.record set json = '{{' where get_byte(key, 0) = ascii('h') and json like '%\"{damaged}\"%'"
    ));
    let workspace = team("T1");
    let (own, nobody) = (Needs::Own(user("U2")), code(1000));
    let all: Vec<_> = loops
        .iter()
        .map(|it| &it.head.code)
        .chain([&nobody])
        .collect();
    let needs = [Needs::Head, own, Needs::All];
    let (actor, stranger) = (user("U1"), user("U3"));
    let glances = all.iter().enumerate().map(|(place, code)| {
        store.glance(GlanceAt {
            workspace: &workspace,
            actor: if place % 2 == 0 { &actor } else { &stranger },
            place: None,
            code,
            needs: &needs[place % 3],
        })
    });
    for (place, seen) in join_all(glances).await.into_iter().enumerate() {
        let seen = match seen {
            Err(StoreFault::Damaged { .. }) if place == 5 => continue,
            seen => seen.expect("read"),
        };
        assert_ne!(place, 5, "it is damaged");
        assert_eq!(seen.person.is_some(), place % 2 == 0);
        let Some(loaded) = seen.loaded else {
            assert_eq!(*all[place], nobody);
            continue;
        };
        assert_eq!(loaded.head.code, *all[place]);
        let authors: Vec<&str> = loaded.cards.keys().map(UserId::as_str).collect();
        assert_eq!(authors, [&[][..], &["U2"], &["U1", "U2"]][place % 3]);
        let text = all[place].to_string();
        assert!(
            loaded
                .cards
                .values()
                .all(|(card, _)| card.reason.as_str() == text)
        );
    }
    store.close().await;
}
