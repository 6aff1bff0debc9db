//! Databases that are not taken: each with a sentence, and nothing in them changed.

use super::*;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

async fn refusal(settings: PostgresSettings) -> String {
    match PostgresStore::open(settings).await {
        Err(StoreFault::Unusable { why }) => why,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was taken"),
    }
}

fn at_url(url: &str) -> PostgresSettings {
    PostgresSettings::new(SecretString::from(url))
}

#[tokio::test]
async fn a_database_that_a_later_version_has_used_is_left_alone() {
    let Some(database) = Database::new() else {
        return;
    };
    database.open().await.close().await;
    database.does("insert into interview_assistant.migration (number) values (5)");
    let why = refusal(database.settings()).await;
    assert!(
        why.contains(
            "a newer version of this program (its tables have version 5, this one knows 4)"
        ),
        "{why}"
    );
    database.does("delete from interview_assistant.migration where number = 5");
    database.open().await.close().await;
}

#[tokio::test]
async fn a_schema_that_is_not_ours_is_left_alone() {
    let Some(database) = Database::new() else {
        return;
    };
    // As if a migration had been made in part, by hand.
    database
        .does("create schema interview_assistant; create table interview_assistant.record (x int)");
    let why = refusal(database.settings()).await;
    assert!(
        why.contains("holds something else than this program's tables"),
        "{why}"
    );
    let tables =
        "select string_agg(tablename, ' ') from pg_tables where schemaname = 'interview_assistant'";
    assert_eq!(database.does(tables), "record");
}

#[tokio::test]
async fn a_migration_that_breaks_off_leaves_nothing_and_is_made_the_next_time() {
    let Some(database) = Database::new() else {
        return;
    };
    // The last of what is made fails.
    database.does(
        "create function fails() returns event_trigger language plpgsql as $$ begin raise exception 'a test wants it'; end $$;
         create event trigger fails on ddl_command_end when tag in ('CREATE FUNCTION') execute function fails()",
    );
    let why = refusal(database.settings()).await;
    assert!(
        why.contains("a test wants it") && why.contains("nothing was changed"),
        "{why}"
    );
    let schemas = "select count(*) from pg_namespace where nspname = 'interview_assistant'";
    assert_eq!(database.does(schemas), "0");
    database.does("drop event trigger fails");
    database.open().await.close().await;
    assert_eq!(
        database.does("select count(*) from interview_assistant.migration"),
        "4"
    );
}

#[tokio::test]
async fn a_database_that_takes_no_writes_is_refused() {
    let Some(database) = Database::new() else {
        return;
    };
    database.does(&format!(
        "alter database {} set default_transaction_read_only = on",
        database.name
    ));
    let why = refusal(database.settings()).await;
    assert!(
        why.contains("takes no writes: it is a replica, or set to be read only"),
        "{why}"
    );
}

#[tokio::test]
async fn who_may_not_make_tables_is_told_what_to_grant() {
    let Some(database) = Database::new() else {
        return;
    };
    let user = format!("poor_{}", database.name);
    database.does(&format!("create role {user} login password 'x'"));
    let url = format!(
        "postgresql://{user}:x@127.0.0.1:{}/{}",
        database.server.port, database.name
    );
    let why = refusal(at_url(&url)).await;
    let remedy = format!("alter database {} owner to {user}", database.name);
    assert!(
        why.contains("may not make or use the tables") && why.contains(&remedy),
        "{why}"
    );
    database.does(&remedy);
    let store = PostgresStore::open(at_url(&url)).await;
    store
        .unwrap_or_else(|fault| panic!("{fault}"))
        .close()
        .await;
    // Nor is another one's.
    let other = format!("other_{}", database.name);
    database.does(&format!("create role {other} login password 'x'"));
    let why = refusal(at_url(&url.replace(&user, &other))).await;
    assert!(why.contains("may not make or use the tables"), "{why}");
}

/// For who wants to be alone, and does not wait long.
fn alone(database: &Database) -> PostgresSettings {
    PostgresSettings {
        waits: Duration::from_millis(100),
        alone: true,
        ..database.settings()
    }
}

#[tokio::test]
async fn several_serve_from_a_database_and_who_fills_it_wants_it_alone() {
    let Some(database) = Database::new() else {
        return;
    };
    let (store, other) = (database.open().await, database.open().await);
    let why = refusal(alone(&database)).await;
    assert!(why.contains("another process uses the database"), "{why}");
    assert!(
        why.contains("(interview-assistant ") && why.contains(", since 20"),
        "{why}"
    );
    other.close().await;
    // Also after the connection with the lock was lost.
    let kill = format!(
        "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name like 'interview-assistant%' and datname = '{}'",
        database.name
    );
    let mut state = store.presence.state.clone();
    state.mark_unchanged();
    database.does(&kill);
    let away = state.wait_for(|state| matches!(state, State::Away(_)));
    drop(away.await.expect("it is kept"));
    let here = state.wait_for(|state| matches!(state, State::Here));
    drop(here.await.expect("it is kept"));
    refusal(alone(&database)).await;
    store.close().await;

    let filling = PostgresStore::open(alone(&database)).await;
    let filling = filling.unwrap_or_else(|fault| panic!("{fault}"));
    let serves = PostgresSettings {
        alone: false,
        ..alone(&database)
    };
    let why = refusal(serves).await;
    assert!(
        why.contains("is being filled or moved by another process"),
        "{why}"
    );
    filling.close().await;
    database.open().await.close().await;
}

#[tokio::test]
async fn who_lost_the_database_to_one_that_fills_it_ends() {
    let Some(database) = Database::new() else {
        return;
    };
    let first = PostgresSettings {
        waits: Duration::from_millis(100),
        ..database.settings()
    };
    let first = PostgresStore::open(first).await;
    let first = first.unwrap_or_else(|fault| panic!("{fault}"));
    // Somebody waits at the door already: it is theirs the moment it is free.
    let server = database.server;
    let name = database.name.clone();
    let kill = format!(
        "select pg_terminate_backend(l.pid) from pg_locks l join pg_database d on d.oid = l.database
         where l.locktype = 'advisory' and l.granted and d.datname = '{name}'"
    );
    let waits = async {
        let second = PostgresStore::open(PostgresSettings {
            alone: true,
            ..database.settings()
        });
        let loses = tokio::task::spawn_blocking(move || server.does("postgres", &kill));
        let (second, lost) = tokio::join!(second, loses);
        lost.expect("it does not panic");
        second.unwrap_or_else(|fault| panic!("{fault}"))
    };
    let second = waits.await;
    first.broken().await;
    assert!(matches!(first.works(), Err(StoreFault::Broken { .. })));
    let commit = first.commit(answers("T1", 0, "K1", "", vec![])).await;
    assert!(
        matches!(commit, Err(StoreFault::Broken { .. })),
        "{commit:?}"
    );
    first.close().await;
    done(&second, answers("T1", 0, "K1", "", vec![])).await;
    second.close().await;
}

#[tokio::test]
async fn the_way_to_the_database_is_private_and_its_certificate_is_looked_at() {
    let Some(server) = Server::starts() else {
        return;
    };
    let name = server.database();
    let url = server.url(&name);
    let why = refusal(at_url(&format!("{url}?sslmode=require"))).await;
    assert!(why.contains("speaks no TLS"), "{why}");

    let mut authority = CertificateParams::new(Vec::new()).expect("parameters");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().expect("a key"));
    let authority = authority.expect("an authority");
    let key = KeyPair::generate().expect("a key");
    let certificate = CertificateParams::new(vec!["127.0.0.1".to_owned()])
        .and_then(|it| it.signed_by(&key, &authority))
        .expect("a certificate");
    server.has_file("server.crt", &certificate.pem());
    server.has_file("server.key", &key.serialize_pem());
    server.is_set_to("ssl = on");

    let why = refusal(at_url(&format!("{url}?sslmode=verify-full"))).await;
    assert!(
        why.contains("is not trusted") && why.contains("INTERVIEW_EXTRA_CA"),
        "{why}"
    );
    let mut trusting = at_url(&format!("{url}?sslmode=verify-full"));
    trusting.extra_ca = vec![authority.der().clone()];
    let store = PostgresStore::open(trusting.clone()).await;
    let store = store.unwrap_or_else(|fault| panic!("{fault}"));
    done(&store, answers("T1", 0, "K1", "", vec![])).await;
    let private = "select count(*) from pg_stat_ssl join pg_stat_activity using (pid) where application_name like 'interview-assistant%' and not ssl";
    assert_eq!(server.does(&name, private), "0");
    store.close().await;
    // The name counts as well.
    trusting.url = SecretString::from(url.replace("127.0.0.1", "localhost") + "?sslmode=require");
    let why = refusal(trusting).await;
    assert!(why.contains("is not trusted"), "{why}");
}
