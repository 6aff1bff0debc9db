//! The one HTTP client below the Web API, response URLs and the socket's upgrade. Which methods there are is not in here.
//!
//! slack-morphism's own connector has no time-outs and prints whole bodies, tokens included, in its errors; this one
//! gives [`CallError`], which holds no part of a request or of an answer but Slack's error codes.

use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{RequestBuilder, Response, StatusCode};
use rustls::pki_types::CertificateDer;
use serde::Deserialize;
use slack_morphism::errors::{SlackClientError, SlackClientSystemError};
use slack_morphism::multipart_form::FileMultipartData;
use slack_morphism::{
    ClientResult, SlackClientApiCallContext, SlackClientHttpApiUri, SlackClientHttpConnector,
    SlackClientId, SlackClientSecret,
};
use url::{Host, Url};

use super::inbound::lenient::Maybe;
use super::tls;

mod error;

pub use error::{CallError, NoToken, Unreached};

/// How much of an answer is read, in bytes: a hundred times the largest of the methods we call.
const ANSWER_LIMIT: usize = 4 << 20;
/// How long to wait after a 429 that does not say (Slack's always do, <https://docs.slack.dev/apis/web-api/rate-limits>).
const RETRY_AFTER_UNSAID: Duration = Duration::from_secs(30);
/// The longest wait believed.
const RETRY_AFTER_LIMIT: Duration = Duration::from_hours(1);

/// Settings that do not fit together. Found before anything is connected to.
#[derive(Debug, thiserror::Error)]
pub enum UnusableSettings {
    /// The API's URL is not `https`, and not `http` on this machine.
    #[error(
        "the API's URL must begin with https:// (http:// only for a host on this machine, as localhost), \
         and have neither user nor query"
    )]
    ApiUrl,
    /// TLS cannot be set up: mostly a machine without certificate authorities.
    #[error("TLS cannot be set up; are the certificate authorities of this system installed?")]
    Tls(#[source] reqwest::Error),
}

/// What the HTTP client is built from.
#[derive(Debug, Clone)]
pub(super) struct Wiring {
    pub api_url: Url,
    pub extra_ca: Vec<CertificateDer<'static>>,
    pub connect_timeout: Duration,
    pub timeout: Duration,
}

/// Our connector for slack-morphism, on reqwest.
#[derive(Debug, Clone)]
pub struct Connector {
    api: reqwest::Client,
    upgrades: reqwest::Client,
    base: Url,
}

/// Whether a URL's host is this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

impl Connector {
    pub(super) fn new(wiring: &Wiring) -> Result<Self, UnusableSettings> {
        tls::install();
        let mut base = wiring.api_url.clone();
        let secure = base.scheme() == "https";
        let clean = base.username().is_empty()
            && base.password().is_none()
            && base.query().is_none()
            && base.fragment().is_none()
            && base.has_host();
        if !clean || !(secure || (base.scheme() == "http" && is_loopback(&base))) {
            return Err(UnusableSettings::ApiUrl);
        }
        // `join` replaces what follows the last slash, so there must be one.
        let path = format!("{}/", base.path().trim_end_matches('/'));
        base.set_path(&path);

        let extra = wiring
            .extra_ca
            .iter()
            .map(|authority| reqwest::Certificate::from_der(authority))
            .collect::<Result<Vec<_>, _>>()
            .map_err(UnusableSettings::Tls)?;
        let builder = || {
            let mut builder = reqwest::Client::builder()
                .user_agent(concat!(
                    env!("CARGO_PKG_NAME"),
                    "/",
                    env!("CARGO_PKG_VERSION")
                ))
                .redirect(reqwest::redirect::Policy::none())
                .retry(reqwest::retry::never())
                .referer(false)
                .tcp_nodelay(true)
                .connect_timeout(wiring.connect_timeout);
            // A proxy cannot reach this machine's loopback, whatever NO_PROXY says.
            if is_loopback(&base) {
                builder = builder.no_proxy();
            }
            // Plain http (a simulator) must work on a machine without certificate authorities.
            if secure {
                builder.tls_certs_merge(extra.clone())
            } else {
                builder.tls_certs_only(extra.clone())
            }
        };
        Ok(Self {
            api: builder()
                .timeout(wiring.timeout)
                .build()
                .map_err(UnusableSettings::Tls)?,
            // The connection of an upgrade is never used again, and a total time-out would end the socket.
            upgrades: builder()
                .pool_max_idle_per_host(0)
                .build()
                .map_err(UnusableSettings::Tls)?,
            base,
        })
    }

    /// The API's URL, with a slash at its end.
    pub(super) fn base(&self) -> &Url {
        &self.base
    }

    /// The client for the socket's upgrade: same TLS, same proxies.
    pub(super) fn upgrades(&self) -> &reqwest::Client {
        &self.upgrades
    }

    /// Posts JSON somewhere that wants no token and answers in no promised form.
    pub(super) async fn post_bare(
        &self,
        url: Url,
        body: &(impl serde::Serialize + Sync),
    ) -> Result<(), CallError> {
        let Some(body) = written(body) else {
            return Err(CallError::Unreachable(Unreached::Unsendable));
        };
        let request = self.api.post(url).header(CONTENT_TYPE, "application/json");
        let (status, _, bytes) = exchange(request.body(body)).await?;
        if !status.is_success() {
            return Err(CallError::Status(status.as_u16()));
        }
        // `ok` as plain text, or an object; only an object can say no.
        match serde_json::from_slice::<Verdict>(&bytes) {
            Ok(verdict) if verdict.ok.0 == Some(false) => Err(verdict.refusal()),
            _ => Ok(()),
        }
    }

    /// Calls a method as the app itself, by its id and secret.
    pub(super) async fn post_as_the_app<RS: for<'de> Deserialize<'de>>(
        &self,
        method: &str,
        (id, secret): (&str, &str),
        form: String,
    ) -> Result<RS, CallError> {
        let unsendable = |_| CallError::Unreachable(Unreached::Unsendable);
        let url = self.base.join(method).map_err(unsendable)?;
        let kind = "application/x-www-form-urlencoded; charset=utf-8";
        let request = self.api.post(url).basic_auth(id, Some(secret));
        answer(request.header(CONTENT_TYPE, kind).body(form)).await
    }

    /// Calls a method that only reads, and returns what stands in the answer's head as well.
    pub(super) async fn ask_with_head<RS: for<'de> Deserialize<'de>>(
        &self,
        method: &str,
        token: &str,
    ) -> Result<(HeaderMap, RS), CallError> {
        let unsendable = |_| CallError::Unreachable(Unreached::Unsendable);
        let url = self.base.join(method).map_err(unsendable)?;
        let (status, head, bytes) = exchange(self.api.get(url).bearer_auth(token)).await?;
        Ok((head, understood(status, &bytes)?))
    }

    /// Posts bytes to a place that Slack named for them; it wants no token, and says no by its status alone.
    pub(super) async fn put_bytes(
        &self,
        url: Url,
        content_type: &str,
        bytes: Vec<u8>,
    ) -> Result<(), CallError> {
        let request = self.api.post(url).header(CONTENT_TYPE, content_type);
        let (status, ..) = exchange(request.body(bytes)).await?;
        if status.is_success() {
            Ok(())
        } else {
            Err(CallError::Status(status.as_u16()))
        }
    }

    async fn call<RS>(
        request: RequestBuilder,
        context: SlackClientApiCallContext<'_>,
    ) -> ClientResult<RS>
    where
        RS: for<'de> Deserialize<'de>,
    {
        let request = match context.token {
            Some(token) => request.bearer_auth(&token.token_value.0),
            None => request,
        };
        answer(request).await.map_err(wrap)
    }
}

/// As JSON, if it can be that. A screen has some sixteen thousand bytes: its room does not have to grow.
fn written(body: &impl serde::Serialize) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(16 * 1024);
    serde_json::to_writer(&mut bytes, body).ok()?;
    Some(bytes)
}

/// What every answer of the Web API says first.
#[derive(Deserialize)]
struct Verdict {
    #[serde(default)]
    ok: Maybe<bool>,
    #[serde(default)]
    error: Maybe<String>,
    #[serde(default)]
    errors: Maybe<Vec<Maybe<String>>>,
    #[serde(default)]
    response_metadata: Maybe<Metadata>,
}

#[derive(Deserialize)]
struct Metadata {
    #[serde(default)]
    messages: Maybe<Vec<Maybe<String>>>,
}

impl Verdict {
    fn refusal(self) -> CallError {
        let code = self.error.or_empty();
        if matches!(code.as_str(), "ratelimited" | "rate_limited") {
            return CallError::RateLimited {
                after: RETRY_AFTER_UNSAID,
            };
        }
        let messages = self
            .response_metadata
            .0
            .and_then(|metadata| metadata.messages.0);
        CallError::refused(
            &code,
            messages
                .into_iter()
                .chain(self.errors.0)
                .flatten()
                .filter_map(|message| message.0),
        )
    }
}

fn retry_after(response: &Response) -> Duration {
    response
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse().ok())
        .map_or(RETRY_AFTER_UNSAID, Duration::from_secs)
        .min(RETRY_AFTER_LIMIT)
}

/// Sends a request and reads the whole answer, up to [`ANSWER_LIMIT`].
async fn exchange(request: RequestBuilder) -> Result<(StatusCode, HeaderMap, Vec<u8>), CallError> {
    let mut response = request.send().await.map_err(|e| CallError::from_http(&e))?;
    let status = response.status();
    if status == StatusCode::TOO_MANY_REQUESTS {
        return Err(CallError::RateLimited {
            after: retry_after(&response),
        });
    }
    let head = std::mem::take(response.headers_mut());
    let mut bytes = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|e| CallError::from_http(&e))?
    {
        if bytes.len() + chunk.len() > ANSWER_LIMIT {
            return Err(CallError::Garbled);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok((status, head, bytes))
}

async fn answer<RS: for<'de> Deserialize<'de>>(request: RequestBuilder) -> Result<RS, CallError> {
    let (status, _, bytes) = exchange(request).await?;
    understood(status, &bytes)
}

fn understood<RS: for<'de> Deserialize<'de>>(
    status: StatusCode,
    bytes: &[u8],
) -> Result<RS, CallError> {
    if !status.is_success() {
        return Err(CallError::Status(status.as_u16()));
    }
    let verdict: Verdict = serde_json::from_slice(bytes).map_err(|_| CallError::Garbled)?;
    match verdict.ok.0 {
        Some(true) => serde_json::from_slice(bytes).map_err(|_| CallError::Garbled),
        Some(false) => Err(verdict.refusal()),
        None => Err(CallError::Garbled),
    }
}

/// Our error, carried through slack-morphism's.
fn wrap(error: CallError) -> SlackClientError {
    SlackClientError::SystemError(SlackClientSystemError::new().with_cause(Box::new(error)))
}

/// Our error again; whatever the crate itself found wrong happened before a call.
pub(super) fn unwrap(error: SlackClientError) -> CallError {
    match error {
        SlackClientError::SystemError(SlackClientSystemError {
            cause: Some(cause), ..
        }) => cause
            .downcast::<CallError>()
            .map_or(CallError::Unreachable(Unreached::Unsendable), |error| {
                *error
            }),
        _ => CallError::Unreachable(Unreached::Unsendable),
    }
}

impl SlackClientHttpConnector for Connector {
    fn create_method_uri_path(&self, method_relative_uri: &str) -> ClientResult<Url> {
        Ok(self.base.join(method_relative_uri)?)
    }

    fn http_get_uri<'a, RS>(
        &'a self,
        full_uri: Url,
        context: SlackClientApiCallContext<'a>,
    ) -> BoxFuture<'a, ClientResult<RS>>
    where
        RS: for<'de> Deserialize<'de> + Send + 'a,
    {
        Self::call(self.api.get(full_uri), context).boxed()
    }

    fn http_get_with_client_secret<'a, RS>(
        &'a self,
        full_uri: Url,
        client_id: &'a SlackClientId,
        client_secret: &'a SlackClientSecret,
    ) -> BoxFuture<'a, ClientResult<RS>>
    where
        RS: for<'de> Deserialize<'de> + Send + 'a,
    {
        let request = self
            .api
            .get(full_uri)
            .basic_auth(&client_id.0, Some(&client_secret.0));
        async move { answer(request).await.map_err(wrap) }.boxed()
    }

    fn http_post_uri<'a, RQ, RS>(
        &'a self,
        full_uri: Url,
        request_body: &'a RQ,
        context: SlackClientApiCallContext<'a>,
    ) -> BoxFuture<'a, ClientResult<RS>>
    where
        RQ: serde::Serialize + Send + Sync,
        RS: for<'de> Deserialize<'de> + Send + 'a,
    {
        // Slack warns about JSON without a charset.
        let request = self
            .api
            .post(full_uri)
            .header(CONTENT_TYPE, "application/json; charset=utf-8");
        match written(request_body) {
            Some(body) => Self::call(request.body(body), context).boxed(),
            None => {
                std::future::ready(Err(wrap(CallError::Unreachable(Unreached::Unsendable)))).boxed()
            }
        }
    }

    fn http_post_uri_multipart_form<'a, 'p, RS, PT, TS>(
        &'a self,
        full_uri: Url,
        file: Option<FileMultipartData<'p>>,
        params: &'p PT,
        context: SlackClientApiCallContext<'a>,
    ) -> BoxFuture<'a, ClientResult<RS>>
    where
        RS: for<'de> Deserialize<'de> + Send + 'a,
        PT: IntoIterator<Item = (&'p str, Option<TS>)> + Clone,
        TS: AsRef<str> + 'p + Send,
    {
        // No method that we call uploads a file; parameters alone go as a query.
        let url = match file {
            Some(_) => Err(wrap(CallError::Unreachable(Unreached::Unsendable))),
            None => SlackClientHttpApiUri::create_url_with_params(full_uri, params),
        };
        match url {
            Ok(url) => Self::call(self.api.post(url), context).boxed(),
            Err(error) => std::future::ready(Err(error)).boxed(),
        }
    }

    fn http_post_uri_binary<'a, 'p, RS>(
        &'a self,
        full_uri: Url,
        content_type: String,
        data: &'a [u8],
        context: SlackClientApiCallContext<'a>,
    ) -> BoxFuture<'a, ClientResult<RS>>
    where
        RS: for<'de> Deserialize<'de> + Send + 'a,
    {
        let request = self
            .api
            .post(full_uri)
            .header(CONTENT_TYPE, content_type)
            .body(data.to_vec());
        Self::call(request, context).boxed()
    }
}
