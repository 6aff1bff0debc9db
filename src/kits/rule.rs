//! Every rule that the check knows: its id, how much a breach matters, what it finds. Finding it is in `read` and `check`; why, is in `docs/kit-check.md`.

use super::finding::Level;

/// The page that explains each rule under a heading with its id.
pub const HELP: &str = "docs/kit-check.md";

/// One rule of the check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What findings print and `[[allow]]` names; for ever.
    pub id: &'static str,
    /// How much a breach matters.
    pub level: Level,
    /// What it finds, in one line.
    pub finds: &'static str,
}

impl Rule {
    /// Whether `[[allow]]` may silence it: all but errors, since what is an error cannot be used.
    #[must_use]
    pub fn silenceable(&self) -> bool {
        self.level < Level::Error
    }

    /// Where the rule is explained.
    #[must_use]
    pub fn help(&self) -> String {
        help(self.id)
    }
}

/// Where the rule of this id is explained.
pub(super) fn help(id: &str) -> String {
    format!("{HELP}#{id}")
}

/// A rule by its id.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}

macro_rules! rules {
    ($($name:ident = $id:literal, $level:ident, $finds:literal;)*) => {
        $(
            #[doc = $finds]
            pub(super) const $name: Rule = Rule { id: $id, level: Level::$level, finds: $finds };
        )*
        /// All of them, in the order of the page. A finding can only be made with one of these.
        pub static RULES: &[Rule] = &[$($name),*];
    };
}

rules! {
    // The file.
    UNREADABLE = "unreadable", Error, "a file or folder that cannot be read, or is no text, or is too large for a kit";
    SYNTAX = "syntax", Error, "a file that is not TOML";
    UNKNOWN_KEY = "unknown-key", Error, "a key that a kit does not have";
    MISSING_KEY = "missing-key", Error, "a key that a kit needs";
    WRONG_TYPE = "wrong-type", Error, "a value of another kind than its key takes, as a number in quotes";
    WRONG_VALUE = "wrong-value", Error, "a word that is none of those that its key takes";
    EMPTY_TEXT = "empty-text", Error, "a text that must say something and does not";
    CONTROL_CHARACTER = "control-character", Error, "a character that nobody sees, as a zero-width space";
    FILE_NAME = "file-name", Warning, "a file that is not named after its kit's slug";

    // Names.
    SLUG_ALPHABET = "slug-alphabet", Error, "a slug or a competency's id with other characters than a to z, 0 to 9 and single dashes";
    RESERVED_NAME = "reserved-name", Error, "a role called like a sub-command";
    DUPLICATE_SLUG = "duplicate-slug", Error, "two kits of one slug";
    DUPLICATE_ALIAS = "duplicate-alias", Error, "a name that leads to two kits";
    QUESTION_ID = "question-id", Error, "a question's id that is not its section and a number";
    DUPLICATE_QUESTION = "duplicate-question", Error, "two questions of one id";
    UNKNOWN_QUESTION = "unknown-question", Error, "a sample answer to a question that the kit does not have";
    DUPLICATE_COMPETENCY = "duplicate-competency", Error, "two competencies of one id or one name";
    UNKNOWN_COMPETENCY = "unknown-competency", Error, "a competency that the kit does not have";

    // The profile.
    MINUTES = "minutes", Error, "an interview of fewer than 5 or more than 480 minutes";
    SALARY_RANGE = "salary-range", Error, "a salary range that ends before it begins";
    CURRENCY = "currency", Error, "a currency that is not three capital letters";
    SALARY_WITHOUT_SOURCE = "salary-without-source", Warning, "a salary figure that does not say who gave it and when it was true";
    UPPER_BOUND_ON_EXPERIENCE = "upper-bound-on-experience", Warning, "a highest number of years of experience";

    // Coverage.
    NO_QUESTIONS = "no-questions", Error, "a kit that asks nothing";
    SECTION_WITHOUT_QUESTIONS = "section-without-questions", Note, "a part of the interview in which nothing is asked";
    COMPETENCY_COUNT = "competency-count", Note, "fewer than four or more than six competencies";
    UNPROBED_COMPETENCY = "unprobed-competency", Warning, "a competency that no question probes";
    THIN_COMPETENCY = "thin-competency", Warning, "a competency that one question alone carries";
    NO_COMPETENCY = "no-competency", Warning, "a technical or behavioural question that probes no competency";
    UNPROBED_TRAIT = "unprobed-trait", Warning, "a look-for or pitfall whose competency no question probes";
    UNPROBED_LOOK_FOR = "unprobed-look-for", Note, "a look-for that names no competency, so no question probes it";

    // Anchors.
    NO_ANCHORS = "no-anchors", Note, "a question that does not say what each rating sounds like";
    SAME_ANCHOR = "same-anchor", Warning, "two ratings of one question with the same anchor";
    INDISTINCT_ANCHORS = "indistinct-anchors", Warning, "two neighbouring anchors in the same words";
    COPIED_ANCHOR = "copied-anchor", Warning, "an anchor copied from another question";

    // Questions.
    NO_FOLLOW_UP = "no-follow-up", Warning, "a question without a follow-up";
    FEW_FOLLOW_UPS = "few-follow-ups", Note, "a question with one follow-up only";
    MANY_FOLLOW_UPS = "many-follow-ups", Note, "a question with more than three follow-ups";
    CLOSED_QUESTION = "closed-question", Warning, "a question that yes or no would answer";
    TWO_QUESTIONS = "two-questions", Warning, "two questions in one";
    OPINION_NOT_EVENT = "opinion-not-event", Warning, "a behavioural question that asks for an opinion or a guess instead of something that happened";
    LONG_TO_READ_ALOUD = "long-to-read-aloud", Warning, "a question of more than 50 words, 20 seconds read aloud";
    SAME_QUESTION = "same-question", Warning, "the same question twice in a kit";
    SAME_QUESTION_ELSEWHERE = "same-question-elsewhere", Note, "the same question in two kits under different ids";

    // The law.
    LAW_AGE = "law-age", Warning, "a question about age, or a trait that hints at one";
    LAW_FAMILY = "law-family", Warning, "a question about marriage, partner, children or care at home";
    LAW_PREGNANCY = "law-pregnancy", Warning, "a question about pregnancy or parental leave";
    LAW_ORIGIN = "law-origin", Warning, "a question about origin, nationality, accent or native language";
    LAW_RELIGION = "law-religion", Warning, "a question about religion";
    LAW_HEALTH = "law-health", Warning, "a question about health, sick days or genetic history";
    LAW_DISABILITY = "law-disability", Warning, "a question about disability";
    LAW_CONVICTIONS = "law-convictions", Warning, "a question about arrests or convictions";
    LAW_SALARY_HISTORY = "law-salary-history", Warning, "a question about present or past pay";

    // What fits.
    TOO_LONG = "too-long", Error, "a text that is longer than what Slack shows";
    TOO_MANY = "too-many", Error, "more of something than Slack or a person can take";
    LONG_TEXT = "long-text", Warning, "a text that is longer than people read in an interview";
    SLACK_FOLLOW_UPS = "slack-follow-ups", Error, "follow-ups that together do not fit the box in which Slack edits them";
    SLACK_LINE_BREAK = "slack-line-break", Warning, "a line break in a text that Slack shows or edits as one line";
    SLACK_CROWDED_SECTION = "slack-crowded-section", Warning, "more questions in a section than a scorecard shows with their anchors";
    SLACK_SHORTENED = "slack-shortened", Warning, "a part of the kit that one message can only show shortened";

    // Silencing.
    UNKNOWN_RULE = "unknown-rule", Note, "an `[[allow]]` for a rule that is not there or cannot be silenced";
    UNUSED_ALLOW = "unused-allow", Note, "an `[[allow]]` that silences nothing";
}

#[cfg(test)]
mod tests;
