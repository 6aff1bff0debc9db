//! Who may do what, from what Slack last told of people and channels. How it is asked is at the edge.

use super::candidate::Likeness;
use super::ids::{UserId, WorkspaceId};
use super::interview_loop::{Head, NUDGE_EVERY, Phase, Seat};
use super::refusal::Refusal;
use super::settings::{Openers, Settings};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What Slack last told of a person (`users.info`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// A guest of one or of several channels.
    pub guest: bool,
    /// Somebody of another company, seen through a shared channel.
    pub stranger: bool,
    /// A program.
    pub bot: bool,
    /// An account that was switched off.
    pub deactivated: bool,
    /// An administrator or an owner of the workspace.
    pub administrator: bool,
    /// Slack knows nobody of that id.
    pub unknown: bool,
    /// The IANA name of their time zone.
    pub zone: Option<String>,
    /// Of their name: it tells when somebody is put on the panel of their own interview.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likeness: Option<Likeness>,
    /// When Slack told it.
    pub told_at: Timestamp,
}

impl Person {
    /// Whether they may use the bot at all.
    ///
    /// # Errors
    /// The sentence for who may not.
    pub fn may_take_part(&self) -> Result<(), Refusal> {
        if self.bot {
            Err(Refusal::ForPeopleOnly)
        } else if self.deactivated || self.unknown {
            Err(Refusal::NotAMember)
        } else if self.stranger {
            Err(Refusal::AnotherCompany)
        } else if self.guest {
            Err(Refusal::Guest)
        } else {
            Ok(())
        }
    }
}

/// What Slack last told of a channel (`conversations.info`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// A direct message, of two or of several.
    pub direct: bool,
    /// Only its members can read it.
    pub private: bool,
    /// Another company can read it, or is about to.
    pub shared: bool,
    /// Nobody can write to it.
    pub archived: bool,
    /// The bot is in it.
    pub bot_is_member: bool,
    /// When Slack told it.
    pub told_at: Timestamp,
}

/// Somebody who acts, and what they may do beyond their own scorecard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub user: UserId,
    /// Where they belong.
    pub workspace: WorkspaceId,
    /// An administrator of interviews: of the workspace, or named in the configuration.
    pub administrator: bool,
}

impl Actor {
    /// Whether they lead this loop: its owner, or an administrator. Whoever recused themself does not.
    #[must_use]
    pub fn leads(&self, head: &Head) -> bool {
        (self.administrator || head.owner == self.user) && !head.is_recused(&self.user)
    }

    /// Whether they know of this loop: those who lead it and its panel. Others get the answer of an unknown code.
    #[must_use]
    pub fn knows(&self, head: &Head) -> bool {
        self.leads(head) || head.seat(&self.user).is_some()
    }

    /// Whether they may read what each interviewer wrote: after the reveal, those who submitted and those who lead it.
    #[must_use]
    pub fn reads_evidence(&self, head: &Head) -> bool {
        let submitted = head
            .seat(&self.user)
            .is_some_and(|seat| seat.is_in() && seat.scores());
        head.reveal.is_some() && (submitted || self.leads(head))
    }

    /// Whether they may open loops, as the workspace has it set.
    #[must_use]
    pub fn may_open(&self, settings: &Settings) -> bool {
        settings.openers == Openers::Everybody || self.administrator
    }

    /// Lets through who may change kits.
    ///
    /// # Errors
    /// [`Refusal::ForAdministrators`] for everybody else.
    pub fn must_administer(&self) -> Result<(), Refusal> {
        if self.administrator {
            Ok(())
        } else {
            Err(Refusal::ForAdministrators)
        }
    }

    /// Lets through who leads the loop.
    ///
    /// # Errors
    /// [`Refusal::NotYours`] for everybody else.
    pub fn must_lead(&self, head: &Head) -> Result<(), Refusal> {
        if self.leads(head) {
            Ok(())
        } else {
            Err(Refusal::NotYours {
                owner: head.owner.clone(),
            })
        }
    }
}

/// What a loop waits for that somebody leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// For their own scorecard.
    OwnScorecard,
    /// For scorecards of people who can be reminded.
    Nudge,
    /// For scorecards, and there is nothing to do about it now.
    Wait,
    /// For its reveal.
    Reveal,
    /// For its decision.
    Decide,
}

/// What a loop waits for that somebody leads, while it is neither decided nor withdrawn.
#[must_use]
pub fn next(actor: &Actor, head: &Head, now: Timestamp) -> Next {
    if head.phase() != Phase::Open {
        return Next::Decide;
    }
    let may_be_nudged = |user: &UserId| {
        let nudged_at = head.seat(user).and_then(|seat| seat.nudged_at);
        nudged_at.is_none_or(|at| at + NUDGE_EVERY <= now)
    };
    if head.seat(&actor.user).is_some_and(Seat::owes) {
        Next::OwnScorecard
    } else if head.submitted() > 0 && head.awaited().next().is_none() {
        Next::Reveal
    } else if head.owing().any(may_be_nudged) {
        Next::Nudge
    } else {
        Next::Wait
    }
}

/// What **\[More\]** offers somebody. Only what works now is in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Offer {
    /// Their own scorecard.
    Score,
    /// To be let onto the panel.
    Join,
    /// Who is how far.
    Progress,
    /// A message to those who owe a scorecard.
    Nudge,
    /// Who interviews.
    Panel,
    /// Show all scorecards to all.
    Reveal,
    /// What each interviewer wrote.
    Evidence,
    /// The loop as a file.
    Export,
    /// Hire, hold or reject.
    Decide,
    /// The same, once more.
    ChangeDecision,
    /// When the interview is.
    Time,
    /// Another name.
    Rename,
    /// Another owner.
    HandOver,
    /// Take back a decision or a withdrawal.
    Reopen,
    /// Post to another channel.
    Move,
    /// Stop without a decision.
    Withdraw,
    /// Not to judge this candidate.
    Recuse,
    /// Keep it from being erased.
    Hold,
    /// Let it be erased again.
    LiftHold,
    /// Remove all of it.
    Erase,
}

/// What this person may do with this loop now, in the order in which it is offered.
#[must_use]
pub fn offers(actor: &Actor, head: &Head) -> Vec<Offer> {
    let phase = head.phase();
    let mut offers = Vec::new();
    let seat = head.seat(&actor.user);
    let scores = match seat {
        Some(seat) => seat.scores(),
        None => !head.named_panel && phase == Phase::Open,
    };
    if scores && phase != Phase::Withdrawn {
        offers.push(Offer::Score);
    }
    if actor.reads_evidence(head) {
        offers.push(Offer::Evidence);
    }
    let recuses =
        phase == Phase::Open && head.owner != actor.user && seat.is_some_and(Seat::scores);
    if !actor.leads(head) {
        let asks = head.named_panel && seat.is_none() && !head.asked_to_join.contains(&actor.user);
        if asks && matches!(phase, Phase::Open | Phase::Revealed) {
            offers.push(Offer::Join);
        }
        let has_part = actor.knows(head) && !head.is_recused(&actor.user);
        offers.extend(has_part.then_some(Offer::Export));
        offers.extend(recuses.then_some(Offer::Recuse));
        return offers;
    }
    let owed = head.owing().next().is_some();
    let own_owed = seat.is_some_and(Seat::owes);
    offers.push(Offer::Progress);
    match phase {
        Phase::Open => {
            if owed {
                offers.push(Offer::Nudge);
            }
            offers.extend([Offer::Panel, Offer::Time]);
            if head.submitted() > 0 && !own_owed {
                offers.push(Offer::Reveal);
            }
        }
        Phase::Revealed => {
            if owed {
                offers.push(Offer::Nudge);
            }
            offers.push(Offer::Panel);
            offers.push(Offer::Decide);
        }
        Phase::Decided => offers.extend([Offer::ChangeDecision, Offer::Reopen]),
        Phase::Withdrawn => offers.push(Offer::Reopen),
    }
    offers.extend([Offer::Rename, Offer::HandOver]);
    if phase != Phase::Withdrawn {
        offers.push(Offer::Move);
    }
    if matches!(phase, Phase::Open | Phase::Revealed) {
        offers.push(Offer::Withdraw);
    }
    offers.push(Offer::Export);
    offers.extend(recuses.then_some(Offer::Recuse));
    match &head.hold {
        None => offers.extend([Offer::Hold, Offer::Erase]),
        Some(_) => offers.extend(actor.administrator.then_some(Offer::LiftHold)),
    }
    offers
}
