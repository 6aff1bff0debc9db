//! Faults while a loop is erased.

use super::Row;

pub(super) const MATRIX: &[Row] = &[Row {
    fault: "Something goes wrong while a loop is erased",
    holds: "All of it is gone from the store, or nothing. What the bot sent of it is taken back in the end, or stands in the receipt; nothing of it comes back.",
    shown: &[
        (
            "the process is killed once it is acknowledged",
            "erasing::a_death_in_the_middle_loses_nothing_of_what_is_to_be_taken_back",
        ),
        (
            "Slack answers 429 or 503, or does not let a message go",
            "erasing::what_slack_does_not_let_go_stands_in_the_receipt",
        ),
        (
            "a message of it is on its way",
            "erasing::a_message_that_was_on_its_way_is_taken_back_too",
        ),
        (
            "a form or a scorecard of it is open",
            "erasing::whoever_has_something_of_it_open_is_told_and_nothing_comes_back",
        ),
        (
            "somebody rates at the same moment",
            "lib:of_an_erasing_and_a_rating_at_once_one_asks_again",
        ),
        (
            "somebody puts it under a legal hold at the same moment",
            "erasing::a_hold_at_the_instant_of_an_erasing_is_on_one_side_of_it",
        ),
    ],
}];
