//! What the screens look like, and that Slack takes them.
