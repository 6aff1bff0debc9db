//! What becomes of text on its way from a person's keyboard to an app.
//!
//! Not in here: how it is shown again (`render`).

use super::world::World;

/// Where typed text goes; mentions differ a little.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Typed {
    /// The text of a slash command with `should_escape`: `<@U1|ada>`, `<#C1|general>`.
    Command,
    /// A message: `<@U1>`, `<#C1>`.
    Message,
}

impl World {
    /// Escapes `&`, `<` and `>`, and turns known people, groups, channels and links into Slack's tokens.
    /// An `@word` or `#word` that nobody has stays as typed.
    pub(crate) fn typed(&self, text: &str, how: Typed) -> String {
        let mut out = String::new();
        let mut rest = text;
        let mut before = None;
        while let Some(c) = rest.chars().next() {
            let fresh = before.is_none_or(|b: char| !b.is_alphanumeric());
            let token = if fresh { self.token(rest, how) } else { None };
            if let Some((token, taken)) = token {
                out.push_str(&token);
                before = rest[..taken].chars().next_back();
                rest = &rest[taken..];
                continue;
            }
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                _ => out.push(c),
            }
            before = Some(c);
            rest = &rest[c.len_utf8()..];
        }
        out
    }

    /// The token at the start of `text` and how many bytes it stands for.
    fn token(&self, text: &str, how: Typed) -> Option<(String, usize)> {
        // The page's composer inserts the finished token of a person when one is picked.
        if let Some(inner) = text.strip_prefix("<@")
            && let Some(end) = inner.find('>')
        {
            let id = inner[..end].split('|').next().unwrap_or_default();
            let person = self.people.iter().find(|p| p.id == id)?;
            return Some((user_token(&person.id, &person.name, how), end + 3));
        }
        if text.starts_with("http://") || text.starts_with("https://") {
            let end = text
                .find(|c: char| c.is_whitespace() || "<>".contains(c))
                .unwrap_or(text.len());
            let url = text[..end].trim_end_matches(['.', ',', ')', ';', ':', '!', '?']);
            return Some((format!("<{}>", url.replace('&', "&amp;")), url.len()));
        }
        let sign = text.chars().next().filter(|c| matches!(c, '@' | '#'))?;
        let word = &text[1..];
        let end = word
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | '_')))
            .unwrap_or(word.len());
        let whole = &word[..end];
        for name in [whole, whole.trim_end_matches(['.', '-', '_'])] {
            if name.is_empty() {
                continue;
            }
            let token = if sign == '@' {
                self.at(name, how)
            } else {
                self.hash(name, how)
            };
            if let Some(token) = token {
                return Some((token, 1 + name.len()));
            }
        }
        None
    }

    fn at(&self, name: &str, how: Typed) -> Option<String> {
        if matches!(name, "here" | "channel" | "everyone") {
            return Some(format!("<!{name}>"));
        }
        if let Some(person) = self.people.iter().find(|p| p.name == name) {
            return Some(user_token(&person.id, &person.name, how));
        }
        let group = self.groups.iter().find(|g| g.handle == name)?;
        Some(format!("<!subteam^{}|@{}>", group.id, group.handle))
    }

    fn hash(&self, name: &str, how: Typed) -> Option<String> {
        let channel = self
            .channels
            .iter()
            .find(|c| !c.name.is_empty() && c.name == name)?;
        Some(match how {
            Typed::Message => format!("<#{}>", channel.id),
            // The label of a private channel is left empty.
            Typed::Command if channel.is_private => format!("<#{}|>", channel.id),
            Typed::Command => format!("<#{}|{}>", channel.id, channel.name),
        })
    }
}

fn user_token(id: &str, name: &str, how: Typed) -> String {
    match how {
        Typed::Command => format!("<@{id}|{name}>"),
        Typed::Message => format!("<@{id}>"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Setup, Workspace};
    use super::*;

    fn command(text: &str) -> String {
        let workspace = Workspace::hiring_team().group("backend-panel", ["ada", "ben"]);
        let setup = Setup {
            workspace,
            ..Setup::default()
        };
        let (changes, _) = tokio::sync::broadcast::channel(1);
        World::new(setup, changes).typed(text, Typed::Command)
    }

    #[test]
    fn known_names_become_tokens() {
        assert_eq!(
            command("qa Jane @ada, @ben."),
            "qa Jane <@U0ADA|ada>, <@U0BEN|ben>."
        );
        assert_eq!(
            command("@backend-panel"),
            "<!subteam^S0BACKENDPANEL|@backend-panel>"
        );
        assert_eq!(
            command("#general #hiring"),
            "<#C0GENERAL|general> <#C0HIRING|>"
        );
        assert_eq!(command("@here"), "<!here>");
    }

    #[test]
    fn unknown_names_stay_as_typed() {
        assert_eq!(
            command("@nobody #nowhere jane@ada"),
            "@nobody #nowhere jane@ada"
        );
    }

    #[test]
    fn the_three_signs_are_escaped() {
        assert_eq!(command("<!channel> R&D"), "&lt;!channel&gt; R&amp;D");
    }

    #[test]
    fn links_are_wrapped() {
        assert_eq!(
            command("see https://a.test/x?y=1&z=2."),
            "see <https://a.test/x?y=1&amp;z=2>."
        );
    }
}
