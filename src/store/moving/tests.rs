//! Files that are not as they were written, moves that break off, and copies while people work.

use super::*;
use crate::domain::ids::LoopCode;
use crate::store::contract::{at, code, done, head, load, opens, user, writes};
use crate::store::sled::SledStore;
use crate::store::{Change, Needs};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn open(folder: &TempDir) -> SledStore {
    SledStore::open(folder.path()).expect("the store opens")
}

async fn holding(folder: &TempDir, loops: u32) -> SledStore {
    let store = open(folder);
    for number in 0..loops {
        let opened = opens(head(&code(number), &["U1"], at(0)));
        done(&store, writes("T1", 0, vec![opened])).await;
    }
    store
}

async fn backup_of(loops: u32, folder: &TempDir) -> (PathBuf, Moved) {
    let source = tempfile::tempdir().expect("a temporary folder");
    let store = holding(&source, loops).await;
    let file = folder.path().join("backup");
    let made = back_up(&store, &file, at(0)).await.expect("written");
    (file, made)
}

/// What a restore of these bytes says, and how many records there are then.
async fn restored(bytes: &[u8]) -> (Result<Moved, NotMoved>, u64) {
    let folder = folder();
    let file = folder.path().join("given");
    std::fs::write(&file, bytes).expect("written");
    let to = tempfile::tempdir().expect("a temporary folder");
    let store = open(&to);
    let ended = async {
        let backup = Backup::check(&file).await?;
        backup.restore(&store, &|_| {}).await
    };
    let ended = ended.await;
    assert!(!store.is_filling().await.expect("read"));
    let held = held_by(&store).await.expect("read");
    (
        ended,
        if held.last.is_none() {
            0
        } else {
            held.moved.records
        },
    )
}

#[tokio::test]
async fn a_backup_cut_short_or_altered_anywhere_changes_nothing() {
    let folder = folder();
    let (file, made) = backup_of(40, &folder).await;
    let bytes = std::fs::read(&file).expect("read");
    let (whole, there) = restored(&bytes).await;
    assert_eq!(
        (whole.expect("it is good"), there),
        (made.clone(), made.records)
    );

    // Every so many bytes, and all of the beginning and of the end.
    let near = |place: usize| place < 40 || place + 40 > bytes.len() || place.is_multiple_of(97);
    for place in (0..bytes.len()).filter(|place| near(*place)) {
        let (cut, there) = restored(&bytes[..place]).await;
        assert!(matches!(cut, Err(NotMoved::File { .. })), "cut at {place}");
        assert_eq!(there, 0);
        let mut altered = bytes.clone();
        altered[place] ^= 1 << (place % 8);
        let (ended, there) = restored(&altered).await;
        match ended {
            // Some bits of a frame's head say nothing of its content.
            Ok(same) => assert_eq!((&same, there), (&made, made.records), "altered at {place}"),
            Err(why) => {
                assert!(
                    matches!(why, NotMoved::File { .. }),
                    "altered at {place}: {why}"
                );
                assert_eq!(there, 0);
            }
        }
    }
    let twice = [&bytes[..], &bytes[..]].concat();
    assert!(restored(&twice).await.0.is_err());
}

#[tokio::test]
async fn lines_that_were_changed_and_packed_again_are_noticed() {
    let folder = folder();
    let (file, _) = backup_of(3, &folder).await;
    let text = zstd::decode_all(std::fs::File::open(&file).expect("it opens")).expect("unpacked");
    let text = String::from_utf8(text).expect("it is text");
    let lines: Vec<&str> = text.lines().collect();
    let with = |lines: &[&str]| {
        let text = lines
            .iter()
            .flat_map(|line| [*line, "\n"])
            .collect::<String>();
        zstd::encode_all(text.as_bytes(), 3).expect("packed")
    };
    let last = lines.len() - 1;
    let says = async |lines: &[&str]| {
        let (ended, there) = restored(&with(lines)).await;
        assert_eq!(there, 0);
        ended.err().map(|why| why.to_string()).unwrap_or_default()
    };

    let renamed: Vec<String> = lines
        .iter()
        .map(|line| line.replace("Zoë", "Zoe"))
        .collect();
    let renamed: Vec<&str> = renamed.iter().map(String::as_str).collect();
    assert!(says(&renamed).await.contains("was altered"));
    assert!(says(&lines[..last]).await.contains("cut short"));
    assert!(says(&lines[1..]).await.contains("no backup"));
    let one_less = [&lines[..2], &lines[3..]].concat();
    assert!(says(&one_less).await.contains("was altered"));
    let odd = [&lines[..2], &["what?"], &lines[2..]].concat();
    assert!(says(&odd).await.contains("altered or damaged at line 3"));
    let later = lines[0].replace("\"version\":1", "\"version\":2");
    let later = [&[later.as_str()], &lines[1..]].concat();
    assert!(says(&later).await.contains("later version"));
    let after = [&lines[..], &["{}"]].concat();
    assert!(says(&after).await.contains("was altered"));
    assert!(restored(b"").await.0.is_err());
    assert!(restored(b"PK").await.0.is_err());
}

#[tokio::test]
async fn a_damaged_record_is_backed_up_as_it_is() {
    let (from, to) = (folder(), folder());
    let store = holding(&from, 2).await;
    let damaged = Raw {
        key: b"c\x02T1\x01?".to_vec(),
        bytes: b"\x01c\0\0\0\0\0\0\0\x07{\xFF no".to_vec(),
    };
    let page = vec![damaged];
    store.copy_in(page).await.expect("written");
    let file = to.path().join("backup");
    let made = back_up(&store, &file, at(0)).await.expect("written");
    let copy = folder();
    let copy = open(&copy);
    let backup = Backup::check(&file).await.expect("it is good");
    let restored = backup.restore(&copy, &|_| {}).await.expect("restored");
    assert_eq!(restored, made);
}

#[tokio::test]
async fn nothing_is_written_over_a_file_or_into_a_store_that_holds_something() {
    let folder = folder();
    let (file, _) = backup_of(2, &folder).await;
    let full = tempfile::tempdir().expect("a temporary folder");
    let store = holding(&full, 1).await;
    let over = back_up(&store, &file, at(0)).await;
    assert!(
        over.expect_err("there is one")
            .to_string()
            .contains("such a file already")
    );
    let left: Vec<_> = std::fs::read_dir(folder.path()).expect("read").collect();
    assert_eq!(left.len(), 1, "nothing lies beside it");

    let backup = Backup::check(&file).await.expect("it is good");
    let into = backup.restore(&store, &|_| {}).await;
    assert!(matches!(into, Err(NotMoved::NotEmpty)), "{into:?}");
    assert!(!store.is_filling().await.expect("read"));
}

#[tokio::test]
async fn a_move_that_broke_off_is_refused_and_goes_on_where_it_was() {
    let (from, to) = (folder(), folder());
    let source = holding(&from, 400).await;
    let store = open(&to);
    {
        // Broken off once something has come.
        let come = AtomicBool::new(false);
        let told = |_| come.store(true, Ordering::SeqCst);
        let moving = transfer(&source, &store, &told);
        tokio::pin!(moving);
        std::future::poll_fn(|context| {
            let polled = moving.as_mut().poll(context);
            let ends = come.load(Ordering::SeqCst);
            assert!(polled.is_pending(), "it broke off too late");
            if ends {
                std::task::Poll::Ready(())
            } else {
                std::task::Poll::Pending
            }
        })
        .await;
    }
    store.close().await;
    drop(store);

    let store = open(&to);
    let refused = refuse_half_filled(&store)
        .await
        .expect_err("it is half filled");
    assert!(
        refused.to_string().contains("Run the same once more"),
        "{refused}"
    );
    let come = held_by(&store).await.expect("read").moved.records;
    let moved = transfer(&source, &store, &|_| {}).await.expect("moved");
    assert!(
        (1..moved.records).contains(&come),
        "{come} of {}",
        moved.records
    );
    refuse_half_filled(&store).await.expect("it is whole");
    assert_eq!(held_by(&store).await.expect("read").moved, moved);
}

#[tokio::test]
async fn a_source_that_was_used_in_between_is_noticed() {
    let (from, to) = (folder(), folder());
    let source = holding(&from, 3).await;
    let store = open(&to);
    let page = {
        let (pages, mut taken) = mpsc::channel(9);
        source.copy_out(pages).await.expect("read");
        taken.recv().await.expect("there is a page")
    };
    store.set_filling(true).await.expect("written");
    store.copy_in(page).await.expect("written");
    let opened = opens(head(&code(4711), &["U1"], at(0)));
    done(&source, writes("T1", 0, vec![opened])).await;
    let ended = transfer(&source, &store, &|_| {}).await;
    assert!(matches!(ended, Err(NotMoved::Differs { .. })), "{ended:?}");
    assert!(refuse_half_filled(&store).await.is_err());
}

/// How many loops each of two people has got in one commit.
async fn counts(store: &SledStore, of: &[LoopCode; 2]) -> [u64; 2] {
    let mut found = [0; 2];
    for (place, code) in of.iter().enumerate() {
        found[place] = load(store, "T1", code, Needs::Head).await.revision.0;
    }
    found
}

/// Two loops that lie far apart among many are changed together, again and again: whatever is copied meanwhile has them alike.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_is_of_one_moment_though_people_go_on() {
    let from = folder();
    let store = Arc::new(holding(&from, 1500).await);
    let mut codes: Vec<LoopCode> = (0..1500).map(code).collect();
    codes.sort();
    let ends = [codes[0].clone(), codes[1499].clone()];
    let stop = Arc::new(AtomicBool::new(false));
    let mut tasks = tokio::task::JoinSet::new();
    {
        let (store, ends, stop) = (Arc::clone(&store), ends.clone(), Arc::clone(&stop));
        tasks.spawn(async move {
            let mut written = 0_u32;
            while !stop.load(Ordering::SeqCst) {
                let mut both = Vec::new();
                for code in &ends {
                    let loaded = load(&*store, "T1", code, Needs::Head).await;
                    let mut next = loaded.head.clone();
                    next.owner = user(&format!("U{written}"));
                    both.push(crate::store::contract::changes(
                        &loaded,
                        &[],
                        Some(next),
                        vec![],
                    ));
                }
                // Something new and something gone in the middle.
                let new = opens(head(&code(100_000 + written), &["U2"], at(0)));
                both.push(new);
                if let Some(draft) = written.checked_sub(1) {
                    both.push(Change::TakeDraft(format!("D{draft}").as_str().into()));
                }
                let draft = crate::domain::event::Draft::Opening(Default::default());
                both.push(Change::PutDraft(
                    format!("D{written}").as_str().into(),
                    Box::new(draft),
                ));
                done(&*store, writes("T1", 0, both)).await;
                written += 1;
            }
            written
        });
    }
    let mut before = 0;
    for round in 0..6 {
        let to = folder();
        let copy = open(&to);
        let made = {
            let (pages, taken) = mpsc::channel(1);
            let (copied, filled) = tokio::join!(store.copy_out(pages), fill(taken, &copy, &|_| {}));
            copied.expect("copied");
            filled.expect("filled")
        };
        assert_eq!(held_by(&copy).await.expect("read").moved, made);
        let [one, other] = counts(&copy, &ends).await;
        assert_eq!(one, other, "in round {round}");
        // As many loops came new as these two were changed, and one draft waits.
        let all = copy_of(&copy, b'h').await;
        assert_eq!(all as u64, 1500 + one - 1, "in round {round}");
        assert_eq!(copy_of(&copy, b'o').await, usize::from(one > 1));
        assert!(one >= before);
        before = one;
    }
    stop.store(true, Ordering::SeqCst);
    let written = tasks
        .join_next()
        .await
        .expect("it writes")
        .expect("it wrote");
    assert!(written > 6, "{written} commits went on meanwhile");
}

/// How many records of a kind there are.
async fn copy_of(store: &SledStore, letter: u8) -> usize {
    let (pages, mut taken) = mpsc::channel::<Page>(1);
    let count = async {
        let mut count = 0;
        while let Some(page) = taken.recv().await {
            count += page
                .iter()
                .filter(|raw| raw.key.first() == Some(&letter))
                .count();
        }
        count
    };
    let (copied, count) = tokio::join!(store.copy_out(pages), count);
    copied.expect("copied");
    count
}
