//! How what became of a delivery is counted. What is counted otherwise is in `telemetry::figures`.

use crate::app::{Answer, Fault};
use crate::domain::event::Reply;
use crate::telemetry::figures::Outcome;

/// The outcome that an answer is.
pub(super) fn outcome_of(answer: &Result<Answer, Fault>) -> Outcome {
    match answer {
        Ok(Answer::Done(Reply::Refused(_))) => Outcome::refused,
        Ok(Answer::Done(_)) => Outcome::done,
        Ok(Answer::Repeated(_)) => Outcome::repeated,
        Ok(Answer::Waiting) => Outcome::waiting,
        Err(Fault::Busy) => Outcome::busy,
        Err(_) => Outcome::failed,
    }
}
