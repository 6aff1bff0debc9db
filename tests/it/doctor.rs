//! `doctor`: what it says of a place that is as it should be, and of one where everything is wrong.

use crate::harness::assert_snapshot;
use crate::harness::postgres::Server;
use crate::harness::program::{Start, folder};
use interview_assistant::domain::ids::{UserId, WorkspaceId};
use interview_assistant::domain::install::{Install, Sealed, Standing};
use interview_assistant::simulator::{Misbehaviour, Pace, Person, Setup, Simulator, Workspace};
use interview_assistant::start::pretend_setup;
use interview_assistant::store::postgres::{PostgresSettings, PostgresStore};
use interview_assistant::store::sled::SledStore;
use interview_assistant::store::{Change, Commit, Revision, Store as _};
use jiff::Timestamp;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

fn setup() -> Setup {
    let workspace = Workspace::new("T0DOCTOR", "Northwind").person(Person::new("rita", "Rita"));
    pretend_setup(workspace, Pace::Live)
}

/// What it says, and its exit code. Places of this machine are named by what they are.
async fn says(slack: &Simulator, data: &Path, set: &[(&str, &str)]) -> (i32, String) {
    let credentials = slack.credentials();
    let mut command = Command::new(env!("CARGO_BIN_EXE_interview-assistant"));
    command
        .arg("doctor")
        .env_clear()
        .env("SLACK_BOT_TOKEN", credentials.bot_token)
        .env("SLACK_APP_TOKEN", credentials.app_token)
        .env("SLACK_API_URL", slack.api_url())
        .env("INTERVIEW_LISTEN", "127.0.0.1:0")
        .env("INTERVIEW_DATA", data)
        .envs(set.iter().copied());
    let output = tokio::task::spawn_blocking(move || command.output())
        .await
        .expect("it does not panic")
        .expect("the program starts");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).expect("text");
    let said = said.replace(&data.display().to_string(), "DATA");
    (output.status.code().expect("it ends by itself"), said)
}

#[tokio::test]
async fn where_everything_is_as_it_should_be_it_says_so() {
    let slack = Simulator::start(setup()).await.expect("a port is free");
    let (_folder, data) = folder();
    let (code, said) = says(&slack, &data, &[]).await;
    assert_snapshot!(said, @"
    ✓ Configuration: complete.
    ✓ Bot token: works, as interview-assistant in Northwind.
    ✓ Scopes: all that are needed.
    ✓ Clock: goes with Slack's.
    ✓ App token: is accepted, and Slack names a place to connect to. Whether a WebSocket gets there is seen when the bot connects.
    ✓ Address: 127.0.0.1:0 is free.
    ✓ Store: there is none in DATA yet; `run` makes one.
    ✓ Kits: 4, the built-in ones.

    Nothing is wrong.
    ");
    assert_eq!(code, 0);
    // It has taken nothing and made nothing.
    assert!(!data.join("db").exists());
    assert_eq!(slack.breaches(), [""; 0]);
}

#[tokio::test]
async fn beside_a_bot_that_runs_it_says_that_it_does() {
    let slack = Simulator::start(setup()).await.expect("a port is free");
    let (_folder, data) = folder();
    let mut bot = Start::new(&slack, &data).starts().await;
    bot.settles().await;
    slack.advance(Duration::from_secs(61));
    let address = bot.address().expect("it listens");
    let (code, said) = says(&slack, &data, &[("INTERVIEW_LISTEN", &address)]).await;
    let line = |about: &str| {
        let mut lines = said.lines();
        let found = lines.find(|line| line.contains(&format!(" {about}: ")));
        found
            .unwrap_or_else(|| panic!("{about}: {said}"))
            .to_owned()
    };
    assert_eq!(
        line("Store"),
        "✓ Store: DATA is in use by the bot that runs."
    );
    let answers = format!("✓ Address: a bot is well and answers at {address}.");
    assert_eq!(line("Address"), answers);
    // The pretend Slack's clock was moved on, and ours was not.
    assert!(line("Clock").starts_with("✗ Clock: is 6"), "{said}");
    assert_eq!(code, 1);
    // It is not asked where to connect while the bot may need that.
    assert_eq!(
        line("App token"),
        "? App token: the bot that runs uses it; /readyz says whether it is connected."
    );
    // Once it has stopped, what it kept can be looked into.
    bot.is_stopped().await;
    let (_, said) = says(&slack, &data, &[]).await;
    assert!(said.contains("✓ Store: DATA can be used."), "{said}");
    let kept =
        "✓ Retention: loops are kept for good; administrators change that on the bot's Home tab.";
    assert!(said.contains(kept), "{said}");
}

#[tokio::test]
async fn what_is_wrong_is_said_all_at_once_with_its_remedy() {
    let mut setup = setup();
    setup
        .scopes
        .retain(|scope| scope != "files:write" && scope != "im:write");
    let slack = Simulator::start(setup).await.expect("a port is free");
    slack.misbehave(Misbehaviour::Refuse {
        method: Some("apps.connections.open".to_owned()),
        times: 1,
        error: "not_allowed_token_type".to_owned(),
    });
    let (_folder, data) = folder();
    std::fs::create_dir_all(data.join("db")).expect("it can be made");
    let kits = data.join("kits");
    std::fs::create_dir_all(&kits).expect("it can be made");
    std::fs::write(kits.join("odd.toml"), "slug = 7").expect("it can be written");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = taken.local_addr().expect("it has an address").to_string();
    let set = [
        ("INTERVIEW_LISTEN", address.as_str()),
        ("INTERVIEW_KITS", kits.to_str().expect("text")),
        ("SLACK_SIGNING_SECRET", "0123456789abcdef0123456789abcdef"),
    ];
    let (code, said) = says(&slack, &data, &set).await;
    let said = said.replace(&address, "ADDRESS");
    assert_snapshot!(said, @"
    ✓ Configuration: complete.
    ✓ Bot token: works, as interview-assistant in Northwind.
    ✗ Scopes: im:write, files:write are missing; update the app from manifest.yml and install it again.
    ✓ Clock: goes with Slack's.
    ✗ App token: Slack refuses SLACK_APP_TOKEN (not_allowed_token_type); make one with the scope connections:write under Basic Information, and switch Socket Mode on.
    ? Signing secret: is set; whether it is the right one is seen when Slack sends the first request. A wrong one is counted as not_signed in /metrics.
    ✗ Address: ADDRESS cannot be listened on: Address already in use (os error 98). INTERVIEW_LISTEN names another one.
    ✗ Store: the store failed: the store in DATA cannot be opened: IO error: Is a directory (os error 21).
    ✗ Kits: 4 errors in those in DATA/kits; `interview-assistant kits check DATA/kits` tells each with its line. A bot that has served such a kit before goes on with its last good version; a new one does not start.

    5 things to mend.
    ");
    assert_eq!(code, 1);

    let refused = [("SLACK_BOT_TOKEN", "xoxb-none-of-ours")];
    let (_, said) = says(&slack, &data, &refused).await;
    let line = "✗ Bot token: Slack refuses SLACK_BOT_TOKEN (invalid_auth); install the app again and copy its bot token;";
    assert!(said.contains(line), "{said}");
    // What is no fault of the token is not put down to it.
    slack.misbehave(Misbehaviour::Refuse {
        method: Some("auth.test".to_owned()),
        times: 1,
        error: "internal_error".to_owned(),
    });
    let (_, said) = says(&slack, &data, &[]).await;
    assert!(said.contains("? Bot token: could not be tried: "), "{said}");
    assert!(said.contains("Slack seems to be in trouble; ask again."));
    // A folder that cannot be made.
    let file = data.join("file");
    std::fs::write(&file, "").expect("it can be written");
    let (code, said) = says(&slack, &file.join("data"), &[]).await;
    assert!(said.contains("✗ Store: DATA cannot be used: "), "{said}");
    assert_eq!(code, 1);
    // Nobody there at all.
    let away = [("SLACK_API_URL", "http://127.0.0.1:9/api")];
    let (_, said) = says(&slack, &data, &away).await;
    assert!(said.contains("✗ Bot token: could not be tried: "), "{said}");
    // What cannot even be read ends it, as it ends `run`.
    let (code, said) = says(&slack, &data, &[("INTERVIEW_LISTEN", "here")]).await;
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("INTERVIEW_LISTEN"), "{said}");
}

#[tokio::test]
async fn a_database_is_looked_at_and_left_as_it_is() {
    let Some(server) = Server::shared() else {
        return;
    };
    let slack = Simulator::start(setup()).await.expect("a port is free");
    let (_folder, data) = folder();
    let url = server.url(&server.database());
    let set = [("INTERVIEW_DATABASE_URL", url.as_str())];
    for _ in 0..2 {
        let (code, said) = says(&slack, &data, &set).await;
        let empty = "✓ Store: the database is empty; `run` makes the tables.";
        assert!(said.contains(empty), "{said}");
        assert_eq!(code, 0, "{said}");
    }
    let store = PostgresStore::open(PostgresSettings::new(url.clone().into())).await;
    store.expect("it opens").close().await;
    let (code, said) = says(&slack, &data, &set).await;
    assert!(
        said.contains("✓ Store: the database can be used."),
        "{said}"
    );
    assert!(said.contains("✓ Retention: "), "{said}");
    assert_eq!(code, 0, "{said}");
    let wrong = [(
        "INTERVIEW_DATABASE_URL",
        "postgresql://nobody@127.0.0.1:9/none",
    )];
    let (code, said) = says(&slack, &data, &wrong).await;
    assert!(said.contains("✗ Store: "), "{said}");
    assert_eq!(code, 1);
}

#[tokio::test]
async fn of_many_workspaces_the_keys_are_tried_on_what_is_kept() {
    let slack = Simulator::start(setup()).await.expect("a port is free");
    let (_folder, data) = folder();
    let install = Install {
        id: WorkspaceId::from("T1"),
        name: "Northwind".to_owned(),
        organisation: false,
        app: "A1".to_owned(),
        bot: UserId::from("UBOT"),
        scopes: ["chat:write".to_owned()].into(),
        by: UserId::from("U1"),
        at: Timestamp::UNIX_EPOCH,
        tokens: Sealed {
            key: "0a1b2c3d".to_owned(),
            text: "AAAA".to_owned(),
        },
        expires_at: None,
        standing: Standing::Installed,
        claim: None,
    };
    let store = SledStore::open(&data).expect("it opens");
    let commit = Commit {
        workspace: install.id.clone(),
        at: Timestamp::UNIX_EPOCH,
        delivery: None,
        changes: vec![Change::Install(Revision(0), Box::new(install))],
    };
    store.commit(commit).await.expect("it is written");
    store.close().await;
    drop(store);
    let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let set = [
        ("SLACK_BOT_TOKEN", ""),
        ("SLACK_CLIENT_ID", "1234567890.1234567890"),
        ("SLACK_CLIENT_SECRET", "0123456789abcdef0123456789abcdef"),
        ("INTERVIEW_PUBLIC_URL", "https://interviews.example.com"),
        ("INTERVIEW_TOKEN_KEY", key),
    ];
    let (code, said) = says(&slack, &data, &set).await;
    assert!(said.contains("? Bot token: each workspace"), "{said}");
    let missing = "✗ Token keys: the tokens of 1 installation are sealed under a key (0a1b2c3d)";
    assert!(said.contains(missing), "{said}");
    assert_eq!(code, 1);
}
