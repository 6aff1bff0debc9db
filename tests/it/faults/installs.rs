//! The faults of installations in many workspaces. The others are above.

use super::Row;

pub(super) const MATRIX: &[Row] = &[
    Row {
        fault: "The app is removed, or its token revoked",
        holds: "Nothing is sent there any more and nothing is lost: what is owed rests until the app is installed again. In other workspaces nobody notices.",
        shown: &[
            (
                "said twice by Slack, in either order",
                "installs::gone::whichever_slack_says_first_and_however_often_the_app_is_gone_once",
            ),
            (
                "posts that are owed",
                "installs::gone::what_is_owed_rests_until_the_app_is_installed_again",
            ),
            (
                "said late, after the app was installed anew",
                "installs::gone::late_news_of_an_earlier_installation_does_not_remove_the_new_one",
            ),
            (
                "not said at all",
                "installs::gone::a_token_that_slack_takes_no_more_stops_nobody_else",
            ),
        ],
    },
    Row {
        fault: "The exchange of tokens breaks off",
        holds: "The old token does until it ends; the next pair is on disk before it is used. At worst somebody installs the app again, and the log says so.",
        shown: &[
            (
                "Slack's answer is lost",
                "installs::rotating::an_exchange_whose_answer_is_lost_is_asked_for_again_at_once",
            ),
            (
                "it was done, and nobody was told",
                "installs::rotating::a_process_that_dies_between_exchange_and_disk_costs_a_new_installation_at_worst",
            ),
            (
                "Slack does not do it for longer than a token lives",
                "installs::rotating::while_slack_is_down_the_old_token_is_used_and_the_exchange_is_made_up_for",
            ),
            (
                "two processes begin it",
                "installs::processes::of_two_processes_one_exchanges_the_tokens_and_both_use_what_came_of_it",
            ),
            (
                "the process that began it died",
                "installs::processes::a_claim_of_a_process_that_died_ends_by_itself",
            ),
        ],
    },
    Row {
        fault: "A key is missing that tokens are sealed under",
        holds: "The bot does not start, and says which; nothing is changed.",
        shown: &[(
            "a start",
            "installs::tokens_are_kept_sealed_and_keys_can_be_changed",
        )],
    },
    Row {
        fault: "Somebody brings a link that is not theirs, used or old, or Slack does not take it",
        holds: "Nothing is installed, and the page says what to do.",
        shown: &[
            (
                "an installation",
                "installs::a_link_of_another_browser_is_not_taken",
            ),
            ("an installation", "installs::a_link_is_taken_once"),
            (
                "an installation",
                "installs::whoever_takes_more_than_ten_minutes_begins_again",
            ),
            (
                "an installation",
                "installs::what_slack_does_not_take_or_does_not_answer_is_told_and_can_be_begun_again",
            ),
        ],
    },
];
