//! Steps 1 to 7 of the interviewer's journey.

use crate::harness::{on_both, story};

#[tokio::test]
async fn the_command_with_a_role_serves_its_kit_to_whoever_typed_it_and_to_nobody_else() {
    on_both(async |slack| {
        let [rita, ben] = slack.members(["rita", "ben"]);
        let hiring = slack.private_channel("#hiring");

        let kit = rita.types(&hiring, "/interview senior-backend").await;
        insta::assert_snapshot!(kit.text(), @"");
        insta::assert_snapshot!(ben.sees(&hiring), @"");
    })
    .await;
}
