//! The rules about kits beside each other. Those about one kit are in the other files.

use super::{Check, names};

/// Reports at the later of two kits what they share and should not.
pub(super) fn across(checks: &mut [Check<'_>]) {
    names::names(checks);
}
