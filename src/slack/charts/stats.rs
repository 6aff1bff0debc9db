//! What somebody looks back on as a picture: a role's coverage by competency, or the times of each role. No figure in it is about one person.

use super::canvas::{self, Ink, Paper, WIDTH};
use super::{BODY, INNER, MARGIN, NAME, SMALL, Sketch, foot, head, written};
use crate::app::scene::StatsScene;
use crate::domain::stats::{Gap, Median, RoleStats};
use crate::domain::words::count;
use crate::slack::screens::looking_back as said;
use jiff::SignedDuration;

/// How many roles a picture holds; the message lists the rest.
const ROLES: usize = 15;
/// Where the figures beside the bars begin.
const FIGURES: f32 = 700.0;
/// How long the longest bar is.
const LONGEST: f32 = FIGURES - MARGIN - 24.0;

/// The figures of one role, or the times of all.
pub(super) fn sketch(scene: &StatsScene) -> Sketch {
    match (&scene.role, scene.roles.as_slice()) {
        (Some(_), [role]) => one(scene, role),
        _ => all(scene),
    }
}

fn one(scene: &StatsScene, role: &RoleStats) -> Sketch {
    let told = said::lines(role);
    let since = said::since(scene, role.since);
    let name = written(&role.title, role.slug.as_str());
    let mut lines = vec![since.clone()];
    lines.extend(told.iter().cloned());
    let mut paper = head(name, &[]);
    paper.y -= 30.0;
    foot(&mut paper, &lines);
    paper.y -= 6.0;
    if !role.gaps.is_empty() {
        heading(&mut paper, "Nobody asked, of the revealed loops");
    }
    for (place, gap) in role.gaps.iter().enumerate() {
        coverage(&mut paper, place + 1, gap);
    }
    foot(&mut paper, &[said::agreement(role)]);
    let gaps: Vec<String> = role
        .gaps
        .iter()
        .map(|gap| format!("{} {}", gap.name, said::share(gap.unasked)))
        .collect();
    let gaps = if gaps.is_empty() {
        String::new()
    } else {
        format!(" Nobody asked, of the revealed loops: {}.", gaps.join("; "))
    };
    Sketch {
        paper,
        filename: format!("looking-back-{}.png", role.slug),
        title: format!("Looking back · {}", role.title),
        alt: format!(
            "{}. {since}. {}.{gaps} {}.",
            role.title,
            told.join(". "),
            said::agreement(role)
        ),
    }
}

fn heading(paper: &mut Paper, text: &str) {
    paper.y += 40.0;
    paper.text((MARGIN, paper.y), INNER, BODY, text);
}

fn coverage(paper: &mut Paper, number: usize, gap: &Gap) {
    let instead = format!("Line {number} of the table");
    paper.text(
        (MARGIN, paper.y + 52.0),
        INNER,
        NAME,
        written(&gap.name, &instead),
    );
    let part = ratio(gap.unasked.part, gap.unasked.of);
    bar(
        paper,
        paper.y + 70.0,
        (part, Ink::Strong),
        &said::share(gap.unasked),
    );
    paper.y += 112.0;
}

/// A bar on a thin line as long as the whole, with its figure beside it.
fn bar(paper: &mut Paper, y: f32, (part, ink): (f32, Ink), figure: &str) {
    paper.bar((MARGIN, y + 12.0), (LONGEST, 6.0), Ink::Faint);
    if part > 0.0 {
        paper.bar((MARGIN, y), (part * LONGEST, 30.0), ink);
    }
    paper.text((FIGURES, y + 26.0), WIDTH - MARGIN - FIGURES, SMALL, figure);
}

fn all(scene: &StatsScene) -> Sketch {
    let roles = &scene.roles[..scene.roles.len().min(ROLES)];
    let opened = scene.roles.iter().map(|role| role.opened).sum();
    let since = scene.roles.iter().map(|role| role.since).min();
    let since = since.map_or_else(|| said::none(scene), |since| said::since(scene, since));
    let left = scene.roles.len() - roles.len();
    let mut lines = vec![since, count(opened, "loop")];
    if left > 0 {
        lines.push(format!(
            "The first {ROLES} of {} roles, by title",
            scene.roles.len()
        ));
    }
    let mut paper = head("Looking back", &lines);
    let longest = roles
        .iter()
        .flat_map(|role| [role.to_reveal.span, role.to_decision.span])
        .flatten()
        .max()
        .unwrap_or_default();
    for role in roles {
        times(&mut paper, role, longest);
    }
    if !roles.is_empty() {
        foot(
            &mut paper,
            &["Upper bar: from opening to reveal. Lower bar: from opening to decision. Medians, n: of how many.".to_owned()],
        );
    }
    let told: Vec<String> = roles
        .iter()
        .map(|role| {
            format!(
                "{}: {}, {}, {}",
                role.title,
                count(role.opened, "loop"),
                said::median(role.to_reveal),
                said::median(role.to_decision)
            )
        })
        .collect();
    let told = if told.is_empty() {
        String::new()
    } else {
        format!(
            " By role: loops, median from opening to reveal, median from opening to decision. {}.",
            told.join("; ")
        )
    };
    Sketch {
        paper,
        filename: "looking-back.png".to_owned(),
        title: "Looking back".to_owned(),
        alt: format!("Looking back. {}.{told}", lines.join(". ")),
    }
}

fn times(paper: &mut Paper, role: &RoleStats, longest: SignedDuration) {
    let name = written(&role.title, role.slug.as_str());
    let loops = count(role.opened, "loop");
    let taken = canvas::width(&loops, SMALL.0);
    paper.text((MARGIN, paper.y + 52.0), INNER - taken - 30.0, NAME, name);
    paper.text_to((WIDTH - MARGIN, paper.y + 52.0), taken + 1.0, SMALL, &loops);
    let part = |median: Median| median.span.map_or(0.0, |span| share_of(span, longest));
    for (median, ink, y) in [
        (role.to_reveal, Ink::Light, 70.0),
        (role.to_decision, Ink::Strong, 108.0),
    ] {
        bar(
            paper,
            paper.y + y,
            (part(median), ink),
            &said::median(median),
        );
    }
    paper.y += 156.0;
}

fn share_of(span: SignedDuration, longest: SignedDuration) -> f32 {
    let seconds = |span: SignedDuration| usize::try_from(span.as_secs()).unwrap_or_default();
    ratio(seconds(span), seconds(longest))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a bar is some hundreds of pixels long"
)]
fn ratio(part: usize, of: usize) -> f32 {
    part as f32 / of.max(1) as f32
}
