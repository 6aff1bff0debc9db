//! The contract, kept by PostgreSQL on a server of the tests' own, and what concerns it alone.

mod faults;
mod groups;
mod mail;
mod refused;
#[path = "../../../tests/it/harness/postgres.rs"]
mod server;

use super::*;
use crate::store::contract::{
    self, answers, at, card, changes, code, conflicts, done, head, load, opens, team, user, writes,
};
use server::Server;

/// A database of one test.
struct Database {
    server: &'static Server,
    name: String,
}

impl Database {
    /// `None` where there is no server.
    fn new() -> Option<Self> {
        let server = Server::shared()?;
        let name = server.database();
        Some(Self { server, name })
    }

    fn settings(&self) -> PostgresSettings {
        PostgresSettings::new(SecretString::from(self.server.url(&self.name)))
    }

    async fn open(&self) -> PostgresStore {
        let opened = PostgresStore::open(self.settings()).await;
        opened.unwrap_or_else(|fault| panic!("{fault}"))
    }

    fn does(&self, sql: &str) -> String {
        self.server.does(&self.name, sql)
    }
}

macro_rules! promises {
    ($($name:ident)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            let Some(database) = Database::new() else { return };
            contract::$name(async || database.open().await).await;
        }
    )*};
}

contract::for_every_promise!(promises);

/// Walks of chance, each on a database of its own.
fn walks<T: std::fmt::Debug>(
    cases: u32,
    strategy: &impl proptest::strategy::Strategy<Value = T>,
    walk: &impl AsyncFn(&Database, T),
) {
    if Server::shared().is_none() {
        return;
    }
    let config = proptest::test_runner::Config {
        cases,
        failure_persistence: None,
        ..Default::default()
    };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let ran = runner.run(strategy, |steps| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let database = Database::new().expect("there is a server");
        runtime.block_on(walk(&database, steps));
        Ok(())
    });
    ran.unwrap_or_else(|failed| panic!("{failed}"));
}

#[test]
fn a_random_walk_ends_where_a_simple_model_does() {
    walks(16, &contract::steps(), &async |database, steps| {
        let open = async || database.open().await;
        contract::a_random_walk_ends_where_a_simple_model_does(open, steps).await;
    });
}

#[test]
fn stretches_join_without_gap_or_overlap() {
    walks(8, &contract::stretches(), &async |database, read| {
        let open = async || database.open().await;
        contract::stretches_join_without_gap_or_overlap(open, read).await;
    });
}

#[tokio::test]
async fn loops_are_counted_as_they_move_and_on_across_a_restart() {
    let Some(database) = Database::new() else {
        return;
    };
    let store = database.open().await;
    for number in 1..=3 {
        let opened = opens(head(&code(number), &["U1"], at(number.into())));
        done(&store, writes("T1", 0, vec![opened])).await;
    }
    contract::change_head(&store, &code(1), contract::decide).await;
    // What is refused moves nothing.
    let again = writes("T1", 0, vec![opens(head(&code(2), &["U1"], at(2)))]);
    conflicts(&store, again).await;
    store.close().await;
    let store = database.open().await;
    contract::change_head(&store, &code(2), contract::decide).await;
    let counted = "select string_agg(state || ':' || loops, ' ' order by state) from
        (select state, sum(loops) loops from interview_assistant.tally group by state) sums";
    assert_eq!(database.does(counted), "0:1 2:2");
    store.close().await;
}

#[tokio::test]
async fn loops_that_were_stored_before_there_was_a_list_are_listed() {
    let Some(database) = Database::new() else {
        return;
    };
    let store = database.open().await;
    for number in 1..=150 {
        let opened = opens(head(&code(number), &["U1"], at(number.into())));
        done(&store, writes("T1", 0, vec![opened])).await;
    }
    contract::change_head(&store, &code(2), contract::decide).await;
    store.close().await;
    // As an earlier version of the program left it, and as its backup is put back.
    let lists = "delete from interview_assistant.record where chr(get_byte(key, 0)) in ('L', 'u')";
    for before in [
        "delete from interview_assistant.record where chr(get_byte(key, 0)) = 'v'",
        "update interview_assistant.record set number = 1 where chr(get_byte(key, 0)) = 'v'",
    ] {
        database.does(lists);
        database.does(before);
        for _ in 0..2 {
            let store = database.open().await;
            let closed = contract::list(&store, List::Closed, 9).await;
            assert_eq!(closed, [code(2)]);
            let owed = contract::list(&store, List::OwedBy(user("U1")), 999).await;
            assert_eq!(owed.len(), 149);
            store.close().await;
        }
    }
}

#[tokio::test]
async fn people_can_read_what_is_kept() {
    let Some(database) = Database::new() else {
        return;
    };
    let store = database.open().await;
    done(
        &store,
        writes("T1", 0, vec![opens(head(&code(1), &["U1"], at(0)))]),
    )
    .await;
    let asked = "select number, json::jsonb ->> 'title' from interview_assistant.record where chr(get_byte(key, 0)) = 'h'";
    assert_eq!(database.does(asked), "1|Sample Engineer");
    store.close().await;
}

#[tokio::test]
async fn text_with_any_letter_is_kept() {
    let Some(database) = Database::new() else {
        return;
    };
    let store = database.open().await;
    let strange = "a\u{0}b\u{1F600}\\u0000 \u{FFFF} \" ' $1";
    let delivery = answers("T1", 0, "K\u{0}1", strange, vec![]);
    done(&store, delivery).await;
    let key = DeliveryKey::from("K\u{0}1");
    let answer = store.answered(&team("T1"), &key, at(0)).await;
    assert_eq!(answer.expect("read"), Some(contract::said(strange)));
    store.close().await;
}

#[tokio::test]
async fn a_damaged_record_is_an_error_for_who_needs_it_and_for_nobody_else() {
    let Some(database) = Database::new() else {
        return;
    };
    let store = database.open().await;
    done(
        &store,
        writes("T1", 0, vec![opens(head(&code(1), &["U1"], at(0)))]),
    )
    .await;
    for damage in ["json = '{'", "json = '{}', format = 2"] {
        database.does(&format!(
            "update interview_assistant.record set {damage} where get_byte(key, 0) = ascii('h')"
        ));
        assert!(matches!(
            store.load(&team("T1"), &code(1), &Needs::Head).await,
            Err(StoreFault::Damaged { .. })
        ));
    }
    done(
        &store,
        writes("T1", 0, vec![opens(head(&code(2), &[], at(0)))]),
    )
    .await;
    assert!(matches!(store.works(), Ok(())));
    store.close().await;
}

#[tokio::test]
async fn what_is_old_is_forgotten_with_the_names_of_its_commits() {
    let Some(database) = Database::new() else {
        return;
    };
    let store = database.open().await;
    for number in 0..300 {
        done(
            &store,
            answers("T1", number, &format!("K{number}"), "", vec![]),
        )
        .await;
    }
    let count =
        |table: &str| database.does(&format!("select count(*) from interview_assistant.{table}"));
    let answers = "record where chr(get_byte(key, 0)) = 'd'";
    assert_eq!(
        (count(answers), count("applied")),
        ("300".to_owned(), "300".to_owned())
    );
    store.sweep(at(4 * 86_400)).await.expect("swept");
    assert_eq!(count(answers), "0");
    // The sweep's own commits are of today.
    assert_eq!(count("applied"), "3");
    store.close().await;
}
