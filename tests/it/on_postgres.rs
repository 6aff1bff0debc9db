//! The whole program on PostgreSQL: a job from the opening to the debrief, a database that goes away meanwhile, and addresses that are wrong.

use crate::harness::postgres::Server;
use crate::harness::{on_postgres, submits};
use std::process::Command;

#[tokio::test]
async fn a_job_is_done_on_postgres_across_restarts() {
    on_postgres(async |slack| {
        let [rita, ada, ben] = slack.members(["rita", "ada", "ben"]);
        let hiring = slack.private_channel("hiring");
        rita.types(&hiring, "/interview senior-backend Jane Doe @ada @ben")
            .await;
        submits(&ada, &hiring).await;
        let card = ben.clicks(&hiring, "Score").await;
        card.rates("technical/1", "3 Good").await;
        slack.restarts().await;
        assert!(
            rita.sees(&hiring).contains("1 of 2"),
            "{}",
            rita.sees(&hiring)
        );
        slack.kills().await;
        submits(&ben, &hiring).await;
        slack.settle().await;
        let seen = rita.sees(&hiring);
        assert!(seen.contains("2 of 2"), "{seen}");
        let kept = slack.everything_kept().await;
        assert!(kept.contains("Jane Doe"), "{kept}");
        slack.rest_is_read();
    })
    .await;
}

/// What `run` says to a database's address, and its exit code.
fn run_on(url: &str) -> (i32, String) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let output = Command::new(env!("CARGO_BIN_EXE_interview-assistant"))
        .arg("run")
        .env_clear()
        .env("SLACK_BOT_TOKEN", "xoxb-pretend-token")
        .env("SLACK_APP_TOKEN", "xapp-pretend-token")
        // Nobody is there, and nobody is asked.
        .env("SLACK_API_URL", "http://127.0.0.1:9/api")
        .env("INTERVIEW_LISTEN", "127.0.0.1:0")
        .env("INTERVIEW_DATA", folder.path().join("data"))
        .env("INTERVIEW_DATABASE_URL", url)
        .output()
        .expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code().expect("it ends by itself"), said)
}

#[test]
fn an_address_that_cannot_be_used_is_a_sentence_with_the_remedy() {
    // No server is wanted for these.
    for (url, expected) in [
        (
            "mysql://bot:s3cret@db/bot",
            "this is not the address of a PostgreSQL database",
        ),
        ("postgresql://bot:s3cret@127.0.0.1:9", "names no database"),
        (
            "postgresql://bot:s3cret@127.0.0.1:9/bot?sslmode=prefer",
            "write sslmode=verify-full",
        ),
        (
            "postgresql://bot:s3cret@127.0.0.1:9/bot",
            "no server answers at 127.0.0.1:9",
        ),
        (
            "postgresql://bot:s3cret@no.such.host.invalid/bot",
            "no server answers at no.such.host.invalid:5432",
        ),
    ] {
        let (code, said) = run_on(url);
        assert_eq!(code, 2, "{url}: {said}");
        assert!(said.contains(expected), "{url}: {said}");
        assert!(!said.contains("s3cret"), "{said}");
    }
    let Some(server) = Server::shared() else {
        return;
    };
    let database = server.database();
    server.does("postgres", "create role newcomer login password 's3cret'");
    let url = |user: &str, password: &str, name: &str| {
        format!(
            "postgresql://{user}:{password}@127.0.0.1:{}/{name}",
            server.port
        )
    };
    for (url, expected) in [
        (
            url("newcomer", "s3cret1", &database),
            "does not let the user newcomer in",
        ),
        (
            url("stranger", "s3cret", &database),
            "does not let the user stranger in",
        ),
        (
            url("newcomer", "s3cret", "nowhere"),
            "create database nowhere owner newcomer",
        ),
        (url("newcomer", "s3cret", &database), "owner to newcomer"),
    ] {
        let (code, said) = run_on(&url);
        assert_eq!(code, 2, "{url}: {said}");
        assert!(said.contains(expected), "{url}: {said}");
        assert!(!said.contains("s3cret"), "{said}");
    }
    server.does(
        "postgres",
        &format!("alter database {database} set default_transaction_read_only = on"),
    );
    let (code, said) = run_on(&url("newcomer", "s3cret", &database));
    assert_eq!(code, 2, "{said}");
    assert!(
        said.contains("takes no writes: it is a replica, or set to be read only"),
        "{said}"
    );
    // Nothing was changed.
    let schemas = "select count(*) from pg_namespace where nspname = 'interview_assistant'";
    assert_eq!(server.does(&database, schemas), "0");
}
