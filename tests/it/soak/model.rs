//! What everybody was told is saved, and whether the store has it: all of it, whole, and nothing that nobody did.

use crate::harness::told::Said;
use interview_assistant::domain::event::Audited;
use interview_assistant::domain::ids::{LoopCode, QuestionId, UserId, WorkspaceId};
use interview_assistant::domain::interview_loop::Needs;
use interview_assistant::simulator::user_id;
use interview_assistant::store::Store;
use interview_assistant::store::sled::SledStore;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub const TEAM: &str = "T0SOAK";

/// A loop, as people know it.
#[derive(Clone, Debug, Default)]
pub struct Told {
    pub name: String,
    pub panel: Vec<&'static str>,
    /// Once its post was seen.
    pub code: Option<LoopCode>,
    pub cards: BTreeMap<&'static str, Said>,
    /// What they wrote, the newest last, and how much of it they were told is saved.
    pub notes: BTreeMap<(&'static str, QuestionId), (Vec<String>, usize)>,
    /// Who has pressed the button, and who was told that it counts.
    pub tried: BTreeSet<&'static str>,
    pub submitted: BTreeSet<&'static str>,
    /// The owner has revealed it early, as far as they know.
    pub early: bool,
    pub decided: bool,
}

impl Told {
    /// Everything is in that is asked for.
    pub fn is_whole(&self) -> bool {
        self.panel.iter().all(|it| self.submitted.contains(it))
    }
}

/// Opens the store that a process has left, and holds these loops against it.
pub async fn is_there(folder: &Path, all: &[Told]) {
    let path = folder.to_owned();
    let store = tokio::task::spawn_blocking(move || SledStore::open(&path))
        .await
        .expect("no panic")
        .expect("the store opens");
    are_in(&store, all).await;
    store.close().await;
}

/// Holds these loops against a store.
pub async fn are_in(store: &dyn Store, all: &[Told]) {
    for told in all {
        if let Some(code) = &told.code {
            one_is_there(store, code, told).await;
        }
    }
}

async fn one_is_there(store: &dyn Store, code: &LoopCode, told: &Told) {
    let team = WorkspaceId::from(TEAM);
    let name = &told.name;
    let loaded = store.load(&team, code, &Needs::All).await;
    let loaded = loaded.expect("it is readable");
    let loaded = loaded.unwrap_or_else(|| panic!("{name} was opened and is not there"));
    let audit = store.audit(&team, code).await.expect("it is readable");
    for person in &told.panel {
        let user = UserId::from(user_id(person));
        let card = loaded.cards.get(&user).map(|it| &it.0);
        let marks = card.map(|card| card.marks.clone()).unwrap_or_default();
        let submitted = told.tried.contains(person);
        if let Some(said) = told.cards.get(person) {
            // What was left out is marked with the submission.
            let mut rated = marks.clone();
            if submitted {
                rated.retain(|question, _| said.saved.contains_key(question));
            }
            said.is_kept(person, &rated);
        }
        for (question, mark) in &marks {
            let last = audit.iter().rev().find_map(|entry| match &entry.what {
                Audited::Rated {
                    question: of, to, ..
                } if of == question && entry.actor.as_ref() == Some(&user) => Some(to),
                _ => None,
            });
            // The rest is marked as not asked in one go.
            if last.is_none() && submitted {
                continue;
            }
            assert_eq!(
                last,
                Some(mark),
                "{name}: {person}'s {question} is in no audit"
            );
        }
        for ((of, question), (written, saved)) in &told.notes {
            if of == person && *saved > 0 {
                let kept = card.and_then(|card| card.evidence.get(question));
                let kept = kept.map_or("", |note| note.as_str());
                let may_be = &written[*saved - 1..];
                assert!(
                    may_be.iter().any(|it| it == kept),
                    "{name}: {person} was told that {may_be:?} is written; found {kept:?}"
                );
            }
        }
        let seat = loaded.head.seat(&user).expect("they are on the panel");
        let entries = audit.iter().filter(|entry| {
            matches!(entry.what, Audited::Submitted { .. }) && entry.actor.as_ref() == Some(&user)
        });
        assert_eq!(
            seat.is_in(),
            entries.count() > 0,
            "{name}: {person}, half submitted"
        );
        assert!(
            seat.is_in() || !told.submitted.contains(person),
            "{name}: {person} was told that their scorecard is in"
        );
        assert!(
            !seat.is_in() || submitted,
            "{name}: {person} never submitted"
        );
    }
    let revealed = audit
        .iter()
        .filter(|it| matches!(it.what, Audited::Revealed { .. }));
    let revealed = revealed.count();
    assert_eq!(
        usize::from(loaded.head.reveal.is_some()),
        revealed,
        "{name}: revealed {revealed} times"
    );
    assert!(
        revealed == 1 || !(told.is_whole() || told.early),
        "{name} is not revealed"
    );
    let decided = audit
        .iter()
        .any(|it| matches!(it.what, Audited::Decided { .. }));
    assert_eq!(
        loaded.head.decision.is_some(),
        decided,
        "{name}: half decided"
    );
    assert!(decided || !told.decided, "{name} was decided");
}
