//! Faults among several processes on one database.

use super::Row;

pub(super) const MATRIX: &[Row] = &[
    Row {
        fault: "One of several processes on a database stops, dies, sleeps, or loses its connection",
        holds: "The others go on. What it had to send is sent by one of them, under the same rules as after a restart; what it writes after its lease went to another is refused.",
        shown: &[
            (
                "posts",
                "several::what_one_that_stops_or_dies_had_to_send_another_one_sends",
            ),
            (
                "days of work of six, three with sockets and three behind a proxy, one killed every few seconds, the database crashed once",
                "cluster::six_processes_with_sockets_and_behind_a_proxy_of_which_one_always_dies_lose_nothing_and_double_nothing",
            ),
            (
                "a delivery that waits for what Slack has to tell",
                "several::what_waits_for_slack_when_its_process_dies_goes_on_at_another_one",
            ),
            (
                "a call to Slack, slept through",
                "several::who_slept_through_its_lease_in_the_middle_of_a_call_changes_nothing_when_it_wakes",
            ),
            (
                "a lease, left",
                "lib:one_process_handles_a_workspaces_mail_and_who_leaves_leaves_it_to_another",
            ),
            (
                "a lease, slept through; a death",
                "lib:who_died_or_slept_loses_its_mail_and_writes_nothing_under_its_old_lease",
            ),
            (
                "a connection that is lost and back",
                "lib:who_lost_its_connection_and_is_back_keeps_its_mail",
            ),
        ],
    },
    Row {
        fault: "What belongs together comes to several processes, or the same to two at once",
        holds: "Everything has one effect and is sent once; what one process tells, the others hear.",
        shown: &[
            (
                "an interview, over sockets",
                "several::an_interview_is_done_over_the_sockets_of_three_processes",
            ),
            (
                "an interview, over signed HTTP",
                "several::an_interview_is_done_by_three_processes_behind_a_proxy_without_sticky_sessions",
            ),
            (
                "every delivery, twice at once",
                "several::what_two_processes_get_at_once_has_one_effect",
            ),
            (
                "every delivery, over a socket and over signed HTTP",
                "several::what_one_process_gets_over_its_socket_and_another_one_signed_has_one_effect",
            ),
            (
                "many workspaces",
                "lib:many_workspaces_spread_over_the_processes_and_none_is_handled_twice",
            ),
            (
                "quick clicks on one scorecard",
                "several::quick_clicks_at_three_processes_never_end_on_an_old_picture",
            ),
            (
                "a Home tab",
                "several::what_changes_at_one_process_is_on_a_home_tab_that_another_one_keeps_true",
            ),
            (
                "kits that are read again",
                "several::kits_that_are_read_again_at_one_process_are_served_at_all",
            ),
            ("news", "lib:what_one_process_tells_all_others_hear"),
        ],
    },
    Row {
        fault: "Several processes are stopped and started again, one after the other",
        holds: "Every post and message is there, once; what still comes to one that stops is taken until its connection is closed.",
        shown: &[
            (
                "days of work of six, three with sockets and three behind a proxy",
                "cluster::a_rolling_restart_of_six_processes_with_sockets_and_behind_a_proxy_loses_nothing_and_doubles_nothing",
            ),
            (
                "an envelope at the end",
                "lib:at_the_end_what_was_taken_and_what_still_comes_is_acknowledged",
            ),
            (
                "more processes than Slack gives connections to",
                "lib:the_eleventh_connection_is_tried_again_until_there_is_room",
            ),
        ],
    },
    Row {
        fault: "The clocks of several processes differ by a minute",
        holds: "Who handles what is decided by the database's clock; one digest a local day, one reminder a day, whoever sends them.",
        shown: &[(
            "digests and reminders, taken over from one that is ahead, and back",
            "several::a_minute_between_two_clocks_doubles_no_digest_and_no_reminder",
        )],
    },
];
