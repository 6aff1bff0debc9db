//! What became of a loop's posts in Slack, taken in as facts. Nothing here is refused.

use super::{InterviewLoop, Outcome};
use crate::domain::erasure::Sent;
use crate::domain::event::{Post, PostResult, Reply, Trouble};
use crate::domain::ids::{ChannelId, MessageTs};

impl InterviewLoop {
    /// Takes in what became of a post.
    ///
    /// A post that was deleted by hand is owed anew, once; trouble that only a person can mend is told to the owner, once.
    #[must_use]
    pub fn observe(self, post: &Post, result: &PostResult) -> Outcome {
        match result {
            PostResult::Standing { channel, ts } => self.standing(post, channel, ts),
            PostResult::Gone => self.gone(post),
            PostResult::Stuck(trouble) => self.stuck(post, *trouble),
            PostResult::Dropped => Outcome::unchanged(self, Reply::Nothing),
        }
    }

    fn message(&mut self, post: &Post) -> Option<&mut Option<MessageTs>> {
        match post {
            Post::Loop(_) => Some(&mut self.head.messages.post),
            Post::Debrief(_) => Some(&mut self.head.messages.debrief),
            Post::Decision(_) => Some(&mut self.head.messages.decision),
            _ => None,
        }
    }

    fn standing(mut self, post: &Post, channel: &ChannelId, ts: &MessageTs) -> Outcome {
        // A post that arrived in a channel which the loop has left meanwhile is not the loop's post.
        let here = *channel == self.head.channel;
        let cleared = here && self.head.messages.trouble.take().is_some();
        let (changed, beside) = match self.message(post) {
            Some(message) if here && message.as_ref() == Some(ts) => (false, None),
            Some(message) if here => (true, message.replace(ts.clone())),
            _ => (false, Some(ts.clone())),
        };
        let mut outcome = Outcome::unchanged(self, Reply::Nothing);
        outcome.head_changed = changed || cleared;
        // What the head does not name, or not any more, is kept beside it.
        outcome.sent.extend(beside.map(|ts| Sent::Message {
            channel: channel.clone(),
            ts,
        }));
        outcome
    }

    fn gone(mut self, post: &Post) -> Outcome {
        let Some(message) = self.message(post) else {
            return Outcome::unchanged(self, Reply::Nothing);
        };
        if message.take().is_none() {
            return Outcome::unchanged(self, Reply::Nothing);
        }
        if matches!(post, Post::Loop(_)) {
            if self.head.messages.posted_anew {
                return self.stuck(post, Trouble::Deleted);
            }
            self.head.messages.posted_anew = true;
        }
        let mut outcome = Outcome::unchanged(self, Reply::Nothing).owes(post.clone());
        outcome.head_changed = true;
        outcome
    }

    fn stuck(mut self, post: &Post, trouble: Trouble) -> Outcome {
        if !post.is_kept_true() || self.head.messages.trouble == Some(trouble) {
            let mut outcome = Outcome::unchanged(self, Reply::Nothing);
            outcome.head_changed = trouble == Trouble::Deleted;
            return outcome;
        }
        self.head.messages.trouble = Some(trouble);
        let told = Post::Trouble {
            code: self.head.code.clone(),
            user: self.head.owner.clone(),
            trouble,
        };
        let mut outcome = Outcome::unchanged(self, Reply::Nothing).owes(told);
        outcome.head_changed = true;
        outcome
    }
}
