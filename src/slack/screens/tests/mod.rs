//! What the screens look like, and that Slack takes them.

mod calibration;
mod check;
mod digest;
mod forms;
mod home;
mod kits;
mod limits;
pub(in crate::slack) mod looking_back;
mod messages;
mod notes;
mod picture;
mod plans;
mod posts;
pub(in crate::slack) mod samples;
mod starting;

/// Compares with the picture of that name.
macro_rules! shows {
    ($name:expr, $picture:expr) => {
        insta::with_settings!({snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true}, {
            insta::assert_snapshot!($name, $picture);
        })
    };
}
use shows;
