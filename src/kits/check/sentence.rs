//! Sentences as an interviewer says them: their words, their pauses, and what kind of answer they ask for. Which kind a kit should ask for is in `asking`.

/// A text as the rules compare it: lower case, plain apostrophes, quotation marks and dashes, single spaces.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        let letter = match letter {
            '’' | '‘' | 'ʼ' | '′' => '\'',
            '“' | '”' | '„' | '«' | '»' => '"',
            '‐'..='―' | '−' => '-',
            '…' => '.',
            letter if letter.is_whitespace() => ' ',
            letter => letter,
        };
        if letter != ' ' || !plain.ends_with([' ']) {
            plain.extend(letter.to_lowercase());
        }
    }
    plain.trim().to_owned()
}

/// A word, and whether the speaker pauses after it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Word<'a> {
    text: &'a str,
    pause: Option<char>,
}

/// A sentence of a plain text.
#[derive(Debug)]
pub(super) struct Sentence<'a> {
    words: Vec<Word<'a>>,
    /// It ends with a question mark.
    asks: bool,
}

/// What a sentence asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// A yes or a no, or one of two words.
    Closed,
    /// More than that.
    Open,
    /// Nothing.
    Statement,
}

const ABBREVIATIONS: [&str; 9] = ["e.g", "i.e", "etc", "vs", "approx", "mr", "mrs", "ms", "dr"];

const ASKING_WORDS: [&str; 18] = [
    "what", "what's", "what're", "which", "who", "who's", "whom", "whose", "why", "why's", "how",
    "how's", "how'd", "when", "when's", "where", "where's", "what'd",
];

const AUXILIARIES: [&str; 38] = [
    "do",
    "does",
    "did",
    "have",
    "has",
    "had",
    "is",
    "are",
    "was",
    "were",
    "am",
    "can",
    "could",
    "would",
    "will",
    "should",
    "shall",
    "may",
    "might",
    "must",
    "don't",
    "doesn't",
    "didn't",
    "haven't",
    "hasn't",
    "hadn't",
    "isn't",
    "aren't",
    "wasn't",
    "weren't",
    "can't",
    "cannot",
    "couldn't",
    "wouldn't",
    "won't",
    "shouldn't",
    "mightn't",
    "mustn't",
];

const PRONOUNS: [&str; 10] = [
    "you", "we", "they", "he", "she", "it", "i", "there", "your", "one",
];

/// What may follow an auxiliary as the beginning of its subject, beside the pronouns.
const DETERMINERS: [&str; 25] = [
    "the",
    "a",
    "an",
    "this",
    "that",
    "these",
    "those",
    "our",
    "their",
    "its",
    "his",
    "her",
    "my",
    "each",
    "every",
    "any",
    "anybody",
    "anyone",
    "anything",
    "everybody",
    "everyone",
    "people",
    "somebody",
    "someone",
    "others",
];

/// Verbs with which a sentence orders an answer.
const ORDERS: [&str; 36] = [
    "tell",
    "describe",
    "walk",
    "talk",
    "take",
    "give",
    "explain",
    "share",
    "show",
    "name",
    "list",
    "think",
    "compare",
    "choose",
    "pick",
    "outline",
    "sketch",
    "summarise",
    "summarize",
    "introduce",
    "recall",
    "discuss",
    "draw",
    "illustrate",
    "paint",
    "define",
    "say",
    "remember",
    "go",
    "help",
    "guide",
    "lead",
    "elaborate",
    "contrast",
    "rank",
    "convince",
];

/// Words before the main clause that do not change what it asks.
const FILLERS: [&str; 20] = [
    "so", "well", "now", "then", "and", "but", "or", "also", "please", "first", "finally", "ok",
    "okay", "just", "yes", "next", "lastly", "again", "right", "kindly",
];

/// What begins a part that stands before the main clause: "in your last role, …", "if a service fails, …".
const LEADING: [&str; 74] = [
    "in",
    "on",
    "at",
    "when",
    "whenever",
    "while",
    "if",
    "as",
    "during",
    "before",
    "after",
    "given",
    "imagine",
    "imagining",
    "suppose",
    "supposing",
    "thinking",
    "looking",
    "with",
    "for",
    "from",
    "over",
    "under",
    "since",
    "outside",
    "apart",
    "besides",
    "to",
    "by",
    "of",
    "about",
    "without",
    "within",
    "across",
    "throughout",
    "considering",
    "assuming",
    "regarding",
    "concerning",
    "once",
    "until",
    "though",
    "although",
    "because",
    "despite",
    "instead",
    "unlike",
    "like",
    "among",
    "between",
    "beyond",
    "generally",
    "overall",
    "today",
    "currently",
    "recently",
    "usually",
    "typically",
    "sometimes",
    "often",
    "personally",
    "honestly",
    "where",
    "knowing",
    "having",
    "aside",
    "back",
    "working",
    "let's",
    "say",
    "earlier",
    "later",
    "whatever",
    "wherever",
];

impl<'a> Sentence<'a> {
    fn new(text: &'a str, asks: bool) -> Self {
        let mut words: Vec<Word<'a>> = Vec::new();
        for chunk in text.split(' ') {
            let text = chunk.trim_matches(|letter: char| {
                !letter.is_alphanumeric() && letter != '+' && letter != '#'
            });
            let pause = chunk
                .chars()
                .rev()
                .take_while(|letter| !letter.is_alphanumeric())
                .find(|letter| [',', ';', ':', '-', ')'].contains(letter));
            if text.is_empty() {
                // A lone dash is a pause after the word before it.
                if let (Some(last), Some(pause)) = (words.last_mut(), pause) {
                    last.pause = Some(pause);
                }
            } else {
                words.push(Word { text, pause });
            }
        }
        Self { words, asks }
    }

    fn word(&self, at: usize) -> &'a str {
        self.words.get(at).map_or("", |word| word.text)
    }

    fn is(&self, at: usize, list: &[&str]) -> bool {
        list.contains(&self.word(at))
    }

    /// The first place from here after which the speaker pauses.
    fn pause(&self, from: usize) -> Option<usize> {
        (from..self.words.len().saturating_sub(1)).find(|at| self.words[*at].pause.is_some())
    }

    /// Where the main clause begins: after "in your last role," and after a colon.
    fn main_clause(&self) -> usize {
        let after_colon = (0..self.words.len().saturating_sub(1))
            .rev()
            .find(|at| self.words[*at].pause == Some(':'))
            .map_or(0, |at| at + 1);
        let mut start = after_colon;
        loop {
            while self.is(start, &FILLERS) {
                start += 1;
            }
            let asking = self.is(start, &ASKING_WORDS)
                && (self.is(start + 1, &AUXILIARIES) || self.pause(start).is_none());
            let in_which = self.is(start, &LEADING)
                && !self.is(start, &ASKING_WORDS)
                && self.is(start + 1, &ASKING_WORDS);
            if asking || in_which {
                return start;
            }
            if !self.is(start, &LEADING) {
                return self.aside(start);
            }
            match self.pause(start) {
                Some(pause) => start = pause + 1,
                None => return self.without_pause(start),
            }
        }
    }

    /// "You find a fault on a Friday, do you deploy?" asks after the comma.
    fn aside(&self, start: usize) -> usize {
        if self.is(start, &AUXILIARIES) || self.is(start, &ASKING_WORDS) || self.is(start, &ORDERS)
        {
            return start;
        }
        (start..self.words.len())
            .find(|at| {
                self.words[*at].pause.is_some()
                    && self.is(at + 1, &AUXILIARIES)
                    && self.is(at + 2, &PRONOUNS)
            })
            .map_or(start, |at| at + 1)
    }

    /// "In your last role did you lead a team?"
    fn without_pause(&self, start: usize) -> usize {
        for at in start..self.words.len() {
            if self.is(at, &ASKING_WORDS) {
                return start;
            }
            if self.is(at, &AUXILIARIES) && self.word(at + 1) == "you" {
                return at;
            }
        }
        start
    }

    pub(super) fn kind(&self) -> Kind {
        let start = self.main_clause();
        if start >= self.words.len() {
            return Kind::Statement;
        }
        let prepositional =
            self.is(start, &LEADING) && (1..=2).any(|ahead| self.is(start + ahead, &ASKING_WORDS));
        if self.is(start, &ASKING_WORDS) || (prepositional && self.asks) {
            return if self.asks || self.is(start + 1, &AUXILIARIES) {
                Kind::Open
            } else {
                Kind::Statement
            };
        }
        if self.is(start, &ORDERS) {
            return Kind::Open;
        }
        if self.is(start, &AUXILIARIES) {
            let subject = self.is(start + 1, &PRONOUNS) || self.is(start + 1, &DETERMINERS);
            return match (self.invites(start), subject || self.asks) {
                (true, _) => Kind::Open,
                (false, true) => Kind::Closed,
                (false, false) => Kind::Statement,
            };
        }
        if self.asks && (self.ends_in_a_tag() || self.asserts(start)) {
            return Kind::Closed;
        }
        Kind::Statement
    }

    /// "Would you walk me through …": the form of a question, the sense of an order.
    fn invites(&self, start: usize) -> bool {
        let mut at = start + 1;
        if self.is(at, &ORDERS) {
            // "Do describe …"
            return true;
        }
        if ["i", "we"].contains(&self.word(at)) {
            let asks = self.is(at + 1, &["ask", "know", "hear", "see"]);
            return asks && (at + 2..self.words.len()).any(|at| self.is(at, &ASKING_WORDS));
        }
        if self.word(at) != "you" {
            return false;
        }
        at += 1;
        let polite = [
            "please", "briefly", "just", "quickly", "also", "now", "perhaps", "kindly", "maybe",
            "then", "like", "to", "mind", "be", "able", "willing", "happy", "care", "possibly",
            "start", "begin", "by", "try",
        ];
        while self.is(at, &polite) {
            at += 1;
        }
        let next = |list: &[&str]| self.is(at + 1, list);
        let for_us = ["me", "us"];
        match self.word(at) {
            "describe" | "describing" | "explain" | "explaining" | "outline" | "outlining"
            | "summarise" | "summarize" | "summarising" | "summarizing" | "sketch"
            | "sketching" | "illustrate" | "illustrating" | "elaborate" | "recall"
            | "introduce" | "introducing" | "expand" | "clarify" | "list" | "compare"
            | "define" => true,
            "walk" | "walking" | "talk" | "talking" | "run" | "running" => {
                next(&for_us) || next(&["through", "about"])
            }
            "tell" | "telling" | "take" | "taking" | "help" | "helping" | "lead" | "guide"
            | "bring" | "lay" | "paint" => next(&for_us),
            "show" | "showing" => next(&for_us) || next(&["how", "what", "where"]),
            "give" | "giving" => next(&for_us) || next(&["a", "an", "some", "one"]),
            "share" | "sharing" => {
                next(&for_us)
                    || next(&[
                        "a", "an", "some", "one", "your", "with", "how", "what", "any",
                    ])
            }
            "think" | "remember" | "name" | "pick" => next(&[
                "of", "a", "an", "some", "one", "two", "three", "when", "any",
            ]),
            "say" => next(&["more", "a", "something", "how", "what", "why"]),
            "go" => next(&["through", "into", "over", "deeper"]),
            "speak" => next(&["to", "about"]),
            "have" | "got" => (1..=4).any(|ahead| self.is(at + ahead, &["example", "examples"])),
            _ => {
                self.is(start, &["have"])
                    && (0..=4).any(|ahead| self.is(at + ahead, &["example", "examples"]))
            }
        }
    }

    /// "…, right?" and "…, don't you?"
    fn ends_in_a_tag(&self) -> bool {
        let last = self.words.len() - 1;
        let one = last >= 1
            && self.words[last - 1].pause.is_some()
            && self.is(last, &["right", "correct", "yes", "no", "ok", "okay"]);
        let two = last >= 2
            && self.words[last - 2].pause.is_some()
            && self.is(last - 1, &AUXILIARIES)
            && self.is(last, &PRONOUNS);
        one || two
    }

    /// "You have led teams before?"
    fn asserts(&self, start: usize) -> bool {
        self.is(start, &["you", "you've", "you're", "you'd", "you'll"])
            && !(start..self.words.len()).any(|at| self.is(at, &ASKING_WORDS))
    }

    /// Whether a second question follows the first within the sentence.
    pub(super) fn asks_twice(&self) -> bool {
        let start = self.main_clause();
        (start + 1..self.words.len()).any(|at| {
            let paused = self.words[at - 1].pause.is_some();
            // "how and why" asks once.
            let joined = self.is(at - 1, &ASKING_WORDS) && !paused;
            if self.is(at, &["and", "but", "or", "then", "plus"]) && !joined {
                let then = self.after_and(at + 1);
                let yes_or_no = self.asks
                    && !self.is(at, &["or"])
                    && self.is(then, &AUXILIARIES)
                    && self.is(then + 1, &PRONOUNS)
                    && self.word(then + 1) != "one";
                yes_or_no || self.inverted(then) || (paused && self.second_subject(start, at, then))
            } else {
                paused && self.asks && self.inverted(at)
            }
        })
    }

    /// Skips "also", "then", "if so," after an "and".
    fn after_and(&self, mut at: usize) -> usize {
        loop {
            if self.word(at) == "if" && self.is(at + 1, &["so", "not", "yes"]) {
                at += 2;
            } else if self.is(
                at,
                &[
                    "also",
                    "then",
                    "finally",
                    "next",
                    "later",
                    "afterwards",
                    "so",
                ],
            ) {
                at += 1;
            } else {
                return at;
            }
        }
    }

    /// Whether a question begins here: "how did you …", "which tool did you …", not "how you did it", "what to do" or a lone "why".
    fn inverted(&self, at: usize) -> bool {
        if !self.is(at, &ASKING_WORDS) {
            return false;
        }
        let subject = |at: usize| self.is(at, &PRONOUNS) || self.is(at, &DETERMINERS);
        if self.word(at).contains('\'') && subject(at + 1) {
            return true;
        }
        if self.is(at + 1, &AUXILIARIES) {
            return subject(at + 2);
        }
        for gap in 1..=4 {
            let word = at + gap;
            if subject(word) || self.is(word, &["to", "not"]) {
                return false;
            }
            if self.is(word + 1, &AUXILIARIES) {
                return self.is(word + 2, &PRONOUNS);
            }
        }
        false
    }

    /// "…, and who noticed?": a question whose asking word is its subject. After an earlier "how do you decide what …, and what …" it
    /// belongs to that one.
    fn second_subject(&self, start: usize, and: usize, at: usize) -> bool {
        let asking_first = self.is(start, &ASKING_WORDS) || self.is(start, &AUXILIARIES);
        let nested = (start + 1..and).any(|at| self.is(at, &ASKING_WORDS));
        let negated = self.is(at + 1, &AUXILIARIES)
            && (self.word(at + 2) == "not" || self.word(at + 1).ends_with("n't"));
        let more = at + 1 < self.words.len() && !self.is(at + 1, &["next", "then", "now"]);
        self.asks
            && asking_first
            && !nested
            && !negated
            && more
            && self.is(at, &["what", "who", "which"])
            && !self.is(at + 1, &PRONOUNS)
            && !self.is(at + 1, &DETERMINERS)
            && !self.is(at + 1, &["to", "not", "else", "if"])
    }

    /// How many words it has.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether it ends with a question mark.
    pub(super) fn asks(&self) -> bool {
        self.asks
    }
}

/// The sentences of a plain text.
pub(super) fn sentences(plain: &str) -> Vec<Sentence<'_>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let bytes = plain.as_bytes();
    for (at, letter) in plain.char_indices() {
        if !['.', '?', '!'].contains(&letter) {
            continue;
        }
        // A mark that a quotation or a word goes on after ends nothing.
        let ends = match bytes.get(at + 1) {
            None | Some(b' ') => true,
            Some(b')' | b'"' | b'\'') => at + 2 == plain.len(),
            Some(_) => false,
        };
        let before = &plain[start..at];
        let last = before.rsplit([' ', '(']).next().unwrap_or_default();
        let abbreviated = letter == '.' && ABBREVIATIONS.contains(&last);
        if ends && !abbreviated {
            push(&mut sentences, before, letter == '?');
            start = at + 1;
        }
    }
    push(&mut sentences, &plain[start..], false);
    sentences
}

fn push<'a>(sentences: &mut Vec<Sentence<'a>>, text: &'a str, asks: bool) {
    let sentence = Sentence::new(text, asks);
    if !sentence.words.is_empty() {
        sentences.push(sentence);
    }
}
