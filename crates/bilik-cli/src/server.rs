//! A static server for testing a site on this machine. Production is any static host that sends the same headers.
//!
//! `axum` serves and `tower-http` maps paths to files. What is added here is which headers a site needs: sealed files and pinned
//! app files never change and may be cached for a year, everything else is revalidated. It compresses by gzip only: brotli would
//! save a visitor a tenth and cost everybody who compiles it ten seconds.

mod fault;

use anyhow::Context as _;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{Response, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::IntoResponse as _;
use bilik::format::Kind;
use bilik_publish::app::{SITE_FILE, SiteFile};
pub use fault::Fault;
use fault::{FaultInjector, is_in_folder};
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::oneshot;
use tower_http::compression::predicate::{NotForContentType, Predicate as _};
use tower_http::compression::{CompressionLayer, DefaultPredicate};
use tower_http::services::ServeDir;
use tr::tr;

/// The folder of the app's versions, whose files never change either.
const VERSIONS_FOLDER: char = 'v';
/// Ports to try where none is asked for, from this one on.
const FIRST_PORT: u16 = 8080;
const MAX_PORTS: u16 = 20;
/// How long requests may continue after the server was stopped.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(1);

/// A running server. Dropping it stops it; requests under way have a second to end.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // This fails if the thread has ended already; then there is nothing to stop.
            stop.send(()).unwrap_or_default();
        }
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap_or_default();
        }
    }
}

/// Serves a folder from a thread of its own. Port 0 is any free port.
///
/// # Errors
/// When the folder does not exist, or the address is taken or not this machine's.
pub fn start(site: PathBuf, address: SocketAddr) -> anyhow::Result<Server> {
    start_with(site, address, None)
}

/// Like [`start`], with an injected fault.
///
/// # Errors
/// As [`start`], and when the older head cannot be read.
pub fn start_with(site: PathBuf, address: SocketAddr, fault: Option<&Fault>) -> anyhow::Result<Server> {
    let fault = fault.cloned().map(FaultInjector::new).transpose()?;
    anyhow::ensure!(site.is_dir(), "{}", tr!("{} is not a folder. Expected: the site that `bilik build` wrote", site.display()));
    let listener = TcpListener::bind(address)
        .with_context(|| tr!("cannot listen on {}. Fix: choose another --port, or another --host of this machine", address))?;
    listener.set_nonblocking(true).context(tr!("cannot listen without blocking"))?;
    let address = listener.local_addr().context(tr!("cannot tell the port"))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context(tr!("cannot start the server"))?;
    let (stop, stopped) = oneshot::channel();
    let thread = std::thread::Builder::new()
        .name("serve".into())
        .spawn(move || runtime.block_on(serve(&site, listener, stopped, fault)))
        .context(tr!("cannot start the server's thread"))?;
    Ok(Server { address, stop: Some(stop), thread: Some(thread) })
}

/// Serves a folder on a port of that host; without one, or with 0, on the first free one from 8080.
///
/// # Errors
/// As [`start_with`].
pub fn start_near(site: &Path, host: IpAddr, port: Option<u16>, fault: Option<&Fault>) -> anyhow::Result<Server> {
    let start = |port| start_with(site.to_path_buf(), SocketAddr::new(host, port), fault);
    if let Some(port) = port.filter(|&port| port != 0) {
        return start(port);
    }
    let free = (FIRST_PORT..FIRST_PORT + MAX_PORTS).find_map(|port| start(port).ok());
    free.map_or_else(|| start(0), Ok)
}

/// Serves until stopped.
async fn serve(site: &Path, listener: TcpListener, stopped: oneshot::Receiver<()>, fault: Option<FaultInjector>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let (shut_down, shutting_down) = oneshot::channel::<()>();
    let server = axum::serve(listener, router(site, fault)).with_graceful_shutdown(async {
        shutting_down.await.unwrap_or_default();
    });
    let server = tokio::spawn(server.into_future());
    stopped.await.unwrap_or_default();
    drop(shut_down);
    // Graceful shutdown alone would wait for every stalled connection. Those that are left are closed with the runtime.
    let _: Result<_, _> = tokio::time::timeout(SHUTDOWN_TIMEOUT, server).await;
}

/// What is the same for every request.
struct Policies {
    page: Option<HeaderValue>,
    fault: Option<FaultInjector>,
}

fn router(site: &Path, fault: Option<FaultInjector>) -> Router {
    let sealed_is_dense = NotForContentType::const_new("application/octet-stream");
    let policies = Arc::new(Policies { page: page_policy(site), fault });
    Router::new()
        .fallback_service(ServeDir::new(site))
        .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(sealed_is_dense)))
        .layer(from_fn_with_state(policies, respond))
}

/// Refuses hidden files, injects the fault, and adds the headers.
async fn respond(State(policies): State<Arc<Policies>>, mut request: Request, next: Next) -> Response<axum::body::Body> {
    let path = unescaped(request.uri().path());
    let fault = policies.fault.as_ref().filter(|fault| fault.concerns(&path));
    let mut response = if is_hidden(&path) {
        StatusCode::NOT_FOUND.into_response()
    } else if let Some(fault) = fault {
        FaultInjector::require_whole(request.headers_mut());
        fault.inject(next.run(request).await).await
    } else {
        next.run(request).await
    };
    add_headers(&path, policies.page.clone(), &mut response);
    response
}

/// The path with its dots and slashes unescaped, for checks only: `ServeDir` decodes for itself.
fn unescaped(path: &str) -> String {
    path.replace("%2e", ".").replace("%2E", ".").replace("%2f", "/").replace("%2F", "/")
}

/// Files that are being written, and other hidden ones.
fn is_hidden(path: &str) -> bool {
    path.contains("/.")
}

/// The policy that the page carries in a meta element. It does not bind a worker that is loaded by address: that one takes
/// its policy from its own header.
fn page_policy(site: &Path) -> Option<HeaderValue> {
    let described = SiteFile::parse(&std::fs::read(site.join(SITE_FILE)).ok()?).ok()?;
    HeaderValue::from_str(&described.policy_header()).ok()
}

/// Whether a path leads into a folder whose files are named by their digest or version.
fn is_immutable(path: &str) -> bool {
    Kind::ALL.into_iter().map(Kind::letter).chain([VERSIONS_FOLDER]).any(|letter| is_in_folder(path, letter))
}

fn add_headers<B>(path: &str, policy: Option<HeaderValue>, response: &mut Response<B>) {
    let is_there = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    let is_immutable = is_there && is_immutable(path);
    let cache = if is_immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers: &mut HeaderMap = response.headers_mut();
    let mut set = |name: HeaderName, value| headers.insert(name, HeaderValue::from_static(value));
    set(CACHE_CONTROL, cache);
    set(ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(REFERRER_POLICY, "no-referrer");
    if let Some(policy) = policy.filter(|_| ["/worker.js", "/sw.js"].contains(&path)) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
}

#[cfg(test)]
mod tests;
