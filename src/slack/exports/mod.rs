//! Loops as files: Markdown, CSV and JSON of what somebody may see. What that is, is in `domain::export`; how a file reaches them in `answer`.

mod markdown;
mod sheet;

#[cfg(test)]
mod tests;

use crate::domain::export::{Exported, Format};
use crate::domain::ids::UserId;

/// A file for one person.
pub struct File {
    /// Its name. It names no candidate.
    pub filename: String,
    /// Its kind.
    pub content_type: &'static str,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// What it is, in one line. It names no candidate.
    pub title: String,
    /// What is said with it. It names no candidate.
    pub comment: String,
}

/// The file could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the file could not be written")]
pub struct NotWritten(#[source] Box<dyn std::error::Error + Send + Sync>);

/// Writes a loop down. It takes some milliseconds where a panel is large: not for a thread that others wait for.
///
/// # Errors
/// Where a writer fails, which has no reason to in memory.
pub fn write(exported: &Exported, format: Format) -> Result<File, NotWritten> {
    let bytes = match format {
        Format::Markdown => markdown::write(exported).into_bytes(),
        Format::Csv => sheet::write(exported).map_err(|error| NotWritten(error.into()))?,
        Format::Json => {
            serde_json::to_vec_pretty(exported).map_err(|error| NotWritten(error.into()))?
        }
    };
    Ok(File {
        filename: format!("{}.{}", exported.code, format.ending()),
        content_type: match format {
            Format::Markdown => "text/markdown",
            Format::Csv => "text/csv",
            Format::Json => "application/json",
        },
        bytes,
        title: format!("{} as {}", exported.code, format.title()),
        comment: format!(
            "A copy of {}, with what you may see of it at this moment.",
            exported.code
        ),
    })
}

/// What somebody is called, or else their id.
fn called<'a>(exported: &'a Exported, user: &'a UserId) -> &'a str {
    let name = exported.people.get(user);
    name.map_or(user.as_str(), String::as_str)
}
