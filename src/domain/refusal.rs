//! Every "no", in the words the person reads: what cannot be, whether anything was saved, what to do instead.

use super::calibration::NotCalibrated;
use super::candidate::{LONGEST_NAME, LONGEST_NOTE};
use super::ids::{LoopCode, UserId};
use super::interview_loop::SeatRole;
use super::planned::{NotPlanned, Part};
use super::words::{Words, count};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A polite no. It commits nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// A bot pressed a button.
    ForPeopleOnly,
    /// The account is switched off, or Slack does not know it.
    NotAMember,
    /// Somebody of another company.
    AnotherCompany,
    /// A guest.
    Guest,
    /// The channel is shared with another company.
    SharedChannel,
    /// The channel is archived.
    ArchivedChannel,
    /// The bot is not in the channel.
    BotNotInChannel,
    /// Slack did not answer what had to be known first.
    SlackDidNotTell,
    /// No such loop, or none that this person may know of.
    UnknownLoop {
        /// What was asked for.
        code: String,
    },
    /// There was such a loop, and it was erased.
    Erased,
    /// A legal hold keeps the loop.
    UnderHold {
        /// Who put it there.
        by: UserId,
        /// When.
        at: Timestamp,
    },
    /// A legal hold keeps it already.
    HeldAlready {
        /// Who put it there.
        by: UserId,
        /// When.
        at: Timestamp,
    },
    /// What was typed to confirm is not the loop's code.
    CodeNotTyped {
        /// What should have been.
        code: LoopCode,
    },
    /// A legal hold without a reason.
    HoldReasonMissing,
    /// Nothing keeps the loop.
    NotHeld,
    /// A legal hold is lifted by administrators.
    HoldForAdministrators,
    /// A message that belongs to no loop.
    NoLoopHere,
    /// The role is not there any more.
    UnknownRole,
    /// The opening was answered already, or is too old.
    DraftGone,
    /// Slack did not recognise an `@word`.
    UnresolvedMention {
        /// As it was typed.
        word: String,
    },
    /// No name.
    NameMissing,
    /// A name that fits no post.
    NameTooLong,
    /// A link that is none.
    NotALink,
    /// No time of day.
    NotATime {
        /// As it was typed.
        word: String,
    },
    /// No time of day at all.
    TimeMissing,
    /// No days.
    DaysMissing,
    /// No time zone.
    NotAZone {
        /// As it was typed.
        word: String,
        /// Zones whose names are alike.
        near: Vec<String>,
    },
    /// A word that may stand for several time zones.
    AmbiguousZone {
        /// As it was typed.
        word: String,
    },
    /// A word that says nothing of when a digest shall come.
    NotATimeOfDigests {
        /// As it was typed.
        word: String,
    },
    /// The channel has no digest.
    NoDigest,
    /// A panel too large to be meant.
    PanelTooLarge,
    /// Somebody who cannot be on a panel.
    CannotInterview {
        /// Who.
        user: UserId,
        /// What they were named for.
        #[serde(default)]
        role: SeatRole,
    },
    /// A user group without people.
    EmptyGroup,
    /// Somebody who cannot own a loop.
    CannotOwn {
        /// Who.
        user: UserId,
    },
    /// Already the owner.
    AlreadyOwner,
    /// For the owner and administrators.
    NotYours {
        /// Who owns it.
        owner: UserId,
    },
    /// On a named panel, and not this person.
    NotOnPanel {
        /// The loop they could ask to join.
        code: LoopCode,
    },
    /// They asked already, or are on it.
    AlreadyOnPanel,
    /// On the panel, without a scorecard.
    Observes,
    /// They recused themself.
    Recused,
    /// They said that they were not there.
    Absent,
    /// They take no part: only interviewers do.
    CannotCover {
        /// Who.
        user: UserId,
    },
    /// A part that the kit does not have.
    UnknownPart,
    /// The interviews are over.
    PlanIsOver,
    /// They are excused already.
    ExcusedAlready,
    /// Whoever submitted was there.
    AttendedAlready,
    /// The figures stand.
    TooLateToRecuse,
    /// Somebody has to lead the loop, and to see everything.
    OwnerCannotRecuse,
    /// Whoever owns a loop sees everything.
    RecusedCannotOwn {
        /// Who.
        user: UserId,
    },
    /// The scores are shown; nobody joins any more by scoring.
    TooLateToJoin,
    /// No such question in the loop's kit.
    UnknownQuestion,
    /// Nothing but white space was pasted.
    NothingPasted,
    /// Pasted notes are too long for where they belong.
    NotesTooLong {
        /// Where, and how long the note would be, in UTF-16 units.
        notes: Vec<(String, usize)>,
    },
    /// Somebody else pasted them.
    NotYourNotes,
    /// They were saved already, or are too old.
    NotesGone,
    /// Nothing comes of a calibration.
    Calibration(NotCalibrated),
    /// An interview cannot be planned so.
    NotPlanned(NotPlanned),
    /// There is nothing to be reminded of later.
    NothingToPutOff,
    /// There is no plan to take back.
    NothingPlanned,
    /// The loop stopped.
    Withdrawn,
    /// Unmarked questions.
    Unrated {
        /// How many.
        number: usize,
    },
    /// Ratings of 1 or 4 without a word of evidence.
    Unexplained {
        /// The questions' ids.
        questions: Vec<String>,
    },
    /// Nothing chosen.
    RecommendationMissing,
    /// No line of evidence.
    ReasonMissing,
    /// Nothing chosen.
    VerdictMissing,
    /// Nobody has submitted.
    NothingToReveal,
    /// The owner is on the panel and owes a scorecard.
    OwnerOwesScorecard,
    /// Already shown.
    AlreadyRevealed,
    /// Not yet shown.
    NotRevealed,
    /// Already decided.
    AlreadyDecided {
        /// By whom.
        by: UserId,
        /// When.
        at: Timestamp,
    },
    /// Nothing to take back.
    NothingToReopen,
    /// A decision or a withdrawal stands.
    Closed,
    /// Who has submitted stays on the panel.
    SubmittedStay {
        /// Who.
        users: Vec<UserId>,
    },
    /// What somebody who has submitted is there for stays as it is.
    SubmittedKeepRole {
        /// Who.
        users: Vec<UserId>,
    },
    /// Somebody named for two things.
    TwoRoles {
        /// Who.
        user: UserId,
        /// What they were named for last.
        role: SeatRole,
    },
    /// A loop without anybody on its panel.
    PanelEmpty,
    /// Everybody is in.
    NobodyOwes,
    /// They were reminded a short while ago.
    NudgedLately {
        /// From when on it works again.
        again_at: Timestamp,
    },
    /// It posts there already.
    SameChannel,
    /// A direct message is no place for a loop.
    NeedsChannel,
    /// For those who submitted, the owner and administrators.
    NotForYourEyes,
    /// For the panel, the owner and administrators.
    DebriefNotForYou,
    /// So are files of a loop.
    FileNotForYou,
    /// Which loop is meant?
    WhichLoop,
    /// The message is from before a change of the bot, or a copy that was replaced.
    OldButton,
    /// Looking back is for administrators and owners.
    NoLookingBack,
    /// Kits are changed by administrators.
    ForAdministrators,
    /// So are the workspace's settings.
    SettingsForAdministrators,
    /// Somebody else changed the settings since the form was opened.
    SettingsChanged,
    /// Working hours that end before they begin.
    HoursBackwards,
    /// Loops are opened by administrators here.
    OnlyAdministratorsOpen {
        /// Whom to ask.
        ask: Vec<UserId>,
    },
    /// The question that was edited is not in the kit.
    QuestionGone,
    /// A section has used its last number.
    NumbersUsedUp,
    /// Somebody else changed the same question since the form was opened.
    QuestionChanged,
    /// The kit would break rules of the check.
    KitUnfit {
        /// Where in the question, and what is wrong there.
        findings: Vec<(KitField, String)>,
        /// None of them is an error: it can be saved all the same.
        can_be_saved: bool,
    },
    /// The edit leaves everything as it was.
    NothingChanged,
    /// A text that is no guide, or more than one.
    NotAGuide {
        /// Why not, and what to do.
        why: String,
    },
    /// The guide was saved already, is too old, or is somebody else's.
    GuideGone,
    /// There is a kit of this slug.
    RoleTaken {
        /// Which.
        slug: String,
    },
    /// A kit that cannot be, whatever is overruled.
    NotAKit {
        /// What is wrong.
        why: String,
    },
    /// There is no choice between file and edit any more.
    NothingToChoose,
}

/// The field of the form that edits a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KitField {
    /// What is read aloud.
    Ask,
    /// The follow-ups.
    FollowUps,
    /// The note for the interviewer.
    Note,
    /// What it probes.
    Competency,
    /// What a 1 sounds like.
    Poor,
    /// What a 2 sounds like.
    Mixed,
    /// What a 3 sounds like.
    Good,
    /// What a 4 sounds like.
    Excellent,
}

/// The field of a form that a refusal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The candidate's name.
    Name,
    /// The panel's interviewers.
    Panel,
    /// The panel's shadows.
    Shadows,
    /// The panel's observers.
    Observers,
    /// A link to the CV.
    Cv,
    /// The channel.
    Channel,
    /// The recommendation.
    Recommendation,
    /// A line of evidence, or a reason.
    Reason,
    /// *Mark the rest as not asked*.
    Rest,
    /// Hire, hold or reject.
    Verdict,
    /// The new owner.
    Owner,
    /// The interviewer who is given a part.
    Interviewer,
    /// The first box for pasted notes.
    Notes,
    /// A day.
    Day,
    /// The loop's code, typed to confirm.
    Code,
    /// A time of day.
    Time,
    /// A number of minutes.
    Length,
    /// Days of the week.
    Days,
    /// A time zone.
    Zone,
    /// When working hours end.
    Hours,
}

impl SeatRole {
    /// The field in which people are named for this.
    #[must_use]
    pub fn field(self) -> Field {
        match self {
            Self::Interviewer => Field::Panel,
            Self::Shadow => Field::Shadows,
            Self::Observer => Field::Observers,
        }
    }
}

impl Refusal {
    /// The sentence the person reads.
    #[must_use]
    pub fn words(&self) -> Words {
        let say = |text: &str| Words::from(text);
        match self {
            Self::ForPeopleOnly => say("Interviews are for people; bots cannot take part. Nothing was saved."),
            Self::NotAMember => say("This account is not an active member of the workspace, so nothing was saved."),
            Self::AnotherCompany => say("Interviews are for members of this workspace. Nothing was saved; please ask somebody here."),
            Self::Guest => say("Guests cannot use interviews here. Nothing was saved; please ask a member of this workspace."),
            Self::SharedChannel => say(
                "This channel is shared with another company, so candidates cannot be discussed here. Nothing was opened; please use a private channel of your own.",
            ),
            Self::ArchivedChannel => say("This channel is archived, so nothing can be posted to it. Nothing was opened; please use another channel."),
            Self::BotNotInChannel => say("I am not in this channel yet, so nothing was opened. Invite me: ").code("/invite @interview-assistant").text(", then try again."),
            Self::SlackDidNotTell => say("Slack did not answer in time who may do this, so nothing was saved. Please try again."),
            Self::UnknownLoop { code } => say("There is no interview loop ").code(code.clone()).text(" that you can see. ").code("/interview list").text(" shows those you can."),
            Self::Erased => say("This record was erased. Nothing was saved."),
            Self::UnderHold { by, at } => Words::new().person(by).text(" put this loop under a legal hold on ").day(*at).text(", so it stays. Nothing was erased; an administrator can lift the hold under More."),
            Self::HeldAlready { by, at } => Words::new().person(by).text(" put this loop under a legal hold on ").day(*at).text(" already. Nothing was changed; the reason is under More."),
            Self::CodeNotTyped { code } => say("Please type ").code(code.as_str()).text(", the code of this loop. Nothing was erased."),
            Self::HoldReasonMissing => say("Please say why, in your own words. Nothing was changed."),
            Self::NotHeld => say("This loop is under no legal hold. Nothing was changed."),
            Self::HoldForAdministrators => say("A legal hold is lifted by administrators. Nothing was changed; please ask one of them."),
            Self::NoLoopHere => say("This message belongs to no interview loop, so there is nothing to score here. Use the shortcut on a loop's post or in its thread; ").code("/interview mine").text(" leads to your scorecards."),
            Self::UnknownRole => say("That role is not here any more. ").code("/interview").text(" shows the roles there are."),
            Self::DraftGone => say("This was answered already, or is more than two days old. Please start again with ").code("/interview").text("."),
            Self::UnresolvedMention { word } => say("I do not know who ").code(word.clone()).text(" is, so nothing was opened. Please pick the person from the list that Slack shows after ").code("@").text("."),
            Self::NameMissing => say("Please give the candidate's name. Nothing was saved."),
            Self::NameTooLong => Words::from(format!("A name can have at most {LONGEST_NAME} characters. Nothing was saved.")),
            Self::NotALink => say("This is not a link that begins with https://. Nothing was saved."),
            Self::NotATime { word } => Words::new().code(word.clone()).text(" is no time of day, so nothing was saved. Write it like ").code("09:00").text(" or ").code("9am").text("."),
            Self::TimeMissing => say("Please say at what time: ").code("09:00").text(" or ").code("9am").text(". Nothing was saved."),
            Self::DaysMissing => say("Please choose at least one day. Nothing was saved."),
            Self::NotAZone { word, near } => {
                let words = Words::new().code(word.clone()).text(" is no time zone I know, so nothing was saved. Write it like ").code("Europe/Berlin");
                match near.as_slice() {
                    [] => words.text("."),
                    near => words.text(format!(". Did you mean {}?", near.join(" or "))),
                }
            }
            Self::AmbiguousZone { word } => Words::new().code(word.clone()).text(" may mean several time zones, so nothing was saved. Write one like ").code("Europe/Berlin").text(" or ").code("America/New_York").text("."),
            Self::NotATimeOfDigests { word } => say("I do not understand ").code(word.clone()).text(" here, so nothing was saved. A digest takes a time, days and a time zone: ").code("/interview digest 09:00 weekdays Europe/Berlin").text("; also ").code("daily").text(", ").code("mon,wed,fri").text("; or ").code("off").text(", ").code("now").text(", ").code("show").text("."),
            Self::NoDigest => say("This channel has no digest. ").code("/interview digest 09:00 weekdays").text(" sets one up."),
            Self::PanelTooLarge => say("A panel can have at most 50 people. Nothing was saved."),
            Self::CannotInterview { user, .. } => Words::new().person(user).text(" cannot be on a panel: only active members of this workspace can. Nothing was saved."),
            Self::EmptyGroup => say("That user group has nobody in it. Nothing was saved; please name the people."),
            Self::CannotOwn { user } => Words::new().person(user).text(" cannot own a loop: only active members of this workspace can. Nothing was saved."),
            Self::AlreadyOwner => say("They own it already. Nothing was changed."),
            Self::NotYours { owner } => say("That is for the loop's owner, ").person(owner).text(", and for administrators. Nothing was changed."),
            Self::NotOnPanel { .. } => say("You are not on this panel, so nothing was saved."),
            Self::AlreadyOnPanel => say("They are on this panel already. Nothing was changed."),
            Self::Observes => say("You observe this interview, so you have no scorecard, and nothing was saved. The debrief is for you too, after the reveal; the loop's owner can make you an interviewer."),
            Self::Recused => say("You recused yourself from this loop, so its scorecards and its debrief are not for you. Nothing was saved; the loop's owner can put you back on the panel."),
            Self::Absent => say("You said that you did not attend, so you owe no scorecard here. Nothing was saved; the loop's owner can put you back on the panel."),
            Self::CannotCover { user } => Words::new().person(user).text(" does not interview on this panel, and only interviewers take parts. Nothing was changed."),
            Self::UnknownPart => say("The kit of this loop has no such part. Nothing was changed; please open the plan again."),
            Self::PlanIsOver => say("The scorecards have been revealed, so the plan stays as it is. Nothing was changed."),
            Self::ExcusedAlready => say("You owe no scorecard here already. Nothing was changed."),
            Self::AttendedAlready => say("Your scorecard is in, so it counts. Nothing was changed; until the reveal you can change it, or recuse yourself under More."),
            Self::TooLateToRecuse => say("The scorecards have been revealed, and their figures stand: nobody can recuse themself any more. Nothing was changed."),
            Self::OwnerCannotRecuse => say("You own this loop, and its owner sees everything. Hand it over first, then recuse yourself. Nothing was changed."),
            Self::RecusedCannotOwn { user } => Words::new().person(user).text(" recused themself from this loop, so they cannot own it. Nothing was changed; choose somebody else, or put them back on the panel first."),
            Self::TooLateToJoin => say("The scorecards have been revealed, so nobody can join by scoring any more. Nothing was saved; the owner can add you to the panel."),
            Self::UnknownQuestion => say("This question is not in the kit of this loop, so nothing was saved. Please open the scorecard again with its Score button."),
            Self::NothingPasted => say("There is nothing in here. Paste your notes, or close this."),
            Self::NotesTooLong { notes } => {
                let those: Vec<String> = notes.iter().map(|(place, length)| format!("{place} would have {length} characters")).collect();
                Words::from(format!("A note holds {LONGEST_NOTE} characters, with what stands there already; {}. Nothing was saved; please go back and shorten your text.", those.join(", ")))
            }
            Self::NotYourNotes => say("Only whoever pasted these notes can save them. Nothing was saved."),
            Self::NotesGone => say("These notes were saved already, or are more than two days old. Nothing was saved now; please look at the scorecard, and paste them again if they are missing."),
            Self::Calibration(why) => why.words(),
            Self::NotPlanned(why) => why.words(),
            Self::NothingToPutOff => say("No reminder is to come: you owe none of these scorecards any more, or you had the last reminder. ").code("/interview mine").text(" shows what is open."),
            Self::NothingPlanned => say("No time is planned for this interview. Nothing was changed."),
            Self::Withdrawn => say("This loop was withdrawn, so nothing was saved. Its owner can reopen it."),
            Self::Unrated { number } => Words::from(format!(
                "{} still {} a rating. Rate {}, or tick the box to mark the rest as Not asked.",
                count(*number, "question"),
                if *number == 1 { "needs" } else { "need" },
                if *number == 1 { "it" } else { "them" },
            )),
            Self::Unexplained { questions } => Words::from(format!("A rating of 1 or 4 needs a line of evidence: {}. Nothing was submitted.", questions.join(", "))),
            Self::RecommendationMissing => say("Please choose a recommendation."),
            Self::ReasonMissing => say("Please give a line of evidence in your own words."),
            Self::VerdictMissing => say("Please choose hire, hold or reject."),
            Self::NothingToReveal => say("No scorecard is in yet, so there is nothing to reveal."),
            Self::OwnerOwesScorecard => say("You are on this panel: please submit your own scorecard before you reveal the others. Nothing was revealed."),
            Self::AlreadyRevealed => say("The scorecards have been revealed already."),
            Self::NotRevealed => say("The scorecards have not been revealed yet."),
            Self::AlreadyDecided { by, at } => Words::new().person(by).text(" decided this on ").day(*at).text(". Nothing was changed; the decision can be changed from there."),
            Self::NothingToReopen => say("This loop is open. Nothing was changed."),
            Self::Closed => say("This loop is closed, so nothing was changed. Its owner can reopen it."),
            Self::SubmittedStay { users } => Words::new().people(users).text(if users.len() == 1 { " has" } else { " have" }).text(" submitted a scorecard and must stay on the panel. Nothing was changed."),
            Self::SubmittedKeepRole { users } => Words::new().people(users).text(if users.len() == 1 { " has" } else { " have" }).text(" submitted a scorecard, so what they are on this panel stays as it is. Nothing was changed."),
            Self::TwoRoles { user, .. } => Words::new().person(user).text(" is named twice: on a panel somebody interviews, shadows or observes. Nothing was saved."),
            Self::PanelEmpty => say("Please name at least one interviewer. Nothing was changed."),
            Self::NobodyOwes => say("Nobody owes a scorecard, so nobody was nudged."),
            Self::NudgedLately { again_at } => say("They were nudged less than twelve hours ago. You can do it again from ").time(*again_at).text("."),
            Self::SameChannel => say("The loop posts to that channel already. Nothing was changed."),
            Self::NeedsChannel => say("A loop needs a channel, not a direct message. Nothing was opened."),
            Self::DebriefNotForYou => say("This debrief is for the panel, the owner and administrators."),
            Self::FileNotForYou => say("A loop as a file is for its panel, its owner and administrators. Nothing was sent."),
            Self::WhichLoop => say("Which loop? Please type its code behind that, like ").code("C-7F3Q").text(". ").code("/interview list").text(" shows the codes."),
            Self::NotForYourEyes => say("What each interviewer rated and wrote is for those who submitted a scorecard, the owner and administrators, once the scorecards are revealed."),
            Self::NoLookingBack => say("Looking back is for administrators, and for whoever owns a loop. You own none, so there is nothing to show; please ask one of them."),
            Self::ForAdministrators => say("Kits are changed by administrators. Nothing was changed; please ask one of them."),
            Self::SettingsForAdministrators => say("The workspace's settings are changed by administrators. Nothing was changed; please ask one of them."),
            Self::SettingsChanged => say("Somebody has changed the settings since you opened them. Nothing was saved; please close this and open them again."),
            Self::HoursBackwards => say("Working hours end later on the same day than they begin, as from 09:00 to 18:00. Nothing was saved."),
            Self::OnlyAdministratorsOpen { ask } => {
                let words = say("Interviews are opened by administrators here, so nothing was opened. Please ask ");
                match ask.as_slice() {
                    [] => words.text("one of them."),
                    ask => words.people(ask).text(", or another one."),
                }
            }
            Self::QuestionGone => say("This question is not in the kit any more. Nothing was saved."),
            Self::NumbersUsedUp => say("This section has used all of its 999 numbers, and a number is never used again. Nothing was saved."),
            Self::QuestionChanged => say("Somebody has changed this question since you opened it. Nothing was saved; copy what you wrote, then open Edit again."),
            Self::KitUnfit { findings, can_be_saved } => {
                let all: Vec<&str> = findings.iter().map(|(_, finding)| finding.as_str()).collect();
                let words = Words::from(format!("Nothing was saved: {}.", all.join("; ")));
                if *can_be_saved {
                    words.text(" Tick the box at the end to save it all the same.")
                } else {
                    words
                }
            }
            Self::NothingChanged => say("Everything is as it was, so there is no new version."),
            Self::NotAGuide { why } => Words::from(format!("Nothing was imported: {why}.")),
            Self::GuideGone => say("This guide was saved already, or is more than two days old. Please import it again."),
            Self::RoleTaken { slug } => say("There is a kit ").code(slug.clone()).text(" already, so nothing was saved. Choose another short name, or edit that kit."),
            Self::NotAKit { why } => Words::from(format!("Nothing was saved: {why}.")),
            Self::NothingToChoose => say("There is nothing to choose any more. ").code("/interview kits").text(" shows what is served."),
            Self::OldButton => say("This button is from an older message, so nothing was changed. ").code("/interview mine").text(" leads to the present ones."),
        }
    }

    /// The field of the form that the sentence belongs under, if it is about one.
    #[must_use]
    pub fn field(&self) -> Option<Field> {
        Some(match self {
            Self::NameMissing | Self::NameTooLong => Field::Name,
            Self::NotALink => Field::Cv,
            Self::PanelTooLarge
            | Self::EmptyGroup
            | Self::SubmittedStay { .. }
            | Self::SubmittedKeepRole { .. }
            | Self::PanelEmpty => Field::Panel,
            Self::CannotInterview { role, .. } | Self::TwoRoles { role, .. } => role.field(),
            Self::SharedChannel
            | Self::ArchivedChannel
            | Self::BotNotInChannel
            | Self::SameChannel
            | Self::NeedsChannel => Field::Channel,
            Self::RecommendationMissing => Field::Recommendation,
            Self::ReasonMissing | Self::HoldReasonMissing => Field::Reason,
            Self::CodeNotTyped { .. } => Field::Code,
            Self::Unrated { .. } => Field::Rest,
            Self::VerdictMissing => Field::Verdict,
            Self::CannotOwn { .. } | Self::AlreadyOwner | Self::RecusedCannotOwn { .. } => {
                Field::Owner
            }
            Self::CannotCover { .. } => Field::Interviewer,
            Self::NothingPasted => Field::Notes,
            Self::NotATime { .. } | Self::TimeMissing => Field::Time,
            Self::DaysMissing => Field::Days,
            Self::NotAZone { .. } | Self::AmbiguousZone { .. } => Field::Zone,
            Self::HoursBackwards => Field::Hours,
            Self::NotPlanned(why) => match why.part() {
                Part::Day => Field::Day,
                Part::Time => Field::Time,
                Part::Length => Field::Length,
            },
            _ => return None,
        })
    }
}
