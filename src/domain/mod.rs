//! The interview itself: pure rules, without input or output, clock, randomness or Slack.
pub mod ids;
pub mod kit;
