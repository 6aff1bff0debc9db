//! `doctor`: what it prints, and with which code it ends. What it looks at is in `start`.

use super::{COULD_NOT, FINDINGS, OK, RunArgs, plural, printed, refuse, say};
use crate::clock::Clock;
use crate::config::Config;
use crate::start::{Finding, Health, doctor as look};
use anyhow::Context as _;
use std::io::{self, Write};

/// Looks, prints, and says how it went.
pub(super) fn doctor(args: &RunArgs) -> u8 {
    let config = match Config::from_process(args.config.as_deref()) {
        Ok(config) => config,
        Err(problems) => return refuse(&problems.into()),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the system gives no threads to work with");
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(why) => {
            say(&why);
            return COULD_NOT;
        }
    };
    let findings = runtime.block_on(look(&config, Clock::system().now()));
    let wrong = findings
        .iter()
        .filter(|finding| finding.health == Health::Wrong)
        .count();
    if !printed(print(&mut io::stdout().lock(), &findings, wrong)) {
        return COULD_NOT;
    }
    if wrong == 0 { OK } else { FINDINGS }
}

fn print(out: &mut impl Write, findings: &[Finding], wrong: usize) -> io::Result<()> {
    writeln!(out, "✓ Configuration: complete.")?;
    for Finding {
        about,
        health,
        says,
    } in findings
    {
        let mark = match health {
            Health::Well => '✓',
            Health::Unknown => '?',
            Health::Wrong => '✗',
        };
        writeln!(out, "{mark} {about}: {says}")?;
    }
    match wrong {
        0 => writeln!(out, "\nNothing is wrong."),
        some => writeln!(out, "\n{} to mend.", plural(some, "thing")),
    }
}
