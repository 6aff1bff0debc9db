//! The end of a record: a loop is erased, unless a legal hold keeps it. What is taken back in Slack then is in `domain::erasure`.

use super::{InterviewLoop, LegalHold, Messages, Outcome};
use crate::domain::access::Actor;
use crate::domain::candidate::Note;
use crate::domain::erasure::{Erased, Sent};
use crate::domain::event::{AuditEntry, Audited, Post, Reply};
use crate::domain::ids::{ChannelId, LoopCode, UserId};
use crate::domain::refusal::Refusal;
use crate::domain::settings::Retention;
use crate::domain::words::Words;
use jiff::Timestamp;

impl InterviewLoop {
    /// Whoever erases types the loop's code: a click is too little for what cannot be taken back.
    pub(super) fn erase(
        self,
        actor: &Actor,
        typed: &Note,
        now: Timestamp,
    ) -> Result<Outcome, Refusal> {
        actor.must_lead(&self.head)?;
        self.head.may_be_erased()?;
        let code = self.code();
        if LoopCode::parse(typed.as_str()).as_ref() != Some(&code) {
            return Err(Refusal::CodeNotTyped { code });
        }
        let said = Words::from("Erased: ").code(code.as_str()).text(
            " is gone from the record. I am taking my messages about it back, and send you a list of what went and what stays.",
        );
        Ok(self.erased(Some(actor.user.clone()), Reply::Said(said), now))
    }

    /// Its time is up, as the workspace has it set: it goes without anybody's doing. `None`: it stays, since it is open, held, or younger.
    #[must_use]
    pub fn expire(self, retention: &Retention, now: Timestamp) -> Option<Outcome> {
        let ends = retention.ends(self.head.closed_at()?);
        let expired = ends <= now && self.head.may_be_erased().is_ok();
        expired.then(|| self.erased(None, Reply::Nothing, now))
    }

    fn erased(self, by: Option<UserId>, reply: Reply, now: Timestamp) -> Outcome {
        let code = self.code();
        let erased = Erased {
            code: code.clone(),
            at: now,
            by,
            channel: self.head.channel.clone(),
            before: Vec::new(),
            opened_at: self.head.opened_at,
            scorecards: self.cards.len(),
            entries: 0,
            taken_back: 0,
            left: Vec::new(),
            told: false,
        };
        let sent = self.head.messages.sent_to(&self.head.channel);
        let mut outcome = Outcome::unchanged(self, reply).owes(Post::Erasure(code));
        outcome.sent = sent;
        outcome.erased = Some(erased);
        outcome
    }

    pub(super) fn hold(
        mut self,
        actor: &Actor,
        reason: &Note,
        now: Timestamp,
    ) -> Result<Outcome, Refusal> {
        actor.must_lead(&self.head)?;
        self.head.may_be_held()?;
        if reason.is_empty() {
            return Err(Refusal::HoldReasonMissing);
        }
        self.head.hold = Some(LegalHold {
            by: actor.user.clone(),
            at: now,
            reason: reason.clone(),
        });
        let said =
            "It is under a legal hold: nobody can erase it until an administrator lifts that.";
        let what = Audited::Held {
            reason: reason.clone(),
        };
        Ok(self.recorded(actor, what, Words::from(said), now))
    }

    /// Whoever wants a record gone is not who decides that it may go.
    pub(super) fn lift_hold(mut self, actor: &Actor, now: Timestamp) -> Result<Outcome, Refusal> {
        actor.must_lead(&self.head)?;
        if self.head.hold.is_none() {
            return Err(Refusal::NotHeld);
        }
        if !actor.administrator {
            return Err(Refusal::HoldForAdministrators);
        }
        self.head.hold = None;
        let said =
            Words::from("The legal hold is lifted. Whoever leads the loop can erase it now.");
        Ok(self.recorded(actor, Audited::HoldLifted, said, now))
    }

    /// A change of the head that no post shows: a channel is not told of a hold.
    fn recorded(self, actor: &Actor, what: Audited, said: Words, now: Timestamp) -> Outcome {
        let mut outcome = Outcome::unchanged(self, Reply::Said(said));
        outcome.head_changed = true;
        outcome.audit.push(AuditEntry {
            at: now,
            actor: Some(actor.user.clone()),
            what,
        });
        outcome
    }
}

impl super::Head {
    /// Whether it is not held already: a reason is not written over.
    ///
    /// # Errors
    /// [`Refusal::HeldAlready`] where it is.
    pub fn may_be_held(&self) -> Result<(), Refusal> {
        match &self.hold {
            None => Ok(()),
            Some(hold) => Err(Refusal::HeldAlready {
                by: hold.by.clone(),
                at: hold.at,
            }),
        }
    }

    /// Whether no legal hold keeps it.
    ///
    /// # Errors
    /// [`Refusal::UnderHold`] where one does.
    pub fn may_be_erased(&self) -> Result<(), Refusal> {
        match &self.hold {
            None => Ok(()),
            Some(hold) => Err(Refusal::UnderHold {
                by: hold.by.clone(),
                at: hold.at,
            }),
        }
    }
}

impl Messages {
    /// The messages that stand in this channel.
    pub(super) fn sent_to(&self, channel: &ChannelId) -> Vec<Sent> {
        let standing = [&self.post, &self.debrief, &self.decision];
        let standing = standing.into_iter().flatten();
        standing
            .map(|ts| Sent::Message {
                channel: channel.clone(),
                ts: ts.clone(),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{at, does, opened, refuses, submission};
    use super::*;
    use crate::domain::access::{Offer, offers};
    use crate::domain::event::{Deed, PostResult};
    use crate::domain::ids::MessageTs;
    use crate::domain::interview_loop::{Needs, Verdict};
    use crate::domain::samples::actor;
    use crate::domain::scorecard::Recommendation;

    fn erase(typed: &str) -> Deed {
        Deed::Erase {
            typed: Note::new(typed),
        }
    }

    fn hold(reason: &str) -> Deed {
        Deed::Hold {
            reason: Note::new(reason),
        }
    }

    fn administrator() -> Actor {
        Actor {
            administrator: true,
            ..actor("olga")
        }
    }

    fn message(channel: &str, ts: &str) -> Sent {
        Sent::Message {
            channel: ChannelId::from(channel),
            ts: MessageTs::from(ts),
        }
    }

    #[test]
    fn who_leads_a_loop_erases_it_by_typing_its_code() {
        let mut state = opened(&["ada"]);
        let code = state.head.code.clone();
        for typed in ["", "yes", "C-0002"] {
            let refused = refuses(&state, "rita", &erase(typed));
            assert_eq!(refused, Refusal::CodeNotTyped { code: code.clone() });
        }
        let refused = refuses(&state, "ada", &erase(code.as_str()));
        assert!(matches!(refused, Refusal::NotYours { .. }));
        state.head.messages.post = Some(MessageTs::from("1.1"));
        state.head.messages.decision = Some(MessageTs::from("1.3"));
        let channel = state.head.channel.clone();
        let outcome = does(state, "rita", &erase(" c0001 "), 9);
        let erased = outcome.erased.expect("it is gone");
        let rita = Some(UserId::from("rita"));
        assert_eq!((erased.by, erased.code), (rita, code.clone()));
        assert_eq!(outcome.posts, [Post::Erasure(code)]);
        let sent = ["1.1", "1.3"].map(|ts| message(channel.as_str(), ts));
        assert_eq!(outcome.sent, sent);
        let needs = erase("x").needs(&UserId::from("rita"));
        assert_eq!(needs, Needs::All, "no rating goes that was not looked at");
    }

    #[test]
    fn a_legal_hold_beats_erasing_until_an_administrator_lifts_it() {
        let refused = refuses(&opened(&["ada"]), "rita", &hold(" "));
        assert_eq!(refused, Refusal::HoldReasonMissing);
        let refused = refuses(&opened(&["ada"]), "ada", &hold("why"));
        assert!(matches!(refused, Refusal::NotYours { .. }));
        assert_eq!(
            refuses(&opened(&["ada"]), "rita", &Deed::LiftHold),
            Refusal::NotHeld
        );

        let outcome = does(opened(&["ada"]), "rita", &hold("a dispute"), 2);
        assert!(
            outcome.head_changed && outcome.posts.is_empty(),
            "the channel is not told"
        );
        let what = Audited::Held {
            reason: Note::new("a dispute"),
        };
        assert_eq!(outcome.audit[0].what, what);
        let state = outcome.state;
        let code = state.head.code.to_string();
        let kept = |refusal| matches!(refusal, Refusal::UnderHold { .. });
        assert!(kept(refuses(&state, "rita", &erase(&code))));
        let olga = administrator();
        let refused = state
            .clone()
            .handle(&olga, &erase(&code), state.head.opened_at);
        assert!(kept(
            refused.expect_err("an administrator has to lift it first")
        ));
        let refused = refuses(&state, "rita", &Deed::LiftHold);
        assert_eq!(refused, Refusal::HoldForAdministrators);
        let again = refuses(&state, "rita", &hold("another word"));
        assert!(matches!(again, Refusal::HeldAlready { .. }));
        // Only what works is offered.
        let [owner, administrator] = [&actor("rita"), &olga].map(|it| offers(it, &state.head));
        let ours = |all: &[Offer]| -> Vec<Offer> {
            let ours = [Offer::Hold, Offer::LiftHold, Offer::Erase];
            all.iter().copied().filter(|it| ours.contains(it)).collect()
        };
        assert_eq!(ours(&owner), []);
        assert_eq!(ours(&administrator), [Offer::LiftHold]);

        let now = state.head.opened_at;
        let outcome = state.handle(&olga, &Deed::LiftHold, now).expect("lifted");
        assert_eq!(outcome.audit[0].what, Audited::HoldLifted);
        assert_eq!(
            ours(&offers(&actor("rita"), &outcome.state.head)),
            [Offer::Hold, Offer::Erase]
        );
        assert!(
            does(outcome.state, "rita", &erase(&code), 9)
                .erased
                .is_some()
        );
    }

    #[test]
    fn a_closed_loop_goes_when_its_time_is_up_and_no_hold_keeps_it() {
        let day = 24 * 3600;
        let retention = Retention {
            months: 6,
            since: at(0),
        };
        let later = |days: i64| at(days * day);
        let open = does(opened(&["ada"]), "ada", &submission(Recommendation::Yes), 1).state;
        assert!(
            open.clone().expire(&retention, later(3000)).is_none(),
            "it is open"
        );
        let decide = Deed::Decide {
            verdict: Verdict::Hire,
            reason: Note::new("why"),
        };
        let decided = does(open, "rita", &decide, 10).state;
        // 2023-11-14 and six months: 2024-05-14, in a leap year.
        assert!(decided.clone().expire(&retention, later(182)).is_none());
        let outcome = decided
            .clone()
            .expire(&retention, later(183))
            .expect("its time is up");
        let erased = outcome.erased.expect("it is gone");
        assert_eq!((erased.by, erased.scorecards), (None, 1));
        let held = does(decided.clone(), "rita", &hold("why"), 20).state;
        assert!(held.expire(&retention, later(3000)).is_none());
        let reopened = does(decided.clone(), "rita", &Deed::Reopen, 20).state;
        assert!(reopened.expire(&retention, later(3000)).is_none());
        // Whoever sets it has a week to think better of it, however old the loops are.
        let anew = Retention {
            months: 6,
            since: later(1000),
        };
        assert!(decided.clone().expire(&anew, later(1006)).is_none());
        assert!(decided.expire(&anew, later(1007)).is_some());
    }

    #[test]
    fn what_the_head_does_not_name_is_kept_beside_it() {
        let state = opened(&["ada"]);
        let code = state.head.code.clone();
        let home = state.head.channel.clone();
        let stands = |channel: &str, ts: &str| PostResult::Standing {
            channel: ChannelId::from(channel),
            ts: MessageTs::from(ts),
        };
        // A direct message.
        let invitation = Post::Invitation {
            code: code.clone(),
            user: UserId::from("ada"),
        };
        let outcome = state.observe(&invitation, &stands("D1", "2.1"));
        assert_eq!(outcome.sent, [message("D1", "2.1")]);
        assert!(!outcome.head_changed);
        // The post, which the head names; the same once more; and a copy that takes its place.
        let post = Post::Loop(code);
        let outcome = outcome.state.observe(&post, &stands(home.as_str(), "1.1"));
        assert!(outcome.sent.is_empty() && outcome.head_changed);
        let outcome = outcome.state.observe(&post, &stands(home.as_str(), "1.1"));
        assert!(outcome.changes_nothing());
        let outcome = outcome.state.observe(&post, &stands(home.as_str(), "1.2"));
        assert_eq!(outcome.sent, [message(home.as_str(), "1.1")]);
        // What is left behind in another channel, and what arrives there too late.
        let moves = Deed::Move {
            channel: ChannelId::from("C2"),
            public: false,
        };
        let outcome = does(outcome.state, "rita", &moves, 3);
        assert_eq!(outcome.sent, [message(home.as_str(), "1.2")]);
        let outcome = outcome.state.observe(&post, &stands(home.as_str(), "1.3"));
        assert_eq!(outcome.sent, [message(home.as_str(), "1.3")]);
        assert!(!outcome.head_changed);
    }
}
