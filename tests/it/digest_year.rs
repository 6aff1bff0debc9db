//! A year of digests: over both clock changes, in five zones; when each is due is worked out here in another way than the bot's.

use crate::harness::{Slack, story};
use interview_assistant::simulator::Person;
use std::time::Duration;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
/// The last moment of the year that is looked at, in unix seconds: 22 November 2025, noon UTC.
const END: i64 = 1_763_812_800;

/// A zone with its offsets from UTC in seconds, each from a moment on, for that one year.
struct Zone {
    name: &'static str,
    offsets: [(i64, i64); 3],
    /// The time of day of the digest, and the same in seconds.
    at: (&'static str, i64),
}

/// Each changes its clock twice in the year, and each digest's time is one that a change takes away or doubles, but for Auckland's.
const ZONES: [Zone; 5] = [
    Zone {
        name: "Europe/Berlin",
        // 30 March 2025 and 26 October 2025, 01:00 UTC.
        offsets: [(0, HOUR), (1_743_296_400, 2 * HOUR), (1_761_440_400, HOUR)],
        at: ("02:30", 2 * HOUR + HOUR / 2),
    },
    Zone {
        name: "America/New_York",
        // 9 March 2025, 07:00 UTC, and 2 November 2025, 06:00 UTC.
        offsets: [
            (0, -5 * HOUR),
            (1_741_503_600, -4 * HOUR),
            (1_762_063_200, -5 * HOUR),
        ],
        at: ("01:30", HOUR + HOUR / 2),
    },
    Zone {
        name: "Australia/Lord_Howe",
        // Half an hour: 5 April 2025, 15:00 UTC, and 4 October 2025, 15:30 UTC.
        offsets: [
            (0, 11 * HOUR),
            (1_743_865_200, 10 * HOUR + HOUR / 2),
            (1_759_591_800, 11 * HOUR),
        ],
        at: ("02:15", 2 * HOUR + HOUR / 4),
    },
    Zone {
        name: "Pacific/Auckland",
        // 5 April 2025 and 27 September 2025, 14:00 UTC.
        offsets: [
            (0, 13 * HOUR),
            (1_743_861_600, 12 * HOUR),
            (1_758_981_600, 13 * HOUR),
        ],
        at: ("09:00", 9 * HOUR),
    },
    Zone {
        name: "America/Santiago",
        // The day itself begins at one: 6 April 2025, 03:00 UTC, and 7 September 2025, 04:00 UTC.
        offsets: [
            (0, -3 * HOUR),
            (1_743_908_400, -4 * HOUR),
            (1_757_217_600, -3 * HOUR),
        ],
        at: ("00:30", HOUR / 2),
    },
];

impl Zone {
    /// When a local time is: the first moment that is so called; where none is, as much later as the clock was put forward.
    fn moment(&self, local: i64) -> i64 {
        let ends = self.offsets.iter().skip(1).map(|(from, _)| *from);
        let spans = self.offsets.iter().zip(ends.chain([i64::MAX]));
        let mut called = spans
            .map(|((from, offset), until)| (local - offset, *from, until))
            .filter(|(moment, from, until)| (from..until).contains(&moment))
            .map(|(moment, ..)| moment);
        called.next().unwrap_or_else(|| {
            let skips = |change: &&[(i64, i64)]| {
                let [(_, before), (from, after)] = change else {
                    return false;
                };
                local - before >= *from && local - after < *from
            };
            let mut changes = self.offsets.windows(2);
            let skipping = changes.find(skips).expect("a change takes it away");
            local - skipping[0].1
        })
    }

    /// Every digest after one moment and up to another.
    fn year(&self, after: i64, until: i64) -> Vec<i64> {
        let first = (after - DAY).div_euclid(DAY);
        let last = (until + DAY).div_euclid(DAY);
        (first..=last)
            .map(|day| self.moment(day * DAY + self.at.1))
            .filter(|moment| (after + 1..=until).contains(moment))
            .collect()
    }
}

/// The digests in a channel, in unix seconds.
fn came(slack: &Slack, channel: &str) -> Vec<i64> {
    let posts = slack.sim().messages("rita", channel);
    let posts = posts
        .iter()
        .filter(|post| post.text.starts_with("Interviews here"));
    posts
        .map(|post| post.ts.split('.').next().and_then(|ts| ts.parse().ok()))
        .map(|second| second.expect("a ts begins with seconds"))
        .collect()
}

#[tokio::test]
async fn each_channel_has_one_digest_a_day_for_a_year() {
    story(async |slack| {
        let rita = slack.joins(Person::new("rita", "Rita"));
        let start = slack.now();
        let mut channels = Vec::new();
        for (number, zone) in ZONES.iter().enumerate() {
            let channel = slack.private_channel(&format!("#team{number}"));
            let opens = format!("/interview senior-backend Candidate {number} @rita");
            rita.types(&channel, &opens).await;
            let typed = format!("/interview digest {} daily {}", zone.at.0, zone.name);
            rita.types(&channel, &typed).await;
            channels.push(channel);
        }
        // Restarts in the middle of it, the last one in the night of a change.
        for until in [1_740_000_000, 1_743_296_400 + 600, END] {
            let rest = u64::try_from(until - slack.now()).expect("time goes on");
            slack.lives_on(Duration::from_secs(rest)).await;
            slack.restarts().await;
        }
        for (zone, channel) in ZONES.iter().zip(&channels) {
            let expected = zone.year(start, slack.now());
            assert!(expected.len() >= 364, "{}: {}", zone.name, expected.len());
            assert_eq!(came(slack, channel.id()), expected, "{}", zone.name);
        }
        slack.rest_is_read();
    })
    .await;
}
