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
    let mut out = io::stdout().lock();
    let mut wrong = 0;
    let mut told = writeln!(out, "✓ Configuration: complete.");
    runtime.block_on(look(&config, Clock::system().now(), |finding| {
        wrong += usize::from(finding.health == Health::Wrong);
        // At once: some take their time.
        if told.is_ok() {
            told = print(&mut out, &finding);
        }
    }));
    let end = match wrong {
        0 => "Nothing is wrong.".to_owned(),
        some => format!("{} to mend.", plural(some, "thing")),
    };
    if !printed(told.and_then(|()| writeln!(out, "\n{end}"))) {
        return COULD_NOT;
    }
    if wrong == 0 { OK } else { FINDINGS }
}

fn print(out: &mut impl Write, finding: &Finding) -> io::Result<()> {
    let Finding {
        about,
        health,
        says,
    } = finding;
    let mark = match health {
        Health::Well => '✓',
        Health::Unknown => '?',
        Health::Wrong => '✗',
    };
    writeln!(out, "{mark} {about}: {says}")?;
    out.flush()
}
