//! Under which key a record stands. What the record holds is in `codec`.
//!
//! One tree; a key is the kind's letter, then its parts. A part that is text is preceded by its length, so that no id runs into the
//! next one; numbers are big-endian. Everything but kits carries the workspace.

use crate::domain::event::Post;
use crate::domain::ids::{
    CalibrationId, ChannelId, DeliveryKey, DraftId, GroupId, KitSlug, KitVersion, LoopCode,
    MessageTs, UserId, WorkspaceId,
};
use crate::domain::interview_loop::{Head, Phase};
use crate::store::codec::Kind;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

/// The longest text that stands in a key as it is; a longer one is represented by its hash. Keys are never read back.
const LONGEST: usize = 250;
/// What precedes a hash in place of a length.
const HASHED: u8 = 255;
/// How long answers and drafts are kept at least, in seconds: 48 hours.
const KEPT: i64 = 48 * 60 * 60;
/// How far the clocks of two commits may be apart, in seconds: an hour.
const SKEW: i64 = 60 * 60;
const DAY: i64 = 24 * 60 * 60;

pub(super) type Key = Vec<u8>;

/// Where a key begins that belongs to a workspace.
fn within(kind: Kind, workspace: &WorkspaceId) -> Key {
    let mut key = Vec::with_capacity(64);
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

pub(super) fn head(workspace: &WorkspaceId, code: &LoopCode) -> Key {
    text(within(Kind::Head, workspace), code.as_str())
}

/// Where the keys of a loop's scorecards begin.
pub(super) fn cards(workspace: &WorkspaceId, code: &LoopCode) -> Key {
    text(within(Kind::Card, workspace), code.as_str())
}

pub(super) fn card(workspace: &WorkspaceId, code: &LoopCode, author: &UserId) -> Key {
    text(cards(workspace, code), author.as_str())
}

/// Where the keys of a loop's audit begin; a place in the queue follows.
pub(super) fn audit(workspace: &WorkspaceId, code: &LoopCode) -> Key {
    text(within(Kind::Audit, workspace), code.as_str())
}

pub(super) fn person(workspace: &WorkspaceId, user: &UserId) -> Key {
    text(within(Kind::Person, workspace), user.as_str())
}

pub(super) fn place(workspace: &WorkspaceId, channel: &ChannelId) -> Key {
    text(within(Kind::Place, workspace), channel.as_str())
}

pub(super) fn group(workspace: &WorkspaceId, group: &GroupId) -> Key {
    text(within(Kind::Group, workspace), group.as_str())
}

pub(super) fn waiting(workspace: &WorkspaceId, key: &DeliveryKey) -> Key {
    text(within(Kind::Waiting, workspace), key.as_str())
}

pub(super) fn parcel(workspace: &WorkspaceId, post: &Post) -> Key {
    let post = serde_json::to_string(post).expect("a post is text and numbers");
    text(within(Kind::Parcel, workspace), &post)
}

pub(super) fn draft(workspace: &WorkspaceId, draft: &DraftId) -> Key {
    text(within(Kind::Draft, workspace), draft.as_str())
}

pub(super) fn draft_of_day(day: u32, workspace: &WorkspaceId, draft: &DraftId) -> Key {
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
pub(super) fn of_day(kind: Kind, day: u32) -> Key {
    let mut key = vec![kind as u8];
    key.extend(day.to_be_bytes());
    key
}

pub(super) fn kit(version: &KitVersion) -> Key {
    text(vec![Kind::Kit as u8], version.as_str())
}

/// Where the keys of a workspace's shelves begin.
pub(super) fn shelves(workspace: &WorkspaceId) -> Key {
    within(Kind::Shelf, workspace)
}

pub(super) fn shelf(workspace: &WorkspaceId, slug: &KitSlug) -> Key {
    text(shelves(workspace), slug.as_str())
}

pub(super) fn calibration(workspace: &WorkspaceId, id: &CalibrationId) -> Key {
    text(within(Kind::Calibration, workspace), id.as_str())
}

pub(super) fn counter() -> Key {
    vec![Kind::Counter as u8]
}

/// The day of a moment, in UTC, from a beginning before every date.
pub(super) fn day(at: Timestamp) -> u32 {
    day_of(at.as_second())
}

fn day_of(second: i64) -> u32 {
    let shifted = second.div_euclid(DAY) + (1 << 31);
    u32::try_from(shifted).expect("a time stamp is within ten thousand years, four million days")
}

/// The first day that is kept.
pub(super) fn first_kept(now: Timestamp) -> u32 {
    day_of(now.as_second() - KEPT)
}

/// Where the answer to a delivery is written.
pub(super) fn reply_now(at: Timestamp, workspace: &WorkspaceId, key: &DeliveryKey) -> Key {
    reply(day(at), workspace, key)
}

/// Where an earlier answer to a delivery may stand, newest first: three days, and a fourth around midnight, when somebody's clock may
/// be ahead.
pub(super) fn replies(at: Timestamp, workspace: &WorkspaceId, key: &DeliveryKey) -> Vec<Key> {
    let days = first_kept(at)..=day_of(at.as_second() + SKEW);
    days.rev().map(|day| reply(day, workspace, key)).collect()
}

/// Where the keys of a person's loops begin.
pub(super) fn of_user(workspace: &WorkspaceId, user: &UserId) -> Key {
    text(within(Kind::OfUser, workspace), user.as_str())
}

/// Where the keys of a channel's loops begin.
pub(super) fn in_channel(workspace: &WorkspaceId, channel: &ChannelId) -> Key {
    text(within(Kind::InChannel, workspace), channel.as_str())
}

/// Where the loop of a post is written.
pub(super) fn at_post(workspace: &WorkspaceId, channel: &ChannelId, post: &MessageTs) -> Key {
    text(
        text(within(Kind::AtPost, workspace), channel.as_str()),
        post.as_str(),
    )
}

/// Where the keys of one name's loops begin.
pub(super) fn namesakes(workspace: &WorkspaceId, slug: &KitSlug, likeness: &str) -> Key {
    text(open_of(workspace, slug), likeness)
}

/// Where the keys of a role's open loops begin.
pub(super) fn open_of(workspace: &WorkspaceId, slug: &KitSlug) -> Key {
    text(within(Kind::Namesake, workspace), slug.as_str())
}

/// Every list a loop stands in, newest first within each, and the post it is found by.
pub(super) fn listings(workspace: &WorkspaceId, head: &Head) -> Vec<(Kind, Key)> {
    let newest_first = |mut key: Key| {
        // Flipping the sign makes the order that of the numbers, inverting it turns it round.
        let moment = head.opened_at.as_microsecond().cast_unsigned() ^ (1 << 63);
        key.extend((!moment).to_be_bytes());
        text(key, head.code.as_str())
    };
    let people = std::iter::once(&head.owner).chain(head.panel.iter().map(|seat| &seat.user));
    let mut listings: Vec<(Kind, Key)> = people
        .map(|user| (Kind::OfUser, newest_first(of_user(workspace, user))))
        .collect();
    listings.sort();
    listings.dedup();
    listings.push((
        Kind::InChannel,
        newest_first(in_channel(workspace, &head.channel)),
    ));
    if let Some(post) = &head.messages.post {
        listings.push((Kind::AtPost, at_post(workspace, &head.channel, post)));
    }
    if matches!(head.phase(), Phase::Open | Phase::Revealed) {
        let name = namesakes(workspace, &head.kit.slug, &head.candidate.likeness());
        listings.push((Kind::Namesake, text(name, head.code.as_str())));
    }
    listings
}
