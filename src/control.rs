//! What somebody at the machine asks of the bot that runs there: through a socket in its folder, open to whoever may read the folder.

use crate::app::{App, Exported, NoExport, told};
use crate::domain::ids::WorkspaceId;
use crate::slack::text::bare;
use crate::telemetry::chain;
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream as Caller;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinSet;

/// The longest question, in bytes.
const QUESTION: u64 = 4096;
/// The longest answer, in bytes: a thousand kits and more.
const ANSWER: u64 = 256 << 20;
/// How long a caller may take over a question, and how long a caller waits for an answer, unless it is for everything in a file.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// To read the kits' files again.
    Reload,
    /// To write everything into a new file.
    BackUp {
        /// Its whole path.
        file: PathBuf,
    },
    /// For the kits as they are served.
    Export {
        /// To which workspace; absent: the only one that has edited any.
        workspace: Option<WorkspaceId>,
    },
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The files were read.
    Reloaded {
        /// What came of it, for a person.
        told: String,
        /// A file is broken.
        broken: bool,
    },
    /// Everything is in the file.
    BackedUp {
        /// How many records that were.
        records: u64,
    },
    /// The kits.
    Exported(Vec<Exported>),
    /// It cannot be done as it was asked.
    Sorry(String),
}

/// The socket in a bot's folder.
#[must_use]
pub fn socket_in(data: &Path) -> PathBuf {
    data.join("control.sock")
}

/// Opens the socket. The folder is this process's own, so one that stands there was left behind.
///
/// # Errors
/// If the system refuses, as it does where the folder's name is longer than about a hundred bytes.
pub fn open(data: &Path) -> io::Result<UnixListener> {
    let path = socket_in(data);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(&path)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Answers for as long as the bot runs.
pub async fn serve(app: App, listener: UnixListener) {
    let mut callers = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((caller, _)) => drop(callers.spawn(answered(app.clone(), caller))),
                Err(error) => {
                    tracing::warn!(%error, "the control socket does not answer");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            },
            Some(_) = callers.join_next() => {}
        }
    }
}

async fn answered(app: App, caller: UnixStream) {
    if let Err(error) = answer(&app, caller).await {
        tracing::debug!(%error, "a caller hung up, or took too long");
    }
}

async fn answer(app: &App, mut caller: UnixStream) -> io::Result<()> {
    let (reading, mut writing) = caller.split();
    let mut line = String::new();
    let mut question = tokio::io::BufReader::new(reading.take(QUESTION));
    tokio::time::timeout(PATIENCE, question.read_line(&mut line)).await??;
    // Whoever connects and says nothing keeps nobody from stopping the bot.
    let under_way = app.activity().begin();
    let answer = match serde_json::from_str(&line) {
        Ok(question) => reply(app, question).await,
        Err(_) => Answer::Sorry("the bot that runs does not know this question".to_owned()),
    };
    let mut bytes = serde_json::to_vec(&answer).map_err(io::Error::other)?;
    bytes.push(b'\n');
    writing.write_all(&bytes).await?;
    writing.shutdown().await?;
    drop(under_way);
    Ok(())
}

async fn reply(app: &App, question: Question) -> Answer {
    match question {
        Question::Reload => match app.reload().await {
            Ok(reloaded) => Answer::Reloaded {
                told: bare(&told(&reloaded)),
                broken: !reloaded.broken.is_empty(),
            },
            Err(fault) => {
                tracing::error!(error = %fault, "the kits were not read again");
                Answer::Sorry("something broke; the bot's log says what".to_owned())
            }
        },
        Question::BackUp { file } => match app.back_up(&file).await {
            Ok(records) => {
                tracing::info!(records, "everything was written into a file");
                Answer::BackedUp { records }
            }
            Err(why) => Answer::Sorry(chain(&why)),
        },
        Question::Export { workspace } => match app.export(workspace).await {
            Ok(kits) => Answer::Exported(kits),
            Err(why @ NoExport::WhichWorkspace(_)) => Answer::Sorry(why.to_string()),
            Err(NoExport::Fault(fault)) => {
                tracing::error!(error = %fault, "the kits were not exported");
                Answer::Sorry("something broke; the bot's log says what".to_owned())
            }
        },
    }
}

/// Asks the bot that runs on a folder. `None`: none does.
///
/// # Errors
/// If it does not answer as it should.
pub fn ask(data: &Path, question: &Question) -> io::Result<Option<Answer>> {
    let mut caller = match Caller::connect(socket_in(data)) {
        Ok(caller) => caller,
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused
            ) =>
        {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    // How long that takes depends on how much there is.
    let whole = matches!(question, Question::BackUp { .. });
    caller.set_read_timeout((!whole).then_some(PATIENCE))?;
    caller.set_write_timeout(Some(PATIENCE))?;
    let mut line = serde_json::to_vec(question).map_err(io::Error::other)?;
    line.push(b'\n');
    caller.write_all(&line)?;
    let mut answer = String::new();
    BufReader::new(caller.take(ANSWER)).read_line(&mut answer)?;
    serde_json::from_str(&answer)
        .map(Some)
        .map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_answers_where_no_bot_runs() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let asked = ask(folder.path(), &Question::Reload).expect("that is no failure");
        assert_eq!(asked, None);
    }

    #[tokio::test]
    async fn a_socket_that_was_left_behind_is_replaced_and_is_for_its_owner_alone() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        drop(open(folder.path()).expect("it opens"));
        assert!(socket_in(folder.path()).exists(), "it was left behind");
        assert_eq!(
            ask(folder.path(), &Question::Reload).expect("nobody is there"),
            None
        );
        let _open = open(folder.path()).expect("it opens again");
        let metadata = std::fs::metadata(socket_in(folder.path())).expect("it is there");
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    }
}
