//! What somebody typed after `/interview`, taken apart. Which role the words mean is decided in `app`.

use crate::domain::candidate::Note;
use crate::domain::event::{Request, Screen};
use crate::domain::ids::{GroupId, UserId};

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
}

impl SubCommand {
    /// All of them, in the order in which the help lists them.
    pub const ALL: [Self; 4] = [Self::Mine, Self::List, Self::Kits, Self::Help];

    /// As it is typed.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Help => "help",
            Self::Mine => "mine",
            Self::List => "list",
            Self::Kits => "kits",
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
        }
    }

    fn screen(self) -> Screen {
        match self {
            Self::Help => Screen::Help,
            Self::Mine => Screen::Mine,
            Self::List => Screen::List,
            Self::Kits => Screen::Kits,
        }
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
        return Request::Look(wanted.screen());
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
        let strings = |ids: Vec<UserId>| ids.into_iter().map(|id| id.0).collect();
        (
            words.as_str().to_owned(),
            strings(panel),
            groups.into_iter().map(|id| id.0).collect(),
            unresolved,
        )
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
    }

    proptest! {
        #[test]
        fn nothing_typed_breaks_the_reader(text in ".{0,300}") {
            let _ = parse(&text);
        }
    }
}
