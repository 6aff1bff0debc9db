//! What the app asks of Slack: the same words as `manifest.yml`, for the code; a test holds the two together. Who grants it is elsewhere.

/// The manifest that people paste into Slack's settings.
pub const TEXT: &str = include_str!("../manifest.yml");

/// The slash command.
pub const COMMAND: &str = "/interview";

/// What stands beside the command where people type it.
pub const USAGE_HINT: &str = "senior-backend Jane Doe @ada @ben, or help";

/// What the command does, as Slack lists it.
pub const COMMAND_DESCRIPTION: &str = "Open an interview kit, or start a candidate's interviews";

/// The bot's name.
pub const BOT_NAME: &str = "interview-assistant";

/// All that the bot may do, and what for.
pub const SCOPES: [&str; 10] = [
    // the slash command
    "commands",
    // that somebody asks for help in a thread, where commands don't work
    "app_mentions:read",
    // posts, threads, direct messages
    "chat:write",
    // guests, bots, deactivated people, time zones
    "users:read",
    // whether a channel is shared or archived
    "channels:read",
    // the same of private ones
    "groups:read",
    // what people write to the bot in its direct messages: the same words as after the command
    "im:history",
    // a panel named by its user group
    "usergroups:read",
    // which conversation somebody's direct messages are: files go to conversations only
    "im:write",
    // charts and loops as files, to the direct messages of whoever asked
    "files:write",
];

/// The events that keep what is known of people and channels true, words said to the bot, who looks at the Home tab, and that the app is gone.
pub const EVENTS: [&str; 13] = [
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_shared",
    "channel_unarchive",
    "channel_unshared",
    "group_archive",
    "group_unarchive",
    "message.im",
    "team_join",
    "tokens_revoked",
    "user_change",
];

/// Whether the bot has a Home tab.
pub const HOME_TAB: bool = true;

/// The shortcuts in Slack's own menu: name, callback id, description.
pub const GLOBAL_SHORTCUTS: [(&str, &str, &str); 1] = [(
    "Start an interview",
    "interview.start.v1",
    "Choose a role, then name the candidate and the panel",
)];

/// The shortcuts in a message's menu: name, callback id, description.
pub const MESSAGE_SHORTCUTS: [(&str, &str, &str); 2] = [
    (
        "Score this candidate",
        "loop.score.v1",
        "Open your scorecard, from a loop's post or anything in its thread",
    ),
    (
        "Import as a kit",
        "guide.import.v1",
        "Make an interview kit of the recruiter's guide in this message",
    ),
];
