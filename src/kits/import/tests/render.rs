//! Random kits as guides of random looks, imported back unchanged; and random texts, which may be refused and never break anything.

use super::*;
use crate::domain::kit::Salary;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use std::fmt::Write as _;

/// How a guide looks.
#[derive(Clone, Debug)]
struct Look {
    bullet: &'static str,
    end: &'static str,
    heading: usize,
    blanks: Vec<u8>,
    titles: bool,
    opening: bool,
    advertisement: bool,
    run_on: bool,
    closing: bool,
    curly: bool,
    mark: bool,
    lead_ins: bool,
}

fn look() -> impl Strategy<Value = Look> {
    let bullet = prop::sample::select(vec![
        "- ",
        "* ",
        "• ",
        "  • ",
        "– ",
        "· ",
        "\t- ",
        "•\u{a0}",
        "1. ",
        "12) ",
        "(3) ",
    ]);
    let end = prop::sample::select(vec!["\n", "\r\n", "\r"]);
    let flags = (
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
    );
    (bullet, end, 0_usize..6, vec(0_u8..4, 1..9), flags).prop_map(
        |(bullet, end, heading, blanks, flags)| {
            let (titles, opening, advertisement, run_on, closing, curly, mark, lead_ins) = flags;
            Look {
                bullet,
                end,
                heading,
                blanks,
                titles,
                opening,
                advertisement,
                run_on,
                closing,
                curly,
                mark,
                lead_ins,
            }
        },
    )
}

/// Words with which nothing else is meant.
fn words(count: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "queues",
        "tables",
        "the",
        "tests",
        "of",
        "a",
        "team",
        "don't",
        "C++",
        "Zoë's",
        "\"done\"",
        "naïve",
        "99",
        "(SQL, NoSQL)",
        "under",
        "load",
        "x/y",
        "日本",
        "it",
        "release",
        "e-mail",
    ]);
    vec(word, count).prop_map(|words| words.join(" "))
}

fn questions(begin: &'static str) -> impl Strategy<Value = Vec<String>> {
    let ends = prop::sample::select(vec!["?", ".", "? What changed afterwards?"]);
    vec(
        (words(1..12), ends).prop_map(move |(words, end)| format!("{begin} {words}{end}")),
        0..7,
    )
}

fn skills() -> impl Strategy<Value = Vec<String>> {
    let first = prop::sample::select(vec![
        "Modelling",
        "Swift",
        "Patience",
        "Care",
        "Fluency",
        "Cloud",
    ]);
    let rest = option::of(prop::sample::select(vec![
        "with people",
        "(AWS, Azure, or none)",
        "under pressure",
        "[a, (b, c)]",
        "of 1,000 users",
    ]));
    let skill = (first, rest).prop_map(|(first, rest)| match rest {
        Some(rest) => format!("{first} {rest}"),
        None => first.to_owned(),
    });
    vec(skill, 1..7)
}

fn salary() -> impl Strategy<Value = Salary> {
    let currency = prop::sample::select(vec!["USD", "EUR", "GBP", "CHF", "PLN"]);
    let period = prop::sample::select(vec!["year", "month", "hour"]);
    (currency, 1000_u64..900_000, 0_u64..100_000, period).prop_map(
        |(currency, min, more, period)| Salary {
            currency: currency.to_owned(),
            min,
            max: min + more,
            period: period.to_owned(),
            source: "guide".to_owned(),
            as_of: String::new(),
        },
    )
}

fn kit() -> impl Strategy<Value = Kit> {
    let title = prop::sample::select(vec![
        "QA Lead",
        "Head of Sales",
        "Data Analyst",
        "C++ Engineer",
        "Director of Engineering (EMEA)",
    ]);
    let demand = prop::sample::select(vec![Demand::High, Demand::Medium, Demand::Low]);
    let profile = (
        words(6..20),
        skills(),
        words(2..9),
        skills(),
        demand,
        salary(),
    );
    let asked = (
        questions("Why"),
        questions("How do you handle"),
        questions("Tell me about"),
    );
    let noted = (vec(words(2..9), 0..6), vec(words(2..9), 0..6));
    (title, profile, asked, noted).prop_map(|(title, profile, asked, noted)| {
        let (summary, hard_skills, experience, soft_skills, demand, salary) = profile;
        let mut asked = [asked.0, asked.1, asked.2];
        if asked.iter().all(Vec::is_empty) {
            asked[1].push("Why?".to_owned());
        }
        let trait_of = |words: String| format!("Knows {words}");
        Kit {
            slug: title::slug(title).into(),
            title: title.to_owned(),
            aliases: Vec::new(),
            minutes: minutes(asked.iter().map(Vec::len).sum()),
            profile: Profile {
                summary: format!("The {title} is there for {summary}."),
                hard_skills,
                experience: format!("4+ years of {experience}."),
                soft_skills,
                demand: Some(demand),
                salary: Some(salary),
            },
            competencies: Vec::new(),
            questions: numbered(asked),
            look_for: traits(noted.0.into_iter().map(trait_of).collect()),
            pitfalls: traits(noted.1.into_iter().map(trait_of).collect()),
            samples: Vec::new(),
            allowed: Vec::new(),
        }
    })
}

/// A guide in the making.
struct Page<'a> {
    look: &'a Look,
    text: String,
    lines: usize,
}

impl Page<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push_str(self.look.end);
        self.lines += 1;
        let blanks = self.look.blanks[self.lines % self.look.blanks.len()];
        // Twice as often none as any.
        for _ in 0..blanks / 2 {
            self.text.push_str(if blanks == 3 { " \u{a0}" } else { "" });
            self.text.push_str(self.look.end);
        }
    }

    fn heading(&mut self, words: &str) {
        let line = match self.look.heading {
            0 => words.to_owned(),
            1 => format!("{words}:"),
            2 => words.to_uppercase(),
            3 => format!("## {words}"),
            4 => format!("**{words}:**"),
            _ => words.to_lowercase(),
        };
        self.line(&line);
    }

    fn list<'t>(&mut self, items: impl Iterator<Item = &'t str>) {
        for item in items {
            self.line(&format!("{}{item}", self.look.bullet));
        }
    }
}

/// A kit as a guide that looks so.
fn render(kit: &Kit, look: &Look) -> String {
    let title = &kit.title;
    let several = match title.split_once(" of ") {
        Some((head, rest)) => format!("{head}s of {rest}"),
        None => format!("{title}s"),
    };
    let mut page = Page {
        look,
        text: if look.mark {
            "\u{feff}".to_owned()
        } else {
            String::new()
        },
        lines: 0,
    };
    let titles = look.titles || title.contains('(');
    if titles && !title.contains('(') {
        page.line(&format!("Interview Questions for {title}"));
        page.line(&format!(
            "Interview Questions for {title}: A Recruiter's Guide"
        ));
    }
    if look.opening || title.contains('(') {
        page.line(&format!("This hiring guide gathers what people told us about interviewing {title} candidates. It has the questions that worked."));
    }
    if look.advertisement {
        page.list(std::iter::empty());
        for line in [
            "Hire faster with less reading",
            "RoboSieve reads the pile and shows who fits",
            "Try it free",
        ] {
            page.line(line);
        }
    }
    let profile = &kit.profile;
    let market = format!(
        "Based on current job market analysis and industry standards, successful {several} typically demonstrate:"
    );
    if look.run_on {
        page.line(&format!("{} {market}", profile.summary));
    } else {
        page.line(&profile.summary);
        page.line(&market);
    }
    let lists = [
        profile.hard_skills.join(", "),
        profile.experience.clone(),
        profile.soft_skills.join(", "),
    ];
    page.list(lists.iter().map(|list| &**list));
    let salary = profile.salary.as_ref().expect("every kit here has one");
    let demand = profile.demand.expect("every kit here has one");
    page.line(&format!(
        "According to recent market data, the typical salary range for this position is {} {} - {} per {}, with {demand:?} demand in the market.",
        salary.currency,
        grouped(salary.min),
        grouped(salary.max),
        salary.period
    ));
    let parts = [
        (
            "Initial Screening Questions",
            "Industry-standard screening questions used by hiring teams:",
        ),
        (
            "Technical Assessment Questions",
            "These questions are compiled from technical interviews and hiring manager feedback:",
        ),
        (
            "Behavioral Questions",
            "Based on research and expert interviews, these behavioral questions are most effective:",
        ),
    ];
    for ((heading, lead_in), section) in parts.into_iter().zip(Section::ALL) {
        if kit.section(section).next().is_some() {
            page.heading(heading);
            if look.lead_ins {
                page.line(lead_in);
            }
            page.list(kit.section(section).map(|question| &*question.ask));
        }
        if section == Section::Technical {
            for (heading, traits) in [
                ("Expert hiring managers look for", &kit.look_for),
                ("Common pitfalls", &kit.pitfalls),
            ] {
                if !traits.is_empty() {
                    page.heading(heading);
                    page.list(traits.iter().map(|one| &*one.text));
                }
            }
        }
    }
    if look.closing {
        page.line(&format!(
            "This comprehensive guide to {title} interview questions reflects current standards."
        ));
    }
    if look.curly {
        page.text
            .replace(" \"", " \u{201c}")
            .replace('"', "\u{201d}")
            .replace('\'', "\u{2019}")
    } else {
        page.text
    }
}

fn grouped(units: u64) -> String {
    let mut text = String::new();
    let _ = write!(text, "{units}");
    if text.len() > 3 {
        text.insert(text.len() - 3, ',');
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_kit_written_as_a_guide_is_imported_unchanged(kit in kit(), look in look()) {
        let text = render(&kit, &look);
        match import(&text) {
            Ok(import) => {
                prop_assert_eq!(holds(&text, &import), Ok(()));
                prop_assert!(import.kit == kit, "{}\n{}\n{}", text, import.report, write(&import.kit));
            }
            Err(why) => prop_assert!(false, "{why}\n{text}"),
        }
    }

    #[test]
    fn whatever_is_imported_accounts_for_every_line(parts in vec(part(), 0..40)) {
        let text = parts.concat();
        if let Ok(import) = import(&text) {
            prop_assert_eq!(holds(&text, &import), Ok(()), "{}", text);
        }
    }

    #[test]
    fn a_usual_guide_with_anything_in_it_accounts_for_every_line(at in 0_usize..USUAL.len(), parts in vec(part(), 1..6), cut in 0_usize..200) {
        let end = (at + cut).min(USUAL.len());
        let text = format!("{}{}{}", &USUAL[..at], parts.concat(), &USUAL[end..]);
        if let Ok(import) = import(&text) {
            prop_assert_eq!(holds(&text, &import), Ok(()), "{}", text);
        }
    }
}

#[test]
fn a_profile_that_runs_over_lines_into_the_market_sentence_is_doubted_with_reasons() {
    let text = [
        "Hire faster with less reading",
        "salary Profile",
        "aBased on current job market analysis and industry standards, successful QA Leads typically demonstrate:",
        "Initial Screening Questions",
        "- Test design (pairwise, boundary values), Scripting, and Reading logs",
        "",
    ]
    .join("\n");
    let import = import(&text).expect("it is a guide");
    assert_eq!(holds(&text, &import), Ok(()), "{}", import.report);
    let second = &import.report.lines[1];
    assert_eq!(second.why, ["taken for the rest of line 1"]);
}

/// A piece of a guide, or of anything.
fn part() -> impl Strategy<Value = String> {
    let lines: Vec<String> = USUAL.lines().map(|line| format!("{line}\n")).collect();
    let odd = prop::sample::select(vec![
        "\n",
        "\r",
        "\n\n",
        "- ",
        "•\n",
        "1. ",
        "## ",
        "**",
        "---\n",
        "\u{200b}",
        "\u{a0}",
        "\u{202e}",
        ": ",
        ", ",
        "(",
        ")",
        "and ",
        "$",
        "€ ",
        "100k",
        " - ",
        "salary ",
        "Technical questions (continued)\n",
        "Culture questions:\n",
        "Profile\n",
        "Demand: high\n",
        "successful ",
        "demonstrate: x",
        "interviewing A1 candidates",
        "?\n",
        "…",
        "Updated 2026-01\n",
        "- Hard skills: A, B\n",
        "one of ",
        "    ",
        "\t",
        "İ",
        "ẞ",
        "Last ",
        " role",
        "the ",
        "Interview Questions for Help\n",
        "or ",
    ]);
    prop_oneof![
        4 => prop::sample::select(lines),
        3 => odd.prop_map(ToOwned::to_owned),
        1 => "[A-Za-z]{1,8} ?",
        1 => any::<char>().prop_filter("no text holds it", |letter| !letter.is_control()).prop_map(String::from),
    ]
}
