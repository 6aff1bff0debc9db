//! What waits for one more answer before anything comes of it. What comes of it is in `app`.

use crate::domain::candidate::Note;
use crate::domain::ids::{ChannelId, GroupId, KitSlug, LoopCode, UserId};
use crate::domain::interview_loop::{Naming, SeatRole};
use crate::domain::kit::Section;
use crate::domain::planned::Wish;
use serde::{Deserialize, Serialize};

/// Something begun that waits for its author. It is forgotten after two days.
///
/// An opening is written as it was before there were other kinds, so that old records are read and older programs read new ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Draft {
    /// Notes that were pasted and wait to be confirmed.
    Notes(PastedNotes),
    /// A recruiter's guide that was read and waits to be saved as a kit.
    Guide(PastedGuide),
    /// A loop that somebody wants opened. Told by being none of the above, so it stays the last.
    #[serde(untagged)]
    Opening(Opening),
}

/// A block of notes that somebody pasted, whole: where its lines belong is worked out anew whenever it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastedNotes {
    /// Who pasted it, and who alone may confirm it.
    pub author: UserId,
    /// Whose interview it is about.
    pub code: LoopCode,
    /// The section that was shown, and is shown again afterwards.
    pub section: Section,
    /// What each box held, in their order.
    pub boxes: Vec<Note>,
}

/// A recruiter's guide, whole: what becomes of its lines is worked out anew whenever it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastedGuide {
    /// Who brought it, and who alone may save it.
    pub author: UserId,
    /// As it came.
    pub text: String,
}

/// A loop somebody wants opened.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Opening {
    /// The role; absent while it is ambiguous.
    pub slug: Option<KitSlug>,
    /// The candidate's name as it was typed.
    pub candidate: Note,
    /// The panel's interviewers.
    pub panel: Vec<UserId>,
    /// The panel's shadows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shadows: Vec<UserId>,
    /// The panel's observers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub observers: Vec<UserId>,
    /// The panel's groups, not yet expanded.
    pub groups: Vec<GroupId>,
    /// Where the post goes.
    pub channel: Option<ChannelId>,
    /// Which opening of the company's.
    pub requisition: Note,
    /// What tells namesakes apart.
    pub note: Note,
    /// A link to the CV.
    pub cv: Note,
    /// How a public channel may name the candidate.
    pub naming: Option<Naming>,
    /// Somebody else than the candidate of the same name.
    pub another_person: bool,
    /// Nobody is named on purpose: whoever is in the channel may join.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub anybody: bool,
    /// The panel of last time, where it was offered because nobody was named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offered: Vec<(UserId, SeatRole)>,
    /// The panel is meant, although something gives pause.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub panel_stands: bool,
    /// When the interview shall be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<Box<Wish>>,
}

impl Opening {
    /// Whether anybody is named for its panel.
    #[must_use]
    pub fn names_somebody(&self) -> bool {
        let named = [&self.panel, &self.shadows, &self.observers];
        named.iter().any(|users| !users.is_empty()) || !self.groups.is_empty()
    }

    /// Takes this panel in place of what was named.
    pub fn take_panel(&mut self, panel: &[(UserId, SeatRole)]) {
        self.groups.clear();
        for (wanted, users) in [
            (SeatRole::Interviewer, &mut self.panel),
            (SeatRole::Shadow, &mut self.shadows),
            (SeatRole::Observer, &mut self.observers),
        ] {
            let those = panel.iter().filter(|(_, role)| *role == wanted);
            *users = those.map(|(user, _)| user.clone()).collect();
        }
    }
}

/// What an opening may wait for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftAnswer {
    /// Which role.
    Role(KitSlug),
    /// The name or the initials, where everybody can read the post.
    Naming(Naming),
    /// The same name, but somebody else.
    AnotherPerson,
    /// Where the post goes.
    Channel(ChannelId),
    /// The panel that was offered.
    SamePanel,
    /// No panel.
    Anybody,
    /// The panel as it is, although something gives pause.
    PanelStands,
    /// All of it anew, from the form.
    Filled(Box<Opening>),
}
