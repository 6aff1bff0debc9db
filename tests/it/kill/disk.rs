//! The whole program on a disk that is full, and on one whose power is cut. Both mount something, so they need root and Linux; elsewhere they are skipped and say so, unless `DISK_TEST=required`.

use super::{PEOPLE, clicks_away, everything_acknowledged_is_there, opened, workspace};
use crate::harness::program::{Start, until};
use crate::harness::told::Said;
use interview_assistant::domain::ids::LoopCode;
use interview_assistant::simulator::{Pace, Simulator};
use interview_assistant::start::pretend_setup;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

/// As large as the disk of the power cut is.
const IMAGE: u64 = 96 << 20;
/// What the full disk has room for beside the store: a few hundred clicks.
const ROOM: u64 = 256 << 10;

/// Something mounted on a folder, until it is dropped.
struct Mounted(TempDir);

impl Mounted {
    /// `None`: this machine does not let us.
    fn with(arguments: &[&str]) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let mut mount = Command::new("mount");
        mount.args(arguments).arg(folder.path());
        let output = mount.output().ok()?;
        if output.status.success() {
            return Some(Self(folder));
        }
        let why = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            std::env::var("DISK_TEST").as_deref() != Ok("required"),
            "DISK_TEST=required, and nothing can be mounted: {why}"
        );
        println!("skipped, nothing can be mounted here: {why}");
        None
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

/// A loop that all eight score, and everybody clicking in it until they are not answered any more.
async fn clicking(slack: &Simulator) -> (LoopCode, Clicking) {
    let code = opened(slack).await;
    let said = Arc::new(Mutex::new(BTreeMap::new()));
    let clickers = PEOPLE
        .into_iter()
        .map(|person| tokio::spawn(clicks_away(slack.clone(), person, Arc::clone(&said))));
    let clickers = clickers.collect();
    (code, Clicking { said, clickers })
}

struct Clicking {
    said: Arc<Mutex<BTreeMap<&'static str, Said>>>,
    clickers: Vec<tokio::task::JoinHandle<()>>,
}

impl Clicking {
    fn saved(&self) -> usize {
        let said = self.said.lock().expect("no panic");
        said.values().map(|said| said.saved.len()).sum()
    }

    /// What each was told is saved, once nobody clicks any more.
    async fn ends(self) -> BTreeMap<&'static str, Said> {
        for clicker in self.clickers {
            clicker.await.expect("no panic");
        }
        self.said.lock().expect("no panic").clone()
    }
}

async fn a_slack() -> Simulator {
    Simulator::start(pretend_setup(workspace(), Pace::Stepped))
        .await
        .expect("a port is free")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_was_acknowledged_survives_a_power_cut() {
    let files = tempfile::tempdir().expect("a folder can be made");
    let image = files.path().join("disk");
    let named = image.to_str().expect("it is text").to_owned();
    File::create(&image)
        .and_then(|file| file.set_len(IMAGE))
        .expect("there is room");
    let made = Command::new("mkfs.ext4")
        .args(["-q", "-F", &named])
        .status();
    if !made.is_ok_and(|status| status.success()) {
        assert!(
            std::env::var("DISK_TEST").as_deref() != Ok("required"),
            "DISK_TEST=required, and there is no mkfs.ext4"
        );
        return println!("skipped, there is no mkfs.ext4");
    }
    // It is long until the file system writes by itself.
    let Some(disk) = Mounted::with(&["-o", "loop,commit=300", &named]) else {
        return;
    };
    let data = disk.path().join("data");
    let slack = a_slack().await;
    let mut bot = Start::new(&slack, &data).starts().await;
    let (code, clicking) = clicking(&slack).await;
    let unsynced = [7; 64 << 10];
    let mut other = File::create(disk.path().join("unsynced")).expect("it can be made");
    other.write_all(&unsynced).expect("there is room");
    until("a hundred saved", || (clicking.saved() >= 60).then_some(())).await;
    bot.is_killed();

    // What the file system has not been told to write is in the machine's memory, and not in this copy.
    let cut = files.path().join("cut");
    fs::copy(&image, &cut).expect("there is room");
    slack.disconnected().await;
    let said = clicking.ends().await;
    let after = Mounted::with(&["-o", "loop", cut.to_str().expect("it is text")]);
    let after = after.expect("the first could be mounted");
    let kept = fs::metadata(after.path().join("unsynced")).map_or(0, |file| file.len());
    assert!(
        kept < unsynced.len() as u64,
        "what was not synced is lost, as it is in a power cut"
    );
    everything_acknowledged_is_there(&after.path().join("data"), &code, &said).await;
    drop((bot, other));
    slack.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_ends_the_program_with_a_sentence_and_loses_nothing_that_was_acknowledged() {
    let Some(disk) = Mounted::with(&["-t", "tmpfs", "-o", "size=48m", "tmpfs"]) else {
        return;
    };
    let data = disk.path().join("data");
    let slack = a_slack().await;
    let mut bot = Start::new(&slack, &data).starts().await;
    let (code, clicking) = clicking(&slack).await;
    until("the first are saved", || {
        (clicking.saved() >= 16).then_some(())
    })
    .await;

    let filler = disk.path().join("filler");
    let mut fills = File::create(&filler).expect("it can be made");
    while fills.write_all(&[0; 4096]).is_ok() {}
    let full = fills.metadata().expect("it is there").len();
    fills
        .set_len(full.saturating_sub(ROOM))
        .expect("it shrinks");
    let status = until("the end of the program", || bot.ended()).await;
    assert_eq!(status.code(), Some(1), "{status}");
    let told = bot.log();
    assert!(
        told.contains("the store") && !told.contains("panicked"),
        "{told}"
    );

    slack.disconnected().await;
    let said = clicking.ends().await;
    drop(fills);
    fs::remove_file(&filler).expect("it can be removed");
    everything_acknowledged_is_there(&data, &code, &said).await;
    // With room, it goes on.
    slack.advance(Duration::from_secs(61));
    drop(Start::new(&slack, &data).starts().await);
    slack.stop();
}
