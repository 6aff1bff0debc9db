//! What somebody is told, wherever it is shown.

use super::NOT_YET;
use crate::domain::refusal::Refusal;
use crate::domain::words::Words;
use crate::slack::screens::{self, Drawn};

/// What somebody is told; the title is for where it is shown in a window.
pub(super) struct Told {
    pub(super) title: &'static str,
    pub(super) drawn: Drawn,
}

impl Told {
    pub(super) fn said(words: &Words) -> Self {
        Self {
            title: "Done",
            drawn: screens::said(words, &[]),
        }
    }

    pub(super) fn not_yet(words: &Words) -> Self {
        Self {
            title: NOT_YET,
            drawn: screens::said(words, &[]),
        }
    }

    pub(super) fn refused(refusal: &Refusal) -> Self {
        Self {
            title: NOT_YET,
            drawn: screens::refused(refusal),
        }
    }

    pub(super) fn failed(drawn: Drawn) -> Self {
        Self {
            title: "Something broke",
            drawn,
        }
    }
}
