//! The lists of loops that are kept beside them, so that nobody has to look through all loops. What is done with a list is in `app`.

use crate::domain::ids::{ChannelId, KitSlug, LoopCode, UserId};
use crate::domain::interview_loop::{Head, Phase};
use crate::store::codec::{self, Kind};
use crate::store::{StoreFault, keys};
use jiff::Timestamp;

/// A list of loops, each under a moment of its own that gives it its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum List {
    /// Those that somebody owns or is on the panel of, by their opening, newest first.
    Of(UserId),
    /// Those that post to a channel, by their opening, newest first.
    In(ChannelId),
    /// The open ones to which somebody owes a scorecard, by the moment from which on they do, oldest first: planned ones have one to come.
    OwedBy(UserId),
    /// Those that somebody owns and that are neither decided nor withdrawn, by their opening, newest first.
    LedBy(UserId),
    /// The decided ones that somebody owns or is on the panel of, by the decision that stands, newest first.
    DecidedOf(UserId),
    /// The open ones of a channel to which somebody owes a scorecard, by the moment from which on they do, oldest first: planned ones have
    /// one to come.
    OwedIn(ChannelId),
    /// Those of a channel that are revealed and wait for a decision, by their reveal, oldest first.
    ReadyIn(ChannelId),
    /// The decided ones of a channel, by the decision that stands, newest first.
    DecidedIn(ChannelId),
    /// Those of a channel that are neither decided nor withdrawn, by their opening, oldest first.
    UndecidedIn(ChannelId),
    /// Those of a role in a channel that are neither decided nor withdrawn, by their opening, oldest first.
    WaitingIn(ChannelId, KitSlug),
    /// All of a role, by their opening, newest first.
    OfRole(KitSlug),
    /// Those of a workspace that are decided or withdrawn and that no legal hold keeps, by that moment, oldest first.
    Closed,
}

impl List {
    /// Whether the latest moment comes first.
    #[must_use]
    pub fn newest_first(&self) -> bool {
        match self {
            Self::Of(_)
            | Self::In(_)
            | Self::LedBy(_)
            | Self::DecidedOf(_)
            | Self::DecidedIn(_)
            | Self::OfRole(_) => true,
            Self::OwedBy(_)
            | Self::OwedIn(_)
            | Self::ReadyIn(_)
            | Self::UndecidedIn(_)
            | Self::WaitingIn(..)
            | Self::Closed => false,
        }
    }
}

/// A loop in a list, and the moment that gives it its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    /// The moment, in microseconds.
    pub at: Timestamp,
    /// Which loop.
    pub code: LoopCode,
}

/// How much of a list is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Only what comes behind this one, in the list's order.
    pub after: Option<Listed>,
    /// Only moments later than this.
    pub since: Option<Timestamp>,
    /// At most so many.
    pub most: usize,
}

impl Stretch {
    /// From the beginning.
    #[must_use]
    pub fn first(most: usize) -> Self {
        Self {
            after: None,
            since: None,
            most,
        }
    }

    /// From the beginning, what is later than this.
    #[must_use]
    pub fn since(since: Timestamp, most: usize) -> Self {
        Self {
            since: Some(since),
            ..Self::first(most)
        }
    }
}

/// Every list that a loop stands in, with its moment there.
#[must_use]
pub fn lists_of(head: &Head) -> Vec<(List, Timestamp)> {
    let mut lists: Vec<(List, Timestamp)> = Vec::new();
    let opened = head.opened_at;
    let phase = head.phase();
    let (channel, slug) = (&head.channel, &head.kit.slug);
    let decided = head
        .decision
        .as_ref()
        .filter(|_| phase == Phase::Decided)
        .map(|decision| decision.at);
    let people = std::iter::once(&head.owner).chain(head.panel.iter().map(|seat| &seat.user));
    for user in people {
        lists.push((List::Of(user.clone()), opened));
        lists.extend(decided.map(|at| (List::DecidedOf(user.clone()), at)));
    }
    lists.push((List::In(channel.clone()), opened));
    lists.push((List::OfRole(slug.clone()), opened));
    lists.extend(decided.map(|at| (List::DecidedIn(channel.clone()), at)));
    if matches!(phase, Phase::Open | Phase::Revealed) {
        lists.push((List::LedBy(head.owner.clone()), opened));
        lists.push((List::UndecidedIn(channel.clone()), opened));
        let waits = List::WaitingIn(channel.clone(), slug.clone());
        lists.push((waits, opened));
    }
    if phase == Phase::Open {
        for user in head.owing() {
            lists.push((List::OwedBy(user.clone()), head.owed_from()));
            lists.push((List::OwedIn(channel.clone()), head.owed_from()));
        }
    }
    if let (Phase::Revealed, Some(reveal)) = (phase, &head.reveal) {
        lists.push((List::ReadyIn(channel.clone()), reveal.at));
    }
    if let Some(closed) = head.closed_at().filter(|_| head.hold.is_none()) {
        lists.push((List::Closed, closed));
    }
    lists.sort();
    lists.dedup();
    lists
}

/// An entry of a list; one whose moment no time has is damaged, and is passed over.
pub(super) fn entry_of(
    key: &[u8],
    code: &[u8],
    prefix: usize,
    newest_first: bool,
) -> Result<Option<Listed>, StoreFault> {
    let kind = match key.first() {
        Some(letter) if *letter == Kind::OfUser as u8 => Kind::OfUser,
        Some(letter) if *letter == Kind::InChannel as u8 => Kind::InChannel,
        _ => Kind::Listed,
    };
    let (_, code) = codec::decode(kind, code)?;
    let at = keys::moment_in(key, prefix, newest_first);
    Ok(at.map(|at| Listed { at, code }))
}
