//! What an answer of Slack's that is no yes means for a post.

use crate::app::scene::Address;
use crate::domain::event::{Post, PostResult, Trouble};
use crate::slack::connector::CallError;

/// What an error means for a post.
pub(super) enum Meaning {
    /// Try again.
    Later,
    /// That is how it is now.
    Became(PostResult),
    /// The thread's first message is gone.
    RootGone,
}

/// What an error means for something that was to be taken back.
pub(super) enum Left {
    /// Try again.
    Later,
    /// It is not there any more.
    Gone,
    /// It stays.
    Stays(Trouble),
}

pub(super) fn left(error: &CallError) -> Left {
    // There is no next time: what is not Slack's own word is no reason to let it stand.
    let Some(code) = error.code().filter(|_| error.is_permanent()) else {
        return Left::Later;
    };
    match code {
        "message_not_found" | "file_not_found" | "file_deleted" => Left::Gone,
        "channel_not_found" | "not_in_channel" => Left::Stays(Trouble::NotInChannel),
        "is_archived" | "is_inactive" => Left::Stays(Trouble::Archived),
        "cant_delete_message"
        | "cant_delete_file"
        | "compliance_exports_prevent_deletion"
        | "ekm_access_denied"
        | "no_permission"
        | "access_denied" => Left::Stays(Trouble::Forbidden),
        _ => Left::Stays(Trouble::Rejected),
    }
}

pub(super) fn meaning(error: &CallError, updated: bool, post: &Post, to: &Address) -> Meaning {
    use Trouble::{Archived, Forbidden, NotInChannel, Rejected};
    let stuck = |trouble| Meaning::Became(PostResult::Stuck(trouble));
    if !error.is_permanent() {
        return Meaning::Later;
    }
    let code = error.code().unwrap_or_default();
    match code {
        "message_not_found" | "cant_update_message" | "edit_window_closed" | "block_mismatch"
            if updated =>
        {
            Meaning::Became(PostResult::Gone)
        }
        "thread_not_found" | "cannot_reply_to_message" | "message_not_found"
            if matches!(post, Post::Debrief(_) | Post::Decision(_)) =>
        {
            Meaning::RootGone
        }
        _ if matches!(to, Address::Person(_)) => Meaning::Became(PostResult::Dropped),
        "is_archived" | "is_inactive" => stuck(Archived),
        "not_in_channel" | "channel_not_found" => stuck(NotInChannel),
        code if code.starts_with("restricted_action")
            || matches!(
                code,
                "ekm_access_denied" | "no_permission" | "access_denied"
            ) =>
        {
            stuck(Forbidden)
        }
        _ => stuck(Rejected),
    }
}
