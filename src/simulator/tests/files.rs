//! Files: announced, uploaded, completed, and read by people.

use super::*;

/// The smallest file that begins like a PNG.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\nnot much of one";

impl App {
    /// Calls a method with a form, as Slack wants it for some.
    async fn call_with_form(&self, method: &str, fields: &[(&str, &str)]) -> Value {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let answer = self
            .http
            .post(format!("{}/{method}", self.sim.api_url()))
            .header(
                "authorization",
                format!("Bearer {}", self.sim.credentials().bot_token),
            )
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.finish())
            .send()
            .await
            .expect("the simulator answers");
        answer.json().await.expect("JSON")
    }

    async fn posts_bytes(&self, url: &str, bytes: &'static [u8]) -> (u16, String) {
        let posted = self.http.post(url).body(bytes).send().await;
        let answer = posted.expect("the simulator answers");
        let status = answer.status().as_u16();
        (status, answer.text().await.expect("text"))
    }

    /// Announces and uploads a picture; its id.
    async fn uploads(&self) -> String {
        let length = PICTURE.len().to_string();
        let fields = [
            ("filename", "chart.png"),
            ("length", length.as_str()),
            ("alt_txt", "Two bars"),
        ];
        let promised = self
            .call_with_form("files.getUploadURLExternal", &fields)
            .await;
        assert_eq!(promised["ok"], true, "{promised}");
        let url = promised["upload_url"].as_str().expect("a URL").to_owned();
        let said = self.posts_bytes(&url, PICTURE).await;
        assert_eq!(said, (200, format!("OK - {length}")));
        promised["file_id"].as_str().expect("an id").to_owned()
    }
}

async fn with_files() -> (Simulator, App) {
    let (sim, app) = started().await;
    sim.grant("files:write", true);
    (sim, app)
}

#[tokio::test]
async fn a_picture_is_shared_in_a_channel_in_a_thread_and_directly() {
    let (sim, app) = with_files().await;
    let say = json!({ "channel": "C0HIRING", "text": "Figures" });
    let parent = app.call("chat.postMessage", say).await;
    let direct = app
        .call("conversations.open", json!({ "users": "U0ADA" }))
        .await;
    let direct = direct["channel"]["id"].clone();
    for (channel, thread) in [
        (json!("C0HIRING"), None),
        (json!("C0HIRING"), Some(&parent["ts"])),
        (direct, None),
    ] {
        let id = app.uploads().await;
        let mut args = json!({
            "files": [{ "id": id, "title": "Agreement" }], "channel_id": channel, "initial_comment": "*Look*",
        });
        if let Some(thread) = thread {
            args["thread_ts"] = thread.clone();
        }
        let completed = app.call("files.completeUploadExternal", args).await;
        assert_eq!(completed["ok"], true, "{completed}");
        let told = &completed["files"][0];
        assert_eq!(
            (&told["title"], &told["mimetype"], &told["alt_txt"]),
            (&json!("Agreement"), &json!("image/png"), &json!("Two bars"))
        );
        let channel = channel.as_str().expect("an id");
        let ts = parent["ts"].as_str().expect("a ts");
        let seen = match thread {
            Some(_) => sim.thread("ada", channel, ts),
            None => sim.messages("ada", channel),
        };
        let seen = seen.last().expect("it is there").clone();
        assert_eq!(seen.rendered(), "*Look*\nAgreement\n[image: Two bars]");
        assert_eq!(&*seen.files[0].bytes, PICTURE);
        assert!(seen.is_bot && seen.files[0].name == "chart.png");
    }
    assert_eq!(sim.messages("ada", "hiring").len(), 2);
    assert_eq!(sim.breaches(), Vec::<String>::new());
}

#[tokio::test]
async fn the_page_shows_a_picture_to_those_who_see_its_message() {
    let (sim, app) = with_files().await;
    let id = app.uploads().await;
    let args = json!({ "files": [{ "id": id }], "channel_id": "D0ADA" });
    assert_eq!(
        app.call("files.completeUploadExternal", args).await["ok"],
        true
    );
    let picture = async |user: &str| {
        let url = format!("{}page/file/{id}?as={user}", sim.page_url());
        let answer = app.http.get(url).send().await.expect("the page answers");
        let kind = answer.headers()["content-type"].clone();
        (answer.status().as_u16(), kind, answer.bytes().await)
    };
    let (status, kind, bytes) = picture("U0ADA").await;
    assert_eq!((status, kind.as_bytes()), (200, &b"image/png"[..]));
    assert_eq!(&*bytes.expect("it has bytes"), PICTURE);
    assert_eq!(picture("U0BEN").await.0, 400);
    assert_eq!(sim.breaches(), Vec::<String>::new());
}

#[tokio::test]
async fn a_file_that_is_not_whole_or_not_for_here_is_refused() {
    let (sim, app) = with_files().await;
    let complete =
        async |args: Value| app.call("files.completeUploadExternal", args).await["error"].clone();
    let promise = async |name: &str, length: &str, alt: &str| {
        let fields = [("filename", name), ("length", length), ("alt_txt", alt)];
        app.call_with_form("files.getUploadURLExternal", &fields)
            .await
    };
    let promised = promise("a.png", "5", "A").await;
    let (id, url) = (&promised["file_id"], promised["upload_url"].clone());
    let url = url.as_str().expect("a URL");
    assert_eq!(
        complete(json!({ "files": [{ "id": id }] })).await,
        "file_not_found"
    );
    assert_eq!(app.posts_bytes(url, PICTURE).await.0, 400);
    let stray = url.replace("/v1/", "/v1/0");
    assert_eq!(app.posts_bytes(&stray, PICTURE).await.0, 400);
    assert_eq!(app.posts_bytes(url, b"\x89PNG\r").await.0, 200);
    assert_eq!(
        sim.take_breaches(),
        [
            format!(
                "files.completeUploadExternal: the bytes of {} were never uploaded",
                id.as_str().expect("an id")
            ),
            "23 bytes were uploaded where 5 were promised".to_owned(),
            "bytes were posted to a URL that was never given".to_owned(),
            "a.png is no file of that kind".to_owned(),
        ]
    );
    assert_eq!(
        complete(json!({ "files": [{ "id": "F0NONE" }] })).await,
        "file_not_found"
    );
    assert_eq!(complete(json!({ "files": [] })).await, "invalid_arguments");
    let to = |channel: &str| json!({ "files": [{ "id": id }], "channel_id": channel });
    assert_eq!(complete(to("U0ADA")).await, "invalid_arguments");
    assert_eq!(sim.take_breaches().len(), 3);

    // These an app could not know of beforehand.
    assert_eq!(complete(to("C0NOWHERE")).await, "channel_not_found");
    assert_eq!(complete(to("C0RANDOM")).await, "not_in_channel");
    assert_eq!(app.posts_bytes(url, b"\x89PNG\r").await.0, 400);
    assert_eq!(
        complete(json!({ "files": [{ "id": id }] })).await,
        Value::Null
    );
    assert_eq!(complete(to("C0HIRING")).await, "file_already_completed");
    assert_eq!(sim.breaches(), Vec::<String>::new());

    assert_eq!(
        promise("a.png", "0", "A").await["error"],
        "missing_argument"
    );
    assert_eq!(
        promise("a.png", "5", &"x".repeat(1001)).await["error"],
        "alt_txt_too_large"
    );
    assert_eq!(promise("a.png", "5", "").await["ok"], true);
    // Slack reads no JSON here.
    let args = json!({ "filename": "a.png", "length": 5, "alt_txt": "A" });
    let refused = app.call("files.getUploadURLExternal", args).await;
    assert_eq!(refused["error"], "invalid_arguments");
    sim.grant("files:write", false);
    assert_eq!(promise("a.png", "5", "A").await["error"], "missing_scope");
    assert_eq!(sim.take_breaches().len(), 5);
    assert!(sim.messages("ada", "hiring").is_empty());
}

#[tokio::test]
async fn an_upload_can_go_wrong_on_the_way() {
    let (sim, app) = with_files().await;
    sim.misbehave(Misbehaviour::ServerError {
        method: Some("file_upload".to_owned()),
        times: 1,
    });
    let fields = [("filename", "a.txt"), ("length", "2")];
    let promised = app
        .call_with_form("files.getUploadURLExternal", &fields)
        .await;
    let url = promised["upload_url"].as_str().expect("a URL");
    assert_eq!(app.posts_bytes(url, b"hi").await.0, 503);
    assert_eq!(app.posts_bytes(url, b"hi").await.0, 200);
    let calls = sim.calls();
    let statuses: Vec<u16> = calls
        .iter()
        .filter(|call| call.method == "file_upload")
        .map(|call| call.status)
        .collect();
    assert_eq!(statuses, [503, 200]);
    let args = json!({ "files": [{ "id": promised["file_id"], "title": "Notes" }], "channel_id": "C0HIRING" });
    assert_eq!(
        app.call("files.completeUploadExternal", args).await["ok"],
        true
    );
    assert_eq!(sim.messages("ada", "hiring")[0].rendered(), "[file: Notes]");
    assert_eq!(sim.breaches(), Vec::<String>::new());
}
