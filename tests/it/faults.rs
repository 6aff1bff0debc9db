//! Which faults are tried, while what is under way, and which test shows what comes of it: the table of `docs/faults.md`, held to the tests that there are.

mod clock;
mod erasing;
mod installs;
mod several;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

/// A fault, what holds after it, and where that is shown: while what is under way, in which test. A name of the library's own tests begins
/// with `lib:`.
struct Row {
    fault: &'static str,
    holds: &'static str,
    shown: &'static [(&'static str, &'static str)],
}

const MATRIX: &[Row] = &[
    Row {
        fault: "The process is killed",
        holds: "What was acknowledged is there, nothing is half done, and what was owed to Slack is sent.",
        shown: &[
            (
                "clicks of eight people, and openings",
                "kill::whatever_was_acknowledged_survives_ten_kills",
            ),
            (
                "a click, at each of its steps",
                "kill::points::a_click_survives_a_death_at_any_step",
            ),
            (
                "an opening, at each of its steps",
                "kill::points::an_opening_survives_a_death_at_any_step",
            ),
            (
                "a submission, at each of its steps",
                "kill::points::a_submission_survives_a_death_at_any_step",
            ),
            (
                "a reveal, at each of its steps",
                "kill::points::a_reveal_survives_a_death_at_any_step",
            ),
            (
                "a direct message, at each of its steps",
                "kill::points::a_direct_message_survives_a_death_at_any_step_or_is_missing_and_is_never_doubled",
            ),
            (
                "a digest, at each of its steps",
                "kill::points::a_digest_survives_a_death_at_any_step_or_is_missing_and_is_never_doubled",
            ),
            (
                "a reminder, at each of its steps",
                "kill::points::a_reminder_survives_a_death_at_any_step_or_is_missing_and_is_never_doubled",
            ),
            (
                "commits of many writers",
                "store_kill::what_the_store_answered_survives_being_killed",
            ),
            (
                "opening, scoring, reveal",
                "troubles::a_restart_at_any_point_loses_nothing_and_sends_what_is_owed",
            ),
            (
                "a digest, step by step in one process",
                "digest_crash::a_crash_at_any_step_doubles_no_digest_and_costs_none_but_within_the_call",
            ),
            (
                "days of work, with all else that goes wrong at random",
                "soak::days_of_work_through_everything_that_goes_wrong_lose_nothing_and_double_nothing",
            ),
            (
                "a month of reminders",
                "month::nobody_is_bothered_at_night_twice_or_for_what_is_over",
            ),
        ],
    },
    Row {
        fault: "The process is told to stop",
        holds: "It takes nothing more, finishes what it took, and ends with 0.",
        shown: &[
            (
                "clicks of eight people",
                "kill::whoever_stops_it_while_people_click_loses_nothing_and_gets_a_zero",
            ),
            (
                "envelopes under way",
                "lib:at_the_end_what_was_taken_and_what_still_comes_is_acknowledged",
            ),
        ],
    },
    Row {
        fault: "The power is cut",
        holds: "What was acknowledged is on the disk, not only in the machine's memory.",
        shown: &[(
            "clicks of eight people",
            "kill::disk::whatever_was_acknowledged_survives_a_power_cut",
        )],
    },
    Row {
        fault: "The disk is full, or cannot be written",
        holds: "What is not saved is not acknowledged; the process ends with 1 and a sentence, and goes on where there is room again.",
        shown: &[
            (
                "clicks of eight people",
                "kill::disk::a_full_disk_ends_the_program_with_a_sentence_and_loses_nothing_that_was_acknowledged",
            ),
            (
                "a commit",
                "lib:a_store_that_cannot_write_takes_no_more_work",
            ),
        ],
    },
    Row {
        fault: "The bot has a bug",
        holds: "Whoever meets it is told, it is counted, and the log says where it is, never what was typed; everybody else goes on.",
        shown: &[
            (
                "a click, at each of its steps",
                "bugs::whoever_meets_a_bug_is_told_wherever_it_is_and_nobody_else_notices",
            ),
            (
                "a thread and a task of the program",
                "bugs::the_program_itself_says_where_a_bug_is_and_not_what_it_held",
            ),
            (
                "anything received",
                "lib:what_failed_panicked_or_cannot_be_read_is_not_acknowledged_and_deafens_nothing",
            ),
        ],
    },
    Row {
        fault: "A record cannot be read",
        holds: "Whoever needs it is told that something broke; everybody else goes on.",
        shown: &[
            (
                "reading a loop",
                "lib:a_damaged_record_is_an_error_for_who_needs_it_and_for_nobody_else",
            ),
            (
                "decoding any bytes",
                "lib:damaged_bytes_are_an_error_and_no_panic",
            ),
        ],
    },
    Row {
        fault: "The store's log is damaged",
        holds: "The process does not start as if nothing were missing: it says so, and what to do.",
        shown: &[(
            "a start",
            "lib:a_log_that_was_damaged_is_not_opened_as_if_nothing_were_missing",
        )],
    },
    Row {
        fault: "A connection to the database breaks off",
        holds: "A commit is there once, whether its answer came or not.",
        shown: &[
            (
                "commits of eight people",
                "lib:a_connection_that_is_killed_in_the_middle_of_a_commit_loses_nothing_and_doubles_nothing",
            ),
            (
                "a commit that was written already",
                "lib:a_second_try_of_a_commit_that_was_written_is_done_and_writes_nothing",
            ),
            (
                "commits that share a transaction",
                "lib:a_connection_that_ends_in_the_middle_of_a_group_costs_nobody_their_commit",
            ),
        ],
    },
    Row {
        fault: "The database crashes, restarts, stays away or fails over",
        holds: "The process goes on and says what is wrong; people are told that something broke and whether it may be saved; when it is back, what was owed is sent.",
        shown: &[
            (
                "commits of eight people, when another server takes over",
                "lib:when_another_server_takes_over_nothing_that_was_answered_is_lost",
            ),
            (
                "commits of eight people",
                "lib:a_server_that_restarts_or_crashes_while_people_click_loses_nothing",
            ),
            (
                "clicks of eight people, and an opening",
                "kill::away::a_database_that_goes_away_is_waited_for_and_nothing_acknowledged_is_lost",
            ),
            (
                "a commit, longer than it waits",
                "lib:a_server_that_stays_away_is_an_error_that_passes",
            ),
            (
                "kills of the process, on a database",
                "kill::whatever_was_acknowledged_survives_kills_on_postgres",
            ),
        ],
    },
    Row {
        fault: "The database's server has no room, or its disk fails",
        holds: "What is not saved is not acknowledged, and people are told; `/readyz` says it for a quarter of a minute, and then whoever comes next finds out whether there is room again.",
        shown: &[(
            "a commit",
            "lib:where_the_server_has_no_room_nothing_is_saved_and_that_is_said",
        )],
    },
    Row {
        fault: "Transactions of the database meet, or get no connection",
        holds: "They are begun anew; who gets no connection in time is told that nothing was saved.",
        shown: &[
            (
                "changes of one scorecard by eight",
                "lib:of_eight_who_change_the_same_none_is_lost",
            ),
            (
                "a serialization failure, a deadlock",
                "lib:a_transaction_that_the_server_gives_up_is_begun_anew",
            ),
            (
                "a commit",
                "lib:who_gets_no_connection_in_time_is_told_that_nothing_was_saved",
            ),
        ],
    },
    Row {
        fault: "The database cannot be used, or is being filled",
        holds: "The process does not start, or ends, with a sentence and the remedy; nothing in the database is changed.",
        shown: &[
            (
                "a start",
                "on_postgres::an_address_that_cannot_be_used_is_a_sentence_with_the_remedy",
            ),
            (
                "a start, tables of a later version",
                "lib:a_database_that_a_later_version_has_used_is_left_alone",
            ),
            (
                "making the tables",
                "lib:a_migration_that_breaks_off_leaves_nothing_and_is_made_the_next_time",
            ),
            (
                "a start, a server with another certificate",
                "lib:the_way_to_the_database_is_private_and_its_certificate_is_looked_at",
            ),
            (
                "a start, while another process fills it; a restore, while others serve from it",
                "lib:several_serve_from_a_database_and_who_fills_it_wants_it_alone",
            ),
            (
                "a lock that was lost",
                "lib:who_lost_the_database_to_one_that_fills_it_ends",
            ),
        ],
    },
    Row {
        fault: "An opening of the store was interrupted",
        holds: "The next one opens it.",
        shown: &[(
            "a start",
            "lib:an_interrupted_opening_does_not_keep_the_next_one_out",
        )],
    },
    Row {
        fault: "Slack asks to wait (429)",
        holds: "Posts wait as long as it asks, and then show the newest state.",
        shown: &[
            (
                "a loop's post",
                "troubles::posts_wait_as_long_as_slack_asks_and_then_show_the_newest_state",
            ),
            (
                "a reminder",
                "reminding::a_reminder_that_slack_puts_off_comes_once_and_counts_once",
            ),
            (
                "posts, without a word of how long",
                "odd_answers::where_slack_does_not_say_how_long_to_wait_half_a_minute_is_waited",
            ),
        ],
    },
    Row {
        fault: "Slack answers 5xx, or takes no calls",
        holds: "What people do is saved at once, and shown when Slack is back.",
        shown: &[
            (
                "a loop's post",
                "troubles::posts_survive_a_slack_that_is_down",
            ),
            (
                "clicks and submissions",
                "troubles::what_people_do_is_saved_at_once_while_slack_takes_no_calls",
            ),
            (
                "each kind of failure",
                "lib:every_failure_says_what_it_was_and_nothing_it_held",
            ),
        ],
    },
    Row {
        fault: "Slack answers with a page for people, or with half an answer",
        holds: "What people do is saved. A post is sent again and shows the newest state; a direct message and a digest are not sent twice.",
        shown: &[
            (
                "a loop's post and its debrief",
                "odd_answers::answers_that_cannot_be_read_leave_posts_that_show_the_newest_state",
            ),
            (
                "a direct message",
                "odd_answers::an_answer_that_cannot_be_read_doubles_no_direct_message",
            ),
            (
                "a digest",
                "odd_answers::an_answer_that_cannot_be_read_doubles_no_digest_and_costs_one_at_most",
            ),
            (
                "clicks, forms, and questions about people",
                "odd_answers::what_people_do_is_saved_whatever_the_answers_to_the_bots_calls_look_like",
            ),
        ],
    },
    Row {
        fault: "Slack does not answer",
        holds: "Nobody's click waits for it, and the call is made again.",
        shown: &[
            (
                "clicks",
                "troubles::a_slack_that_hangs_holds_up_nobodys_click_and_is_called_again",
            ),
            (
                "an acknowledgement",
                "troubles::a_slow_slack_keeps_nobody_waiting_for_an_acknowledgement",
            ),
            (
                "a question about a person",
                "troubles::whoever_slack_will_not_tell_about_is_refused_and_nothing_is_opened",
            ),
        ],
    },
    Row {
        fault: "Slack takes a call and its answer is lost",
        holds: "A post is there once that counts; a direct message, a digest and a reminder are not sent twice.",
        shown: &[
            (
                "a post and a direct message",
                "troubles::an_answer_that_is_lost_doubles_no_direct_message_and_leaves_one_post_that_counts",
            ),
            (
                "an update",
                "troubles::an_update_whose_answer_is_lost_is_made_again_in_place",
            ),
            (
                "a reminder",
                "reminding::a_reminder_whose_answer_is_lost_is_not_sent_again_that_day",
            ),
        ],
    },
    Row {
        fault: "Sockets are cut, renewed, refused or deaf",
        holds: "Another one takes over, and no click is lost.",
        shown: &[
            (
                "clicks",
                "troubles::connections_that_break_or_are_renewed_lose_no_click",
            ),
            (
                "a renewal",
                "lib:a_new_connection_stands_before_the_old_one_goes",
            ),
            (
                "refusals",
                "lib:a_dropped_connection_is_dialled_again_through_refusals",
            ),
            ("silence", "lib:no_hello_and_no_sign_of_life_are_noticed"),
        ],
    },
    Row {
        fault: "Deliveries come twice, or again much later",
        holds: "What was done once is done once, and answered as then.",
        shown: &[
            (
                "clicks of eight people",
                "load::eight_people_click_at_once_with_every_delivery_twice_and_no_rating_is_lost_or_doubled",
            ),
            (
                "a signed request, replayed",
                "seen::a_request_that_is_sent_again_within_its_five_minutes_is_done_once",
            ),
        ],
    },
    Row {
        fault: "Deliveries come late, or in another order",
        holds: "Each is done once. Of somebody's clicks on one question the last one made stands, whichever arrives last.",
        shown: &[
            (
                "clicks of one person",
                "out_of_order::of_two_quick_clicks_that_arrive_reversed_the_later_one_stands",
            ),
            (
                "ratings of a sample answer",
                "calibrating::of_two_quick_ratings_that_arrive_reversed_the_later_one_stands",
            ),
            (
                "clicks of several people",
                "out_of_order::what_several_people_did_is_whole_in_whatever_order_it_arrives",
            ),
            (
                "a click and a form",
                "out_of_order::a_click_that_comes_after_a_minute_is_saved_and_its_form_is_told_not_to_have_opened",
            ),
            (
                "events",
                "out_of_order::events_that_come_reversed_and_twice_lead_to_what_slack_says_now",
            ),
        ],
    },
    Row {
        fault: "More comes in than is handled",
        holds: "Whoever floods it is told to try again, everybody else is served, and memory stays under a ceiling.",
        shown: &[
            (
                "a flood of clicks",
                "overload::a_flood_from_one_person_is_told_to_wait_and_keeps_nobody_else_out",
            ),
            (
                "large bodies, clicks and connections, with a Slack that does not answer",
                "memory::memory_has_a_ceiling_under_everything_at_once",
            ),
            (
                "people of whom Slack has to tell anew",
                "overload::whoever_comes_back_in_numbers_makes_the_bot_ask_slack_of_a_few_at_a_time",
            ),
            (
                "pictures and files, with a Slack that does not take them",
                "exporting::pictures_and_files_are_made_a_few_at_a_time",
            ),
            (
                "connections",
                "lib:more_connections_than_there_is_room_for_wait",
            ),
            ("bodies", "lib:all_bodies_together_are_kept_within_a_limit"),
        ],
    },
    Row {
        fault: "Requests are forged, cut short or slow",
        holds: "They are turned away before they cost anything.",
        shown: &[
            (
                "heads",
                "lib:what_cannot_be_slacks_is_turned_away_without_its_body",
            ),
            (
                "signatures",
                "lib:a_forged_signature_over_a_whole_body_is_refused",
            ),
            (
                "bytes that trickle",
                "lib:a_head_that_comes_byte_by_byte_is_not_waited_for",
            ),
            (
                "a request that breaks off",
                "lib:a_truncated_request_is_not_taken",
            ),
        ],
    },
];

fn all() -> impl Iterator<Item = &'static Row> {
    let more = [
        clock::MATRIX,
        erasing::MATRIX,
        several::MATRIX,
        installs::MATRIX,
    ];
    MATRIX.iter().chain(more.into_iter().flatten())
}

/// The tests of this program and of the library.
fn tests() -> (BTreeSet<String>, String) {
    let own = std::env::current_exe().expect("this program has a path");
    let listed = Command::new(own)
        .args(["--list", "--format", "terse"])
        .output()
        .expect("it lists its tests");
    let listed = String::from_utf8(listed.stdout).expect("names are text");
    let names = listed
        .lines()
        .filter_map(|line| line.strip_suffix(": test"));
    let mut library = String::new();
    read_all(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")),
        &mut library,
    );
    (names.map(str::to_owned).collect(), library)
}

fn read_all(folder: &Path, into: &mut String) {
    for entry in std::fs::read_dir(folder).expect("it is a folder") {
        let path = entry.expect("it is readable").path();
        if path.is_dir() {
            read_all(&path, into);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            into.push_str(&std::fs::read_to_string(&path).expect("it is text"));
        }
    }
}

fn table() -> String {
    let mut text = String::from(
        "# What is tried, and what holds after it\n\nEach line names the test that shows it; `cargo test NAME` runs one. \
         A power cut and a full disk are tried on disks that the tests mount, which needs root and Linux: elsewhere those two are \
         skipped and say so, unless `DISK_TEST=required`. Those of a database start a server of their own, where Debian's package \
         `postgresql` is installed: elsewhere they are skipped, unless `POSTGRES_TEST=required`.\n\n\
         | fault | while | shown by | what holds |\n|---|---|---|---|\n",
    );
    for Row {
        fault,
        holds,
        shown,
    } in all()
    {
        for (place, (doing, test)) in shown.iter().enumerate() {
            let (fault, holds) = if place == 0 {
                (*fault, *holds)
            } else {
                ("", "")
            };
            let test = test.trim_start_matches("lib:").trim_end_matches("::");
            writeln!(text, "| {fault} | {doing} | `{test}` | {holds} |").expect("it is text");
        }
    }
    text
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "how tests are run is said to the tests"
)]
fn every_test_of_the_table_is_there_and_the_page_says_what_it_says() {
    let (own, library) = tests();
    for (_, test) in all().flat_map(|row| row.shown) {
        let there = match test.strip_prefix("lib:") {
            Some(name) => ["(", "<"]
                .iter()
                .any(|next| library.contains(&format!("fn {name}{next}"))),
            None if test.ends_with("::") => own.iter().any(|name| name.starts_with(test)),
            None => own.contains(*test),
        };
        assert!(there, "there is no test {test}");
    }
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/faults.md");
    let table = table();
    if std::env::var("INSTA_UPDATE").as_deref() == Ok("always") {
        std::fs::write(page, &table).expect("it can be written");
    }
    let written = std::fs::read_to_string(page).unwrap_or_default();
    assert!(
        written == table,
        "docs/faults.md is not what the table says; INSTA_UPDATE=always writes it anew"
    );
}
