//! The interview itself: pure rules, without input or output, clock, randomness or Slack.

pub mod access;
pub mod candidate;
pub mod debrief;
pub mod event;
pub mod ids;
pub mod interview_loop;
pub mod kit;
pub mod kit_edit;
pub mod pasted;
pub mod refusal;
pub mod scorecard;
pub mod shelf;
pub mod words;

#[cfg(test)]
pub(crate) mod samples;
