//! A real browser, steered through `chromedriver`, and what a person does and reads in it. What is done with it is in `main.rs`.

use fantoccini::elements::{Element, ElementRef};
use fantoccini::{Client, ClientBuilder};
use serde_json::{Map, Value, json};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// How long anything may take to appear.
const PATIENCE: Duration = Duration::from_secs(20);

/// The key that goes from one control to the next.
pub const TAB: &str = "\u{E004}";
/// Presses what has the focus.
pub const ENTER: &str = "\u{E007}";
/// Held down for the rest of a line.
pub const SHIFT: &str = "\u{E008}";

/// The programs that a browser test needs.
pub struct Programs {
    driver: PathBuf,
    browser: PathBuf,
}

impl Programs {
    /// Both, if they are on the `PATH`.
    pub fn find() -> Option<Self> {
        let browsers = ["chromium", "chromium-browser", "google-chrome"];
        Some(Self {
            driver: on_path("chromedriver")?,
            browser: browsers.into_iter().find_map(on_path)?,
        })
    }
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = setting("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// A variable of the environment.
#[expect(
    clippy::disallowed_methods,
    reason = "settings of this test, not of the program"
)]
pub fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Where on the page something is looked for.
#[derive(Clone, Copy, Debug)]
pub enum In<'a> {
    /// Anywhere.
    Page,
    /// In the newest message of the channel that has these words.
    Message(&'a str),
    /// In the open thread.
    Thread,
    /// In the modal on top.
    Modal,
    /// In Slack's own question before a button acts.
    Confirm,
    /// In a dialog of the page itself.
    Dialog,
    /// In the open menu.
    Menu,
}

impl In<'_> {
    fn script(self) -> String {
        match self {
            Self::Page => "document.body".to_owned(),
            Self::Message(words) => format!(
                "[...document.querySelectorAll('#log [data-testid=message]')].filter((m) => m.innerText.includes({})).at(-1)",
                json!(words)
            ),
            Self::Thread => "document.querySelector('#thread:not([hidden])')".to_owned(),
            Self::Modal => "[...document.querySelectorAll('#modals [data-testid=modal]')].filter(seen).at(-1)".to_owned(),
            Self::Dialog => "document.querySelector('[data-testid=dialog]')".to_owned(),
            Self::Menu => "document.querySelector('.menu')".to_owned(),
            Self::Confirm => "document.querySelector('[data-testid=confirm]')?.closest('[role=dialog], [role=alertdialog]')".to_owned(),
        }
    }
}

/// What the scripts below have in common.
const LIBRARY: &str = r"
    const seen = (el) => el.getClientRects().length > 0 && getComputedStyle(el).visibility !== 'hidden';
    const name = (el) => (el.getAttribute('aria-label') || el.innerText || '').trim();
    const button = (box, label) => [...(box?.querySelectorAll('button') || [])]
        .find((b) => seen(b) && (name(b) === label || b.innerText.trim() === label));
";

/// A window of the browser, with its driver.
pub struct Browser {
    client: Client,
    driver: Child,
    _profile: TempDir,
}

impl Browser {
    /// Opens a window of this size, in CSS pixels. `phone`: with a finger instead of a mouse.
    pub async fn open(programs: &Programs, (width, height): (u32, u32), phone: bool) -> Self {
        let profile = tempfile::tempdir().expect("a temporary folder can be made");
        let mut driver = Command::new(&programs.driver)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let port = tokio::task::block_in_place(|| port_of(&mut driver));
        let options = json!({
            "binary": programs.browser,
            "args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run", "--no-proxy-server",
                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--lang=en-GB",
                format!("--user-data-dir={}", profile.path().display()),
            ],
            "mobileEmulation": { "deviceMetrics": { "width": width, "height": height, "pixelRatio": 1, "mobile": phone, "touch": phone } },
        });
        let mut capabilities = Map::new();
        capabilities.insert("goog:chromeOptions".to_owned(), options);
        let connecting =
            ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
                .capabilities(capabilities)
                .connect(&format!("http://127.0.0.1:{port}"))
                .await;
        let client = match connecting {
            Ok(client) => client,
            Err(why) => {
                let _ = driver.kill();
                panic!("the browser does not start: {why}");
            }
        };
        Self {
            client,
            driver,
            _profile: profile,
        }
    }

    /// Opens an address, and waits until the page is drawn.
    pub async fn goes_to(&self, address: &str) {
        self.client.goto(address).await.expect("the page opens");
        self.until(
            "document.documentElement.dataset.ready === 'true'",
            "the page is drawn",
        )
        .await;
    }

    /// Becomes somebody else.
    pub async fn becomes(&self, name: &str) {
        self.clicks_on(
            &format!("document.querySelector('[data-testid=as-{name}]')"),
            name,
        )
        .await;
        let id = format!("U0{}", name.to_uppercase());
        let ready = format!(
            "document.documentElement.dataset.as === '{id}' && document.documentElement.dataset.ready === 'true'"
        );
        self.until(&ready, &format!("the page is {name}'s")).await;
    }

    /// Opens a channel or conversation.
    pub async fn opens(&self, channel: &str) {
        let link = format!("document.querySelector('[data-testid=\"channel-{channel}\"]')");
        self.clicks_on(&link, channel).await;
        self.until(
            &format!("{link}?.getAttribute('aria-current') === 'page'"),
            channel,
        )
        .await;
    }

    /// Types a line into the message box and sends it.
    pub async fn types(&self, line: &str) {
        self.presses_in("composer", &format!("{line}{ENTER}")).await;
        self.until(
            "document.querySelector('[data-testid=composer]').value === ''",
            "the line is sent",
        )
        .await;
    }

    /// Presses keys where the focus is.
    pub async fn presses(&self, keys: &str) {
        let active = self
            .client
            .active_element()
            .await
            .expect("something has the focus");
        active.send_keys(keys).await.expect("it takes keys");
    }

    /// Presses keys in a box of the page.
    pub async fn presses_in(&self, testid: &str, keys: &str) {
        let found = self
            .found(
                &format!("document.querySelector('[data-testid={testid}]')"),
                testid,
            )
            .await;
        found.send_keys(keys).await.expect("it takes keys");
    }

    /// On a narrow window: opens the list of channels and people, and waits until it has slid in.
    pub async fn opens_the_list(&self, label: &str) {
        self.clicks(In::Page, label).await;
        self.until(
            "document.querySelector('#sidebar').getBoundingClientRect().left === 0",
            "the list opens",
        )
        .await;
    }

    /// On a narrow window: closes that list.
    pub async fn goes_back_to_the_messages(&self) {
        self.until(
            "getComputedStyle(document.getElementById('sidebar')).visibility === 'hidden'",
            "the list closes",
        )
        .await;
    }

    /// What sticks out of the window at its sides, with the window itself if that scrolls sideways.
    pub async fn sticking_out(&self, place: In<'_>) -> Vec<String> {
        let script = format!(
            "{LIBRARY}
            const box = {};
            const out = [...box.querySelectorAll('button, input, textarea, select, pre, p')].filter((el) => {{
                const r = el.getBoundingClientRect();
                // The lines to try are a strip that is swiped.
                return seen(el) && !el.closest('.chips') && (r.left < -1 || r.right > innerWidth + 1);
            }}).map(name);
            if (document.documentElement.scrollWidth > innerWidth) out.push('the page');
            return out;",
            place.script()
        );
        let found = self.asks(&script).await;
        let found = found.as_array().expect("a list").iter();
        found
            .map(|name| name.as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// Whether the focus is on a control of this name.
    pub async fn has_focus(&self, label: &str) -> bool {
        let script = format!(
            "{LIBRARY} return name(document.activeElement) === {};",
            json!(label)
        );
        self.asks(&script).await == Value::Bool(true)
    }

    /// Opens a message's thread by the line that counts its replies.
    pub async fn clicks_replies(&self, place: In<'_>) {
        self.clicks_on(
            &format!("({})?.querySelector('.thread-bar')", place.script()),
            "the replies",
        )
        .await;
    }

    /// Clicks a button by the words on it, or by those that a screen reader says, and waits for its ack.
    pub async fn clicks(&self, place: In<'_>, label: &str) {
        let script = format!("button({}, {})", place.script(), json!(label));
        self.clicks_on(&script, &format!("the button {label} in {place:?}"))
            .await;
        self.until(
            "!document.querySelector('.message [aria-busy=true]')",
            &format!("{label} is acknowledged"),
        )
        .await;
    }

    /// Chooses an option, by its words, in the modal on top.
    pub async fn chooses(&self, option: &str) {
        let modal = In::Modal.script();
        let script = format!(
            "[...({modal})?.querySelectorAll('label.choice') || []].find((l) => l.innerText.trim().startsWith({}))",
            json!(option)
        );
        self.clicks_on(&script, &format!("the option {option}"))
            .await;
    }

    /// Opens the page's clock, and chooses what begins with these words.
    pub async fn moves_clock(&self, to: &str) {
        self.clicks_on("document.getElementById('clock')", "the clock")
            .await;
        self.chooses_in_menu(to).await;
    }

    /// Uses one of the app's shortcuts, from the button in the message box.
    pub async fn uses(&self, shortcut: &str) {
        self.clicks(In::Page, "Shortcuts").await;
        self.chooses_in_menu(shortcut).await;
    }

    /// Chooses what begins with these words in the open menu.
    pub async fn chooses_in_menu(&self, words: &str) {
        let script = format!(
            "[...document.querySelectorAll('.menu .menu-item')].find((item) => item.innerText.startsWith({}))",
            json!(words)
        );
        self.clicks_on(&script, &format!("{words} in the menu"))
            .await;
        self.until("!document.querySelector('.menu')", "the menu closes")
            .await;
    }

    /// Sets a field that is not typed into, such as one for a date.
    pub async fn sets(&self, place: In<'_>, field: &str, value: &str) {
        let script = format!(
            "const field = ({})?.querySelector({}); field.value = {}; field.dispatchEvent(new Event('change', {{ bubbles: true }}));",
            place.script(),
            json!(field),
            json!(value)
        );
        self.asks(&script).await;
    }

    /// Takes out what stands in a box of the modal on top.
    pub async fn empties(&self, label: &str) {
        let modal = In::Modal.script();
        let script = format!(
            "(() => {{ const l = [...({modal})?.querySelectorAll('.label') || []].find((l) => l.innerText.trim().startsWith({})); return l?.closest('.input-block')?.querySelector('input, textarea'); }})()",
            json!(label)
        );
        let found = self.found(&script, &format!("the box {label}")).await;
        found.clear().await.expect("it can be emptied");
    }

    /// Writes into the box of the modal on top that has this label.
    pub async fn fills(&self, label: &str, words: &str) {
        let modal = In::Modal.script();
        let script = format!(
            "(() => {{ const l = [...({modal})?.querySelectorAll('.label') || []].find((l) => l.innerText.trim().startsWith({})); return l?.closest('.input-block')?.querySelector('input, textarea'); }})()",
            json!(label)
        );
        let found = self.found(&script, &format!("the box {label}")).await;
        found.send_keys(words).await.expect("it takes keys");
    }

    /// Waits until some words stand there.
    pub async fn sees(&self, place: In<'_>, words: &str) {
        let spaces = r"replace(/\s+/g, ' ')";
        let script = format!(
            "({})?.innerText.{spaces}.includes({})",
            place.script(),
            json!(words)
        );
        if self.holds(&script).await.is_none() {
            panic!(
                "“{words}” is not in {place:?}, which says:\n{}",
                self.reads(place).await
            );
        }
    }

    /// Everything that stands there now.
    pub async fn reads(&self, place: In<'_>) -> String {
        let script = format!("{LIBRARY} return ({})?.innerText || '';", place.script());
        let text = self
            .client
            .execute(&script, Vec::new())
            .await
            .expect("the page can be read");
        text.as_str().unwrap_or_default().to_owned()
    }

    /// What a script gives.
    pub async fn asks(&self, script: &str) -> Value {
        self.client
            .execute(script, Vec::new())
            .await
            .expect("the script runs")
    }

    /// Waits until there is no modal.
    pub async fn sees_no_modal(&self) {
        self.until(
            "!document.querySelector('#modals [data-testid=modal]')",
            "the modal closes",
        )
        .await;
    }

    /// Waits until something is true on the page.
    pub async fn until(&self, condition: &str, what: &str) {
        if self.holds(condition).await.is_none() {
            panic!(
                "not in time: {what}; the page says:\n{}",
                self.reads(In::Page).await
            );
        }
    }

    /// Brings something into view and its top to the top, as far as it goes.
    pub async fn scrolls_to(&self, place: In<'_>, to: &str) {
        let script = format!(
            "{LIBRARY} ({})?.scrollIntoView({{ block: '{to}' }});",
            place.script()
        );
        self.client
            .execute(&script, Vec::new())
            .await
            .expect("it can be scrolled to");
    }

    /// Takes a picture of the window.
    pub async fn pictures(&self, file: &Path) {
        self.asks("document.activeElement?.blur();").await;
        let png = self
            .client
            .screenshot()
            .await
            .expect("a picture can be taken");
        std::fs::write(file, png).expect("the picture can be written");
    }

    /// Closes the window and ends the driver.
    pub async fn closes(mut self) {
        let _ = self.client.clone().close().await;
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }

    /// Clicks what a script finds; finds it again when the page has drawn it anew meanwhile.
    async fn clicks_on(&self, script: &str, what: &str) {
        let mut last = None;
        for _ in 0..20 {
            let found = self.found(script, what).await;
            match found.click().await {
                Ok(()) => return,
                // Drawn anew, or something still lies over it.
                Err(why) => last = Some(why),
            }
        }
        panic!("{what} cannot be clicked: {last:?}");
    }

    async fn found(&self, script: &str, what: &str) -> Element {
        let ready = format!(
            "(() => {{ const el = {script}; return el && el.getAttribute('aria-busy') !== 'true' ? el : null; }})()"
        );
        let Some(found) = self.holds(&ready).await else {
            panic!(
                "there is no {what}; the page says:\n{}",
                self.reads(In::Page).await
            );
        };
        let id = found
            .as_object()
            .and_then(|object| object.values().next())
            .and_then(Value::as_str);
        let id = id.unwrap_or_else(|| panic!("{what} is no element: {found}"));
        Element::from_element_id(self.client.clone(), ElementRef::from(id.to_owned()))
    }

    /// What an expression gives as soon as it gives something, asked within the page whenever it draws.
    async fn holds(&self, expression: &str) -> Option<Value> {
        let script = format!(
            "{LIBRARY}
            const done = arguments[arguments.length - 1];
            const end = Date.now() + {};
            const look = () => {{
                const found = {expression};
                if (found) done(found);
                else if (Date.now() > end) done(null);
                else setTimeout(look, 25);
            }};
            look();",
            PATIENCE.as_millis()
        );
        let found = self.client.execute_async(&script, Vec::new()).await;
        let found = found.unwrap_or_else(|why| panic!("{expression}: {why}"));
        (!found.is_null() && found != Value::Bool(false)).then_some(found)
    }
}

/// What the driver says at its start; the rest is read so that it never waits for a reader.
fn port_of(driver: &mut Child) -> u16 {
    let mut lines = BufReader::new(driver.stdout.take().expect("it is piped")).lines();
    let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
        line.split("successfully on port ")
            .nth(1)?
            .trim_end_matches('.')
            .parse()
            .ok()
    });
    std::thread::spawn(move || lines.for_each(drop));
    port.expect("chromedriver says its port")
}
