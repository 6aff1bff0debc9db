//! What comes in and what follows from it: requests, facts, outcomes, posts, replies. What they do is in `interview_loop`.

mod audit;
mod draft;
mod screen;

pub use audit::{AuditEntry, Audited};
pub use draft::{Draft, DraftAnswer, Opening, PastedGuide, PastedNotes};
pub use screen::{Charted, HomePages, KitTab, RolesWhy, Screen, Turned};

use super::access::{Person, Place};
use super::calibration::Calibrate;
use super::candidate::Note;
use super::digest::DigestDeed;
use super::ids::{
    CalibrationId, ChannelId, DeliveryKey, DraftId, GroupId, KitSlug, KitVersion, LoopCode,
    MessageTs, QuestionId, UserId, WorkspaceId,
};
use super::interview_loop::{PlanPart, Verdict};
use super::kit::Section;
use super::kit_edit::QuestionEdit;
use super::planned::Wish;
use super::refusal::Refusal;
use super::reminders::Later;
use super::scorecard::{Mark, Recommendation};
use super::settings::Setting;
use super::words::Words;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One thing that Slack sent, once it is understood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// The same in every repetition.
    pub key: DeliveryKey,
    /// Where.
    pub workspace: WorkspaceId,
    /// Who acts.
    pub actor: UserId,
    /// The channel in which they act; absent in modals.
    pub place: Option<ChannelId>,
    /// What they ask for.
    pub request: Request,
    /// Where to answer, in the edge's own words; kept only while the request waits for facts.
    pub route: String,
}

/// What somebody asks for. It may be refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// `/interview <words>`: a kit, or the opening of a loop.
    Interview {
        /// What was typed, without mentions.
        words: Note,
        /// The people mentioned.
        panel: Vec<UserId>,
        /// The user groups mentioned.
        groups: Vec<GroupId>,
        /// `@words` that Slack did not resolve.
        unresolved: Vec<String>,
    },
    /// To see something.
    Look(Screen),
    /// To set something.
    Set(Setting),
    /// To post a kit to the channel.
    ShareKit(KitSlug),
    /// To open a loop.
    Open(Box<Opening>),
    /// To go on with an opening that waited for an answer.
    Resume {
        /// Which opening.
        draft: DraftId,
        /// The answer.
        answer: DraftAnswer,
    },
    /// To see where pasted notes would be filed.
    Paste {
        /// Whose interview they are about.
        code: LoopCode,
        /// The section that was shown.
        section: Section,
        /// What each box held.
        boxes: Vec<Note>,
    },
    /// To file pasted notes, as they were shown.
    File(DraftId),
    /// To calibrate a panel.
    Calibrate(Calibrate),
    /// To change a channel's digest, or to have one.
    Digest(DigestDeed),
    /// To look back on a role's loops, or on all.
    Stats(Note),
    /// To be reminded of one's scorecards later.
    RemindLater(Later),
    /// To go on with the loop that a message, or the thread it is in, belongs to.
    Reach {
        /// The thread's first message, in the delivery's place.
        root: MessageTs,
        /// For what.
        goal: Goal,
    },
    /// To do something with a loop.
    Loop {
        /// Which.
        code: LoopCode,
        /// What.
        deed: Deed,
    },
    /// To change a kit.
    Kit {
        /// Which role.
        slug: KitSlug,
        /// How.
        deed: KitDeed,
    },
    /// To read the kits' files again.
    ReloadKits,
    /// To see what a recruiter's guide would become.
    ReadGuide {
        /// As it was pasted.
        text: String,
    },
    /// To make a kit of a guide that was read.
    SaveGuide {
        /// Which.
        draft: DraftId,
        /// The role's title.
        title: String,
        /// The role as it will be typed.
        slug: String,
    },
}

/// What somebody wants of the loop whose message they point at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// Their scorecard.
    Score,
    /// The loop in short, with its buttons; the help where there is none.
    Show,
}

/// What an administrator does with a kit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KitDeed {
    /// Changes or adds a question.
    Edit {
        /// The version that the form was drawn from.
        from: KitVersion,
        /// What the question shall be.
        edit: Box<QuestionEdit>,
        /// Although the check warns.
        anyway: bool,
    },
    /// Chooses between what was edited in Slack and what the file says now.
    Choose {
        /// The file's version that the choice was shown with.
        file: KitVersion,
        /// The file's, rather than the edited one.
        take: bool,
    },
}

/// What somebody does with a loop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// A click on a rating.
    Rate {
        /// Which question.
        question: QuestionId,
        /// Which button.
        mark: Mark,
        /// When, by Slack's clock, where it says so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        clicked: Option<Timestamp>,
    },
    /// Everything in a section that has no mark yet is marked *Not asked*.
    RestNotAsked {
        /// Which section.
        section: Section,
    },
    /// A note under a question.
    Write {
        /// Which question.
        question: QuestionId,
        /// Empty takes it back.
        note: Note,
    },
    /// Pasted notes are added to what stands under the questions they name.
    File {
        /// The section that is shown afterwards.
        section: Section,
        /// What each box held.
        boxes: Vec<Note>,
    },
    /// The scorecard is done.
    Submit(Box<Submission>),
    /// Show all scorecards to all.
    Reveal,
    /// Hire, hold or reject.
    Decide {
        /// Which.
        verdict: Verdict,
        /// In the person's own words.
        reason: Note,
    },
    /// Another name for the candidate.
    Rename {
        /// As it was typed.
        name: Note,
        /// What tells namesakes apart.
        note: Note,
    },
    /// Another owner.
    HandOver {
        /// Who.
        to: UserId,
    },
    /// The whole panel, anew.
    SetPanel {
        /// Who shall interview.
        users: Vec<UserId>,
        /// Who shall shadow.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        shadows: Vec<UserId>,
        /// Who shall observe.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        observers: Vec<UserId>,
        /// Who of them is new and has the candidate's name: filled in from what Slack last told of them, whatever was sent.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        namesakes: Vec<UserId>,
        /// Although something gives pause.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        anyway: bool,
    },
    /// One more on the panel.
    Admit {
        /// Who asked to join.
        user: UserId,
        /// They have the candidate's name: filled in from what Slack last told of them, whatever was sent.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        namesake: bool,
        /// Although something gives pause.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        anyway: bool,
    },
    /// To be let onto the panel.
    AskToJoin,
    /// A message to those who owe a scorecard.
    Nudge,
    /// To take parts of the interview, and no others.
    Cover {
        /// Who; absent: the person themself.
        user: Option<UserId>,
        /// All that they take.
        parts: Vec<PlanPart>,
    },
    /// Not to judge this candidate.
    Recuse,
    /// Not to have been there.
    DidNotAttend,
    /// The same, once it is known for whom it is night.
    NudgeByDay {
        /// They, and when their day begins: filled in from what Slack last told of them, whatever was sent.
        asleep: BTreeMap<UserId, Timestamp>,
    },
    /// When the interview is.
    SetTime {
        /// As it was typed or chosen.
        wish: Wish,
        /// The moment that is meant: filled in from the wish, whatever was sent.
        #[serde(default)]
        at: Option<Timestamp>,
    },
    /// The interview is not planned any more.
    DropTime,
    /// Take back a decision or a withdrawal.
    Reopen,
    /// Stop without a decision.
    Withdraw {
        /// In the person's own words.
        reason: Note,
    },
    /// Keep it from being erased.
    Hold {
        /// In the person's own words.
        reason: Note,
    },
    /// Let it be erased again.
    LiftHold,
    /// Remove all of it, for good.
    Erase {
        /// What was typed to confirm it.
        typed: Note,
    },
    /// Post to another channel.
    Move {
        /// Where to.
        channel: ChannelId,
        /// Everybody can read that channel: filled in from what Slack last told of it, whatever was sent.
        #[serde(default)]
        public: bool,
    },
}

/// What the form behind **[Recommend and submit]** holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Submission {
    /// Asked last.
    pub recommendation: Option<Recommendation>,
    /// A line of evidence for it.
    pub reason: Note,
    /// What was asked beside the kit.
    pub beside_the_kit: Note,
    /// Notes for the questions rated 1 or 4 that had none.
    pub evidence: Vec<(QuestionId, Note)>,
    /// Mark everything still open as *Not asked*.
    pub rest_not_asked: bool,
}

/// What is owed to Slack. It says what to refresh, not what to say.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Post {
    /// The channel's one post of a loop.
    Loop(LoopCode),
    /// The debrief in its thread.
    Debrief(LoopCode),
    /// The decision in its thread.
    Decision(LoopCode),
    /// What was sent of a loop that was erased is taken back, one by one; then whoever erased it gets the receipt.
    Erasure(LoopCode),
    /// Loops whose time is up are erased, whenever there are some: nothing is said.
    Retention,
    /// A panellist's direct message.
    Invitation {
        /// Which loop.
        code: LoopCode,
        /// Who.
        user: UserId,
    },
    /// A reminder that the owner sent.
    Nudge {
        /// Which loop.
        code: LoopCode,
        /// To whom.
        user: UserId,
        /// When it is to reach them, in seconds since 1970: a later one takes its place.
        at: i64,
    },
    /// Somebody asks the owner to be let onto the panel.
    JoinRequest {
        /// Which loop.
        code: LoopCode,
        /// Who asks.
        user: UserId,
    },
    /// The owner is told that somebody recused themself.
    Recused {
        /// Which loop.
        code: LoopCode,
        /// Who.
        user: UserId,
    },
    /// Somebody gets the kit shortly before a planned interview.
    Briefing {
        /// Which loop.
        code: LoopCode,
        /// Who.
        user: UserId,
    },
    /// Somebody on the panel is told for when the interview is planned now.
    Replanned {
        /// Which loop.
        code: LoopCode,
        /// To whom.
        user: UserId,
    },
    /// Somebody is reminded of all the scorecards that they owe, whenever that is due.
    Reminders(UserId),
    /// The owner is told of something that the bot cannot mend.
    Trouble {
        /// Which loop.
        code: LoopCode,
        /// To whom.
        user: UserId,
        /// What.
        trouble: Trouble,
    },
    /// A new owner is told so.
    Handed {
        /// Which loop.
        code: LoopCode,
        /// To whom.
        user: UserId,
    },
    /// Somebody who edited a kit in Slack is told that its file has changed as well.
    KitDiffers {
        /// Which role.
        slug: KitSlug,
        /// To whom.
        user: UserId,
        /// The file's version.
        file: KitVersion,
    },
    /// The one post of a calibration.
    Calibration(CalibrationId),
    /// A channel's digest, whenever its time comes.
    Digest(ChannelId),
    /// A digest that somebody asked for.
    DigestNow {
        /// Where.
        channel: ChannelId,
        /// Tells one asking from the next.
        key: DeliveryKey,
    },
    /// Whoever set a digest up is told that it cannot be posted any more.
    DigestPaused {
        /// Which channel's.
        channel: ChannelId,
        /// To whom.
        user: UserId,
    },
    /// A kit that somebody shares with a channel.
    SharedKit {
        /// Which.
        slug: KitSlug,
        /// Where.
        channel: ChannelId,
        /// Who shares it.
        by: UserId,
        /// Tells one sharing from the next.
        key: DeliveryKey,
    },
}

impl Post {
    /// The loop it belongs to.
    #[must_use]
    pub fn code(&self) -> Option<&LoopCode> {
        match self {
            Self::Loop(code) | Self::Debrief(code) | Self::Decision(code) | Self::Erasure(code) => {
                Some(code)
            }
            Self::Invitation { code, .. }
            | Self::Nudge { code, .. }
            | Self::JoinRequest { code, .. }
            | Self::Recused { code, .. }
            | Self::Briefing { code, .. }
            | Self::Replanned { code, .. }
            | Self::Trouble { code, .. }
            | Self::Handed { code, .. } => Some(code),
            Self::SharedKit { .. }
            | Self::KitDiffers { .. }
            | Self::Calibration(_)
            | Self::Digest(_)
            | Self::DigestNow { .. }
            | Self::DigestPaused { .. }
            | Self::Reminders(_)
            | Self::Retention => None,
        }
    }

    /// Whether it is one message that is kept true, and sent again where its sending was cut off. The others are sent at most once.
    #[must_use]
    pub fn is_kept_true(&self) -> bool {
        matches!(
            self,
            Self::Loop(_) | Self::Debrief(_) | Self::Decision(_) | Self::Calibration(_)
        )
    }
}

/// What keeps a post from its channel until a person does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// The channel is archived.
    Archived,
    /// The bot is not in the channel, or cannot see it.
    NotInChannel,
    /// The workspace's rules forbid it.
    Forbidden,
    /// Another company can read the channel.
    Shared,
    /// The post was deleted a second time.
    Deleted,
    /// Slack will not have it, for a reason that is ours.
    Rejected,
}

/// What Slack told. It may not be refused.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// Of a person.
    Person(UserId, Person),
    /// Of a channel.
    Place(ChannelId, Place),
    /// Who is in a user group.
    Group(GroupId, Vec<UserId>),
}

/// What became of a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PostResult {
    /// It stands there now.
    Standing {
        /// Where.
        channel: ChannelId,
        /// Under which name.
        ts: MessageTs,
    },
    /// The message that should have been changed is gone.
    Gone,
    /// It cannot be posted until a person does something.
    Stuck(Trouble),
    /// Nobody waits for it any more.
    Dropped,
}

/// What the person who acted is told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// What they see changes by itself.
    Nothing,
    /// Something to look at, drawn when it is sent.
    Show(Screen),
    /// A sentence.
    Said(Words),
    /// A polite no.
    Refused(Refusal),
}
