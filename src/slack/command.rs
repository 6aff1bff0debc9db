//! What somebody typed after `/interview`, taken apart. Which role the words mean is decided in `app`.

use crate::domain::calibration::Calibrate;
use crate::domain::candidate::Note;
use crate::domain::digest::DigestDeed;
use crate::domain::event::{Deed, Request, Screen};
use crate::domain::export::Format;
use crate::domain::ids::{GroupId, LoopCode, UserId};

/// A sub-command, beside the name of a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubCommand {
    /// How to use the bot.
    Help,
    /// The viewer's own scorecards and loops.
    Mine,
    /// The loops of this channel and of the viewer.
    List,
    /// The kits with their versions.
    Kits,
    /// A kit of a recruiter's guide.
    Import,
    /// Rating a sample answer together.
    Calibrate,
    /// The channel's daily digest.
    Digest,
    /// Figures of many loops.
    Stats,
    /// A loop as a file.
    Export,
    /// Keeping a loop from being erased.
    Hold,
    /// Removing all of a loop.
    Erase,
}

impl SubCommand {
    /// All of them, in the order in which the help lists them.
    pub const ALL: [Self; 11] = [
        Self::Mine,
        Self::List,
        Self::Digest,
        Self::Kits,
        Self::Import,
        Self::Calibrate,
        Self::Stats,
        Self::Export,
        Self::Hold,
        Self::Erase,
        Self::Help,
    ];

    /// As it is typed.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Help => "help",
            Self::Mine => "mine",
            Self::List => "list",
            Self::Kits => "kits",
            Self::Import => "import",
            Self::Calibrate => "calibrate",
            Self::Digest => "digest",
            Self::Stats => "stats",
            Self::Export => "export",
            Self::Hold => "hold",
            Self::Erase => "erase",
        }
    }

    /// What it does, in the words of the help.
    #[must_use]
    pub fn purpose(self) -> &'static str {
        match self {
            Self::Help => "this page",
            Self::Mine => "your scorecards and the loops you own",
            Self::List => "the loops of this channel, and yours",
            Self::Kits => "the kits, their versions and the loops on each",
            Self::Import => "makes a kit of a recruiter's guide (administrators)",
            Self::Digest => "one post a day in this channel: what is owed, what is ready to decide",
            Self::Calibrate => "a sample answer that the panel rates, blind",
            Self::Export => "a loop as a file, in your direct messages",
            Self::Hold => "a legal hold: nobody can erase the loop (owners, administrators)",
            Self::Erase => "removes a loop for good (owners, administrators)",
            Self::Stats => "how long loops take, what nobody asks, how far interviewers agree",
        }
    }

    fn request(self) -> Request {
        Request::Look(match self {
            Self::Help => Screen::Help,
            Self::Mine => Screen::Mine,
            Self::List => Screen::List,
            Self::Kits => Screen::Kits,
            Self::Import => Screen::GuideForm,
            Self::Digest => Screen::DigestForm,
            Self::Calibrate => return calibrate(""),
            Self::Stats => return stats(""),
            Self::Export => return export(""),
            Self::Hold => return hold(""),
            Self::Erase => return erase(""),
        })
    }
}

/// Reads the kits' files again.
const RELOAD: [&str; 2] = ["kits", "reload"];

/// Takes apart what was typed, with mentions as Slack escapes them (`<@U123|name>`, `<!subteam^S123|@group>`).
#[must_use]
pub fn parse(text: &str) -> Request {
    let typed = text.trim();
    let wanted = SubCommand::ALL
        .into_iter()
        .find(|one| typed.eq_ignore_ascii_case(one.word()));
    if let Some(wanted) = wanted {
        return wanted.request();
    }
    if let Some((first, role)) = typed.split_once(char::is_whitespace) {
        if first.eq_ignore_ascii_case(SubCommand::Calibrate.word()) {
            return calibrate(role);
        }
        if first.eq_ignore_ascii_case(SubCommand::Stats.word()) {
            return stats(role);
        }
        if first.eq_ignore_ascii_case(SubCommand::Export.word()) {
            return export(role);
        }
        if first.eq_ignore_ascii_case(SubCommand::Hold.word()) {
            return hold(role);
        }
        if first.eq_ignore_ascii_case(SubCommand::Erase.word()) {
            return erase(role);
        }
    }
    if let Some((first, times)) = typed.split_once(char::is_whitespace)
        && first.eq_ignore_ascii_case(SubCommand::Digest.word())
    {
        return digest(times);
    }
    if typed.to_ascii_lowercase().split_whitespace().eq(RELOAD) {
        return Request::ReloadKits;
    }
    let mut words = String::new();
    let mut panel: Vec<UserId> = Vec::new();
    let mut groups: Vec<GroupId> = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        words.push_str(&rest[..start]);
        let Some(length) = rest[start..].find('>') else {
            rest = &rest[start..];
            break;
        };
        let inside = &rest[start + 1..start + length];
        match token(inside) {
            Token::Person(user) if !panel.contains(&user) => panel.push(user),
            Token::Group(group) if !groups.contains(&group) => groups.push(group),
            Token::Person(_) | Token::Group(_) => {}
            Token::Text(shown) => words.push_str(shown),
        }
        words.push(' ');
        rest = &rest[start + length + 1..];
    }
    words.push_str(rest);
    let words = unescaped(&words);
    let unresolved: Vec<String> = words
        .split_whitespace()
        .filter(|word| word.len() > 1 && word.starts_with('@'))
        .take(5)
        .map(|word| crate::domain::words::shortened(&crate::domain::candidate::visible(word), 40))
        .collect();
    let words: Vec<&str> = words
        .split_whitespace()
        .filter(|word| !(word.len() > 1 && word.starts_with('@')))
        .collect();
    Request::Interview {
        words: Note::new(&words.join(" ")),
        panel,
        groups,
        unresolved,
    }
}

/// The text of a message as its author sees it: links and mentions by what is shown of them.
#[must_use]
pub fn as_read(text: &str) -> String {
    let mut read = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        read.push_str(&rest[..start]);
        let Some(length) = rest[start..].find('>') else {
            rest = &rest[start..];
            break;
        };
        let inside = &rest[start + 1..start + length];
        let (name, label) = inside.split_once('|').unwrap_or((inside, ""));
        read.push_str(if label.is_empty() { name } else { label });
        rest = &rest[start + length + 1..];
    }
    read.push_str(rest);
    unescaped(&read)
}

/// To calibrate with a role's sample answers; nothing named: with any.
fn calibrate(role: &str) -> Request {
    Request::Calibrate(Calibrate::Ask(Note::new(&unescaped(role))))
}

/// What is wanted of the channel's digest.
fn digest(times: &str) -> Request {
    match times.trim().to_ascii_lowercase().as_str() {
        "off" => Request::Digest(DigestDeed::Off(None)),
        "now" => Request::Digest(DigestDeed::Now),
        "show" => Request::Look(Screen::Digest),
        _ => Request::Digest(DigestDeed::Type(Note::new(&unescaped(times)))),
    }
}

/// To have a loop as a file: `C-7F3Q`, or `C-7F3Q csv`.
fn export(wanted: &str) -> Request {
    let wanted = unescaped(wanted);
    let mut words = wanted.split_whitespace();
    let Some(word) = words.next() else {
        return Request::Look(Screen::Exports(None));
    };
    let code = code(word);
    Request::Look(match words.next().and_then(Format::parse) {
        Some(format) => Screen::Export { code, format },
        None => Screen::Exports(Some(code)),
    })
}

/// To put a loop under a legal hold, or to take it from under one: `C-7F3Q why`, `C-7F3Q off`.
fn hold(wanted: &str) -> Request {
    let wanted = unescaped(wanted);
    let (word, reason) = wanted
        .trim()
        .split_once(char::is_whitespace)
        .unwrap_or((wanted.trim(), ""));
    if word.is_empty() {
        return Request::Look(Screen::HoldForm(None));
    }
    let code = code(word);
    let reason = Note::new(reason);
    if reason.is_empty() {
        return Request::Look(Screen::HoldForm(Some(code)));
    }
    let deed = if reason.as_str().eq_ignore_ascii_case("off") {
        Deed::LiftHold
    } else {
        Deed::Hold { reason }
    };
    Request::Loop { code, deed }
}

/// To remove all of a loop: `C-7F3Q`.
fn erase(wanted: &str) -> Request {
    let wanted = unescaped(wanted);
    let word = wanted.split_whitespace().next();
    Request::Look(Screen::EraseForm(word.map(code)))
}

/// The loop that is meant. What is no code names none: it gets the answer of one that is not there.
fn code(word: &str) -> LoopCode {
    let shown = || crate::domain::words::shortened(&crate::domain::candidate::visible(word), 40);
    LoopCode::parse(word).unwrap_or_else(|| LoopCode::from(shown()))
}

/// To look back on a role's loops; nothing named: on all.
fn stats(role: &str) -> Request {
    Request::Stats(Note::new(&unescaped(role)))
}

enum Token<'a> {
    Person(UserId),
    Group(GroupId),
    Text(&'a str),
}

/// What stands between `<` and `>`: a person, a user group, or something with a text of its own.
fn token(inside: &str) -> Token<'_> {
    let (name, label) = inside.split_once('|').unwrap_or((inside, ""));
    let is_id = |id: &str| {
        id.len() > 1
            && id
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    if let Some(user) = name.strip_prefix('@')
        && is_id(user)
    {
        return Token::Person(UserId::from(user));
    }
    if let Some(group) = name.strip_prefix("!subteam^")
        && is_id(group)
    {
        return Token::Group(GroupId::from(group));
    }
    // Nobody in particular: quoted back like a name that Slack did not resolve.
    match name {
        "!here" => return Token::Text("@here"),
        "!channel" => return Token::Text("@channel"),
        "!everyone" => return Token::Text("@everyone"),
        _ => {}
    }
    Token::Text(if label.is_empty() { name } else { label })
}

/// Undoes Slack's three entities, the ampersand last.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn interview(text: &str) -> (String, Vec<String>, Vec<String>, Vec<String>) {
        let Request::Interview {
            words,
            panel,
            groups,
            unresolved,
        } = parse(text)
        else {
            panic!("{text} is a sub-command");
        };
        let strings = |ids: Vec<UserId>| ids.into_iter().map(|id| id.to_string()).collect();
        (
            words.as_str().to_owned(),
            strings(panel),
            groups.into_iter().map(|id| id.to_string()).collect(),
            unresolved,
        )
    }

    #[test]
    fn a_message_is_read_as_it_is_shown() {
        let text = "Swift &amp; Kotlin &lt;3, see <https://example.org/a|the guide> or <https://example.org>, <@U1|ada> &amp;lt;";
        let read = "Swift & Kotlin <3, see the guide or https://example.org, ada &lt;";
        assert_eq!(as_read(text), read);
        assert_eq!(as_read("a < b"), "a < b");
    }

    #[test]
    fn mentions_are_the_panel_and_the_words_are_the_rest() {
        let (words, panel, groups, unresolved) = interview(
            "senior-backend Jane Doe <@U1ADA|ada> <@W2BEN> <!subteam^S9|@backenders> <@U1ADA>",
        );
        assert_eq!(words, "senior-backend Jane Doe");
        assert_eq!(panel, ["U1ADA", "W2BEN"]);
        assert_eq!(groups, ["S9"]);
        assert!(unresolved.is_empty());
    }

    #[test]
    fn an_at_word_that_slack_did_not_resolve_is_quoted_back() {
        let (words, panel, _, unresolved) = interview("senior-backend Jane @adda");
        assert_eq!(words, "senior-backend Jane");
        assert!(panel.is_empty());
        assert_eq!(unresolved, ["@adda"]);
        let (words, _, _, unresolved) =
            interview("senior-backend Jane <!here> <!channel|@channel>");
        assert_eq!(words, "senior-backend Jane");
        assert_eq!(unresolved, ["@here", "@channel"]);
    }

    #[test]
    fn what_people_typed_is_unescaped_once() {
        assert_eq!(
            interview("senior-backend Tom &amp;lt; Jerry &lt;3").0,
            "senior-backend Tom &lt; Jerry <3"
        );
        assert_eq!(interview("x &lt;!channel&gt;").0, "x <!channel>");
        assert_eq!(
            interview("x <https://a.example|a.example>").0,
            "x a.example"
        );
        assert_eq!(interview("x < y").0, "x < y");
    }

    #[test]
    fn sub_commands_stand_alone_in_any_case() {
        assert_eq!(parse(" Mine "), Request::Look(Screen::Mine));
        assert_eq!(parse("HELP"), Request::Look(Screen::Help));
        assert_eq!(interview("list of demands").0, "list of demands");
        assert_eq!(parse("calibrate"), calibrate(""));
        assert_eq!(
            parse(" Calibrate  Tom &amp; Jerry "),
            calibrate("Tom & Jerry")
        );
        assert_eq!(interview("calibrated people").0, "calibrated people");
        assert_eq!(parse("Stats"), stats(""));
        assert_eq!(parse("stats  R&amp;D Lead"), stats("R&D Lead"));
        assert_eq!(interview("statistician").0, "statistician");
    }

    proptest! {
        #[test]
        fn nothing_typed_breaks_the_reader(text in ".{0,300}") {
            let _ = parse(&text);
        }
    }
}
