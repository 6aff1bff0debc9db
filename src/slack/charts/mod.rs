//! The debrief and the figures of looking back as pictures, each with the same in words. How a picture reaches a person is in `answer`.
//!
//! Drawn by tiny-skia with DejaVu Sans, which is in the program. One hue in two lightnesses; what is shown is also written beside it.

mod canvas;
mod debrief;
mod stats;

#[cfg(test)]
mod tests;

use crate::app::scene::Scene;
use canvas::{Ink, Paper};

/// The longest description of a picture (<https://docs.slack.dev/reference/block-kit/blocks/image-block>), in UTF-16 units.
pub const ALT_TEXT: usize = 2000;

/// A picture, and the same in words.
#[derive(Clone)]
pub struct Chart {
    /// The picture's bytes.
    pub png: Vec<u8>,
    /// A name for the file: letters, digits, points and hyphens.
    pub filename: String,
    /// What it is, in one line. It names no candidate.
    pub title: String,
    /// What the picture says, whole: at most [`ALT_TEXT`].
    pub alt: String,
}

crate::slack::inbound::quiet_debug!(Chart);

/// The picture could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the picture could not be made")]
pub struct NotDrawn;

/// Draws what somebody looks at as a picture; `None` for scenes that have none. It takes some milliseconds: not for a thread that others
/// wait for.
///
/// # Errors
/// Where the picture cannot be made.
pub fn draw(scene: &Scene) -> Option<Result<Chart, NotDrawn>> {
    let sketch = match scene {
        Scene::Debrief(scene) => debrief::sketch(scene),
        Scene::Stats(scene) => stats::sketch(scene),
        _ => return None,
    };
    Some(sketch.paper.png().map(|png| Chart {
        png,
        filename: sketch.filename,
        title: sketch.title,
        alt: crate::slack::text::fitting(&sketch.alt, ALT_TEXT),
    }))
}

/// A chart before it is painted.
struct Sketch {
    paper: Paper,
    filename: String,
    title: String,
    alt: String,
}

/// The margin at the left and at the right.
const MARGIN: f32 = 40.0;
/// From margin to margin.
const INNER: f32 = canvas::WIDTH - 2.0 * MARGIN;
const TITLE: (f32, Ink) = (52.0, Ink::Dark);
const NAME: (f32, Ink) = (38.0, Ink::Dark);
const BODY: (f32, Ink) = (34.0, Ink::Dark);
const SMALL: (f32, Ink) = (30.0, Ink::Grey);

/// What stands above every chart.
fn head(title: &str, lines: &[String]) -> Paper {
    let mut paper = Paper {
        y: 72.0,
        ..Paper::default()
    };
    paper.text((MARGIN, paper.y), INNER, TITLE, title);
    for line in lines {
        paper.y += 46.0;
        paper.text((MARGIN, paper.y), INNER, BODY, line);
    }
    paper.y += 34.0;
    paper
}

/// What stands below it: lines broken between words.
fn foot(paper: &mut Paper, lines: &[String]) {
    paper.y += 6.0;
    for line in lines {
        let mut row = String::new();
        for word in line.split(' ') {
            let longer = format!("{row}{}{word}", if row.is_empty() { "" } else { " " });
            if canvas::width(&longer, SMALL.0) <= INNER || row.is_empty() {
                row = longer;
                continue;
            }
            paper.y += 40.0;
            paper.text((MARGIN, paper.y), INNER, SMALL, &row);
            word.clone_into(&mut row);
        }
        paper.y += 40.0;
        paper.text((MARGIN, paper.y), INNER, SMALL, &row);
    }
    paper.y += 34.0;
}

/// A name that the font can write, or what stands for it.
fn written<'a>(name: &'a str, instead: &'a str) -> &'a str {
    if canvas::is_drawable(name) {
        name
    } else {
        instead
    }
}
