//! Sends a picture or a loop as a file to the direct messages of whoever asked, and says so where they are. What is on a picture is in
//! `charts`, what a file holds in `exports`.

use super::{Desk, Told, chain, within};
use crate::app::scene::Scene;
use crate::app::{Fault, Viewer};
use crate::domain::erasure::Sent;
use crate::domain::event::{Charted, Screen};
use crate::domain::export::{Exported, Format};
use crate::domain::ids::UserId;
use crate::domain::refusal::Refusal;
use crate::domain::words::Words;
use crate::slack::charts::{self, Chart};
use crate::slack::client::{CallError, FILE_ALT_TEXT, Upload};
use crate::slack::exports::{self, File};
use crate::slack::text;
use crate::slack::understand::Route;
use futures_util::StreamExt as _;
use std::time::Duration;

/// How long making and sending may take: whoever clicked is still there, and looks.
const SENT_WITHIN: Duration = Duration::from_secs(25);
/// How many people's names are asked for at once.
const NAMES_AT_ONCE: usize = 8;
/// How long they are waited for: a file with ids is better than none.
const NAMES_WITHIN: Duration = Duration::from_secs(8);

/// Why there is no file.
enum Ended {
    /// They may not see it.
    Refused(Refusal),
    /// It could not be read.
    Broke(Fault),
    /// It did not reach them.
    NotSent(NotSent),
}

/// Why nothing went out.
enum NotSent {
    /// The call failed.
    Call(CallError),
    /// It took too long.
    TooSlow,
    /// There is nothing to send.
    NotMade,
}

/// What is sent, in the words of the person who asked.
#[derive(Clone, Copy)]
enum Kind {
    Chart,
    File,
}

impl Desk {
    /// What a screen shows as a file. It is a reply: not repeated, and what becomes of it is said at once.
    pub(super) async fn file(&self, viewer: &Viewer, route: &Route, screen: &Screen) {
        let kind = match screen {
            Screen::Export { .. } => Kind::File,
            _ => Kind::Chart,
        };
        let made = self.look_and_send(viewer, screen);
        let made = tokio::time::timeout(SENT_WITHIN, made).await;
        let words = match made.unwrap_or(Err(Ended::NotSent(NotSent::TooSlow))) {
            Ok(()) => Words::from(format!(
                "The {} is in your direct messages with me.",
                kind.word()
            )),
            Err(Ended::Refused(refusal)) => {
                let told = Told::refused(&refusal);
                return within(self.tell(viewer, route, told, false)).await;
            }
            Err(Ended::Broke(fault)) => {
                return drop(self.broke(viewer.clone(), route.clone(), &fault));
            }
            Err(Ended::NotSent(why)) => why.words(kind),
        };
        within(self.tell(viewer, route, Told::said(&words), false)).await;
    }

    async fn look_and_send(&self, viewer: &Viewer, screen: &Screen) -> Result<(), Ended> {
        let _turn = self.turn_of_files().await;
        let looked = self.inner.app.look(viewer, screen).await;
        let scene = looked.map_err(Ended::Broke)?;
        let upload = match (screen, scene.map_err(Ended::Refused)?) {
            (Screen::Export { format, .. }, Scene::Export(exported)) => {
                self.written(viewer, exported, *format).await
            }
            (_, scene) => drawn(scene).await,
        };
        self.send(viewer, screen, &upload.map_err(Ended::NotSent)?)
            .await
    }

    async fn written(
        &self,
        viewer: &Viewer,
        mut exported: Box<Exported>,
        format: Format,
    ) -> Result<Upload, NotSent> {
        exported.people = self.names(viewer, &exported).await;
        let written = tokio::task::spawn_blocking(move || exports::write(&exported, format)).await;
        let Ok(Ok(File {
            filename,
            content_type,
            bytes,
            title,
            comment,
        })) = written
        else {
            return Err(NotSent::NotMade);
        };
        Ok(Upload {
            filename,
            content_type: content_type.to_owned(),
            bytes,
            comment: text::escaped(&comment),
            title,
            alt: String::new(),
        })
    }

    /// What people in a file are called now. Whom Slack does not tell of in time is named by their id.
    async fn names(
        &self,
        viewer: &Viewer,
        exported: &Exported,
    ) -> std::collections::BTreeMap<UserId, String> {
        let client = &self.inner.clients.of(&viewer.workspace).await;
        let asked = exported.mentions().into_iter().map(|user| async move {
            let seen = client.person(user.as_str()).await;
            let name = seen.ok()?.real_name?;
            (!name.trim().is_empty()).then_some((user, name))
        });
        let asked = futures_util::stream::iter(asked).buffer_unordered(NAMES_AT_ONCE);
        let in_time = asked.take_until(tokio::time::sleep(NAMES_WITHIN));
        in_time.filter_map(std::future::ready).collect().await
    }

    /// Sends it. Where it is of one loop, that is kept before anybody sees it, so that it goes if the loop is erased.
    async fn send(&self, viewer: &Viewer, screen: &Screen, upload: &Upload) -> Result<(), Ended> {
        let call = |error| Ended::NotSent(NotSent::Call(error));
        let client = self.inner.clients.of(&viewer.workspace).await;
        let channel = client.direct_messages(viewer.user.as_str()).await;
        let channel = channel.map_err(call)?;
        let file = client.place_file(upload).await.map_err(call)?;
        let (Screen::Export { code, .. } | Screen::Chart(Charted::Debrief(code))) = screen else {
            let shared = client.share_file(&channel, &file, upload).await;
            return shared.map_err(call);
        };
        let (app, sent) = (&self.inner.app, Sent::File(file.clone()));
        let kept = app.keeps_sent(&viewer.workspace, code, &sent).await;
        if !kept.map_err(Ended::Broke)? {
            return Err(Ended::Refused(Refusal::Erased));
        }
        let shared = client.share_file(&channel, &file, upload).await;
        // It may have been erased meanwhile, and what was kept been taken for gone, since nobody saw it yet.
        let kept = app.keeps_sent(&viewer.workspace, code, &sent).await;
        if !kept.map_err(Ended::Broke)? {
            let late = app.sent_too_late(&viewer.workspace, code, sent).await;
            late.map_err(Ended::Broke)?;
            return Err(Ended::Refused(Refusal::Erased));
        }
        shared.map_err(call)
    }
}

async fn drawn(scene: Scene) -> Result<Upload, NotSent> {
    let of_a_loop = matches!(scene, Scene::Debrief(_));
    let drawn = tokio::task::spawn_blocking(move || charts::draw(&scene)).await;
    let Ok(Some(Ok(Chart {
        png,
        filename,
        title,
        alt: described,
    }))) = drawn
    else {
        return Err(NotSent::NotMade);
    };
    let alt = text::fitting(&described, FILE_ALT_TEXT);
    // What the file's own description has no room for stands beside the picture; not what is of one candidate: a file can be taken back,
    // and what was said with it stays.
    let comment = if alt == described || of_a_loop {
        title.clone()
    } else {
        described
    };
    Ok(Upload {
        filename,
        content_type: "image/png".to_owned(),
        bytes: png,
        title,
        alt,
        comment: text::escaped(&comment),
    })
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Chart => "chart",
            Self::File => "file",
        }
    }

    /// What to do to have it once more.
    fn again(self) -> &'static str {
        match self {
            Self::Chart => "click Chart again",
            Self::File => "ask for it again",
        }
    }
}

impl NotSent {
    /// What the person is told.
    fn words(&self, kind: Kind) -> Words {
        let (word, again) = (kind.word(), kind.again());
        let perhaps =
            format!("look into your direct messages with me, and {again} if it is not there.");
        let why = match self {
            Self::NotMade => {
                tracing::error!("a {word} was not made");
                format!("The {word} could not be made.")
            }
            Self::TooSlow => {
                tracing::warn!("a {word} took too long and was given up");
                format!("Slack was too slow to take the {word}: {perhaps}")
            }
            Self::Call(error) => {
                tracing::warn!(error = chain(error), "a {word} was not sent");
                match error.code() {
                    Some("missing_scope" | "not_allowed_token_type") => format!(
                        "The {word} was not sent: the app may not send files yet. Please ask whoever installed it to update it from its manifest and install it again."
                    ),
                    Some(
                        "file_uploads_disabled" | "file_type_not_allowed" | "storage_limit_reached",
                    ) => {
                        format!("The {word} was not sent: this workspace takes no files from apps.")
                    }
                    _ if error.maybe_done() => {
                        format!("Slack did not say whether it took the {word}: {perhaps}")
                    }
                    _ => format!(
                        "The {word} was not sent: Slack did not take it. Please {again} in a while."
                    ),
                }
            }
        };
        match kind {
            Kind::Chart => {
                Words::from(why).text(" What it shows stands in the message you clicked.")
            }
            Kind::File => Words::from(why),
        }
    }
}
