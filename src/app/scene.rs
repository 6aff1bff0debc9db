//! What a screen is drawn from: read and authorised, but not yet in anybody's blocks.

mod calibrating;
mod post;

pub use calibrating::{CalibrationPost, CalibrationScene, CalibrationStage};
pub use post::{Address, Addressed, BriefingScene, Due, OwedScene, PostScene, RemindersScene};

mod digest;

pub use digest::{DigestForm, DigestScene, LoopLines, PausedDigest, SetDigest};

use crate::domain::access::Offer;
use crate::domain::event::{KitTab, Opening, RolesWhy};
use crate::domain::export::{Exported, Sight};
use crate::domain::ids::{ChannelId, DraftId, KitSlug, KitVersion, LoopCode, QuestionId, UserId};
use crate::domain::interview_loop::{Doubted, Doubts, Head, SeatRole};
use crate::domain::kit::{Kit, Question, Section};
use crate::domain::kit_edit::Part;
use crate::domain::pasted::Filing;
use crate::domain::scorecard::Scorecard;
use crate::domain::settings::{NamingRule, Settings};
use crate::domain::shelf::Edition;
use crate::domain::stats::RoleStats;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many questions of each section have a mark, and how many there are.
pub type Counts = BTreeMap<Section, (usize, usize)>;

/// What one person looks at. A scorecard in it is the viewer's own, or revealed.
#[derive(Clone, Debug, PartialEq)]
pub enum Scene {
    /// How to use the bot.
    Help,
    /// A kit.
    Kit {
        /// The kit.
        kit: Arc<Kit>,
        /// Its version.
        version: KitVersion,
        /// The version was asked for: a loop is pinned to it.
        pinned: bool,
        /// The newer version that is served in place of the pinned one.
        newer: Option<Edition>,
        /// How it came to be, for whoever may change it.
        edition: Option<Edition>,
        /// The viewer may change it.
        editable: bool,
        /// The viewer may open a loop with it.
        opens: bool,
        /// There is a channel to share it with.
        shareable: bool,
        /// Which part.
        tab: KitTab,
    },
    /// The kits, with their versions.
    Kits {
        /// By role.
        rows: Vec<KitRow>,
        /// The viewer may change them.
        administrator: bool,
    },
    /// The form for a question of a kit.
    QuestionForm(Box<QuestionScene>),
    /// The form that asks for the role of a loop that is to be opened.
    RoleForm {
        /// Slugs and titles, at least one.
        roles: Vec<(KitSlug, String)>,
    },
    /// The form for a recruiter's guide.
    GuideForm {
        /// Where the person is.
        channel: Option<ChannelId>,
    },
    /// What a guide would become.
    Guide(Box<GuideScene>),
    /// Roles to choose from.
    Roles {
        /// Slugs and titles.
        roles: Vec<(KitSlug, String)>,
        /// Why they are offered.
        why: RolesWhy,
        /// The opening that goes on with the choice.
        draft: Option<DraftId>,
    },
    /// Loops, newest first.
    Loops {
        /// The viewer's own, rather than the channel's.
        mine: bool,
        /// Each with what the viewer has to do with it.
        entries: Vec<LoopEntry>,
        /// There are more than are shown.
        more: bool,
    },
    /// A page of a channel's loops that wait for their decision, the oldest first.
    Undecided {
        /// Which channel's.
        channel: ChannelId,
        /// Each with what the viewer has to do with it.
        entries: Vec<LoopEntry>,
        /// It is the first page.
        begins: bool,
        /// Where the next page begins, if there is one.
        next: Option<(Timestamp, LoopCode)>,
    },
    /// How a channel's digest is set.
    Digest(SetDigest),
    /// The form that sets a digest up.
    DigestForm(DigestForm),
    /// Initials or name?
    NamingQuestion {
        /// The opening that waits.
        draft: DraftId,
        /// The initials that would stand there.
        initials: String,
    },
    /// Which channel?
    ChannelQuestion {
        /// The opening that waits.
        draft: DraftId,
    },
    /// The same name and role, already open.
    Namesakes {
        /// The opening that waits.
        draft: DraftId,
        /// The loops of that name that the viewer may know of.
        heads: Vec<Head>,
    },
    /// The viewer's scorecard.
    Scorecard {
        /// The pinned kit.
        kit: Arc<Kit>,
        /// The loop.
        head: Box<Head>,
        /// The viewer's own, if begun.
        card: Option<Scorecard>,
        /// The viewer.
        user: UserId,
        /// Which part of it.
        section: Section,
        /// The question whose follow-ups are shown under it.
        open: Option<QuestionId>,
    },
    /// What the viewer may do with a loop.
    More {
        /// The loop.
        head: Box<Head>,
        /// Only what works.
        offers: Vec<Offer>,
    },
    /// Who is how far: marks counted, never shown.
    Progress {
        /// The loop.
        head: Box<Head>,
        /// Each panellist's count of marked and of all questions, by section.
        rows: Vec<(UserId, Counts)>,
        /// What the viewer may do next.
        offers: Vec<Offer>,
    },
    /// A debrief.
    Debrief(Box<DebriefScene>),
    /// A loop in short.
    Loop {
        /// The loop.
        head: Box<Head>,
        /// The viewer may score in it.
        scores: bool,
    },
    /// The form that opens a loop.
    StartForm(Box<StartScene>),
    /// Nobody is named: as last time?
    LastPanel {
        /// The opening that waits.
        draft: DraftId,
        /// Who it was last time, for what.
        panel: Vec<(UserId, SeatRole)>,
        /// What gives pause about it.
        doubts: Doubts,
    },
    /// Something gives pause about a panel.
    Doubtful {
        /// Whose panel.
        what: Doubted,
        /// What gives pause.
        doubts: Doubts,
        /// The loop, unless it is still to be opened.
        head: Option<Box<Head>>,
    },
    /// The form of the workspace's settings.
    SettingsForm {
        /// As they are.
        settings: Box<Settings>,
        /// How often they had been written.
        drawn_from: u64,
    },
    /// The form of the viewer's time zone.
    ZoneForm {
        /// The one they chose.
        chosen: Option<String>,
        /// The one that Slack tells.
        told: Option<String>,
    },
    /// The form for a note under a question.
    EvidenceForm {
        /// The loop.
        head: Box<Head>,
        /// The pinned kit.
        kit: Arc<Kit>,
        /// Which question.
        question: QuestionId,
        /// What is written so far.
        note: String,
    },
    /// The form for pasted notes.
    PasteForm {
        /// The loop.
        head: Box<Head>,
        /// The section that was shown.
        section: Section,
    },
    /// Pasted notes, as they would be filed.
    Pasted {
        /// The loop.
        head: Box<Head>,
        /// The pinned kit.
        kit: Arc<Kit>,
        /// The notes that wait.
        draft: DraftId,
        /// Which notes would change, and how.
        filings: Vec<Filing>,
        /// Questions that are not in the kit, as they were named.
        unknown: Vec<String>,
    },
    /// Something of a calibration.
    Calibration(CalibrationScene),
    /// What somebody looks back on.
    Stats(Box<StatsScene>),
    /// Roles to look back on.
    StatsRoles {
        /// Slugs and titles.
        roles: Vec<(KitSlug, String)>,
        /// Why they are offered.
        why: RolesWhy,
    },
    /// A loop as a file: in which form?
    Exports {
        /// The loop.
        head: Box<Head>,
        /// What of it the file would hold.
        sight: Sight,
    },
    /// A loop as a file.
    Export(Box<Exported>),
    /// Recommendation and submission.
    SubmitForm {
        /// The pinned kit.
        kit: Arc<Kit>,
        /// The loop.
        head: Box<Head>,
        /// The viewer's own, if begun.
        card: Option<Scorecard>,
    },
    /// Who interviews.
    PanelForm(Box<Head>),
    /// Who covers what.
    Plan {
        /// The pinned kit.
        kit: Arc<Kit>,
        /// The loop.
        head: Box<Head>,
        /// The viewer may take parts.
        takes: bool,
        /// The viewer may give parts to others.
        assigns: bool,
    },
    /// What the viewer covers.
    TakeForm {
        /// The pinned kit.
        kit: Arc<Kit>,
        /// The loop.
        head: Box<Head>,
        /// Who they are.
        user: UserId,
    },
    /// What somebody else covers.
    AssignForm {
        /// The pinned kit.
        kit: Arc<Kit>,
        /// The loop.
        head: Box<Head>,
    },
    /// Hire, hold or reject.
    DecideForm(Box<Head>),
    /// Another name.
    RenameForm(Box<Head>),
    /// Another owner.
    HandOverForm(Box<Head>),
    /// Stop without a decision.
    WithdrawForm(Box<Head>),
    /// Another channel.
    MoveForm(Box<Head>),
    /// Keep a loop from being erased.
    HoldForm(Box<Head>),
    /// Remove all of a loop.
    EraseForm(Box<Head>),
    /// When the interview is.
    TimeForm(Box<TimeScene>),
    /// What each interviewer wrote: revealed.
    EvidenceBoard {
        /// The pinned kit.
        kit: Arc<Kit>,
        /// The loop.
        head: Box<Head>,
        /// The scorecards that are in.
        cards: Vec<Scorecard>,
        /// Those of shadows, for those who lead the loop.
        shadows: Vec<Scorecard>,
    },
    /// Every question with who rated it how: revealed.
    ByQuestion {
        /// The pinned kit.
        kit: Arc<Kit>,
        /// The loop, with its snapshot.
        head: Box<Head>,
        /// What the shadows gave is shown apart: to those who lead the loop.
        leads: bool,
    },
}

/// A loop that is to be opened.
#[derive(Clone, Debug, PartialEq)]
pub struct StartScene {
    /// The role.
    pub kit: Arc<Kit>,
    /// Everybody can read the channel of `filled`.
    pub public: bool,
    /// What a post there calls the candidate.
    pub naming: NamingRule,
    /// When the interview shall be, on the clock of `zone`.
    pub planned: Option<jiff::civil::DateTime>,
    /// How long it takes, in minutes, where somebody said so.
    pub minutes: Option<u16>,
    /// The name of the time zone in which a time is meant.
    pub zone: String,
    /// What the form begins with. Its panel is that of last time where it was `offered`.
    pub filled: Opening,
    /// Where that waits, unless the form was opened to begin.
    pub draft: Option<DraftId>,
}

/// When the interview is, to be changed.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeScene {
    /// The loop.
    pub head: Head,
    /// How long it takes, in minutes, unless somebody says otherwise.
    pub minutes: u16,
    /// For when it is planned, on the clock of that zone.
    pub planned: Option<jiff::civil::DateTime>,
    /// The name of the time zone in which a time is meant.
    pub zone: String,
}

/// A kit in the list of kits.
#[derive(Clone, Debug, PartialEq)]
pub struct KitRow {
    /// What is served.
    pub kit: Arc<Kit>,
    /// How it came to be.
    pub edition: Edition,
    /// The file's version that waits for a choice.
    pub differs: Option<Edition>,
    /// How many open loops are on which version, the served one first.
    pub open: Vec<(KitVersion, usize, Option<Edition>)>,
}

/// A question of a kit, to be edited.
#[derive(Clone, Debug, PartialEq)]
pub struct QuestionScene {
    /// The kit as it is served.
    pub kit: Arc<Kit>,
    /// Its version.
    pub version: KitVersion,
    /// Where the person is.
    pub channel: Option<ChannelId>,
    /// Which part of the interview.
    pub section: Section,
    /// As it is; absent: a new one.
    pub question: Option<Question>,
    /// What became of it, the newest first: which parts, how the version came to be.
    pub history: Vec<(Vec<Part>, Edition)>,
}

/// A recruiter's guide that was read, with what would become of its lines, each as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuideScene {
    /// Where it waits.
    pub draft: DraftId,
    /// Where the person is.
    pub channel: Option<ChannelId>,
    /// The role's title.
    pub title: String,
    /// The role as it will be typed.
    pub slug: KitSlug,
    /// How many questions it asks.
    pub questions: usize,
    /// What was guessed: a person has to look at it.
    pub doubtful: Vec<String>,
    /// What is odd about the guide.
    pub warnings: Vec<String>,
    /// What no line says, and was taken to be so.
    pub assumed: Vec<String>,
    /// What a kit has and this guide has not.
    pub lacks: Vec<String>,
    /// What is not in the kit.
    pub left_out: Vec<String>,
    /// What is.
    pub kept: Vec<String>,
}

/// A kit that was edited in Slack while its file changed as well.
#[derive(Clone, Debug, PartialEq)]
pub struct DiffersScene {
    /// What is served: the edited one.
    pub kit: Arc<Kit>,
    /// How it came to be.
    pub edition: Edition,
    /// The file's version.
    pub file: Edition,
    /// The questions in which the two differ, with what differs, from the edited one to the file's.
    pub questions: Vec<(QuestionId, Vec<Part>)>,
    /// They differ in something else than questions.
    pub elsewhere: bool,
}

/// A revealed loop, with what came after the reveal.
#[derive(Clone, Debug, PartialEq)]
pub struct DebriefScene {
    /// The pinned kit.
    pub kit: Arc<Kit>,
    /// The loop, with its snapshot.
    pub head: Head,
    /// Scorecards that were changed after the reveal, or came after it.
    pub later: Vec<Scorecard>,
}

/// What somebody looks back on: figures of many loops, and no loop.
#[derive(Clone, Debug, PartialEq)]
pub struct StatsScene {
    /// All loops of the workspace, rather than those that the viewer owns.
    pub whole: bool,
    /// The one role that was asked for, with its title.
    pub role: Option<(KitSlug, String)>,
    /// By title; none where there are no loops.
    pub roles: Vec<RoleStats>,
}

/// A loop in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct LoopEntry {
    /// The loop.
    pub head: Head,
    /// The viewer owes a scorecard.
    pub owes: bool,
    /// The viewer may open a scorecard.
    pub scores: bool,
}

/// The code of the loop a scene is about, for what the edge has to remember.
#[must_use]
pub fn code_of(scene: &Scene) -> Option<&LoopCode> {
    match scene {
        Scene::Scorecard { head, .. }
        | Scene::More { head, .. }
        | Scene::Progress { head, .. }
        | Scene::Loop { head, .. }
        | Scene::Exports { head, .. }
        | Scene::EvidenceForm { head, .. }
        | Scene::PasteForm { head, .. }
        | Scene::Pasted { head, .. }
        | Scene::SubmitForm { head, .. }
        | Scene::EvidenceBoard { head, .. }
        | Scene::Plan { head, .. }
        | Scene::TakeForm { head, .. }
        | Scene::AssignForm { head, .. }
        | Scene::ByQuestion { head, .. } => Some(&head.code),
        Scene::PanelForm(head)
        | Scene::DecideForm(head)
        | Scene::RenameForm(head)
        | Scene::HandOverForm(head)
        | Scene::WithdrawForm(head)
        | Scene::HoldForm(head)
        | Scene::EraseForm(head)
        | Scene::MoveForm(head) => Some(&head.code),
        Scene::Debrief(scene) => Some(&scene.head.code),
        Scene::Export(exported) => Some(&exported.code),
        Scene::TimeForm(scene) => Some(&scene.head.code),
        _ => None,
    }
}
