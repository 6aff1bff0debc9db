//! Listening: connections taken in, so many at a time, and let go where nothing comes over them. What is asked over them is in `http`.
//!
//! axum's own way of serving has no limit of connections and waits for a request's head for ever.

use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How patient it is, and with how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many connections there are at once; who comes later waits until one ends.
    pub connections: usize,
    /// How long the head of a request may take, the first one's as well as that of each further one.
    pub head: Duration,
}

impl Default for Limits {
    /// Far more connections than Slack or a proxy makes, and half a minute.
    fn default() -> Self {
        Self {
            connections: 512,
            head: Duration::from_secs(30),
        }
    }
}

/// How much of a request's head is kept; Slack's have less than two kilobytes.
const HEAD: usize = 16 * 1024;
/// How long to wait where the system has no more sockets to give.
const BREATHES: Duration = Duration::from_millis(200);

/// Serves until `stop` resolves; then takes nothing more and ends what was begun.
pub async fn serve(
    listener: TcpListener,
    routes: Router,
    limits: Limits,
    stop: impl Future<Output = ()> + Send,
) {
    let room = Arc::new(Semaphore::new(limits.connections));
    let ending = CancellationToken::new();
    let mut connections = JoinSet::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        tokio::select! {
            biased;
            () = &mut stop => break,
            Some(_) = connections.join_next() => {}
            Some((stream, place)) = next(&listener, &room) => {
                let one = connection(stream, routes.clone(), limits, ending.clone(), place);
                connections.spawn(one);
            }
        }
    }
    drop(listener);
    ending.cancel();
    while connections.join_next().await.is_some() {}
}

/// The next connection, with its place.
async fn next(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    // It is never closed.
    let place = Arc::clone(room).acquire_owned().await.ok()?;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return Some((stream, place)),
            Err(error) => {
                tracing::debug!(%error, "a connection was not taken");
                tokio::time::sleep(BREATHES).await;
            }
        }
    }
}

async fn connection(
    stream: TcpStream,
    routes: Router,
    limits: Limits,
    ending: CancellationToken,
    _place: OwnedSemaphorePermit,
) {
    // An answer is small and should not wait for company; where the system will not, it goes all the same.
    let _ = stream.set_nodelay(true);
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(HEAD)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(routes));
    let mut served = std::pin::pin!(served);
    // How a connection ends is the other side's business.
    tokio::select! {
        _ = served.as_mut() => {}
        () = ending.cancelled() => {
            served.as_mut().graceful_shutdown();
            let _ = served.await;
        }
    }
}
