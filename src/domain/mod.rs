//! The interview itself: pure rules, without input or output, clock, randomness or Slack.

pub mod access;
pub mod calibration;
pub mod candidate;
pub mod clicks;
pub mod days;
pub mod debrief;
pub mod digest;
pub mod erasure;
pub mod event;
pub mod export;
pub mod ids;
pub mod install;
pub mod interview_loop;
pub mod kit;
pub mod kit_edit;
pub mod pasted;
pub mod planned;
pub mod refusal;
pub mod reminders;
pub mod scorecard;
pub mod settings;
pub mod sheet;
pub mod shelf;
pub mod stats;
pub mod words;

#[cfg(test)]
pub(crate) mod samples;
