//! What somebody may look at: what to show, not what it says. How it is drawn is at the edge.

use crate::domain::calibration::CalibrationScreen;
use crate::domain::candidate::Note;
use crate::domain::export::Format;
use crate::domain::ids::{ChannelId, DraftId, KitSlug, KitVersion, LoopCode, QuestionId, UserId};
use crate::domain::interview_loop::{Doubted, Doubts, SeatRole};
use crate::domain::kit::Section;
use crate::domain::stats::StatsScreen;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Something to look at. It says what to show, not what it says: that is drawn when it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Screen {
    /// How to use the bot.
    Help,
    /// A kit.
    Kit {
        /// Which role.
        slug: KitSlug,
        /// A pinned version; else the newest.
        version: Option<KitVersion>,
        /// Which part.
        tab: KitTab,
    },
    /// Roles to choose from.
    Roles {
        /// Which; none: all.
        slugs: Vec<KitSlug>,
        /// Why they are offered.
        why: RolesWhy,
        /// The opening that goes on with the choice.
        draft: Option<DraftId>,
    },
    /// The viewer's own scorecards and loops.
    Mine,
    /// The loops of this channel and of the viewer.
    List,
    /// The loops of a channel that are neither decided nor withdrawn, the oldest first.
    Undecided {
        /// Which channel's.
        channel: ChannelId,
        /// Behind this one; absent: from the beginning.
        after: Option<(Timestamp, LoopCode)>,
    },
    /// How a channel's digest is set.
    Digest,
    /// The form that sets a digest up.
    DigestForm,
    /// The viewer's Home tab.
    Home(HomePages),
    /// The form of the workspace's settings.
    SettingsForm,
    /// The form of the viewer's time zone.
    ZoneForm,
    /// Where everybody can read a post: initials or name?
    NamingQuestion {
        /// The opening that waits.
        draft: DraftId,
    },
    /// Which channel?
    ChannelQuestion {
        /// The opening that waits.
        draft: DraftId,
    },
    /// A candidate of that name and role is already being interviewed.
    Namesakes {
        /// The opening that waits.
        draft: DraftId,
        /// The loops of that name.
        codes: Vec<LoopCode>,
    },
    /// Nobody is named: as last time?
    LastPanel {
        /// The opening that waits.
        draft: DraftId,
        /// Who it was last time, for what.
        panel: Vec<(UserId, SeatRole)>,
        /// What gives pause about it.
        doubts: Doubts,
    },
    /// Something gives pause about a panel: is it meant?
    Doubtful {
        /// Whose panel.
        what: Doubted,
        /// What gives pause.
        doubts: Doubts,
    },
    /// The viewer's scorecard.
    Scorecard {
        /// Which loop.
        code: LoopCode,
        /// Which part of it; else the first with something to rate.
        section: Option<Section>,
        /// The question whose follow-ups are shown under it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        open: Option<QuestionId>,
    },
    /// What the viewer may do with a loop.
    More(LoopCode),
    /// Who is how far.
    Progress(LoopCode),
    /// The debrief, to one person.
    Debrief(LoopCode),
    /// A loop that was just opened or found.
    Loop(LoopCode),
    /// The form that asks for the role of a loop that is to be opened.
    RoleForm,
    /// The form that opens a loop.
    StartForm {
        /// The role.
        slug: KitSlug,
        /// Where it was clicked.
        channel: Option<ChannelId>,
    },
    /// The same form, filled in as far as an opening that waits goes.
    StartAgain(DraftId),
    /// The form for a note under a question.
    EvidenceForm {
        /// Which loop.
        code: LoopCode,
        /// Which question.
        question: QuestionId,
    },
    /// The form for pasted notes.
    PasteForm {
        /// Which loop.
        code: LoopCode,
        /// The section that was shown.
        section: Section,
    },
    /// Pasted notes, as they would be filed.
    Pasted(DraftId),
    /// Something of a calibration.
    Calibration(CalibrationScreen),
    /// Figures of many loops.
    Stats(StatsScreen),
    /// Something as a picture, in the viewer's direct messages.
    Chart(Charted),
    /// A loop as a file: in which form? Absent: of which loop?
    Exports(Option<LoopCode>),
    /// A loop as a file, in the viewer's direct messages.
    Export {
        /// Which loop.
        code: LoopCode,
        /// In which form.
        format: Format,
    },
    /// Recommendation and submission.
    SubmitForm(LoopCode),
    /// Who interviews.
    PanelForm(LoopCode),
    /// Who covers what.
    Plan(LoopCode),
    /// What the viewer covers.
    TakeForm(LoopCode),
    /// What somebody else covers.
    AssignForm(LoopCode),
    /// Hire, hold or reject.
    DecideForm(LoopCode),
    /// Another name.
    RenameForm(LoopCode),
    /// Another owner.
    HandOverForm(LoopCode),
    /// Stop without a decision.
    WithdrawForm(LoopCode),
    /// When the interview is.
    TimeForm(LoopCode),
    /// Another channel.
    MoveForm(LoopCode),
    /// Keep a loop from being erased. Absent: which one?
    HoldForm(Option<LoopCode>),
    /// Remove all of a loop. Absent: of which one?
    EraseForm(Option<LoopCode>),
    /// What each interviewer wrote.
    EvidenceBoard(LoopCode),
    /// Every question, with who rated it how.
    ByQuestion(LoopCode),
    /// The kits, with their versions.
    Kits,
    /// The form for a recruiter's guide.
    GuideForm,
    /// What a guide would become.
    Guide(DraftId),
    /// The form for a question of a kit.
    QuestionForm {
        /// Which role.
        slug: KitSlug,
        /// Which part of the interview.
        section: Section,
        /// Which question; absent: a new one.
        question: Option<QuestionId>,
    },
}

impl Screen {
    /// Whether it is shown as a modal.
    #[must_use]
    pub fn is_modal(&self) -> bool {
        matches!(
            self,
            Self::RoleForm
                | Self::SettingsForm
                | Self::ZoneForm
                | Self::StartForm { .. }
                | Self::StartAgain(_)
                | Self::Doubtful {
                    what: Doubted::Panel { .. },
                    ..
                }
                | Self::EvidenceForm { .. }
                | Self::PasteForm { .. }
                | Self::Pasted(_)
                | Self::SubmitForm(_)
                | Self::PanelForm(_)
                | Self::TakeForm(_)
                | Self::AssignForm(_)
                | Self::DecideForm(_)
                | Self::RenameForm(_)
                | Self::HandOverForm(_)
                | Self::WithdrawForm(_)
                | Self::TimeForm(_)
                | Self::MoveForm(_)
                | Self::HoldForm(_)
                | Self::EraseForm(_)
                | Self::EvidenceBoard(_)
                | Self::ByQuestion(_)
                | Self::QuestionForm { .. }
                | Self::GuideForm
                | Self::DigestForm
                | Self::Guide(_)
        )
    }
}

/// What is shown as a picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Charted {
    /// A debrief.
    Debrief(LoopCode),
    /// What somebody looks back on: a role, or all.
    Stats(Option<KitSlug>),
}

impl Charted {
    /// The screen that shows the same in words, to the same people.
    #[must_use]
    pub fn screen(&self) -> Screen {
        match self {
            Self::Debrief(code) => Screen::Debrief(code.clone()),
            Self::Stats(slug) => {
                let role = slug.clone().map(StatsScreen::Role);
                Screen::Stats(role.unwrap_or(StatsScreen::All))
            }
        }
    }
}

/// How far the lists of somebody's Home tab are turned.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HomePages {
    /// The scorecards they owe.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owed: Option<Turned>,
    /// The loops they own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub led: Option<Turned>,
    /// What was decided lately.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided: Option<Turned>,
    /// The digests of the workspace: behind this channel's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digests: Option<ChannelId>,
}

/// The loop behind which a page of a list begins, and its place in that list.
pub type Turned = (Timestamp, LoopCode);

/// The parts of a kit that are shown one at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KitTab {
    /// Title and profile in short.
    Overview,
    /// The questions of one part.
    Questions(Section),
    /// What experienced hiring managers look for.
    LookFor,
    /// What goes wrong.
    Pitfalls,
    /// Whom the role looks for.
    Profile,
}

/// Why roles are offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RolesWhy {
    /// Nothing was named, or all were asked for.
    All,
    /// Several match.
    Several,
    /// None matches; these are near.
    Near {
        /// What was typed.
        word: Note,
    },
}
