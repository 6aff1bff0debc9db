//! Marks on paper, and a picture of them: text, bars, dots, lines. What they stand for is in the other files.

use super::NotDrawn;
use std::sync::LazyLock;
use tiny_skia::{Color, FillRule, Paint, Path, PathBuilder, Pixmap, Rect, Transform};
use ttf_parser::{Face, GlyphId, OutlineBuilder};
use unicode_normalization::UnicodeNormalization as _;

/// How wide every picture is, in pixels. A phone shows it at about a third, so text of 30 is read as text of 11.
pub(super) const WIDTH: f32 = 1000.0;

/// The inks. They differ in lightness as well as in hue, and nothing is told by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    /// Words and figures.
    Dark,
    /// Words that matter less.
    Grey,
    /// Lines to read off by.
    Faint,
    /// What is measured.
    Strong,
    /// What it extends over.
    Light,
}

impl Ink {
    fn color(self) -> Color {
        let (red, green, blue) = match self {
            Self::Dark => (0x1b, 0x1f, 0x24),
            Self::Grey => (0x55, 0x5c, 0x66),
            Self::Faint => (0xd5, 0xd9, 0xde),
            Self::Strong => (0x0b, 0x4f, 0x8a),
            Self::Light => (0x9c, 0xc3, 0xe6),
        };
        Color::from_rgba8(red, green, blue, 0xff)
    }
}

/// Something on the paper. Lengths are pixels; y grows downwards.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mark {
    /// Text from `x` on, standing on the line `y`.
    Text {
        x: f32,
        y: f32,
        size: f32,
        ink: Ink,
        text: String,
    },
    /// A filled rectangle.
    Bar {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        ink: Ink,
    },
    /// A filled circle around a point.
    Dot {
        x: f32,
        y: f32,
        radius: f32,
        ink: Ink,
    },
}

/// Paper of one width that grows as it is written on.
#[derive(Debug, Default)]
pub(super) struct Paper {
    pub(super) marks: Vec<Mark>,
    /// Where the next thing goes.
    pub(super) y: f32,
}

impl Paper {
    /// Text, from a place on; cut where it would reach over another.
    pub(super) fn text(
        &mut self,
        (x, y): (f32, f32),
        most: f32,
        (size, ink): (f32, Ink),
        text: &str,
    ) {
        let text = cut(text, size, most);
        self.marks.push(Mark::Text {
            x,
            y,
            size,
            ink,
            text,
        });
    }

    /// Text that ends at a place.
    pub(super) fn text_to(&mut self, (x, y): (f32, f32), most: f32, style: (f32, Ink), text: &str) {
        let text = cut(text, style.0, most);
        let width = width(&text, style.0);
        self.text((x - width, y), width + 1.0, style, &text);
    }

    pub(super) fn bar(&mut self, (x, y): (f32, f32), (width, height): (f32, f32), ink: Ink) {
        self.marks.push(Mark::Bar {
            x,
            y,
            width,
            height,
            ink,
        });
    }

    pub(super) fn dot(&mut self, (x, y): (f32, f32), radius: f32, ink: Ink) {
        self.marks.push(Mark::Dot { x, y, radius, ink });
    }

    /// The picture of it.
    pub(super) fn png(&self) -> Result<Vec<u8>, NotDrawn> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a picture has some hundreds of pixels"
        )]
        let (width, height) = (WIDTH as u32, self.y.ceil() as u32);
        let mut picture = Pixmap::new(width, height).ok_or(NotDrawn)?;
        picture.fill(Color::WHITE);
        for mark in &self.marks {
            let (path, ink) = match mark {
                Mark::Text {
                    x,
                    y,
                    size,
                    ink,
                    text,
                } => (outline(text, (*x, *y), *size), ink),
                Mark::Bar {
                    x,
                    y,
                    width,
                    height,
                    ink,
                } => {
                    let corners = Rect::from_xywh(*x, *y, width.max(1.0), height.max(1.0));
                    (corners.map(PathBuilder::from_rect), ink)
                }
                Mark::Dot { x, y, radius, ink } => (PathBuilder::from_circle(*x, *y, *radius), ink),
            };
            let mut paint = Paint::default();
            paint.set_color(ink.color());
            // A text of spaces has no outline.
            if let Some(path) = path {
                picture.fill_path(
                    &path,
                    &paint,
                    FillRule::Winding,
                    Transform::identity(),
                    None,
                );
            }
        }
        picture.encode_png().map_err(|_| NotDrawn)
    }
}

/// The font: it is in the program, so that the picture is the same on every machine. It has one weight, which is half a megabyte; titles are larger.
fn face() -> Option<&'static Face<'static>> {
    static FACE: LazyLock<Option<Face<'static>>> =
        LazyLock::new(|| Face::parse(dejavu::sans_condensed::regular(), 0).ok());
    FACE.as_ref()
}

/// Each letter's glyph, its distance from the beginning, and at the end the whole width.
fn set(text: &str, size: f32) -> (Vec<(GlyphId, f32)>, f32, f32) {
    let Some(face) = face() else {
        return (Vec::new(), 0.0, 0.0);
    };
    let scale = size / f32::from(face.units_per_em());
    let mut at = 0.0;
    let mut glyphs = Vec::new();
    for letter in text.nfc() {
        let glyph = face.glyph_index(letter).unwrap_or(GlyphId(0));
        glyphs.push((glyph, at));
        at += f32::from(face.glyph_hor_advance(glyph).unwrap_or_default()) * scale;
    }
    (glyphs, at, scale)
}

/// How wide a text is.
pub(super) fn width(text: &str, size: f32) -> f32 {
    set(text, size).1
}

/// A text that is no wider than it may be, with an ellipsis where something was cut.
pub(super) fn cut(text: &str, size: f32, most: f32) -> String {
    if width(text, size) <= most {
        return text.to_owned();
    }
    let room = most - width("…", size);
    let (glyphs, ..) = set(text, size);
    // A letter fits where the next one would begin within the room.
    let fitting = glyphs.iter().skip(1).take_while(|(_, at)| *at <= room);
    let letters = fitting.count();
    if room < 0.0 {
        return String::new();
    }
    let cut: String = text.nfc().take(letters).collect();
    format!("{}…", cut.trim_end())
}

/// Whether the font has every letter of a text, and sets them one after the other from left to right.
pub(super) fn is_drawable(text: &str) -> bool {
    let Some(face) = face() else {
        return false;
    };
    !text.trim().is_empty()
        && text.nfc().all(|letter| {
            let joins = matches!(letter,
                '\u{0300}'..='\u{036F}' | '\u{0590}'..='\u{08FF}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FE70}'..='\u{FEFF}');
            !joins && !letter.is_control() && face.glyph_index(letter).is_some()
        })
}

/// Takes down the outline of a glyph, in pixels.
struct Pen {
    path: PathBuilder,
    scale: f32,
    from: (f32, f32),
}

impl Pen {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        // Upwards in a font is downwards on the paper.
        (self.from.0 + x * self.scale, self.from.1 - y * self.scale)
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

fn outline(text: &str, (x, y): (f32, f32), size: f32) -> Option<Path> {
    let face = face()?;
    let (glyphs, _, scale) = set(text, size);
    let mut pen = Pen {
        path: PathBuilder::new(),
        scale,
        from: (x, y),
    };
    for (glyph, offset) in glyphs {
        pen.from.0 = x + offset;
        face.outline_glyph(glyph, &mut pen);
    }
    pen.path.finish()
}
