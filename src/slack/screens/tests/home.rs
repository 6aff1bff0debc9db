//! What a Home tab looks like, and that Slack takes it with however much is on it.

use super::check::Check;
use super::limits::many_roles;
use super::samples::{self, at, user};
use super::{picture, shows};
use crate::app::home::{Administered, DecidedEntry, Home, HomeScene, LedEntry, OwedEntry, Page};
use crate::domain::access::Next;
use crate::domain::candidate::CandidateName;
use crate::domain::days::Days;
use crate::domain::digest::{Digest, Rhythm};
use crate::domain::event::{HomePages, Trouble, Turned};
use crate::domain::ids::{ChannelId, LoopCode, MessageTs};
use crate::domain::interview_loop::Head;
use crate::domain::refusal::Refusal;
use crate::domain::settings::{Changed, Preferences, Settings};
use crate::slack::screens::{home, home_broke};
use jiff::civil::Time;

const SITE: &str = "https://northwind.slack.com/";

fn numbered(head: &Head, number: usize) -> Head {
    let mut head = head.clone();
    head.code = LoopCode::from(format!("C-{number:04}"));
    head.messages.post = Some(MessageTs::from(format!("17936{number:05}.000200")));
    head
}

fn page<T>(entries: Vec<T>, next: Option<Turned>) -> Page<T> {
    Page {
        entries,
        turned: next.is_some(),
        next,
    }
}

fn digest(number: usize, paused: bool) -> Digest {
    Digest {
        channel: ChannelId::from(format!("C0123456{number:03}")),
        rhythm: Rhythm {
            at: Time::constant(9, 0, 0, 0),
            days: Days::WEEKDAYS,
            zone: "Europe/Berlin".to_owned(),
        },
        even_if_empty: false,
        set_by: user("rita"),
        set_at: at(0),
        last: None,
        previous: None,
        paused: paused.then_some(Trouble::Archived),
        off: false,
    }
}

fn nothing() -> Home {
    let kit = samples::senior();
    Home {
        pages: HomePages::default(),
        owed: page(Vec::new(), None),
        led: page(Vec::new(), None),
        decided: page(Vec::new(), None),
        kits: vec![(kit.slug.clone(), kit.title.clone())],
        preferences: Preferences::of(user("ada")),
        zone: "Europe/Berlin".to_owned(),
        opens: true,
        administers: None,
    }
}

fn owed(head: Head, marked: usize) -> OwedEntry {
    OwedEntry {
        head,
        marked,
        of: 15,
    }
}

fn seen(shown: Home) -> String {
    let scene = HomeScene::Shown(Box::new(shown));
    let site = SITE.parse().expect("an address");
    let view = home(&scene, Some(&site));
    let mut check = Check::new();
    check.home(&view);
    check.passes("a Home tab");
    picture::home(&view)
}

#[test]
fn home_shows_what_is_to_do_what_one_leads_and_what_is_set() {
    let kit = samples::senior();
    let begun = numbered(&samples::head(), 1);
    let mut unposted = numbered(&samples::head(), 2);
    unposted.messages.post = None;
    let one_in = samples::submits(samples::head(), "ada");
    let all_in = samples::submits(one_in.clone(), "ben");
    let led = [
        (samples::head(), Next::Nudge),
        (one_in.clone(), Next::OwnScorecard),
        (one_in, Next::Wait),
        (all_in, Next::Reveal),
        (samples::revealed(&kit), Next::Decide),
    ];
    let led = led
        .into_iter()
        .enumerate()
        .map(|(number, (head, next))| LedEntry {
            head: numbered(&head, number + 3),
            next,
        });
    let decided = [true, false].into_iter().enumerate();
    let decided = decided.map(|(number, tells_verdict)| DecidedEntry {
        head: numbered(&samples::decided(&kit), number + 8),
        tells_verdict,
    });
    let mut shown = Home {
        owed: page(vec![owed(begun, 6), owed(unposted, 0)], None),
        led: page(led.collect(), Some((at(0), LoopCode::from("C-0007")))),
        decided: page(decided.collect(), None),
        administers: Some(Box::new(Administered {
            settings: Settings {
                changed: Some(Changed {
                    by: user("olga"),
                    at: at(7),
                }),
                ..Settings::default()
            },
            digests: vec![digest(1, false), digest(2, true)],
            more_digests: true,
        })),
        ..nothing()
    };
    shown.preferences.briefings = false;
    shown.preferences.zone = Some("Europe/Berlin".to_owned());
    shows!("home", seen(shown));
}

#[test]
fn home_is_useful_when_there_is_little_on_it() {
    let mut other = nothing();
    other.kits = vec![("head-of-sales".into(), "Head of Sales".to_owned())];
    other.opens = false;
    let short = |scene: &HomeScene| picture::home(&home(scene, None));
    let all = [
        seen(nothing()),
        seen(other),
        short(&HomeScene::Asking),
        short(&HomeScene::Refused(Refusal::Guest)),
        short(&HomeScene::Refused(Refusal::SlackDidNotTell)),
        picture::home(&home_broke("K7-3F")),
    ];
    shows!("home_short", all.join("\n========\n"));
}

#[test]
fn slack_takes_a_home_tab_with_however_much_is_on_it() {
    let largest = samples::largest_kit(25);
    for name in samples::worst_names() {
        for (number, kits) in [(0, 0), (1, 20), (20, 21), (20, 250)] {
            let mut head = samples::worst_head(&name, &largest);
            head.candidate = CandidateName::parse(&name).expect("a name");
            let all = || (0..number).map(|number| numbered(&head, number));
            let turned = || Some((at(0), LoopCode::from("C-0000"))).filter(|_| number == 20);
            let next = || Some((at(1), LoopCode::from("C-0001"))).filter(|_| number == 20);
            let shown = Home {
                pages: HomePages {
                    owed: turned(),
                    led: turned(),
                    decided: turned(),
                    digests: Some("C0123456000".into()),
                },
                owed: page(all().map(|head| owed(head, 3)).collect(), next()),
                led: page(
                    all()
                        .map(|head| LedEntry {
                            head,
                            next: Next::Reveal,
                        })
                        .collect(),
                    next(),
                ),
                decided: page(
                    all()
                        .map(|head| DecidedEntry {
                            head,
                            tells_verdict: true,
                        })
                        .collect(),
                    next(),
                ),
                kits: many_roles(kits),
                administers: Some(Box::new(Administered {
                    settings: Settings::default(),
                    digests: (0..number.min(10))
                        .map(|number| digest(number, true))
                        .collect(),
                    more_digests: number == 20,
                })),
                ..nothing()
            };
            let picture = seen(shown);
            assert_eq!(picture.matches("[Continue!]").count(), number);
        }
    }
}
