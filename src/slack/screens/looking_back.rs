//! Figures of many loops, by role. What they mean is in `domain::stats`, their pictures in `charts`.

use super::columns::{cut as within, padded, width};
use super::page::{Page, Part};
use crate::app::scene::StatsScene;
use crate::domain::debrief::Score;
use crate::domain::stats::{ENOUGH, Gap, Median, RoleStats, Share};
use crate::domain::words::{Words, count};
use crate::slack::action::Action;
use crate::slack::{blocks, text};
use jiff::{SignedDuration, Timestamp};

/// How many roles have a button of their own; the others are typed.
const BUTTONS: usize = 20;
/// The widest name in a table.
const NAME: usize = 20;

/// What somebody looks back on.
pub(super) fn stats(scene: &StatsScene) -> Page {
    match (&scene.role, scene.roles.as_slice()) {
        (Some(_), [role]) => one(scene, role),
        (Some((_, title)), _) => {
            let title = text::fitting(title, 200);
            nothing(scene, &format!("Looking back: {title}"))
        }
        (None, []) => nothing(scene, "Looking back"),
        (None, _) => all(scene),
    }
}

fn nothing(scene: &StatsScene, heading: &str) -> Page {
    let role = scene.role.as_ref().map(|(slug, _)| slug.as_str());
    let role = role.unwrap_or("senior-backend");
    let mut page = Page::new().header(heading).say(
        Words::from(format!("{}. ", none(scene)))
            .code(format!("/interview {role} Jane Doe @ada @ben"))
            .text(" opens one."),
    );
    if scene.role.is_some() {
        page = page.row("stats", vec![all_roles()]);
    }
    page
}

/// `No loop was opened yet`
pub(in crate::slack) fn none(scene: &StatsScene) -> String {
    let of = if scene.role.is_some() {
        " of this role"
    } else {
        ""
    };
    if scene.whole {
        format!("No loop{of} was opened yet")
    } else {
        format!("You own no loop{of}")
    }
}

fn all_roles() -> slack_morphism::prelude::SlackBlockButtonElement {
    blocks::button("All roles", &Action::ShowStats { slug: None })
}

fn chart(scene: &StatsScene) -> slack_morphism::prelude::SlackBlockButtonElement {
    let slug = scene.role.as_ref().map(|(slug, _)| slug.clone());
    blocks::button("Chart", &Action::ChartStats { slug })
}

fn one(scene: &StatsScene, role: &RoleStats) -> Page {
    let title = text::fitting(&role.title, 200);
    let mut bullets: Vec<Words> = lines(role).into_iter().map(Words::from).collect();
    bullets.push(Words::from(agreement(role)));
    let mut page = Page::new()
        .header(&format!("Looking back: {title}"))
        .small(since_day(scene, role.since).text("."))
        .rich(vec![Part::Bullets(bullets)]);
    if !role.gaps.is_empty() {
        page = page.rich(vec![
            Part::Line(Words::from(
                "In how many revealed loops nobody asked about a competency, of those whose kit has it:",
            )),
            Part::Fixed(coverage(&role.gaps)),
        ]);
    }
    how_far_apart(page, std::slice::from_ref(role)).row("stats", vec![chart(scene), all_roles()])
}

/// Says what the distances are made of, where there are some.
fn how_far_apart(page: Page, roles: &[RoleStats]) -> Page {
    if roles.iter().any(|role| role.agreement.distance.is_some()) {
        page.small(Words::from(HOW_FAR_APART))
    } else {
        page
    }
}

/// What a distance is made of, for whoever checks it by hand.
const HOW_FAR_APART: &str = "How far apart: for each revealed candidate and each competency, the distance between the scores of every two interviewers who both rated it. Each such pair counts once, and the figure is the mean of them all. A score is the mean of one interviewer's ratings on the competency's questions, from 1 to 4, as it was at the reveal; screening weighs nothing.";

/// The figures of a role, each in a line.
pub(in crate::slack) fn lines(role: &RoleStats) -> Vec<String> {
    vec![
        format!(
            "{} opened: {} revealed, {} decided, {} withdrawn",
            count(role.opened, "loop"),
            role.revealed,
            role.decided,
            role.withdrawn
        ),
        format!(
            "From opening to reveal: {}",
            median_in_words(role.to_reveal)
        ),
        format!(
            "From opening to decision: {}",
            median_in_words(role.to_decision)
        ),
        format!(
            "Scorecards late: {}{}",
            share(role.late),
            if role.late.of == 0 {
                ""
            } else {
                " came in after the reveal"
            }
        ),
    ]
}

/// How far interviewers agree.
pub(in crate::slack) fn agreement(role: &RoleStats) -> String {
    let agreement = &role.agreement;
    let candidates = count(agreement.candidates, "candidate");
    match agreement.distance {
        Some(distance) => format!(
            "Two interviewers are {} apart on average ({}, {candidates})",
            steps(distance),
            count(agreement.pairs, "pair")
        ),
        None => format!(
            "Agreement between interviewers: too few to tell ({candidates} with two or more ratings, and it takes {ENOUGH})"
        ),
    }
}

/// `0.6 steps`
fn steps(distance: Score) -> String {
    let unit = if distance.tenths() == 10 {
        "step"
    } else {
        "steps"
    };
    format!("{} {unit}", distance.one_decimal())
}

/// `All loops of this workspace, since 3 Nov 2026`, for a picture.
pub(in crate::slack) fn since(scene: &StatsScene, since: Timestamp) -> String {
    format!("{}, since {}", whose(scene), since.strftime("%-d %b %Y"))
}

fn since_day(scene: &StatsScene, since: Timestamp) -> Words {
    Words::from(format!("{}, since ", whose(scene))).day(since)
}

fn whose(scene: &StatsScene) -> &'static str {
    if scene.whole {
        "All loops of this workspace"
    } else {
        "The loops you own"
    }
}

/// `3 of 20`
pub(in crate::slack) fn share(share: Share) -> String {
    if share.of == 0 {
        "none yet".to_owned()
    } else {
        format!("{} of {}", share.part, share.of)
    }
}

/// `3.2 days (n 20)`
pub(in crate::slack) fn median(median: Median) -> String {
    match median.span {
        Some(span) => format!("{} (n {})", long(span), median.n),
        None => "none yet".to_owned(),
    }
}

fn median_in_words(median: Median) -> String {
    match median.span {
        Some(span) => format!("{}, the median of {}", long(span), median.n),
        None => "none yet".to_owned(),
    }
}

/// In minutes up to an hour and a half, in hours up to two days, else in days; halves up.
fn long(span: SignedDuration) -> String {
    let minutes = (span.as_secs() + 30) / 60;
    let tenths = |of: i64| {
        let tenths = (span.as_secs() * 20 + of) / (2 * of);
        format!("{}.{}", tenths / 10, tenths % 10)
    };
    match minutes {
        ..90 => format!("{minutes} min"),
        90..2880 => format!("{} h", tenths(3600)),
        _ => format!("{} days", tenths(86_400)),
    }
}

fn coverage(gaps: &[Gap]) -> String {
    let name = gaps.iter().map(|gap| width(&gap.name)).max();
    let name = name.unwrap_or_default().clamp("Competency".len(), NAME);
    let mut rows = vec![format!("{}  nobody asked", padded("Competency", name))];
    rows.extend(gaps.iter().map(|gap| {
        let shown = within(&gap.name, name);
        format!("{}  {}", padded(&shown, name), share(gap.unasked))
    }));
    rows.join("\n")
}

/// How much is said of each role.
#[derive(Clone, Copy)]
enum Detail {
    /// Every figure but the coverage.
    Lines,
    /// A row of a table, for so many roles.
    Table(usize),
}

fn all(scene: &StatsScene) -> Page {
    let levels = [
        Detail::Lines,
        Detail::Table(usize::MAX),
        Detail::Table(60),
        Detail::Table(40),
        Detail::Table(BUTTONS),
    ];
    let mut page = Page::new();
    for detail in levels {
        page = in_detail(scene, detail);
        if page.fits() && page.is_read_whole() {
            break;
        }
    }
    page
}

fn in_detail(scene: &StatsScene, detail: Detail) -> Page {
    let roles = &scene.roles;
    let first = roles.iter().map(|role| role.since).min();
    let opened: usize = roles.iter().map(|role| role.opened).sum();
    let mut page = Page::new().header("Looking back");
    if let Some(first) = first {
        page = page.small(since_day(scene, first).text(format!(
            ": {} of {}.",
            count(opened, "loop"),
            count(roles.len(), "role")
        )));
    }
    let shown = match detail {
        Detail::Lines => roles.len(),
        Detail::Table(most) => roles.len().min(most),
    };
    match detail {
        Detail::Lines => {
            for role in roles {
                let mut bullets: Vec<Words> = lines(role).into_iter().map(Words::from).collect();
                bullets.push(Words::from(agreement(role)));
                page = page.rich(vec![
                    Part::Line(Words::new().strong(text::fitting(&role.title, 200))),
                    Part::Bullets(bullets),
                ]);
            }
            page = how_far_apart(page, roles);
        }
        Detail::Table(_) => {
            page = page
                .rich(vec![Part::Fixed(table(&roles[..shown]))])
                .small(Words::from(
                    "Loops opened, and the medians from opening to reveal and from opening to decision.",
                ));
        }
    }
    let mut buttons = vec![chart(scene)];
    buttons.extend(roles.iter().take(BUTTONS).map(|role| {
        let slug = Some(role.slug.clone());
        blocks::button(&role.title, &Action::ShowStats { slug })
    }));
    if shown < roles.len() {
        page = page.small(
            Words::from(format!(
                "… and {} more: type the role after ",
                roles.len() - shown
            ))
            .code("/interview stats")
            .text("."),
        );
    }
    page.row("stats", buttons)
}

/// A row for each role: how many loops, and how long they took.
fn table(roles: &[RoleStats]) -> String {
    let name = roles.iter().map(|role| width(&role.title)).max();
    let name = name.unwrap_or_default().clamp("Role".len(), NAME);
    let mut rows = vec![format!("{}  loops  reveal  decided", padded("Role", name))];
    let brief = |median: Median| median.span.map_or("-".to_owned(), brief);
    rows.extend(roles.iter().map(|role| {
        format!(
            "{}  {:>5}  {:>6}  {:>7}",
            padded(&within(&role.title, name), name),
            role.opened,
            brief(role.to_reveal),
            brief(role.to_decision)
        )
    }));
    rows.join("\n")
}

/// `3.2 d`
fn brief(span: SignedDuration) -> String {
    long(span).replace("days", "d")
}

/// Roles to choose from.
pub(super) fn pick(slug: &crate::domain::ids::KitSlug) -> Action {
    Action::ShowStats {
        slug: Some(slug.clone()),
    }
}
