//! Sends a picture to the direct messages of whoever asked, and says so where they are. What is on it is in `charts`.

use super::{Desk, Told, chain, within};
use crate::app::Viewer;
use crate::domain::event::Screen;
use crate::domain::words::Words;
use crate::slack::charts::{self, Chart};
use crate::slack::client::{CallError, FILE_ALT_TEXT, Upload};
use crate::slack::text;
use crate::slack::understand::Route;
use std::time::Duration;

/// How long drawing and sending may take: whoever clicked is still there, and looks.
const SENT_WITHIN: Duration = Duration::from_secs(25);

/// Why a picture did not go out.
enum NotSent {
    /// The call failed.
    Call(CallError),
    /// It took too long.
    TooSlow,
    /// There is no picture.
    NotDrawn,
}

impl Desk {
    /// A picture of what a screen shows. It is a reply: not repeated, and what becomes of it is said at once.
    pub(super) async fn chart(&self, viewer: &Viewer, route: &Route, screen: &Screen) {
        let scene = match self.inner.app.look(viewer, screen).await {
            Ok(Ok(scene)) => scene,
            Ok(Err(refusal)) => {
                let told = Told::refused(&refusal);
                return within(self.tell(viewer, route, told, false)).await;
            }
            Err(fault) => return drop(self.broke(viewer.clone(), route.clone(), &fault)),
        };
        let drawn = tokio::task::spawn_blocking(move || charts::draw(&scene)).await;
        let sent = match drawn {
            Ok(Some(Ok(chart))) => {
                let sending = self.send_chart(viewer, chart);
                let in_time = tokio::time::timeout(SENT_WITHIN, sending).await;
                in_time.unwrap_or(Err(NotSent::TooSlow))
            }
            _ => Err(NotSent::NotDrawn),
        };
        let words = match sent {
            Ok(()) => Words::from("The chart is in your direct messages with me."),
            Err(why) => why.words(),
        };
        within(self.tell(viewer, route, Told::said(&words), false)).await;
    }

    async fn send_chart(&self, viewer: &Viewer, chart: Chart) -> Result<(), NotSent> {
        let client = self.inner.clients.of(&viewer.workspace).await;
        let channel = client.direct_messages(viewer.user.as_str()).await;
        let channel = channel.map_err(NotSent::Call)?;
        let alt = text::fitting(&chart.alt, FILE_ALT_TEXT);
        // What the file's own description has no room for stands beside the picture.
        let comment = if alt == chart.alt {
            chart.title.clone()
        } else {
            chart.alt
        };
        let file = Upload {
            filename: chart.filename,
            content_type: "image/png".to_owned(),
            bytes: chart.png,
            title: chart.title,
            alt,
            comment: text::escaped(&comment),
        };
        client
            .send_file(&channel, &file)
            .await
            .map_err(NotSent::Call)
    }
}

impl NotSent {
    /// What the person is told.
    fn words(&self) -> Words {
        let why = match self {
            Self::NotDrawn => {
                tracing::error!("a chart was not drawn");
                "The chart could not be drawn."
            }
            Self::TooSlow => {
                tracing::warn!("a chart took too long and was given up");
                "Slack was too slow to take the chart: look into your direct messages with me, and click Chart again if it is not there."
            }
            Self::Call(error) => {
                tracing::warn!(error = chain(error), "a chart was not sent");
                match error.code() {
                    Some("missing_scope" | "not_allowed_token_type") => {
                        "The chart was not sent: the app may not send files yet. Please ask whoever installed it to update it from its manifest and install it again."
                    }
                    Some(
                        "file_uploads_disabled" | "file_type_not_allowed" | "storage_limit_reached",
                    ) => "The chart was not sent: this workspace takes no files from apps.",
                    _ if error.maybe_done() => {
                        "Slack did not say whether it took the chart: look into your direct messages with me, and click Chart again if it is not there."
                    }
                    _ => {
                        "The chart was not sent: Slack did not take it. Please click Chart again in a while."
                    }
                }
            }
        };
        Words::from(why).text(" What it shows stands in the message you clicked.")
    }
}
