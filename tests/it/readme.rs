//! The commands in README.md: each is run by CI or by a test, word for word.

use std::path::Path;

/// What runs commands: CI's script, and the test that calls the program.
const RUNNERS: [&str; 2] = [".ci/run", "tests/it/command_line.rs"];

/// Commands that begin otherwise are other programs': Docker, Git, a shell.
const OURS: [&str; 2] = ["cargo ", "interview-assistant "];

/// The commands of ours in the `sh` blocks of a Markdown text, without prompts, settings before them and remarks after them.
fn commands(markdown: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut within = false;
    for line in markdown.lines() {
        let line = line.trim();
        if let Some(language) = line.strip_prefix("```") {
            within = !within && matches!(language.trim(), "sh" | "bash" | "shell" | "console");
            continue;
        }
        if !within {
            continue;
        }
        let line = line.split(" #").next().unwrap_or(line);
        for part in line.split("&&") {
            let mut part = part.trim().trim_start_matches("$ ");
            // NAME=value before the command
            while let Some((first, rest)) = part.split_once(' ')
                && first.contains('=')
                && !first.starts_with('-')
            {
                part = rest.trim_start();
            }
            if OURS.iter().any(|program| part.starts_with(program)) {
                commands.push(part.to_owned());
            }
        }
    }
    commands
}

fn is_run(command: &str, scripts: &[String]) -> bool {
    scripts.iter().any(|script| {
        script.match_indices(command).any(|(at, _)| {
            match script[at + command.len()..].chars().next() {
                // `cargo test` is not run by `cargo test --test browser`.
                None | Some('\n' | '"' | '\'' | ')' | ';' | '&') => true,
                Some(' ') => script[at + command.len()..]
                    .trim_start_matches(' ')
                    .starts_with(['>', '|', '&', '#']),
                Some(_) => false,
            }
        })
    })
}

#[test]
fn every_command_in_the_readme_is_run() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Ok(readme) = std::fs::read_to_string(root.join("README.md")) else {
        eprintln!("skipped: there is no README.md");
        return;
    };
    let scripts = RUNNERS
        .map(|path| std::fs::read_to_string(root.join(path)).expect("the script can be read"));
    let strangers: Vec<String> = commands(&readme)
        .into_iter()
        .filter(|command| !is_run(command, &scripts))
        .collect();
    assert!(
        strangers.is_empty(),
        "neither {} runs:\n{}",
        RUNNERS.join(" nor "),
        strangers.join("\n")
    );
}

#[test]
fn commands_are_found_in_sh_blocks_only() {
    let markdown = "cargo no\n```sh\n$ cargo run -- demo   # try it\nSLACK_BOT_TOKEN=xoxb-… interview-assistant run\ngit clone x && cargo test\n```\n```toml\ncargo no\n```\n";
    assert_eq!(
        commands(markdown),
        ["cargo run -- demo", "interview-assistant run", "cargo test"]
    );
}

#[test]
fn a_longer_command_does_not_run_a_shorter_one() {
    let scripts = ["cargo test --test browser\nrun \"interview-assistant run\"\n".to_owned()];
    assert!(!is_run("cargo test", &scripts));
    assert!(is_run("interview-assistant run", &scripts));
}
