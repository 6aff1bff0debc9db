//! What every store promises, as tests over any of them. Those that concern one store alone are beside it.
//!
//! A promise takes a function that opens the same store each time it is called; whoever calls it again has closed the one before.

mod at_once;
mod calibrations;
mod deliveries;
mod erasing;
mod glance;
mod installs;
mod kits;
mod lists;
mod loops;
mod messages;
mod moving;
mod walk;

pub(super) use at_once::*;
pub(super) use calibrations::*;
pub(super) use deliveries::*;
pub(super) use erasing::*;
pub(super) use glance::*;
pub(super) use installs::*;
pub(super) use kits::*;
pub(super) use lists::*;
pub(super) use loops::*;
pub(super) use messages::*;
pub(super) use moving::*;
pub(super) use walk::{a_random_walk_ends_where_a_simple_model_does, steps};

/// Hands the names of all promises to a macro that makes a test of each; those over random steps have arguments, and are not in it.
macro_rules! for_every_promise {
    ($with:ident) => {
        $with! {
            a_commit_is_written_as_a_whole_or_not_at_all
            a_change_of_what_has_changed_since_is_refused
            interviewers_do_not_stand_in_each_others_way
            a_delivery_has_one_effect_and_one_answer
            of_many_deliveries_at_once_one_has_an_effect
            of_a_reveal_and_a_rating_at_once_one_asks_again
            a_delivery_that_comes_at_once_on_two_days_has_one_effect
            a_draft_is_taken_once
            who_came_first_waits_first_and_goes_once
            what_is_owed_folds_and_is_settled_as_it_was_read
            workspaces_do_not_see_each_other
            lists_follow_the_loops
            a_loop_stands_in_the_lists_it_belongs_to
            of_each_role_the_longest_wait_is_found
            a_sheet_changes_only_from_the_revision_it_was_read_at
            the_digests_of_a_workspace_are_found
            a_loop_is_found_by_its_post_and_by_no_other_message
            a_post_that_was_never_listed_breaks_nothing
            the_audit_is_kept_in_order
            every_version_of_a_kit_stays
            a_shelf_changes_only_from_the_revision_it_was_read_at
            shelves_belong_to_their_workspace
            a_calibration_changes_only_from_the_revision_it_was_read_at
            of_two_who_rate_at_once_one_asks_again
            an_erased_loop_goes_with_all_that_stands_beside_it
            nothing_comes_back_of_an_erased_loop
            of_an_erasing_and_a_rating_at_once_one_asks_again
            calibrations_belong_to_their_workspace
            an_installation_changes_only_from_the_revision_it_was_read_at
            installations_are_found_one_after_the_other
            open_loops_are_counted_by_the_version_they_are_on
            sweeping_keeps_two_days
            everything_is_there_after_reopening
            a_loop_is_read_as_of_one_moment
            a_glance_sees_what_each_look_would
            everything_moves_in_and_out_and_goes_on_from_there
        }
    };
}
pub(super) use for_every_promise;

use super::*;
use crate::domain::candidate::{CandidateName, Note};
use crate::domain::event::{Audited, Opening, Request, Screen};
use crate::domain::interview_loop::{Decision, Messages, Naming, Reveal, Seat, Verdict};
use crate::domain::kit::KitRef;
use crate::domain::samples;
use std::sync::Arc;

/// A moment so many seconds after noon of some day.
pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_262_400 + seconds).expect("a moment")
}

pub(super) fn team(name: &str) -> WorkspaceId {
    WorkspaceId::from(name)
}

pub(super) fn code(number: u32) -> LoopCode {
    LoopCode::from_random(number)
}

pub(super) fn user(name: &str) -> UserId {
    UserId::from(name)
}

/// A loop of Zoë's, led by `U9` in `C1`, with a panel.
pub(super) fn head(code: &LoopCode, panel: &[&str], opened_at: Timestamp) -> Head {
    Head {
        code: code.clone(),
        kit: KitRef {
            slug: KitSlug::from("sample"),
            version: KitVersion::from("0123456789ab"),
        },
        title: "Sample Engineer".to_owned(),
        candidate: CandidateName::parse("Zoë O'Brien").expect("a name"),
        note: Note::default(),
        requisition: Note::default(),
        cv: Note::default(),
        owner: user("U9"),
        opened_by: user("U9"),
        opened_at,
        channel: ChannelId::from("C1"),
        public: false,
        naming: Naming::Name,
        named_panel: true,
        panel: panel.iter().map(|name| Seat::new(user(name))).collect(),
        reveal: None,
        decision: None,
        past_decisions: Vec::new(),
        withdrawal: None,
        hold: None,
        planned: None,
        asked_to_join: [].into(),
        messages: Messages::default(),
    }
}

/// A scorecard that differs from others by its reason.
pub(super) fn card(author: &str, reason: &str) -> Scorecard {
    Scorecard {
        reason: Note::new(reason),
        ..Scorecard::new(user(author), at(0))
    }
}

pub(super) fn said(text: &str) -> Reply {
    Reply::Said(text.into())
}

/// A commit without a delivery.
pub(super) fn writes(workspace: &str, seconds: i64, changes: Vec<Change>) -> Commit {
    Commit {
        workspace: team(workspace),
        at: at(seconds),
        delivery: None,
        changes,
    }
}

pub(super) fn answers(
    workspace: &str,
    seconds: i64,
    key: &str,
    reply: &str,
    changes: Vec<Change>,
) -> Commit {
    Commit {
        delivery: Some((DeliveryKey::from(key), said(reply))),
        ..writes(workspace, seconds, changes)
    }
}

pub(super) fn opens(head: Head) -> Change {
    Change::Loop(Box::new(LoopChange {
        code: head.code.clone(),
        base: Base::Absent,
        head: Some(head),
        cards: Vec::new(),
        audit: Vec::new(),
    }))
}

/// What a loop was read as, to compute a change from.
pub(super) fn base(loaded: &Loaded, looked_for: &[&str]) -> Base {
    let mut cards: BTreeMap<UserId, Revision> = looked_for
        .iter()
        .map(|name| (user(name), Revision(0)))
        .collect();
    cards.extend(
        loaded
            .cards
            .iter()
            .map(|(author, (_, revision))| (author.clone(), *revision)),
    );
    Base::Read {
        head: loaded.revision,
        cards,
        was: Box::new(loaded.head.clone()),
    }
}

pub(super) fn changes(
    loaded: &Loaded,
    looked_for: &[&str],
    head: Option<Head>,
    cards: Vec<Scorecard>,
) -> Change {
    Change::Loop(Box::new(LoopChange {
        code: loaded.head.code.clone(),
        base: base(loaded, looked_for),
        head,
        cards,
        audit: Vec::new(),
    }))
}

pub(super) async fn done(store: &impl Store, commit: Commit) {
    assert_eq!(
        store.commit(commit).await.expect("written"),
        Committed::Done
    );
}

pub(super) async fn conflicts(store: &impl Store, commit: Commit) {
    assert_eq!(
        store.commit(commit).await.expect("judged"),
        Committed::Conflict
    );
}

pub(super) async fn load(
    store: &impl Store,
    workspace: &str,
    code: &LoopCode,
    needs: Needs,
) -> Loaded {
    let loaded = store
        .load(&team(workspace), code, &needs)
        .await
        .expect("read");
    loaded.expect("the loop is there")
}

fn opening() -> Draft {
    Draft::Opening(Opening {
        slug: None,
        candidate: Note::new("Zoë"),
        panel: Vec::new(),
        groups: Vec::new(),
        channel: None,
        requisition: Note::default(),
        note: Note::default(),
        cv: Note::default(),
        naming: None,
        another_person: false,
        ..Opening::default()
    })
}

pub(super) fn delivery(workspace: &str, key: &str) -> Delivery {
    Delivery {
        key: DeliveryKey::from(key),
        workspace: team(workspace),
        actor: user("U1"),
        place: None,
        request: Request::Look(Screen::Help),
        route: "r".to_owned(),
    }
}

/// The codes of the beginning of a list of `T1`.
pub(super) async fn list(store: &impl Store, list: List, most: usize) -> Vec<LoopCode> {
    list_in(store, "T1", list, most).await
}

pub(super) async fn list_in(
    store: &impl Store,
    workspace: &str,
    list: List,
    most: usize,
) -> Vec<LoopCode> {
    let (workspace, stretch) = (team(workspace), Stretch::first(most));
    let listed = store.list(&workspace, &list, stretch).await.expect("read");
    listed.into_iter().map(|listed| listed.code).collect()
}

pub(super) async fn everything_is_there_after_reopening<S: Store>(open: impl AsyncFn() -> S) {
    let store = open().await;
    let one = code(1);
    let t1 = team("T1");
    done(
        &store,
        writes("T1", 0, vec![opens(head(&one, &["U1"], at(0)))]),
    )
    .await;
    let loaded = load(&store, "T1", &one, Needs::Own(user("U1"))).await;
    let all = vec![
        changes(
            &loaded,
            &["U1"],
            Some(head(&one, &["U1", "U2"], at(0))),
            vec![card("U1", "one")],
        ),
        Change::Owe(Post::Loop(one.clone())),
        Change::PutDraft(DraftId::from("D1"), Box::new(opening())),
        Change::Wait(Box::new(delivery("T1", "W1"))),
        Change::Kit(KitVersion::from("v1"), Box::new(samples::kit())),
    ];
    done(&store, answers("T1", 0, "K1", "one", all)).await;
    let parcels = store.parcels().await.expect("read");
    store.close().await;
    assert!(matches!(
        store.commit(writes("T1", 0, vec![])).await,
        Err(StoreFault::Closed)
    ));
    drop(store);

    let store = open().await;
    let loaded = load(&store, "T1", &one, Needs::All).await;
    assert_eq!(
        (loaded.revision, loaded.head),
        (Revision(2), head(&one, &["U1", "U2"], at(0)))
    );
    assert_eq!(loaded.cards[&user("U1")], (card("U1", "one"), Revision(1)));
    assert_eq!(store.parcels().await.expect("read"), parcels);
    assert_eq!(
        store.draft(&t1, &DraftId::from("D1")).await.expect("read"),
        Some(opening())
    );
    assert_eq!(
        list(&store, List::Of(user("U2")), 9).await,
        std::slice::from_ref(&one)
    );
    assert_eq!(
        store
            .answered(&t1, &DeliveryKey::from("K1"), at(0))
            .await
            .expect("read"),
        Some(said("one"))
    );
    assert!(
        store
            .kit(&KitVersion::from("v1"))
            .await
            .expect("read")
            .is_some()
    );
    // Who comes now waits behind who came before; what is owed anew has a later stamp.
    let more = vec![
        Change::Wait(Box::new(delivery("T1", "W0"))),
        Change::Owe(Post::Loop(one.clone())),
    ];
    done(&store, writes("T1", -3600, more)).await;
    assert_eq!(
        store.waiting().await.expect("read"),
        [delivery("T1", "W1"), delivery("T1", "W0")]
    );
    assert!(store.parcels().await.expect("read")[0].stamp > parcels[0].stamp);
}

/// Loads the head, changes it, commits it.
pub(super) async fn change_head(
    store: &impl Store,
    code: &LoopCode,
    change: impl FnOnce(&mut Head),
) {
    let loaded = load(store, "T1", code, Needs::Head).await;
    let mut head = loaded.head.clone();
    change(&mut head);
    done(
        store,
        writes("T1", 1, vec![changes(&loaded, &[], Some(head), vec![])]),
    )
    .await;
}

pub(super) fn decide(head: &mut Head) {
    head.decision = Some(Decision {
        verdict: Verdict::Hire,
        reason: Note::new("Because."),
        by: user("U9"),
        at: at(1),
    });
}

/// A member of whom Slack has told.
pub(super) fn somebody() -> Person {
    Person {
        guest: false,
        stranger: false,
        bot: false,
        deactivated: false,
        administrator: false,
        unknown: false,
        zone: None,
        likeness: None,
        told_at: at(0),
    }
}

/// A private channel that the bot is in.
pub(super) fn somewhere() -> Place {
    Place {
        direct: false,
        private: true,
        shared: false,
        archived: false,
        bot_is_member: true,
        told_at: at(0),
    }
}
