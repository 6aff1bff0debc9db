//! How long the import of a guide takes, by its size: ten times the text takes ten times as long, whatever is in it.

use divan::Bencher;
use divan::counter::BytesCount;
use interview_assistant::kits::import;

fn main() {
    divan::main();
}

/// Kilobytes.
const SIZES: [usize; 4] = [1, 10, 100, 1000];

/// A guide with something in the middle that is repeated up to its size.
fn guide(kilobytes: usize, before: &str, again: &str, after: &str) -> String {
    let room = (kilobytes * 1000).saturating_sub(before.len() + after.len() + TITLE.len());
    let count = (room / again.len()).max(1);
    format!("{TITLE}{before}{}{after}", again.repeat(count))
}

const TITLE: &str = "Interview Questions for QA Lead\n";
const ASKED: &str = "\nTechnical Questions\n- How do you choose what not to test?\n";

fn measure(bencher: Bencher, text: &str) {
    import(text).expect("it is a guide");
    bencher
        .counter(BytesCount::of_str(text))
        .bench_local(|| import(divan::black_box(text)));
}

/// Five hundred questions at most, so each is as long as it must be.
#[divan::bench(args = SIZES)]
fn questions(bencher: Bencher, kilobytes: usize) {
    let question = format!(
        "- How do you {}?\n",
        "go on and ".repeat((kilobytes / 5).max(1))
    );
    measure(
        bencher,
        &guide(kilobytes, "Technical Questions\n", &question, ""),
    );
}

#[divan::bench(args = SIZES)]
fn skills_in_one_line(bencher: Bencher, kilobytes: usize) {
    let before = "successful QA Leads typically demonstrate:\n- ";
    measure(
        bencher,
        &guide(kilobytes, before, "one of A, B (C, D), with E, ", ASKED),
    );
}

#[divan::bench(args = SIZES)]
fn brackets_that_do_not_close(bencher: Bencher, kilobytes: usize) {
    let before = "successful QA Leads typically demonstrate:\n- ";
    measure(bencher, &guide(kilobytes, before, "((,", ASKED));
}

#[divan::bench(args = SIZES)]
fn one_paragraph_in_many_lines(bencher: Bencher, kilobytes: usize) {
    measure(
        bencher,
        &guide(kilobytes, "The QA Lead\n", "is here for the\n", ASKED),
    );
}

#[divan::bench(args = SIZES)]
fn lines_that_belong_nowhere(bencher: Bencher, kilobytes: usize) {
    measure(
        bencher,
        &guide(kilobytes, "", "Hire faster.\nWe pay a salary\n", ASKED),
    );
}

#[divan::bench(args = SIZES)]
fn figures_in_one_line(bencher: Bencher, kilobytes: usize) {
    measure(
        bencher,
        &guide(
            kilobytes,
            "The salary is ",
            "1,0000 2 a year in 2026 demand ",
            ASKED,
        ),
    );
}

#[divan::bench(args = SIZES)]
fn headings(bencher: Bencher, kilobytes: usize) {
    measure(
        bencher,
        &guide(
            kilobytes,
            "",
            "Common pitfalls\nLook for:\n## Unknown\n",
            ASKED,
        ),
    );
}

#[divan::bench(args = SIZES)]
fn names_of_the_role(bencher: Bencher, kilobytes: usize) {
    let again = "About interviewing QA Lead candidates and successful QA Leads demonstrate: this comprehensive guide to it.\n";
    measure(bencher, &guide(kilobytes, "", again, ASKED));
}
