//! Who looks at their Home tab, and whom a change concerns. When it is drawn anew is decided at the edge.
//!
//! Kept in memory, on purpose: after a restart a Home tab is drawn when it is opened, or clicked on.

use super::{App, UnderWay, lock};
use crate::domain::ids::{UserId, WorkspaceId};
use crate::domain::sheet::Sheet;
use crate::store::{Base, Change, Word};
use jiff::Timestamp;
use std::collections::{BTreeSet, HashMap};
use std::sync::Mutex;
use tokio::sync::Notify;

/// Somebody, somewhere.
pub type Who = (WorkspaceId, UserId);

/// Those who look, and whom something concerned since they were asked for last.
#[derive(Default)]
pub(super) struct Watchers {
    inner: Mutex<Inner>,
    more: Notify,
}

#[derive(Default)]
struct Inner {
    /// Until when.
    until: HashMap<WorkspaceId, HashMap<UserId, Timestamp>>,
    concerned: BTreeSet<Who>,
    /// Held while somebody is concerned and nobody was told.
    under_way: Option<UnderWay>,
}

/// Whom a change concerns.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Concerned {
    /// One person.
    One(UserId),
    /// Everybody in the workspace.
    All,
}

impl App {
    /// Somebody looks at their Home tab until then.
    pub fn watches(&self, who: &Who, until: Timestamp) {
        let now = self.inner.clock.now();
        let mut inner = lock(&self.inner.watchers.inner);
        let people = inner.until.entry(who.0.clone()).or_default();
        people.retain(|_, until| *until > now);
        people.insert(who.1.clone(), until);
    }

    /// Nobody looks there any more.
    pub fn watches_no_more(&self, (workspace, user): &Who) {
        let mut inner = lock(&self.inner.watchers.inner);
        if let Some(people) = inner.until.get_mut(workspace) {
            people.remove(user);
            if people.is_empty() {
                inner.until.remove(workspace);
            }
        }
    }

    /// Those of the watchers whom something concerned since this was asked last. Waits until there is one. What is returned beside
    /// them counts as in flight.
    pub async fn concerned(&self) -> (BTreeSet<Who>, Option<UnderWay>) {
        loop {
            {
                let mut inner = lock(&self.inner.watchers.inner);
                if !inner.concerned.is_empty() {
                    let concerned = std::mem::take(&mut inner.concerned);
                    return (concerned, inner.under_way.take());
                }
            }
            self.inner.watchers.more.notified().await;
        }
    }

    /// Whom changes concern that are about to be committed; nobody, where nobody looks. Who looks at another process is not known here.
    pub(super) fn whom_these_concern(&self, changes: &[Change]) -> BTreeSet<Concerned> {
        if lock(&self.inner.watchers.inner).until.is_empty() && !self.has_peers() {
            return BTreeSet::new();
        }
        changes.iter().flat_map(concerned_by).collect()
    }

    /// Something of these people's has changed.
    pub(super) fn concern(
        &self,
        workspace: &WorkspaceId,
        concerned: impl IntoIterator<Item = Concerned>,
    ) {
        let concerned: Vec<Concerned> = concerned.into_iter().collect();
        if self.has_peers() {
            for one in &concerned {
                let user = match one {
                    Concerned::One(user) => Some(user.clone()),
                    Concerned::All => None,
                };
                self.tell_peers(Word::Concerned(workspace.clone(), user));
            }
        }
        self.concern_here(workspace, concerned);
    }

    /// Anything may have changed of whoever looks.
    pub(super) fn concern_all_here(&self) {
        let inner = lock(&self.inner.watchers.inner);
        let watched: Vec<WorkspaceId> = inner.until.keys().cloned().collect();
        drop(inner);
        for workspace in watched {
            self.concern_here(&workspace, [Concerned::All]);
        }
    }

    /// Marks those of them who look here.
    pub(super) fn concern_here(
        &self,
        workspace: &WorkspaceId,
        concerned: impl IntoIterator<Item = Concerned>,
    ) {
        let now = self.inner.clock.now();
        let mut inner = lock(&self.inner.watchers.inner);
        let Inner {
            until,
            concerned: marked,
            under_way,
        } = &mut *inner;
        let Some(people) = until.get(workspace) else {
            return;
        };
        let mut mark = |user: &UserId| {
            if people.get(user).is_some_and(|until| *until > now) {
                marked.insert((workspace.clone(), user.clone()));
            }
        };
        for one in concerned {
            match one {
                Concerned::One(user) => mark(&user),
                Concerned::All => people.keys().for_each(&mut mark),
            }
        }
        if !marked.is_empty() && under_way.is_none() {
            *under_way = Some(self.inner.activity.begin());
            self.inner.watchers.more.notify_one();
        }
    }
}

/// Whom a change concerns: a loop its owner and its panel, a scorecard its author, settings everybody.
fn concerned_by(change: &Change) -> Vec<Concerned> {
    match change {
        Change::Loop(change) => {
            let mut users: BTreeSet<&UserId> =
                change.cards.iter().map(|card| &card.author).collect();
            if let Some(head) = &change.head {
                let was = match &change.base {
                    Base::Read { was, .. } => Some(&**was),
                    Base::Absent => None,
                };
                for head in std::iter::once(head).chain(was) {
                    users.insert(&head.owner);
                    users.extend(head.panel.iter().map(|seat| &seat.user));
                }
            }
            users.into_iter().cloned().map(Concerned::One).collect()
        }
        Change::Erase(Base::Read { was, .. }, _) => {
            let panel = was.panel.iter().map(|seat| &seat.user);
            let users: BTreeSet<&UserId> = panel.chain([&was.owner]).collect();
            users.into_iter().cloned().map(Concerned::One).collect()
        }
        Change::Sheet(_, sheet) => match &**sheet {
            Sheet::Preferences(preferences) => vec![Concerned::One(preferences.user.clone())],
            Sheet::Settings(_) | Sheet::Digest(_) => vec![Concerned::All],
            Sheet::Reminders(_) | Sheet::Organisation(_) => Vec::new(),
        },
        Change::Shelf(..) => vec![Concerned::All],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::interview_loop::{Head, Seat};
    use crate::domain::scorecard::Scorecard;
    use crate::domain::settings::{Preferences, Settings};
    use crate::store::{LoopChange, Revision};

    fn head(owner: &str, panel: &[&str]) -> Head {
        let mut head: Head = serde_json::from_value(serde_json::json!({
            "code": "C-7F3Q", "kit": {"slug": "sample", "version": "0123456789ab"}, "title": "Sample",
            "candidate": "Jane Doe", "owner": owner, "opened_by": owner, "opened_at": Timestamp::UNIX_EPOCH,
            "channel": "C1", "public": false, "naming": "name", "named_panel": true, "panel": [],
        }))
        .expect("a head");
        head.panel = panel
            .iter()
            .map(|user| Seat::new(UserId::from(*user)))
            .collect();
        head
    }

    fn concerned(was: Option<Head>, head: Option<Head>, card: Option<&str>) -> Vec<String> {
        let change = LoopChange {
            code: "C-7F3Q".into(),
            base: was.map_or(Base::Absent, |was| Base::Read {
                head: Revision(1),
                cards: [].into(),
                was: Box::new(was),
            }),
            head,
            cards: card
                .map(|author| Scorecard::new(UserId::from(author), Timestamp::UNIX_EPOCH))
                .into_iter()
                .collect(),
            audit: Vec::new(),
        };
        names(&Change::Loop(Box::new(change)))
    }

    fn names(change: &Change) -> Vec<String> {
        let name = |one| match one {
            Concerned::One(user) => user.to_string(),
            Concerned::All => "all".to_owned(),
        };
        concerned_by(change).into_iter().map(name).collect()
    }

    #[test]
    fn a_click_on_a_rating_concerns_its_author_alone() {
        let was = head("rita", &["ada", "ben"]);
        assert_eq!(concerned(Some(was), None, Some("ada")), ["ada"]);
    }

    #[test]
    fn a_loop_concerns_its_owner_and_its_panel_and_those_who_were() {
        let was = head("rita", &["ada", "ben"]);
        let now = head("olga", &["ben", "cid"]);
        assert_eq!(
            concerned(Some(was), Some(now), Some("ben")),
            ["ada", "ben", "cid", "olga", "rita"]
        );
        assert_eq!(
            concerned(None, Some(head("rita", &["ada"])), None),
            ["ada", "rita"]
        );
    }

    #[test]
    fn settings_concern_everybody_and_preferences_whose_they_are() {
        let sheet = |sheet| names(&Change::Sheet(Revision(0), Box::new(sheet)));
        assert_eq!(sheet(Sheet::Settings(Settings::default())), ["all"]);
        let preferences = Preferences::of(UserId::from("ada"));
        assert_eq!(sheet(Sheet::Preferences(preferences)), ["ada"]);
    }
}
