//! Reads just enough of Rust to tell which of our modules a file names: words and signs, without comments and texts.

/// A module named in a file.
pub struct Import {
    pub line: usize,
    /// The module's name, or `*` for everything at the crate's root.
    pub target: String,
}

/// A file of `src`, as its words and signs.
pub struct Source {
    /// `["slack", "http"]` for `slack/http.rs`.
    path: Vec<String>,
    tokens: Vec<(usize, String)>,
}

impl Source {
    /// Takes a file's path under `src` and its text.
    pub fn new(path: &str, text: &str) -> Self {
        let mut path: Vec<String> = path
            .trim_end_matches(".rs")
            .split('/')
            .map(ToOwned::to_owned)
            .collect();
        if path.len() > 1 && path.last().is_some_and(|last| last == "mod") {
            path.pop();
        }
        Self {
            path,
            tokens: tokens(text),
        }
    }

    /// The top module that the file is of.
    pub fn module(&self) -> &str {
        &self.path[0]
    }

    fn token(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |(_, token)| token)
    }

    /// Every place where a path begins with this crate.
    pub fn names(&self, name: &str) -> Vec<usize> {
        (0..self.tokens.len())
            .filter(|&at| {
                let before = at.checked_sub(1).map_or("", |before| self.token(before));
                // `::sled` begins a path, `store::sled` does not.
                let begins = before != "::"
                    || at.checked_sub(2).is_none_or(|before| {
                        !is_word(self.token(before)) || self.token(before) == "use"
                    });
                let is_path = self.token(at + 1) == "::"
                    || (matches!(before, "use" | "crate" | "::") && self.token(at + 1) != "::");
                self.token(at) == name && begins && is_path
            })
            .map(|at| self.tokens[at].0)
            .collect()
    }

    /// Every module of ours that the file names.
    pub fn imports(&self) -> Vec<Import> {
        let mut imports = Vec::new();
        // Modules written inside of the file, with the depth of braces at which each ends.
        let mut inner: Vec<(String, usize)> = Vec::new();
        let mut depth = 0_usize;
        let mut at = 0;
        while at < self.tokens.len() {
            match self.token(at) {
                "{" => depth += 1,
                "}" => {
                    depth = depth.saturating_sub(1);
                    inner.retain(|(_, end)| *end <= depth);
                }
                "mod" if self.token(at + 2) == "{" => {
                    inner.push((self.token(at + 1).to_owned(), depth + 1));
                }
                "crate" | "interview_assistant" if self.token(at + 1) == "::" => {
                    self.children(at + 2, &mut imports);
                }
                "super" if self.token(at + 1) == "::" => {
                    let mut above = self.path.len() + inner.len();
                    let mut here = at;
                    while self.token(here) == "super" && self.token(here + 1) == "::" {
                        above = above.saturating_sub(1);
                        here += 2;
                    }
                    if above == 0 {
                        self.children(here, &mut imports);
                    }
                    at = here;
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
        imports
    }

    /// The words that follow `crate::`, one or a group.
    fn children(&self, at: usize, imports: &mut Vec<Import>) {
        let mut push = |at: usize| {
            let target = self.token(at);
            if target != "self" {
                imports.push(Import {
                    line: self.tokens[at].0,
                    target: target.to_owned(),
                });
            }
        };
        if self.token(at) != "{" {
            if at < self.tokens.len() {
                push(at);
            }
            return;
        }
        let mut depth = 0;
        for here in at..self.tokens.len() {
            match self.token(here) {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return;
            }
            let begins = matches!(self.token(here - 1), "{" | ",");
            if depth == 1 && begins && !matches!(self.token(here), "{" | "}" | ",") {
                push(here);
            }
        }
    }
}

fn is_word(token: &str) -> bool {
    token
        .chars()
        .next()
        .is_some_and(|first| first.is_alphanumeric() || first == '_')
}

/// Words, `::` and single signs, each with its line.
fn tokens(text: &str) -> Vec<(usize, String)> {
    let letters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut line = 1;
    let mut at = 0;
    while at < letters.len() {
        let letter = letters[at];
        let next = letters.get(at + 1).copied().unwrap_or(' ');
        let end = match letter {
            '/' if next == '/' => find(&letters, at, |here| letters[here] == '\n'),
            '/' if next == '*' => block_comment(&letters, at),
            '"' => text_end(&letters, at + 1),
            'r' | 'b' | 'c' if raw_text(&letters, at).is_some() => {
                raw_text(&letters, at).expect("it was there a moment ago")
            }
            '\'' => character_end(&letters, at),
            _ if letter.is_alphanumeric() || letter == '_' => {
                let end = find(&letters, at, |here| {
                    !letters[here].is_alphanumeric() && letters[here] != '_'
                });
                tokens.push((line, letters[at..end].iter().collect()));
                end
            }
            ':' if next == ':' => {
                tokens.push((line, "::".to_owned()));
                at + 2
            }
            _ => {
                if !letter.is_whitespace() {
                    tokens.push((line, letter.to_string()));
                }
                at + 1
            }
        };
        line += letters[at..end].iter().filter(|one| **one == '\n').count();
        at = end;
    }
    tokens
}

fn find(letters: &[char], from: usize, what: impl Fn(usize) -> bool) -> usize {
    (from..letters.len())
        .find(|here| what(*here))
        .unwrap_or(letters.len())
}

fn block_comment(letters: &[char], start: usize) -> usize {
    let mut depth = 0;
    let mut at = start;
    while at + 1 < letters.len() {
        match (letters[at], letters[at + 1]) {
            ('/', '*') => {
                depth += 1;
                at += 2;
            }
            ('*', '/') => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    letters.len()
}

/// Where a text ends that begins after its quotation mark.
fn text_end(letters: &[char], start: usize) -> usize {
    let mut at = start;
    while at < letters.len() {
        match letters[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    letters.len()
}

/// Where `r"…"`, `r#"…"#`, `b"…"` and the like end, if this is one.
fn raw_text(letters: &[char], start: usize) -> Option<usize> {
    let mut at = start;
    let mut raw = false;
    while let Some('r' | 'b' | 'c') = letters.get(at) {
        raw |= letters[at] == 'r';
        at += 1;
        if at - start > 2 {
            return None;
        }
    }
    let hashes = letters[at..].iter().take_while(|one| **one == '#').count();
    at += hashes;
    if letters.get(at) != Some(&'"') || (hashes > 0 && !raw) {
        return None;
    }
    if !raw {
        return Some(text_end(letters, at + 1));
    }
    let closes = |here: usize| {
        letters[here] == '"'
            && letters.len() >= here + 1 + hashes
            && letters[here + 1..here + 1 + hashes]
                .iter()
                .all(|one| *one == '#')
    };
    let end = find(letters, at + 1, closes);
    Some((end + 1 + hashes).min(letters.len()))
}

/// Where a character ends; a lifetime's tick stands alone.
fn character_end(letters: &[char], start: usize) -> usize {
    if letters.get(start + 1) == Some(&'\\') {
        // The escaped character itself may be a tick.
        return find(letters, start + 3, |here| letters[here] == '\'') + 1;
    }
    if letters.get(start + 2) == Some(&'\'') {
        start + 3
    } else {
        start + 1
    }
}
