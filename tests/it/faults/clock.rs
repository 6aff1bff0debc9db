//! Faults of the clock, and times in which the bot was down.

use super::Row;

pub(super) const MATRIX: &[Row] = &[
    Row {
        fault: "The machine's clock is set back, or was wrong",
        holds: "Nothing is sent twice and nothing waits longer, what was done keeps its order, and the next digest and reminder come in their turn. What Slack signed is taken only while the clock is right to five minutes.",
        shown: &[
            (
                "digests and reminders",
                "clock_set::a_clock_that_is_set_back_doubles_no_digest_and_no_reminder",
            ),
            (
                "digests and reminders, after a day too far ahead",
                "clock_set::what_was_sent_by_a_clock_that_ran_ahead_a_day_is_not_sent_again_and_the_rest_in_its_time",
            ),
            (
                "a digest that rests",
                "clock_set::what_rested_for_a_time_that_was_wrong_comes_at_the_right_one",
            ),
            (
                "posts that wait",
                "clock_set::a_post_that_waits_when_the_clock_is_set_back_waits_no_longer_for_it",
            ),
            (
                "a whole interview",
                "clock_set::what_was_done_stays_in_its_order_and_everything_goes_on_by_a_clock_that_is_set_back",
            ),
            (
                "what Slack told of people",
                "clock_set::what_slack_told_by_a_clock_that_ran_ahead_is_asked_for_again",
            ),
            (
                "signed requests",
                "clock_set::by_a_clock_that_is_wrong_nothing_signed_is_taken_and_the_log_says_why",
            ),
        ],
    },
    Row {
        fault: "The bot was down, or the clock moves on",
        holds: "One digest a local day, one reminder a day, whatever was missed.",
        shown: &[
            (
                "reminders",
                "reminding::downtime_costs_no_reminder_and_makes_none_twice",
            ),
            (
                "a year of digests, over both clock changes",
                "digest_year::",
            ),
        ],
    },
];
