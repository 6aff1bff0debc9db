//! At which points the program dies while something is done, and what there has to be then.

use super::Deed;
use std::ops::RangeInclusive;

/// What is on disk once it is dead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    Nothing,
    All,
    /// The one or the other, and nothing in between.
    Either,
}

/// One death.
#[derive(Clone, Debug)]
pub struct Case {
    /// As it is written for the program; within a call it is killed from outside, and this is its name only.
    pub point: String,
    pub kept: Kept,
    /// Whether the person knows that it is saved. `None`: it may be or not.
    pub told: Option<bool>,
    /// How many copies of the message there are in the end.
    pub copies: RangeInclusive<usize>,
    /// It is killed while Slack holds this call, which it has done or not.
    pub held: Option<(&'static str, bool)>,
}

/// Whoever dies before the disk has it has done nothing; whoever dies later has done all.
const ON_ITS_WAY: [(&str, Kept, Option<bool>); 9] = [
    ("delivery.read", Kept::Nothing, Some(false)),
    ("delivery.read>app.commit", Kept::Nothing, Some(false)),
    ("app.commit>store.batch", Kept::Nothing, Some(false)),
    ("app.commit>store.applied", Kept::Either, Some(false)),
    ("app.commit>store.flushed", Kept::All, Some(false)),
    ("app.commit>store.synced", Kept::All, Some(false)),
    ("app.commit>store.written", Kept::All, Some(false)),
    ("delivery.answered", Kept::All, Some(false)),
    ("delivery.acknowledged", Kept::All, Some(true)),
];

/// Whether a message that may or may not have been sent is sent again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Again {
    /// It is: there may be two.
    Sent,
    /// It is not: there may be none.
    NotSent,
    /// There is one, and it is drawn anew.
    Drawn,
}

/// The deaths between a post's turn and its end.
fn of_a_post(kind: &str, again: Again) -> Vec<Case> {
    use Again::{Drawn, NotSent, Sent};
    let method = if again == Drawn {
        "chat.update"
    } else {
        "chat.postMessage"
    };
    // What is lost where the attempt is recorded and the call never made, and doubled where it was made and nobody knows.
    let (fewest, most) = match again {
        Sent => (1, 2),
        NotSent => (0, 1),
        Drawn => (1, 1),
    };
    let case = |point: String, copies: RangeInclusive<usize>| Case {
        point,
        kept: Kept::All,
        told: None,
        copies,
        held: None,
    };
    let (due, called) = (
        format!("outbox.due.{kind}"),
        format!("outbox.called.{kind}"),
    );
    let mut cases = vec![case(due.clone(), 1..=1)];
    if again != Drawn {
        // Another batch than the attempt's may come first; before the attempt there is none.
        cases.extend([
            case(format!("{due}>store.batch"), 1..=1),
            case(format!("{due}>store.applied"), fewest..=1),
            case(format!("{due}>store.synced"), fewest..=1),
        ]);
    }
    cases.extend([
        case(format!("outbox.attempted.{kind}"), fewest..=fewest),
        case(called.clone(), most..=most),
        case(format!("{called}>store.batch"), most..=most),
        case(format!("{called}>store.applied"), 1..=most),
        case(format!("{called}>store.synced"), 1..=most),
        case(format!("outbox.observed.{kind}"), 1..=1),
    ]);
    for done in [false, true] {
        let copies = if done { most } else { fewest };
        cases.push(Case {
            held: Some((method, done)),
            ..case(
                format!("within the call of {kind}, done: {done}"),
                copies..=copies,
            )
        });
    }
    cases
}

/// Whether the outbox knows by then what is owed, and may be at it.
pub fn is_late(point: &str) -> bool {
    !point.starts_with("delivery.read") && !point.starts_with("app.commit")
}

/// All deaths of a deed.
pub fn cases(deed: Deed) -> Vec<Case> {
    let on_its_way = ON_ITS_WAY.map(|(point, kept, told)| {
        // What is owed may be under way by then.
        let again = matches!(deed, Deed::Opening | Deed::Reveal) && is_late(point);
        Case {
            point: point.to_owned(),
            kept,
            told,
            copies: 1..=if again { 2 } else { 1 },
            held: None,
        }
    });
    let mut cases = Vec::new();
    if !deed.is_of_the_clock() {
        cases.extend(on_its_way);
    }
    match deed {
        Deed::Click => {}
        Deed::Opening => cases.extend(of_a_post("Loop", Again::Sent)),
        Deed::Message => {
            // What an opening itself passes is the other table's.
            cases.clear();
            cases.extend(of_a_post("Invitation", Again::NotSent));
        }
        Deed::Submission => cases.extend(of_a_post("Loop", Again::Drawn)),
        Deed::Reveal => cases.extend(of_a_post("Debrief", Again::Sent)),
        Deed::Digest => cases.extend(of_a_post("Digest", Again::NotSent)),
        Deed::Reminder => cases.extend(of_a_post("Reminders", Again::NotSent)),
    }
    cases
}
