//! A pretend Slack to talk to.
