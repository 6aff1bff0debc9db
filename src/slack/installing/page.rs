//! What people read after an installation, or instead of one. Every page says what to do next. What led to it is above.

use super::Installing;
use crate::domain::install::Install;
use crate::slack::connector::CallError;
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use std::fmt::Write as _;

/// A page: a heading, paragraphs, and where to go from there.
pub(super) struct Page {
    status: StatusCode,
    heading: String,
    paragraphs: Vec<String>,
    /// Address and words.
    link: Option<(String, &'static str)>,
}

/// As text in HTML, also between quotes.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A word of Slack's, fit to be shown: its codes are lower-case letters and underscores.
fn code_of(word: &str) -> String {
    let letters = word
        .chars()
        .filter(|it| it.is_ascii_alphanumeric() || *it == '_');
    letters.take(60).collect()
}

impl Page {
    fn html(&self) -> String {
        let heading = escaped(&self.heading);
        let mut body = String::new();
        for paragraph in &self.paragraphs {
            let _ = writeln!(body, "<p>{}</p>", escaped(paragraph));
        }
        if let Some((url, words)) = &self.link {
            let (url, words) = (escaped(url), escaped(words));
            let _ = writeln!(body, "<p><a href=\"{url}\">{words}</a></p>");
        }
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>{heading}</title>\n<style>body{{font:1.1em/1.5 system-ui,sans-serif;max-width:36em;margin:4em auto;padding:0 1em;color:#1d1c1d}}a{{color:#0b4f8a}}</style>\n</head>\n<body>\n<main>\n<h1>{heading}</h1>\n{body}</main>\n</body>\n</html>\n"
        )
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let headers = [
            (CONTENT_TYPE, "text/html; charset=utf-8"),
            (CACHE_CONTROL, "no-store"),
            // The address holds what Slack gave.
            (REFERRER_POLICY, "no-referrer"),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (
                CONTENT_SECURITY_POLICY,
                "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
            ),
        ];
        (self.status, headers, self.html()).into_response()
    }
}

impl Installing {
    /// Nothing was installed; it can be begun again.
    fn again(&self, status: StatusCode, heading: &str, paragraph: &str) -> Page {
        Page {
            status,
            heading: heading.to_owned(),
            paragraphs: vec![paragraph.to_owned()],
            link: Some((self.identity.install_url(), "Begin again")),
        }
    }

    pub(super) fn incomplete(&self) -> Page {
        self.again(
            StatusCode::BAD_REQUEST,
            "This link is not complete",
            "It does not hold what Slack adds to it, so nothing was installed. An installation begins with the link below, and ends here by itself.",
        )
    }

    pub(super) fn another_browser(&self) -> Page {
        self.again(
            StatusCode::BAD_REQUEST,
            "This was begun in another browser",
            "An installation has to end in the browser in which it was begun, and that browser has to accept cookies. Nothing was installed.",
        )
    }

    pub(super) fn too_late(&self) -> Page {
        self.again(
            StatusCode::BAD_REQUEST,
            "This took too long",
            "An installation has to be done within ten minutes. Nothing was installed.",
        )
    }

    pub(super) fn used(&self) -> Page {
        self.again(
            StatusCode::CONFLICT,
            "This link was used already",
            "If the page before this one said that the app is installed, it is, and there is nothing more to do. Otherwise begin again.",
        )
    }

    pub(super) fn broke(&self) -> Page {
        self.again(
            StatusCode::SERVICE_UNAVAILABLE,
            "Something broke on our side",
            "The installation could not be saved, so the app does not work there yet. Please begin again in a few minutes; installing twice does no harm.",
        )
    }

    /// Slack sent the browser back with an error.
    pub(super) fn declined(&self, error: &str) -> Page {
        if error == "access_denied" {
            return self.again(
                StatusCode::FORBIDDEN,
                "Nothing was installed",
                "You chose Cancel in Slack, or your workspace lets only its administrators install apps. In that case Slack offers to ask one of them: they can also open the link below themselves.",
            );
        }
        let code = code_of(error);
        tracing::warn!(code, "Slack did not let somebody install the app");
        let paragraph = format!("Slack did not let you install the app, and says why: {code}.");
        self.again(StatusCode::FORBIDDEN, "Nothing was installed", &paragraph)
    }

    /// Slack did not give tokens for the code.
    pub(super) fn not_granted(&self, error: &CallError) -> Page {
        tracing::warn!(%error, "a code was not exchanged");
        match error.code() {
            Some("invalid_code" | "code_already_used" | "code_expired") => self.again(
                StatusCode::BAD_REQUEST,
                "Slack takes this link no more",
                "What Slack gave for this installation was used, or is older than ten minutes. Nothing was installed by it.",
            ),
            Some(code) => {
                let paragraph = format!(
                    "Slack does not take this app as it is set up here ({}). Please tell whoever runs it; the log says the same.",
                    code_of(code)
                );
                self.again(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "Nothing was installed",
                    &paragraph,
                )
            }
            None => self.again(
                StatusCode::BAD_GATEWAY,
                "Slack did not answer",
                "So the installation was not finished. Please begin again in a few minutes; installing twice does no harm.",
            ),
        }
    }

    /// The app is installed.
    pub(super) fn done(&self, install: &Install, missing: &[&str]) -> Page {
        let (bot, command) = (self.bot_name, self.command);
        let mut paragraphs = Vec::new();
        if install.organisation {
            paragraphs.push(format!(
                "It is there for the whole organisation. An administrator of {} now adds it to the workspaces that shall use it, in Slack's organisation settings under Integrations.",
                install.name
            ));
        }
        paragraphs.push(format!(
            "Next: in the channel where your team hires, type /invite @{bot}, then {command} help. {command} and a role shows its interview kit; with a candidate and a panel behind it, the interviews begin."
        ));
        if !missing.is_empty() {
            paragraphs.push(format!(
                "Not everything was granted that the app asks for: {} is missing, so some of it will not work. Whoever may grant it installs it once more.",
                missing.join(", ")
            ));
        }
        let mut url = self.at_slack("/app_redirect");
        url.query_pairs_mut().append_pair("app", &install.app);
        if !install.organisation {
            url.query_pairs_mut()
                .append_pair("team", install.id.as_str());
        }
        Page {
            status: StatusCode::OK,
            heading: format!("Installed in {}", install.name),
            paragraphs,
            link: Some((url.to_string(), "Open Slack")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_escapes_whatever_is_on_it() {
        let page = Page {
            status: StatusCode::OK,
            heading: "Installed in <script>alert('1')</script>".to_owned(),
            paragraphs: vec!["a & \"b\"".to_owned()],
            link: Some(("https://slack.com/\"onclick=\"x".to_owned(), "Open Slack")),
        };
        let html = page.html();
        assert!(
            !html.contains("<script") && !html.contains("\"onclick"),
            "{html}"
        );
        assert!(html.contains("<p>a &amp; &quot;b&quot;</p>"), "{html}");
        assert!(
            html.contains("<title>Installed in &lt;script&gt;alert(&#39;1&#39;)"),
            "{html}"
        );
    }

    #[test]
    fn a_code_of_slacks_is_a_code() {
        assert_eq!(code_of("bad<b>_\"code\""), "badb_code");
        assert_eq!(code_of(&"a".repeat(100)).len(), 60);
    }
}
