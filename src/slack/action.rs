//! The names of buttons and forms on the wire, each spelled once. A name, once sent, never changes its meaning; what the buttons do is in `domain`.

mod request;

use crate::domain::event::{HomePages, KitTab};
use crate::domain::export::Format;
use crate::domain::ids::{
    CalibrationId, ChannelId, DraftId, KitSlug, KitVersion, LoopCode, QuestionId, UserId,
};
use crate::domain::interview_loop::Naming;
use crate::domain::kit::Section;
use crate::domain::scorecard::{Mark, Rating};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Something to click.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do")]
pub enum Action {
    /// Shows a part of a kit.
    #[serde(rename = "kit.show.v1")]
    ShowKit {
        /// Which role.
        slug: KitSlug,
        /// A pinned version.
        version: Option<KitVersion>,
        /// Which part.
        tab: KitTab,
    },
    /// Posts a kit to the channel.
    #[serde(rename = "kit.share.v1")]
    ShareKit {
        /// Which role.
        slug: KitSlug,
    },
    /// Opens the form that opens a loop.
    #[serde(rename = "kit.start.v1")]
    Start {
        /// Which role.
        slug: KitSlug,
    },
    /// Shows all roles.
    #[serde(rename = "roles.show.v1")]
    ShowRoles {
        /// The opening that goes on with the choice.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        draft: Option<DraftId>,
    },
    /// Chooses a role.
    #[serde(rename = "role.pick.v1")]
    PickRole {
        /// Which.
        slug: KitSlug,
        /// The opening that goes on with it.
        draft: Option<DraftId>,
    },
    /// The name or the initials.
    #[serde(rename = "draft.naming.v1")]
    PickNaming {
        /// The opening that goes on.
        draft: DraftId,
        /// Which.
        naming: Naming,
    },
    /// The same name, but somebody else.
    #[serde(rename = "draft.another_person.v1")]
    AnotherPerson {
        /// The opening that goes on.
        draft: DraftId,
    },
    /// The panel of last time.
    #[serde(rename = "draft.same_panel.v1")]
    SamePanel {
        /// The opening that goes on.
        draft: DraftId,
    },
    /// No panel: anybody in the channel.
    #[serde(rename = "draft.anybody.v1")]
    Anybody {
        /// The opening that goes on.
        draft: DraftId,
    },
    /// The panel as it is, although something gives pause.
    #[serde(rename = "draft.panel_stands.v1")]
    PanelStands {
        /// The opening that goes on.
        draft: DraftId,
    },
    /// Opens the form with what is known of an opening.
    #[serde(rename = "draft.change_panel.v1")]
    ChangePanel {
        /// The opening that waits.
        draft: DraftId,
    },
    /// A menu of channels: its choice comes beside it.
    #[serde(rename = "draft.channel.v1")]
    PickChannel {
        /// The opening that goes on.
        draft: DraftId,
    },
    /// Shows the viewer's own scorecards and loops.
    #[serde(rename = "mine.show.v1")]
    ShowMine,
    /// Shows a loop in short.
    #[serde(rename = "loop.show.v1")]
    ShowLoop {
        /// Which.
        code: LoopCode,
    },
    /// Shows the viewer's scorecard.
    #[serde(rename = "scorecard.show.v1")]
    Score {
        /// Which loop.
        code: LoopCode,
        /// Which part; else the first with something to rate.
        section: Option<Section>,
        /// The button at the foot of a message that has one of the same meaning at its head.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        at_foot: bool,
    },
    /// A rating.
    #[serde(rename = "scorecard.rate.v1")]
    Rate {
        /// Which loop.
        code: LoopCode,
        /// Which question.
        question: QuestionId,
        /// Which button.
        mark: Mark,
        /// The question whose follow-ups are shown, and stay.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        open: Option<QuestionId>,
    },
    /// Marks everything in a section that has no mark yet as *Not asked*.
    #[serde(rename = "scorecard.rest_not_asked.v1")]
    RestNotAsked {
        /// Which loop.
        code: LoopCode,
        /// Which section.
        section: Section,
        /// The question whose follow-ups are shown, and stay.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        open: Option<QuestionId>,
    },
    /// Shows a question's follow-ups under it, or hides them.
    #[serde(rename = "scorecard.follow_ups.v1")]
    FollowUps {
        /// Which loop.
        code: LoopCode,
        /// The section that is shown.
        section: Section,
        /// Which question; none: nothing stays open.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        question: Option<QuestionId>,
    },
    /// Opens the form for a note.
    #[serde(rename = "scorecard.evidence.v1")]
    Evidence {
        /// Which loop.
        code: LoopCode,
        /// Which question.
        question: QuestionId,
        /// The question whose follow-ups are shown, and stay.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        open: Option<QuestionId>,
    },
    /// Opens the form for pasted notes.
    #[serde(rename = "scorecard.paste.v1")]
    PasteNotes {
        /// Which loop.
        code: LoopCode,
        /// The section that is shown.
        section: Section,
    },
    /// Shows the sample answers of a role, or the roles that have some.
    #[serde(rename = "calibration.show.v1")]
    Calibrate {
        /// Which role.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        slug: Option<KitSlug>,
    },
    /// Posts a sample answer to be rated.
    #[serde(rename = "calibration.start.v1")]
    StartCalibration {
        /// The kit's version.
        version: KitVersion,
        /// Which question.
        question: QuestionId,
        /// The answer's letter.
        sample: char,
    },
    /// A rating of a sample answer.
    #[serde(rename = "calibration.rate.v1")]
    RateSample {
        /// Which calibration.
        id: CalibrationId,
        /// Which button.
        rating: Rating,
    },
    /// Shows how far apart the ratings are.
    #[serde(rename = "calibration.spread.v1")]
    ShowSpread {
        /// Which calibration.
        id: CalibrationId,
    },
    /// Opens the form that submits.
    #[serde(rename = "scorecard.recommend.v1")]
    Recommend {
        /// Which loop.
        code: LoopCode,
        /// The button at the foot of a message that has one of the same meaning at its head.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        at_foot: bool,
    },
    /// Shows what the viewer may do.
    #[serde(rename = "loop.more.v1")]
    More {
        /// Which loop.
        code: LoopCode,
    },
    /// Shows who is how far.
    #[serde(rename = "loop.progress.v1")]
    Progress {
        /// Which loop.
        code: LoopCode,
    },
    /// Reminds those who owe.
    #[serde(rename = "loop.nudge.v1")]
    Nudge {
        /// Which loop.
        code: LoopCode,
    },
    /// A menu of when to be reminded again: its choice comes beside it.
    #[serde(rename = "reminders.later.v1")]
    RemindLater,
    /// Opens the form of the time.
    #[serde(rename = "loop.time.v1")]
    Time {
        /// Which loop.
        code: LoopCode,
    },
    /// Opens the form of the panel.
    #[serde(rename = "loop.panel.v1")]
    Panel {
        /// Which loop.
        code: LoopCode,
    },
    /// Shows all scorecards to all.
    #[serde(rename = "loop.reveal.v1")]
    Reveal {
        /// Which loop.
        code: LoopCode,
    },
    /// Opens the form of the decision.
    #[serde(rename = "loop.decide.v1")]
    Decide {
        /// Which loop.
        code: LoopCode,
    },
    /// Opens the form of the name.
    #[serde(rename = "loop.rename.v1")]
    Rename {
        /// Which loop.
        code: LoopCode,
    },
    /// Opens the form of the owner.
    #[serde(rename = "loop.hand_over.v1")]
    HandOver {
        /// Which loop.
        code: LoopCode,
    },
    /// Shows who covers what.
    #[serde(rename = "loop.plan.v1")]
    Plan {
        /// Which loop.
        code: LoopCode,
    },
    /// Opens the form of one's own part.
    #[serde(rename = "plan.take.v1")]
    TakeParts {
        /// Which loop.
        code: LoopCode,
    },
    /// Opens the form of somebody else's part.
    #[serde(rename = "plan.assign.v1")]
    AssignParts {
        /// Which loop.
        code: LoopCode,
    },
    /// Not to judge this candidate.
    #[serde(rename = "loop.recuse.v1")]
    Recuse {
        /// Which loop.
        code: LoopCode,
    },
    /// Not to have been there.
    #[serde(rename = "loop.did_not_attend.v1")]
    DidNotAttend {
        /// Which loop.
        code: LoopCode,
    },
    /// Takes back a decision or a withdrawal.
    #[serde(rename = "loop.reopen.v1")]
    Reopen {
        /// Which loop.
        code: LoopCode,
    },
    /// Opens the form of the channel.
    #[serde(rename = "loop.move.v1")]
    Move {
        /// Which loop.
        code: LoopCode,
    },
    /// Opens the form of the withdrawal.
    #[serde(rename = "loop.withdraw.v1")]
    Withdraw {
        /// Which loop.
        code: LoopCode,
    },
    /// Asks to be let onto the panel.
    #[serde(rename = "loop.join.v1")]
    Join {
        /// Which loop.
        code: LoopCode,
    },
    /// Lets somebody onto the panel.
    #[serde(rename = "loop.admit.v1")]
    Admit {
        /// Which loop.
        code: LoopCode,
        /// Who asked.
        user: UserId,
        /// Although something gives pause.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        anyway: bool,
    },
    /// Shows a debrief to one person.
    #[serde(rename = "debrief.show.v1")]
    ShowDebrief {
        /// Which loop.
        code: LoopCode,
    },
    /// Shows what each interviewer wrote.
    #[serde(rename = "debrief.evidence.v1")]
    ShowEvidence {
        /// Which loop.
        code: LoopCode,
    },
    /// Offers the loop as a file.
    #[serde(rename = "loop.export.v1")]
    Export {
        /// Which loop.
        code: LoopCode,
    },
    /// Sends it as one.
    #[serde(rename = "loop.export_as.v1")]
    ExportAs {
        /// Which loop.
        code: LoopCode,
        /// In which form.
        format: Format,
    },
    /// Opens the form of a legal hold.
    #[serde(rename = "loop.hold.v1")]
    Hold {
        /// Which loop.
        code: LoopCode,
    },
    /// Lifts a legal hold.
    #[serde(rename = "loop.lift_hold.v1")]
    LiftHold {
        /// Which loop.
        code: LoopCode,
    },
    /// Opens the form that erases.
    #[serde(rename = "loop.erase.v1")]
    Erase {
        /// Which loop.
        code: LoopCode,
    },
    /// Shows every question.
    #[serde(rename = "debrief.by_question.v1")]
    ShowQuestions {
        /// Which loop.
        code: LoopCode,
    },
    /// Shows a channel's loops that wait for their decision.
    #[serde(rename = "undecided.show.v1")]
    ShowUndecided {
        /// Which channel's.
        channel: ChannelId,
        /// Behind this one; none: from the beginning.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<(Timestamp, LoopCode)>,
    },
    /// Opens the form of the digest of this channel.
    #[serde(rename = "digest.change.v1")]
    ChangeDigest,
    /// Sends a digest to this channel at once.
    #[serde(rename = "digest.send.v1")]
    SendDigest,
    /// Switches a channel's digest off.
    #[serde(rename = "digest.stop.v1")]
    StopDigest {
        /// Which channel's.
        channel: ChannelId,
    },
    /// Sends a debrief as a picture.
    #[serde(rename = "debrief.chart.v1")]
    ChartDebrief {
        /// Which loop.
        code: LoopCode,
    },
    /// Shows figures of many loops.
    #[serde(rename = "stats.show.v1")]
    ShowStats {
        /// Which role; none: all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        slug: Option<KitSlug>,
    },
    /// Sends them as a picture.
    #[serde(rename = "stats.chart.v1")]
    ChartStats {
        /// Which role; none: all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        slug: Option<KitSlug>,
    },
    /// Turns a list of the Home tab: how far they all are then.
    #[serde(rename = "home.turn.v1")]
    TurnHome {
        /// How far.
        pages: HomePages,
    },
    /// A menu of kits: its choice comes beside it.
    #[serde(rename = "home.kit.v1")]
    PickKit,
    /// Opens the form that asks for the role of a loop that is to be opened.
    #[serde(rename = "interview.begin.v1")]
    Begin,
    /// Shows how to use the bot.
    #[serde(rename = "help.show.v1")]
    ShowHelp,
    /// Switches reminders of owed scorecards on or off, for whoever clicks.
    #[serde(rename = "reminders.set.v1")]
    SetReminders {
        /// On.
        on: bool,
    },
    /// Switches the message before planned interviews on or off, for whoever clicks.
    #[serde(rename = "briefings.set.v1")]
    SetBriefings {
        /// On.
        on: bool,
    },
    /// Opens the form of the time zone of whoever clicks.
    #[serde(rename = "zone.edit.v1")]
    EditZone,
    /// Opens the form of the workspace's settings.
    #[serde(rename = "settings.edit.v1")]
    EditSettings,
    /// Shows the kits with their versions.
    #[serde(rename = "kits.show.v1")]
    ShowKits,
    /// Reads the kits' files again.
    #[serde(rename = "kits.reload.v1")]
    ReloadKits,
    /// Opens the form of a question, or of a new one.
    #[serde(rename = "kit.edit.v1")]
    EditQuestion {
        /// Which role.
        slug: KitSlug,
        /// Which part of the interview.
        section: Section,
        /// Which question; absent: a new one.
        question: Option<QuestionId>,
    },
    /// Chooses between what was edited in Slack and what the file says.
    #[serde(rename = "kit.choose.v1")]
    ChooseKit {
        /// Which role.
        slug: KitSlug,
        /// The file's version.
        file: KitVersion,
        /// The file's.
        take: bool,
    },
}

/// What an action's value says of itself.
#[derive(Deserialize)]
struct Named<'a> {
    #[serde(rename = "do", borrow)]
    name: Cow<'a, str>,
}

/// A click whose name is none of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no action of that name")]
pub struct UnknownAction;

impl Action {
    /// The name and the value of its button. The name ends in what tells two buttons of one message apart.
    ///
    /// A menu has no value of its own, so everything that matters stands in the name as well.
    #[must_use]
    pub fn on_the_wire(&self) -> (String, String) {
        let value = serde_json::to_string(self).unwrap_or_default();
        let mut fields: BTreeMap<&str, &RawValue> =
            serde_json::from_str(&value).unwrap_or_default();
        let name = fields.remove("do").map(RawValue::get).unwrap_or_default();
        let mut id = name.trim_matches('"').to_owned();
        for field in fields.into_values().map(RawValue::get) {
            if field != "null" {
                let letters = field.chars();
                id.push(':');
                id.extend(letters.filter(|it| it.is_ascii_alphanumeric() || "/-_".contains(*it)));
            }
        }
        (id, value)
    }

    /// The action behind a button's name and value.
    ///
    /// # Errors
    /// [`UnknownAction`], for a name or a value that no version of the bot sent.
    pub fn parse(id: &str, value: Option<&str>) -> Result<Self, UnknownAction> {
        let name = id.split(':').next().unwrap_or_default();
        if let Some(value) = value {
            let named: Named = serde_json::from_str(value).map_err(|_| UnknownAction)?;
            // The name decides where the two disagree; a value belongs to the name it was sent with.
            if named.name != name {
                return Err(UnknownAction);
            }
            return serde_json::from_str(value).map_err(|_| UnknownAction);
        }
        match (name, id.split(':').nth(1)) {
            ("draft.channel.v1", Some(draft)) => Ok(Self::PickChannel {
                draft: DraftId::from(draft),
            }),
            ("home.kit.v1", None) => Ok(Self::PickKit),
            ("reminders.later.v1", _) => Ok(Self::RemindLater),
            _ => Err(UnknownAction),
        }
    }

    /// The question whose follow-ups stay shown on the scorecard that was clicked.
    #[must_use]
    pub fn keeps_open(&self) -> Option<&QuestionId> {
        match self {
            Self::Rate { open, .. }
            | Self::RestNotAsked { open, .. }
            | Self::Evidence { open, .. } => open.as_ref(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
