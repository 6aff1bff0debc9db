//! Kits go between Slack and files: exported for review, read again on a command or a signal.

use crate::harness::{Slack, assert_snapshot, story};
use crate::kit_editing::{Folder, admin, edits, technical};
use interview_assistant::simulator::{Pace, Simulator, Workspace};
use interview_assistant::start::pretend_setup;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

const OLD: &str = "How do you secure the APIs that you build?";
const NEW: &str = "Tell me how you keep an API safe.";

/// Edits the second technical question.
async fn edit(slack: &Slack, question: &str) {
    let (olga, hiring) = (admin(slack), slack.private_channel("#hiring"));
    let card = technical(&olga, &hiring).await;
    let form = edits(&card, 2).await.fills("Question", question);
    form.submits().await;
    slack.rest_is_read();
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).expect("it is there")
}

#[tokio::test]
async fn an_edit_comes_back_as_a_file_and_then_agrees_with_it() {
    story(async |slack| {
        let folder = Folder::of(slack, "senior-backend").await;
        let file = folder.file("senior-backend");
        let before = text(&file);
        let out = folder.0.path().display().to_string();
        let export = format!("kits export --out {out}");
        let hidden = |said: &str| said.replace(&out, "kits");
        let (code, said) = slack.at_the_machine(&export).await;
        assert_eq!(code, 0, "{said}");
        assert_snapshot!(said, @"No kit was edited or imported in Slack: the files say it all. Name a role to write it nevertheless.");

        edit(slack, NEW).await;
        let (code, said) = slack.at_the_machine("kits export --stdout").await;
        assert_eq!(code, 0, "{said}");
        assert!(said.contains(&format!("ask = \"{NEW}\"")), "{said}");
        assert_eq!(text(&file), before, "printing writes nothing");

        // The bot need not run.
        slack.stops().await;
        let (code, said) = slack.at_the_machine(&export).await;
        assert_eq!(code, 0, "{said}");
        assert!(
            hidden(&said).starts_with("wrote kits/senior-backend.toml (kit "),
            "{said}"
        );
        let (old, new) = (before.replace(OLD, NEW), text(&file));
        let lines = |text: &str| {
            text.lines()
                .filter(|line| !line.is_empty())
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let changed: Vec<String> = lines(&new)
            .into_iter()
            .filter(|line| !lines(&old).contains(line))
            .collect();
        assert_eq!(changed, Vec::<String>::new(), "the change to review is the edit");
        assert_eq!(lines(&new).len(), lines(&old).len());

        slack.restarts().await;
        let (code, said) = slack.at_the_machine("kits reload").await;
        assert_eq!(code, 0, "{said}");
        assert_snapshot!(said, @"The kits' files were read. Nothing has changed.");
        let (code, said) = slack.at_the_machine(&export).await;
        assert_eq!(code, 0, "{said}");
        assert!(
            said.starts_with("No kit was edited or imported in Slack"),
            "{said}"
        );
        let (code, said) = slack
            .at_the_machine(&format!("{export} senior-backend"))
            .await;
        assert_eq!(code, 0, "{said}");
        assert_snapshot!(hidden(&said), @"kits/senior-backend.toml says it already");
        let (code, said) = slack.at_the_machine(&format!("{export} junior")).await;
        assert_eq!(code, 2, "{said}");
        assert_snapshot!(said, @"interview-assistant: there is no role `junior`; there are: senior-backend");
    })
    .await;
}

#[tokio::test]
async fn an_export_writes_over_no_file_that_has_changed() {
    story(async |slack| {
        let folder = Folder::of(slack, "senior-backend").await;
        let file = folder.file("senior-backend");
        let out = folder.0.path().display().to_string();
        edit(slack, NEW).await;
        folder.says("senior-backend", "minutes = 45", "minutes = 50");
        let changed = text(&file);
        let (code, said) = slack
            .at_the_machine(&format!("kits export --out {out}"))
            .await;
        assert_eq!(code, 1, "{said}");
        assert_snapshot!(said.replace(&out, "kits"), @"
        interview-assistant: nothing was written:
          kits/senior-backend.toml has changed since the edits were made
        Bring them together by hand, or write over them with --force.
        ");
        assert_eq!(text(&file), changed);

        folder.says("senior-backend", "minutes = 50", "minuets = 50");
        let (code, said) = slack.at_the_machine("kits reload").await;
        assert_eq!(code, 1, "{said}");
        assert!(said.contains("did you mean `minutes`?"), "{said}");
        let (code, said) = slack
            .at_the_machine(&format!("kits export --out {out} --force"))
            .await;
        assert_eq!(code, 0, "{said}");
        assert!(text(&file).contains(NEW));

        let (code, said) = slack
            .at_the_machine(&format!("kits export --out {out}/nowhere"))
            .await;
        assert_eq!(code, 2, "{said}");
        assert_snapshot!(said.replace(&out, "kits"), @"interview-assistant: there is no folder kits/nowhere; --out names one");
        slack.stops().await;
        let (code, said) = slack.at_the_machine("kits reload").await;
        assert_eq!(code, 2, "{said}");
        assert!(said.contains("no bot runs on"), "{said}");
        slack.restarts().await;
    })
    .await;
}

#[tokio::test]
async fn whoever_edited_and_left_gets_no_message_and_the_choice_waits() {
    story(async |slack| {
        let folder = Folder::of(slack, "senior-backend").await;
        let (olga, hiring) = (admin(slack), slack.private_channel("#hiring"));
        let card = technical(&olga, &hiring).await;
        let form = edits(&card, 2).await.fills("Question", NEW);
        form.submits().await;
        let direct = slack.direct_messages(&olga);
        slack.sim().deactivate("olga").await;
        slack.settle().await;

        folder.says("senior-backend", "minutes = 45", "minutes = 50");
        let (code, said) = slack.at_the_machine("kits reload").await;
        assert_eq!(code, 0, "{said}");
        assert!(
            said.contains("somebody has to choose: senior-backend"),
            "{said}"
        );
        assert_eq!(olga.sees(&direct), "");
        slack.rest_is_read();
    })
    .await;
}

/// Ends the program whatever becomes of the test.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hang_up_signal_reads_the_kits_again() {
    let slack = Simulator::start(pretend_setup(
        Workspace::new("T0HUP", "Northwind"),
        Pace::Live,
    ))
    .await
    .expect("a port is free");
    let (data, kits) = (
        tempfile::tempdir().expect("a folder can be made"),
        tempfile::tempdir().expect("a folder can be made"),
    );
    let file = kits.path().join("senior-backend.toml");
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("questions/senior-backend.toml");
    std::fs::copy(shipped, &file).expect("it is there");
    let credentials = slack.credentials();
    let child = Command::new(env!("CARGO_BIN_EXE_interview-assistant"))
        .arg("run")
        .env("SLACK_BOT_TOKEN", credentials.bot_token)
        .env("SLACK_APP_TOKEN", credentials.app_token)
        .env("SLACK_API_URL", slack.api_url())
        .env("INTERVIEW_LISTEN", "127.0.0.1:0")
        .env("INTERVIEW_DATA", data.path())
        .env("INTERVIEW_KITS", kits.path())
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut program = Program(child);
    let (out, err) = (program.0.stdout.take(), program.0.stderr.take());
    let (tell, told) = std::sync::mpsc::channel();
    for stream in [
        out.map(|out| Box::new(out) as Box<dyn std::io::Read + Send>),
        err.map(|err| Box::new(err) as Box<dyn std::io::Read + Send>),
    ]
    .into_iter()
    .flatten()
    {
        let tell = tell.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                let _ = tell.send(line);
            }
        });
    }
    let hears = |words: &str| {
        let patience = std::time::Duration::from_secs(60);
        loop {
            let line = told
                .recv_timeout(patience)
                .unwrap_or_else(|_| panic!("waited for {words}"));
            if line.contains(words) {
                return;
            }
        }
    };
    tokio::task::block_in_place(|| {
        hears("ready");
        let changed = text(&file).replace("minutes = 45", "minutes = 50");
        std::fs::write(&file, changed).expect("it can be written");
        let signalled = Command::new("kill")
            .args(["-HUP", &program.0.id().to_string()])
            .status();
        assert!(signalled.is_ok_and(|status| status.success()));
        hears("used by new loops from now on: senior-backend");
    });
}
