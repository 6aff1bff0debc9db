//! A channel's digest, how it is set, and the form that sets it up. When it comes is decided elsewhere. No score is ever in here.

use super::form::{Meta, field};
use super::lists;
use super::loop_post::scorecards_in;
use super::page::Page;
use crate::app::scene::{DigestForm, DigestScene, LoopEntry, LoopLines, PausedDigest, SetDigest};
use crate::domain::days::Days;
use crate::domain::digest::DigestDeed;
use crate::domain::event::{Request, Trouble};
use crate::domain::ids::{ChannelId, LoopCode, MessageTs};
use crate::domain::interview_loop::Head;
use crate::domain::refusal::{Field, Refusal};
use crate::domain::words::{Word, Words, count};
use crate::slack::action::Action;
use crate::slack::inbound::State;
use crate::slack::{blocks, text};
use jiff::{SignedDuration, Timestamp};
use slack_morphism::prelude::*;
use std::collections::BTreeMap;
use url::Url;

/// The form that sets a digest up.
pub const DIGEST: &str = "digest.submit.v1";
/// The value of a ticked box.
const YES: &str = "yes";
/// What a line tells of a loop, behind its name.
type Tells<'a> = &'a dyn Fn(&Head) -> Words;

/// How many lines each part has, from the fullest drawing to the shortest.
const LEVELS: [usize; 5] = [10, 7, 5, 3, 1];

/// A channel's digest. `home`: where Slack shows the workspace, for links to the threads; without it there are none.
pub(super) fn digest(scene: &DigestScene, home: Option<&Url>) -> Page {
    let mut page = Page::new();
    for level in LEVELS {
        page = some(scene, home, level);
        if page.fits() && page.is_read_whole() {
            break;
        }
    }
    page
}

/// Nobody is mentioned: who is would be notified every day.
fn some(scene: &DigestScene, home: Option<&Url>, most: usize) -> Page {
    let mut page = Page::new().header("Interviews here");
    if scene.is_empty() {
        page = page.say(Words::from(
            "Nothing is open, and nothing was opened or decided.",
        ));
    }
    let now = scene.as_of;
    let parts: [(&str, &LoopLines, Tells); 5] = [
        ("Ready to decide", &scene.ready, &|head| {
            let since = head.reveal.as_ref().map(|reveal| reveal.at);
            Words::from(format!(
                "revealed {}",
                ago(now, since.unwrap_or(head.opened_at))
            ))
        }),
        ("Scorecards owed", &scene.owed, &|head| {
            let owed = count(head.owing().count(), "scorecard");
            Words::from(format!("{owed} owed · opened {}", ago(now, head.opened_at)))
        }),
        ("Opened", &scene.opened, &|head| {
            Words::from(scorecards_in(head))
        }),
        ("Decided", &scene.decided, &|head| {
            let Some(decision) = &head.decision else {
                return Words::new();
            };
            if scene.open_to_all || head.public {
                Words::from("decided")
            } else {
                Words::new().strong(decision.verdict.to_string())
            }
        }),
        ("Waiting longest, by role", &scene.waiting, &|head| {
            Words::from(format!("opened {}", ago(now, head.opened_at)))
        }),
    ];
    for (heading, lines, tells) in parts {
        page = part(page, (heading, lines), tells, home, most);
    }
    let mut foot = Words::from("Opened and decided: since ").time(scene.since);
    if let Some(when) = &scene.set {
        foot = foot
            .text(" · ")
            .code(when.as_str())
            .text(" · ")
            .code("/interview digest show")
            .text(" says who set it up, ")
            .code("off")
            .text(" ends it");
    }
    let all = Action::ShowUndecided {
        channel: scene.channel.clone(),
        after: None,
    };
    page.small(foot)
        .row("digest", vec![blocks::button("All open loops", &all)])
}

/// One part: its heading with how many there are, and a line for each of the first ones.
fn part(
    page: Page,
    (heading, lines): (&str, &LoopLines),
    tells: Tells,
    home: Option<&Url>,
    most: usize,
) -> Page {
    if lines.number == 0 {
        return page;
    }
    let number = if lines.and_more {
        format!("more than {}", lines.number)
    } else {
        lines.number.to_string()
    };
    let title = Words::new().strong(heading).text(format!(": {number}"));
    let shown = lines.heads.iter().take(most);
    let mut items: Vec<Words> = shown
        .map(|head| name(head, home).text(" · ").and(tells(head)))
        .collect();
    let left = lines.number.saturating_sub(items.len());
    if left > 0 {
        items.push(Words::from(if lines.and_more {
            "… and many more".to_owned()
        } else {
            format!("… and {left} more")
        }));
    }
    let aloud = items
        .iter()
        .map(|item| Words::from("- ").and(unlinked(item)));
    let mut page = page.block(blocks::rich(vec![
        SlackRichTextSection::new(text::rich(&title)).into(),
        blocks::bullets(items.clone()),
    ]));
    page = page.heard(title);
    for line in aloud {
        page = page.heard(line);
    }
    page
}

/// The candidate, linked to their thread, with role and code.
fn name(head: &Head, home: Option<&Url>) -> Words {
    let name = text::fitting(&head.public_name(), 120);
    let link = home
        .zip(head.messages.post.as_ref())
        .and_then(|(home, post)| thread(home, &head.channel, post));
    let words = match link {
        Some(url) => Words::new().link(url, name),
        None => Words::new().strong(name),
    };
    words
        .text(format!(" · {} · ", text::fitting(&head.title, 120)))
        .code(head.code.as_str())
}

/// Where a message is, as Slack links it.
pub(super) fn thread(home: &Url, channel: &ChannelId, post: &MessageTs) -> Option<String> {
    let digits: String = post.as_str().chars().filter(char::is_ascii_digit).collect();
    let url = home.join(&format!("archives/{channel}/p{digits}")).ok()?;
    Some(url.to_string())
}

/// The same to be read aloud: a link is its words.
fn unlinked(words: &Words) -> Words {
    let words = words.0.iter().map(|word| match word {
        Word::Link { text, .. } => Word::Strong(text.clone()),
        other => other.clone(),
    });
    Words(words.collect())
}

/// `today`, `1 day ago`, `12 days ago`: whole days of 24 hours.
fn ago(now: Timestamp, then: Timestamp) -> String {
    let days = now.duration_since(then).as_secs() / SignedDuration::from_hours(24).as_secs();
    match usize::try_from(days) {
        Ok(days) if days > 0 => format!("{} ago", count(days, "day")),
        _ => "less than a day ago".to_owned(),
    }
}

/// A page of a channel's loops that wait for their decision.
pub(super) fn undecided(
    channel: &ChannelId,
    entries: &[LoopEntry],
    begins: bool,
    next: Option<&(Timestamp, LoopCode)>,
) -> Page {
    let mut page = Page::new().header("Open loops here, the oldest first");
    if entries.is_empty() {
        page = page.say(Words::from(if begins {
            "Nothing is open here."
        } else {
            "There are no more."
        }));
    }
    for entry in entries {
        page = lists::entry(page, entry, false);
    }
    let mut buttons = Vec::new();
    let to = |after: Option<(Timestamp, LoopCode)>| Action::ShowUndecided {
        channel: channel.clone(),
        after,
    };
    if !begins {
        buttons.push(blocks::button("From the beginning", &to(None)));
    }
    if let Some(next) = next {
        buttons.push(blocks::button("Next", &to(Some(next.clone()))));
    }
    page.row("pages", buttons)
}

/// How a channel's digest is set.
pub(super) fn set(set: &SetDigest) -> Page {
    let digest = &set.digest;
    let line = Words::from("The digest of ")
        .channel(&digest.channel)
        .text(" comes at ")
        .code(set.when.as_str())
        .text(", set up by ")
        .person(&digest.set_by)
        .text(if digest.even_if_empty {
            ", also when there is nothing to say."
        } else {
            ". When there is nothing to say, it does not come."
        });
    let mut page = Page::new().say(line);
    if let Some(next) = set.next {
        page = page.say(Words::from("The next one is due on ").time(next).text("."));
    }
    if let Some(trouble) = digest.paused {
        page = page.say(Words::from("It rests: ").and(why(&digest.channel, trouble)));
    }
    page.row(
        "digest",
        vec![
            blocks::button("Change", &Action::ChangeDigest),
            blocks::button("Send one now", &Action::SendDigest),
            blocks::button(
                "Switch off",
                &Action::StopDigest {
                    channel: digest.channel.clone(),
                },
            ),
        ],
    )
}

/// A digest rests: what whoever set it up is told.
pub(super) fn paused(paused: &PausedDigest) -> Page {
    let channel = &paused.channel;
    let line = Words::from("The digest you set up for ")
        .channel(channel)
        .text(" rests: ")
        .and(why(channel, paused.trouble));
    let remedy = match paused.trouble {
        Trouble::Forbidden => Words::from("When that is settled, ")
            .code("/interview digest 09:00 weekdays")
            .text(" there begins it again."),
        _ => Words::from("When that is settled, it goes on by itself."),
    };
    let off = Action::StopDigest {
        channel: channel.clone(),
    };
    Page::new()
        .say(line)
        .say(remedy)
        .row("digest", vec![blocks::button("Switch it off", &off)])
}

fn why(channel: &ChannelId, trouble: Trouble) -> Words {
    let words = Words::new();
    match trouble {
        Trouble::Archived => words.channel(channel).text(" is archived."),
        Trouble::Shared => words
            .channel(channel)
            .text(" is shared with another company, and candidates are not discussed there."),
        Trouble::NotInChannel => words
            .text("I am not in ")
            .channel(channel)
            .text(" any more, or it was deleted. Invite me there: ")
            .code("/invite @interview-assistant")
            .text("."),
        Trouble::Forbidden => words
            .text("the rules of this workspace keep me from posting to ")
            .channel(channel)
            .text("."),
        Trouble::Deleted | Trouble::Rejected => {
            words.text("Slack did not take it; the fault is on our side.")
        }
    }
}

/// The form that sets a digest up.
pub(super) fn form(scene: &DigestForm) -> SlackView {
    let rhythm = &scene.rhythm;
    let time = SlackBlockTimePickerElement::new()
        .with_action_id(field::TIME.to_owned().into())
        .with_initial_time(rhythm.at.strftime("%H:%M").to_string());
    let option = |name: &str| blocks::option::<SlackBlockText>(name, name);
    let days =
        SlackBlockCheckboxesElement::new(Days::week().map(|(_, name)| option(name)).collect())
            .with_action_id(field::DAYS.to_owned().into())
            .with_initial_options(
                Days::week()
                    .filter(|(day, _)| rhythm.days.contains(*day))
                    .map(|(_, name)| option(name))
                    .collect(),
            );
    let always =
        || blocks::option::<SlackBlockText>("Also when nothing is open and nothing happened", YES);
    let empty = SlackBlockCheckboxesElement::new(vec![always()])
        .with_action_id(field::ALWAYS.to_owned().into());
    let empty = if scene.even_if_empty {
        empty.with_initial_options(vec![always()])
    } else {
        empty
    };
    let page = Page::new()
        .say(
            Words::from("One post a day in ")
                .channel(&scene.channel)
                .text(": what was opened and decided, which scorecards are owed, what is ready to decide. No scores, and nobody is named who owes."),
        )
        .block(blocks::input(field::TIME, "Time", "", false, time))
        .block(blocks::input(field::DAYS, "Days", "", false, days))
        .block(blocks::input(
            field::ZONE,
            "Time zone",
            "Written like Europe/Berlin or America/New_York.",
            false,
            blocks::text_box(field::ZONE, &rhythm.zone, false, 100),
        ))
        .block(blocks::input(field::ALWAYS, "Quiet days", "", true, empty));
    let meta = Meta {
        channel: Some(scene.channel.clone()),
        ..Meta::default()
    };
    blocks::modal(
        "Daily digest",
        DIGEST,
        meta.to_json(),
        Some("Set up"),
        page.blocks(),
    )
}

/// What the submitted form asks for; `None` for one that no version of the bot sent.
pub(super) fn read(meta: &Meta, state: &State) -> Option<Request> {
    Some(Request::Digest(DigestDeed::FillIn {
        channel: meta.channel.clone()?,
        at: state
            .time(field::TIME, field::TIME)
            .unwrap_or_default()
            .to_owned(),
        days: state.options(field::DAYS, field::DAYS).to_vec(),
        zone: state
            .text(field::ZONE, field::ZONE)
            .unwrap_or_default()
            .to_owned(),
        even_if_empty: state
            .options(field::ALWAYS, field::ALWAYS)
            .iter()
            .any(|ticked| ticked == YES),
    }))
}

/// The sentence of a refusal under the field it is about.
pub(super) fn errors(refusal: &Refusal) -> Option<BTreeMap<String, String>> {
    let name = match refusal.field()? {
        Field::Time => field::TIME,
        Field::Days => field::DAYS,
        Field::Zone => field::ZONE,
        _ => return None,
    };
    let sentence = text::bare(&refusal.words());
    Some(BTreeMap::from([(name.to_owned(), sentence)]))
}
