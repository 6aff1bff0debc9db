//! What a calibration is drawn from. What else is drawn is in `scene`.

use crate::domain::calibration::Spread;
use crate::domain::event::RolesWhy;
use crate::domain::ids::{CalibrationId, KitSlug, KitVersion, QuestionId, UserId};
use crate::domain::kit::Kit;
use crate::domain::scorecard::Rating;
use std::sync::Arc;

/// What somebody looks at before they rate a sample answer, and after.
#[derive(Clone, Debug, PartialEq)]
pub enum CalibrationScene {
    /// The roles that have sample answers.
    Roles {
        /// Slugs and titles.
        roles: Vec<(KitSlug, String)>,
        /// Why they are offered.
        why: RolesWhy,
    },
    /// A role's sample answers.
    Samples {
        /// The kit.
        kit: Arc<Kit>,
        /// Its version.
        version: KitVersion,
    },
    /// What the viewer gave.
    Own {
        /// It; none: the spread is shown by now.
        rating: Option<Rating>,
    },
}

/// What a calibration's post is drawn from: never a rating while it is open.
#[derive(Clone, Debug, PartialEq)]
pub struct CalibrationPost {
    /// Which.
    pub id: CalibrationId,
    /// The kit as it was when it began.
    pub kit: Arc<Kit>,
    /// That version of it.
    pub version: KitVersion,
    /// The question.
    pub question: QuestionId,
    /// The answer's letter.
    pub sample: char,
    /// How far it is.
    pub stage: CalibrationStage,
}

/// How far a calibration is, for everybody to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CalibrationStage {
    /// Ratings are coming in.
    Open {
        /// Who may ask for the spread.
        started_by: UserId,
        /// How many are in.
        number: usize,
    },
    /// The spread is shown.
    Shown(Spread),
    /// Nobody asked for it in time.
    Lapsed,
}
