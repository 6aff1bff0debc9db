//! What every store promises of lists and sheets: a loop stands where it belongs, in order, and stretches of a list join without a gap.

use super::*;
use crate::domain::planned::Planned;
use crate::domain::reminders::{Reminded, Reminders};
use crate::domain::settings::{Preferences, Settings};
use proptest::prelude::*;

fn channel(name: &str) -> ChannelId {
    ChannelId::from(name)
}

fn only(code: &LoopCode) -> &[LoopCode] {
    std::slice::from_ref(code)
}

fn reveal(head: &mut Head) {
    head.reveal = Some(Reveal {
        at: at(100),
        by: None,
        snapshot: Vec::new(),
        shadows: Vec::new(),
    });
}

pub(in crate::store) async fn a_loop_stands_in_the_lists_it_belongs_to<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    let [one, two] = [code(1), code(2)];
    for (code, seconds) in [(&one, 0), (&two, 5)] {
        let opened = opens(head(code, &["U1", "U2"], at(seconds)));
        done(&store, writes("T1", 0, vec![opened])).await;
    }
    let slug = || KitSlug::from("sample");
    let c1 = || channel("C1");
    let (both, newest) = (
        vec![one.clone(), two.clone()],
        vec![two.clone(), one.clone()],
    );
    assert_eq!(list(&store, List::OwedBy(user("U1")), 9).await, both);
    assert_eq!(list(&store, List::OwedIn(c1()), 9).await, both);
    assert_eq!(list(&store, List::UndecidedIn(c1()), 9).await, both);
    assert_eq!(list(&store, List::WaitingIn(c1(), slug()), 9).await, both);
    assert_eq!(list(&store, List::LedBy(user("U9")), 9).await, newest);
    assert_eq!(list(&store, List::OfRole(slug()), 9).await, newest);
    for empty in [
        List::OwedBy(user("U9")),
        List::LedBy(user("U1")),
        List::ReadyIn(c1()),
        List::DecidedIn(c1()),
        List::DecidedOf(user("U9")),
        List::WaitingIn(c1(), KitSlug::from("other")),
        List::UndecidedIn(channel("C2")),
    ] {
        assert_eq!(list(&store, empty.clone(), 9).await, [], "{empty:?}");
    }

    change_head(&store, &one, |head| {
        head.panel[0].submitted_at = Some(at(1));
    })
    .await;
    assert_eq!(list(&store, List::OwedBy(user("U1")), 9).await, only(&two));
    assert_eq!(list(&store, List::OwedBy(user("U2")), 9).await, both);
    assert_eq!(list(&store, List::OwedIn(c1()), 9).await, both);

    // What is planned is owed from its end on.
    let plan = |at| {
        move |head: &mut Head| {
            head.planned = Some(Planned {
                at,
                minutes: 45,
                moved_from: None,
            });
        }
    };
    change_head(&store, &one, plan(at(50))).await;
    let newest_due = vec![two.clone(), one.clone()];
    assert_eq!(list(&store, List::OwedBy(user("U2")), 9).await, newest_due);
    assert_eq!(list(&store, List::OwedIn(c1()), 9).await, newest_due);
    change_head(&store, &one, |head| head.planned = None).await;
    assert_eq!(list(&store, List::OwedIn(c1()), 9).await, both);

    change_head(&store, &one, reveal).await;
    assert_eq!(list(&store, List::ReadyIn(c1()), 9).await, only(&one));
    assert_eq!(list(&store, List::OwedIn(c1()), 9).await, only(&two));
    assert_eq!(list(&store, List::UndecidedIn(c1()), 9).await, both);

    change_head(&store, &one, decide).await;
    assert_eq!(list(&store, List::ReadyIn(c1()), 9).await, []);
    assert_eq!(list(&store, List::DecidedIn(c1()), 9).await, only(&one));
    assert_eq!(
        list(&store, List::DecidedOf(user("U9")), 9).await,
        only(&one)
    );
    assert_eq!(
        list(&store, List::DecidedOf(user("U2")), 9).await,
        only(&one)
    );
    assert_eq!(list(&store, List::LedBy(user("U9")), 9).await, only(&two));
    assert_eq!(list(&store, List::UndecidedIn(c1()), 9).await, only(&two));
    assert_eq!(list(&store, List::OfRole(slug()), 9).await, newest);

    store.close().await;
    drop(store);
    let store = open().await;
    assert_eq!(list(&store, List::DecidedIn(c1()), 9).await, [one]);
    assert_eq!(list(&store, List::OwedIn(c1()), 9).await, [two]);
}

pub(in crate::store) async fn of_each_role_the_longest_wait_is_found<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    let opened = async |number: u32, role: &str, place: &str, seconds: i64| {
        let mut new = head(&code(number), &["U1"], at(seconds));
        new.kit.slug = KitSlug::from(role);
        new.channel = channel(place);
        done(&store, writes("T1", 0, vec![opens(new)])).await;
    };
    // Names of one another's beginning and of every length.
    opened(1, "b", "C1", 9).await;
    opened(2, "b", "C1", 3).await;
    opened(3, "bb", "C1", 4).await;
    opened(4, "a-role-with-a-longer-name", "C1", 5).await;
    opened(5, "b", "C2", 0).await;
    let longest = async |place: &str, most: usize| {
        let found = store
            .waiting_longest(&team("T1"), &channel(place), most)
            .await;
        let found = found.expect("read").into_iter();
        found
            .map(|listed| (listed.code, listed.at))
            .collect::<Vec<_>>()
    };
    let mut found = longest("C1", 9).await;
    found.sort();
    assert_eq!(
        found,
        [(code(2), at(3)), (code(3), at(4)), (code(4), at(5))]
    );
    assert_eq!(longest("C1", 2).await.len(), 2);
    assert_eq!(longest("C2", 9).await, [(code(5), at(0))]);
    assert_eq!(longest("C3", 9).await, []);
    change_head(&store, &code(2), decide).await;
    assert!(longest("C1", 9).await.contains(&(code(1), at(9))));
}

/// Openings by number and second, several in one second, and how the list is read.
pub(in crate::store) fn stretches() -> impl Strategy<Value = (Vec<i64>, usize, i64)> {
    (
        proptest::collection::vec(-5_i64..5, 0..12),
        1_usize..5,
        -6_i64..6,
    )
}

pub(in crate::store) async fn stretches_join_without_gap_or_overlap<S: Store>(
    open: impl AsyncFn() -> S,
    (seconds, most, since): (Vec<i64>, usize, i64),
) {
    let store = open().await;
    let t1 = team("T1");
    for (number, second) in (1..).zip(&seconds) {
        let opened = opens(head(&code(number), &["U1"], at(*second)));
        done(&store, writes("T1", 0, vec![opened])).await;
    }
    let mut expected: Vec<Listed> = (1..)
        .zip(&seconds)
        .map(|(number, second)| Listed {
            at: at(*second),
            code: code(number),
        })
        .collect();
    for list in [List::In(channel("C1")), List::OwedIn(channel("C1"))] {
        expected.sort_by_key(|listed| listed.code.clone());
        expected.sort_by_key(|listed| listed.at);
        if list.newest_first() {
            expected.sort_by_key(|listed| std::cmp::Reverse(listed.at));
        }
        for since in [None, Some(at(since))] {
            let mut read: Vec<Listed> = Vec::new();
            loop {
                let stretch = Stretch {
                    after: read.last().cloned(),
                    since,
                    most,
                };
                let next = store.list(&t1, &list, stretch).await.expect("read");
                assert!(next.len() <= most);
                let ends = next.is_empty();
                read.extend(next);
                if ends {
                    break;
                }
            }
            let later = |listed: &&Listed| since.is_none_or(|since| listed.at > since);
            let wanted: Vec<Listed> = expected.iter().filter(later).cloned().collect();
            assert_eq!(read, wanted, "{list:?} since {since:?}");
        }
    }
}

pub(in crate::store) async fn a_sheet_changes_only_from_the_revision_it_was_read_at<S: Store>(
    open: impl AsyncFn() -> S,
) {
    let store = open().await;
    let t1 = team("T1");
    let sheet = |times: u32| {
        let mut reminders = Reminders::of(user("U1"));
        let reminded = Reminded {
            times,
            ..Reminded::default()
        };
        reminders.loops.insert(code(1), reminded);
        Sheet::Reminders(reminders)
    };
    let puts = |revision: u64, sheet: Sheet| {
        let change = Change::Sheet(Revision(revision), Box::new(sheet));
        writes("T1", 0, vec![change])
    };
    let id = sheet(0).id();
    assert_eq!(store.sheet(&t1, &id).await.expect("read"), None);
    conflicts(&store, puts(1, sheet(1))).await;
    done(&store, puts(0, sheet(1))).await;
    conflicts(&store, puts(0, sheet(2))).await;
    done(&store, puts(1, sheet(2))).await;
    let preferences = Sheet::Preferences(Preferences::of(user("U1")));
    done(&store, puts(0, preferences.clone())).await;
    done(&store, puts(0, Sheet::Settings(Settings::default()))).await;
    store.close().await;
    drop(store);

    let store = open().await;
    let read = async |workspace: &str, id: &SheetId| {
        let found = store.sheet(&team(workspace), id).await;
        found.expect("read")
    };
    assert_eq!(read("T1", &id).await, Some((sheet(2), Revision(2))));
    let expected = Some((preferences.clone(), Revision(1)));
    assert_eq!(read("T1", &preferences.id()).await, expected);
    assert_eq!(read("T2", &id).await, None);
    assert_eq!(read("T2", &SheetId::Settings).await, None);
    assert_eq!(read("T1", &SheetId::Digest(channel("U1"))).await, None);
}

pub(in crate::store) async fn the_digests_of_a_workspace_are_found<S: Store>(
    open: impl AsyncFn() -> S,
) {
    use crate::domain::days::Days;
    use crate::domain::digest::Rhythm;
    let store = open().await;
    let digest = |place: &str| Digest {
        channel: channel(place),
        rhythm: Rhythm {
            at: jiff::civil::time(9, 0, 0, 0),
            days: Days::WEEKDAYS,
            zone: "Europe/Berlin".to_owned(),
        },
        even_if_empty: false,
        set_by: user("U9"),
        set_at: at(0),
        last: None,
        previous: None,
        paused: None,
        off: place == "C4",
    };
    for (workspace, place) in [("T1", "C1"), ("T1", "C22"), ("T2", "C3"), ("T1", "C4")] {
        let sheet = Box::new(Sheet::Digest(digest(place)));
        let change = Change::Sheet(Revision(0), sheet);
        done(&store, writes(workspace, 0, vec![change])).await;
    }
    let settings = Box::new(Sheet::Settings(Settings::default()));
    let change = Change::Sheet(Revision(0), settings);
    done(&store, writes("T1", 0, vec![change])).await;
    let found = async |workspace: &str| {
        let digests = store.digests(&team(workspace)).await;
        digests.expect("read")
    };
    assert_eq!(found("T1").await, [digest("C1"), digest("C22")]);
    assert_eq!(found("T2").await, [digest("C3")]);
    assert_eq!(found("T3").await, []);
}
