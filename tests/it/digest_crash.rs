//! The process dies between any two steps of a digest's delivery: only a crash within the call itself costs that day's, and none doubles it.

use crate::harness::{Place, Slack, story};
use interview_assistant::app::App;
use interview_assistant::app::scene::Due;
use interview_assistant::domain::event::{Post, PostResult};
use interview_assistant::domain::ids::{ChannelId, MessageTs, WorkspaceId};
use interview_assistant::simulator::Person;
use interview_assistant::slack::client::{Client, Outgoing};
use interview_assistant::slack::screens;
use std::time::Duration;

/// Up to where the delivery comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    /// Its time has come, and nothing is done.
    Due,
    /// What it says was read.
    Read,
    /// The attempt is on disk.
    Recorded,
    /// Slack has it.
    Sent,
    /// That Slack has it is on disk.
    Settled,
}

const STEPS: [Step; 5] = [
    Step::Due,
    Step::Read,
    Step::Recorded,
    Step::Sent,
    Step::Settled,
];

/// Delivers the digest that is due, up to a step.
async fn delivers(app: &App, client: &Client, channel: &Place, up_to: Step) {
    let workspace = WorkspaceId::from("T0STORY");
    let post = Post::Digest(ChannelId::from(channel.id()));
    let parcel = app.parcel(&workspace, &post).await.expect("read");
    let parcel = parcel.expect("it is owed");
    if up_to < Step::Read {
        return;
    }
    let due = app.due(&workspace, &post).await.expect("read");
    let Due::Send(addressed) = due else {
        panic!("it is not due: {due:?}");
    };
    if up_to < Step::Recorded {
        return;
    }
    let recorded = app.attempt(&parcel, "00ff", addressed.as_of).await;
    assert!(recorded.expect("written"));
    if up_to < Step::Sent {
        return;
    }
    let drawn = screens::draw_post(&addressed.scene);
    let message = Outgoing {
        channel: channel.id().to_owned(),
        text: drawn.text,
        blocks: drawn.blocks,
        ..Outgoing::default()
    };
    let posted = client.post_message(&message).await.expect("Slack takes it");
    if up_to < Step::Settled {
        return;
    }
    let standing = PostResult::Standing {
        channel: ChannelId::from(channel.id()),
        ts: MessageTs::from(posted.ts),
    };
    app.observe(&parcel, &standing).await.expect("written");
}

fn came(slack: &Slack, channel: &Place) -> usize {
    let posts = slack.sim().messages("rita", channel.id());
    let digests = posts
        .iter()
        .filter(|post| post.text.starts_with("Interviews here"));
    digests.count()
}

#[tokio::test]
async fn a_crash_at_any_step_doubles_no_digest_and_costs_none_but_within_the_call() {
    for step in STEPS {
        story(async |slack| {
            let rita = slack.joins(Person::new("rita", "Rita").tz("Europe/Berlin"));
            let hiring = slack.private_channel("#hiring");
            rita.types(&hiring, "/interview senior-backend Jane Doe @rita")
                .await;
            rita.types(&hiring, "/interview digest 09:00 daily").await;
            slack.stops().await;
            slack.moves_on_by(Duration::from_secs(9 * 3600));
            slack
                .dies_after(async |app, client| delivers(app, client, &hiring, step).await)
                .await;
            slack.lives_on(Duration::from_secs(12 * 3600)).await;
            let that_day = usize::from(step != Step::Recorded);
            assert_eq!(came(slack, &hiring), that_day, "{step:?}");
            slack.restarts().await;
            slack.lives_on(Duration::from_secs(24 * 3600)).await;
            assert_eq!(came(slack, &hiring), that_day + 1, "{step:?}");
            slack.rest_is_read();
        })
        .await;
    }
}
