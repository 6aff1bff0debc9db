//! Under which key a record stands. What the record holds is in `codec`.
//!
//! A key is the kind's letter, then its parts. A part that is text is preceded by its length, so that no id runs into the
//! next one; numbers are big-endian, so that keys in the order of their bytes are in the order of what they stand for. Everything but kits carries the workspace.

use crate::domain::erasure::Sent;
use crate::domain::event::Post;
use crate::domain::ids::{
    CalibrationId, ChannelId, DeliveryKey, DraftId, GroupId, KitSlug, KitVersion, LoopCode,
    MessageTs, UserId, WorkspaceId,
};
use crate::domain::interview_loop::{Head, Phase};
use crate::domain::sheet::SheetId;
use crate::store::codec::Kind;
use crate::store::lists::{List, Stretch, lists_of};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

/// The longest text that stands in a key as it is; a longer one is represented by its hash.
const LONGEST: usize = 250;
/// The room that a key gets at first, in bytes: that of a delivery, the longest of what each click looks for, has some ninety.
const ROOM: usize = 96;
/// What precedes a hash in place of a length.
const HASHED: u8 = 255;
/// How long answers and drafts are kept at least, in seconds: 48 hours.
const KEPT: i64 = 48 * 60 * 60;
const DAY: i64 = 24 * 60 * 60;
/// How far a clock may be set back between two commits, in seconds: a day.
const SKEW: i64 = DAY;

pub(in crate::store) type Key = Vec<u8>;

/// Where a key begins that belongs to a workspace.
fn within(kind: Kind, workspace: &WorkspaceId) -> Key {
    let mut key = Vec::with_capacity(ROOM);
    key.push(kind as u8);
    text(key, workspace.as_str())
}

fn text(mut key: Key, part: &str) -> Key {
    match u8::try_from(part.len()) {
        Ok(length) if part.len() <= LONGEST => {
            key.push(length);
            key.extend(part.as_bytes());
        }
        _ => {
            key.push(HASHED);
            key.extend(Sha256::digest(part.as_bytes()));
        }
    }
    key
}

/// How many bytes follow the one that precedes a part of a key.
pub(in crate::store) fn length_of(announced: u8) -> usize {
    if announced == HASHED {
        32
    } else {
        announced.into()
    }
}

pub(in crate::store) fn head(workspace: &WorkspaceId, code: &LoopCode) -> Key {
    text(within(Kind::Head, workspace), code.as_str())
}

/// Where the keys of a loop's scorecards begin.
pub(in crate::store) fn cards(workspace: &WorkspaceId, code: &LoopCode) -> Key {
    text(within(Kind::Card, workspace), code.as_str())
}

pub(in crate::store) fn card(workspace: &WorkspaceId, code: &LoopCode, author: &UserId) -> Key {
    text(cards(workspace, code), author.as_str())
}

/// Where the keys of a loop's audit begin; a place in the queue follows.
pub(in crate::store) fn audit(workspace: &WorkspaceId, code: &LoopCode) -> Key {
    text(within(Kind::Audit, workspace), code.as_str())
}

pub(in crate::store) fn person(workspace: &WorkspaceId, user: &UserId) -> Key {
    text(within(Kind::Person, workspace), user.as_str())
}

pub(in crate::store) fn place(workspace: &WorkspaceId, channel: &ChannelId) -> Key {
    text(within(Kind::Place, workspace), channel.as_str())
}

pub(in crate::store) fn group(workspace: &WorkspaceId, group: &GroupId) -> Key {
    text(within(Kind::Group, workspace), group.as_str())
}

/// Where the keys of the deliveries begin that wait in a workspace.
pub(in crate::store) fn all_waiting(workspace: &WorkspaceId) -> Key {
    within(Kind::Waiting, workspace)
}

/// Where the keys of what is owed in a workspace begin.
pub(in crate::store) fn parcels(workspace: &WorkspaceId) -> Key {
    within(Kind::Parcel, workspace)
}

pub(in crate::store) fn waiting(workspace: &WorkspaceId, key: &DeliveryKey) -> Key {
    text(within(Kind::Waiting, workspace), key.as_str())
}

pub(in crate::store) fn parcel(workspace: &WorkspaceId, post: &Post) -> Key {
    let post = serde_json::to_string(post).expect("a post is text and numbers");
    text(within(Kind::Parcel, workspace), &post)
}

pub(in crate::store) fn draft(workspace: &WorkspaceId, draft: &DraftId) -> Key {
    text(within(Kind::Draft, workspace), draft.as_str())
}

pub(in crate::store) fn draft_of_day(day: u32, workspace: &WorkspaceId, draft: &DraftId) -> Key {
    text(
        text(of_day(Kind::DraftOfDay, day), workspace.as_str()),
        draft.as_str(),
    )
}

fn reply(day: u32, workspace: &WorkspaceId, key: &DeliveryKey) -> Key {
    text(
        text(of_day(Kind::Reply, day), workspace.as_str()),
        key.as_str(),
    )
}

/// Where the keys of a day begin.
pub(in crate::store) fn of_day(kind: Kind, day: u32) -> Key {
    let mut key = Vec::with_capacity(ROOM);
    key.push(kind as u8);
    key.extend(day.to_be_bytes());
    key
}

pub(in crate::store) fn kit(version: &KitVersion) -> Key {
    text(vec![Kind::Kit as u8], version.as_str())
}

/// Where the keys of a workspace's shelves begin.
pub(in crate::store) fn shelves(workspace: &WorkspaceId) -> Key {
    within(Kind::Shelf, workspace)
}

pub(in crate::store) fn shelf(workspace: &WorkspaceId, slug: &KitSlug) -> Key {
    text(shelves(workspace), slug.as_str())
}

pub(in crate::store) fn calibration(workspace: &WorkspaceId, id: &CalibrationId) -> Key {
    text(within(Kind::Calibration, workspace), id.as_str())
}

pub(in crate::store) fn counter() -> Key {
    vec![Kind::Counter as u8]
}

/// Where it stands how many loops stand where.
pub(in crate::store) fn tally() -> Key {
    vec![Kind::Tally as u8]
}

/// The day of a moment, in UTC, from a beginning before every date.
pub(in crate::store) fn day(at: Timestamp) -> u32 {
    day_of(at.as_second())
}

fn day_of(second: i64) -> u32 {
    let shifted = second.div_euclid(DAY) + (1 << 31);
    u32::try_from(shifted).expect("a time stamp is within ten thousand years, four million days")
}

/// The first day that is kept.
pub(in crate::store) fn first_kept(now: Timestamp) -> u32 {
    day_of(now.as_second() - KEPT)
}

/// Where the answer to a delivery is written.
pub(in crate::store) fn reply_now(
    at: Timestamp,
    workspace: &WorkspaceId,
    key: &DeliveryKey,
) -> Key {
    reply(day(at), workspace, key)
}

/// Where an earlier answer to a delivery may stand, newest first: three days, and the next one, should the clock have been set back.
pub(in crate::store) fn replies(
    at: Timestamp,
    workspace: &WorkspaceId,
    key: &DeliveryKey,
) -> Vec<Key> {
    let days = first_kept(at)..=day_of(at.as_second() + SKEW);
    days.rev().map(|day| reply(day, workspace, key)).collect()
}

/// Where the keys of a list begin; what precedes the moment of each of its entries.
pub(in crate::store) fn list(workspace: &WorkspaceId, list: &List) -> Key {
    let of = |letter: u8, part: &str| {
        let mut key = within(Kind::Listed, workspace);
        key.push(letter);
        text(key, part)
    };
    // The letters are part of the format: they never change their meaning.
    match list {
        List::Of(user) => text(within(Kind::OfUser, workspace), user.as_str()),
        List::In(channel) => text(within(Kind::InChannel, workspace), channel.as_str()),
        List::OwedBy(user) => of(b'o', user.as_str()),
        List::LedBy(user) => of(b'l', user.as_str()),
        List::DecidedOf(user) => of(b'd', user.as_str()),
        List::OwedIn(channel) => of(b'O', channel.as_str()),
        List::ReadyIn(channel) => of(b'R', channel.as_str()),
        List::DecidedIn(channel) => of(b'D', channel.as_str()),
        List::UndecidedIn(channel) => of(b'U', channel.as_str()),
        List::WaitingIn(channel, slug) => text(of(b'W', channel.as_str()), slug.as_str()),
        List::OfRole(slug) => of(b'r', slug.as_str()),
        List::Closed => of(b'c', ""),
    }
}

/// Where the keys of a channel's loops begin that wait for their decision, whatever the role.
pub(in crate::store) fn waiting_in(workspace: &WorkspaceId, channel: &ChannelId) -> Key {
    let mut key = within(Kind::Listed, workspace);
    key.push(b'W');
    text(key, channel.as_str())
}

/// A moment as eight bytes in the order of a list.
fn moment(at: Timestamp, newest_first: bool) -> [u8; 8] {
    // Flipping the sign makes the order that of the numbers, inverting it turns it round.
    let moment = at.as_microsecond().cast_unsigned() ^ (1 << 63);
    let moment = if newest_first { !moment } else { moment };
    moment.to_be_bytes()
}

/// The moment behind a list's beginning in one of its keys.
pub(in crate::store) fn moment_in(
    key: &[u8],
    prefix: usize,
    newest_first: bool,
) -> Option<Timestamp> {
    let bytes = key.get(prefix..prefix + 8)?.try_into().ok()?;
    let moment = u64::from_be_bytes(bytes);
    let moment = if newest_first { !moment } else { moment };
    Timestamp::from_microsecond((moment ^ (1 << 63)).cast_signed()).ok()
}

/// Where one entry of a list is written.
pub(in crate::store) fn entry(
    workspace: &WorkspaceId,
    list: &List,
    at: Timestamp,
    code: &LoopCode,
) -> Key {
    let mut key = self::list(workspace, list);
    key.extend(moment(at, list.newest_first()));
    text(key, code.as_str())
}

/// The keys of a stretch of a list: from the first to before the second.
pub(in crate::store) fn stretch(
    workspace: &WorkspaceId,
    list: &List,
    stretch: &Stretch,
) -> (Key, Key) {
    let prefix = self::list(workspace, list);
    let mut from = prefix.clone();
    let mut to = prefix;
    match &stretch.after {
        Some(after) => {
            from = entry(workspace, list, after.at, &after.code);
            from.push(0);
        }
        None => from.extend([0; 8]),
    }
    to.extend([u8::MAX; 9]);
    if let Some(since) = stretch.since {
        if list.newest_first() {
            to.truncate(to.len() - 9);
            to.extend(moment(since, true));
        } else if stretch.after.as_ref().is_none_or(|after| after.at <= since) {
            from = self::list(workspace, list);
            from.extend(moment(since, false));
            // Behind every loop of that very moment.
            from.push(u8::MAX);
        }
    }
    (from, to)
}

/// The workspace in the key of a head; keys are read back only here, where lists are made anew for what was stored before them.
pub(in crate::store) fn workspace_of_head(key: &[u8]) -> Option<WorkspaceId> {
    let length = usize::from(*key.get(1)?);
    let name = (length <= LONGEST).then(|| key.get(2..2 + length))??;
    std::str::from_utf8(name).ok().map(WorkspaceId::from)
}

/// Where the keys begin of what was sent of a loop.
pub(in crate::store) fn all_sent(workspace: &WorkspaceId, code: &LoopCode) -> Key {
    text(within(Kind::Sent, workspace), code.as_str())
}

pub(in crate::store) fn sent(workspace: &WorkspaceId, code: &LoopCode, sent: &Sent) -> Key {
    let name = serde_json::to_string(sent).expect("it is text");
    text(all_sent(workspace, code), &name)
}

pub(in crate::store) fn erased(workspace: &WorkspaceId, code: &LoopCode) -> Key {
    text(within(Kind::Erased, workspace), code.as_str())
}

/// Where a sheet is written.
pub(in crate::store) fn sheet(workspace: &WorkspaceId, id: &SheetId) -> Key {
    let mut key = within(Kind::Sheet, workspace);
    // The letters are part of the format: they never change their meaning.
    let (letter, name) = match id {
        SheetId::Settings => (b's', ""),
        SheetId::Preferences(user) => (b'p', user.as_str()),
        SheetId::Digest(channel) => (b'd', channel.as_str()),
        SheetId::Reminders(user) => (b'r', user.as_str()),
        SheetId::Organisation => (b'o', ""),
    };
    key.push(letter);
    text(key, name)
}

/// Where the digests of a workspace begin.
pub(in crate::store) fn digests(workspace: &WorkspaceId) -> Key {
    let mut key = within(Kind::Sheet, workspace);
    key.push(b'd');
    key
}

/// Where an installation is written.
pub(in crate::store) fn install(workspace: &WorkspaceId) -> Key {
    within(Kind::Install, workspace)
}

/// The keys of the installations behind this one, or of all: from the first to before the second.
pub(in crate::store) fn installs(after: Option<&WorkspaceId>) -> (Key, Key) {
    let from = match after {
        Some(after) => [&install(after)[..], &[0]].concat(),
        None => vec![Kind::Install as u8],
    };
    (from, vec![Kind::Install as u8 + 1])
}

/// Where it stands that the store is being filled.
pub(in crate::store) fn filling() -> Key {
    vec![Kind::Filling as u8]
}

/// Where it stands which lists are kept.
pub(in crate::store) fn lists_kept() -> Key {
    vec![Kind::ListsKept as u8]
}

/// Where the loop of a post is written.
pub(in crate::store) fn at_post(
    workspace: &WorkspaceId,
    channel: &ChannelId,
    post: &MessageTs,
) -> Key {
    text(
        text(within(Kind::AtPost, workspace), channel.as_str()),
        post.as_str(),
    )
}

/// Where the keys of one name's loops begin.
pub(in crate::store) fn namesakes(workspace: &WorkspaceId, slug: &KitSlug, likeness: &str) -> Key {
    text(open_of(workspace, slug), likeness)
}

/// Where the keys of a role's open loops begin.
pub(in crate::store) fn open_of(workspace: &WorkspaceId, slug: &KitSlug) -> Key {
    text(within(Kind::Namesake, workspace), slug.as_str())
}

/// Every list a loop stands in, and the post it is found by.
pub(in crate::store) fn listings(workspace: &WorkspaceId, head: &Head) -> Vec<(Kind, Key)> {
    let kind = |list: &List| match list {
        List::Of(_) => Kind::OfUser,
        List::In(_) => Kind::InChannel,
        _ => Kind::Listed,
    };
    let mut listings: Vec<(Kind, Key)> = lists_of(head)
        .iter()
        .map(|(list, at)| (kind(list), entry(workspace, list, *at, &head.code)))
        .collect();
    if let Some(post) = &head.messages.post {
        listings.push((Kind::AtPost, at_post(workspace, &head.channel, post)));
    }
    if matches!(head.phase(), Phase::Open | Phase::Revealed) {
        let name = namesakes(
            workspace,
            &head.kit.slug,
            head.candidate.likeness().as_str(),
        );
        listings.push((Kind::Namesake, text(name, head.code.as_str())));
    }
    listings
}
