//! A static server for trying a site on one's own machine. Production is any static host, told the same headers.
//!
//! `hyper` speaks HTTP and `tower-http` maps paths to files; what is said here is only which headers a site needs:
//! sealed files and pinned app files never change and may be kept for a year, everything else is asked for again.
//! It compresses by gzip only: brotli would save a visitor a tenth and cost everybody who compiles it ten seconds.

mod fault;

use anyhow::Context as _;
pub use fault::Fault;
use fault::{Faulty, whole};
use hyper::body::Incoming;
use hyper::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use hyper::service::{Service as _, service_fn};
use hyper::{Request, Response, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::convert::Infallible;
use std::future::poll_fn;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::Poll;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::oneshot;
use tower_http::compression::predicate::{NotForContentType, Predicate as _};
use tower_http::compression::{Compression, DefaultPredicate};
use tower_http::services::ServeDir;

/// Folders whose files are named by their digest or version.
const IMMUTABLE: [&str; 6] = ["/m/", "/d/", "/t/", "/s/", "/n/", "/v/"];
/// Ports that are tried where none is asked for, from this one on.
const FIRST_PORT: u16 = 8080;
const PORTS_TRIED: u16 = 20;
/// How long requests may go on after the server was told to stop.
const PATIENCE: Duration = Duration::from_secs(1);

/// A running server. Dropping it stops it: requests under way may end, for a second.
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
            // Nobody listens if the thread is gone already, and then there is nothing to stop.
            stop.send(()).unwrap_or_default();
        }
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap_or_default();
        }
    }
}

/// Serves a folder from a thread of its own. Port 0 is any free one.
///
/// # Errors
/// When the folder is not there, or the address is taken or not this machine's.
pub fn start(site: PathBuf, address: SocketAddr) -> anyhow::Result<Server> {
    start_with(site, address, None)
}

/// The same, with a fault on purpose.
///
/// # Errors
/// As [`start`], and when the head that is to be served cannot be read.
pub fn start_with(site: PathBuf, address: SocketAddr, fault: Option<&Fault>) -> anyhow::Result<Server> {
    let fault = fault.cloned().map(Faulty::new).transpose()?;
    anyhow::ensure!(site.is_dir(), "{} is no folder; expected the site that `bilik build` wrote", site.display());
    let listener = TcpListener::bind(address)
        .with_context(|| format!("cannot listen on {address}: choose another --port, or another --host of this machine"))?;
    listener.set_nonblocking(true).context("cannot listen without blocking")?;
    let address = listener.local_addr().context("cannot tell the port")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start the server")?;
    let (stop, stopped) = oneshot::channel();
    let thread = std::thread::Builder::new()
        .name("serve".into())
        .spawn(move || runtime.block_on(accept(&site, listener, stopped, fault)))
        .context("cannot start the server's thread")?;
    Ok(Server { address, stop: Some(stop), thread: Some(thread) })
}

/// Serves a folder on a port of that host; without one, or with 0, on a free one from 8080 on.
///
/// # Errors
/// As [`start_with`].
pub fn start_near(site: &Path, host: IpAddr, port: Option<u16>, fault: Option<&Fault>) -> anyhow::Result<Server> {
    let start = |port| start_with(site.to_path_buf(), SocketAddr::new(host, port), fault);
    if let Some(port) = port.filter(|&port| port != 0) {
        return start(port);
    }
    let free = (FIRST_PORT..FIRST_PORT + PORTS_TRIED).find_map(|port| start(port).ok());
    free.map_or_else(|| start(0), Ok)
}

/// Takes connections until told to stop.
async fn accept(site: &Path, listener: TcpListener, mut stopped: oneshot::Receiver<()>, fault: Option<Faulty>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let connections = GracefulShutdown::new();
    let sealed_is_dense = NotForContentType::const_new("application/octet-stream");
    let files = Compression::new(ServeDir::new(site)).compress_when(DefaultPredicate::new().and(sealed_is_dense));
    let files = TowerToHyperService::new(files);
    let policy = page_policy(site);
    loop {
        let accepted = poll_fn(|context| match Pin::new(&mut stopped).poll(context) {
            Poll::Ready(_) => Poll::Ready(None),
            Poll::Pending => listener.poll_accept(context).map(Some),
        });
        let stream = match accepted.await {
            None => break,
            Some(Ok((stream, _))) => stream,
            // Out of file descriptors, or somebody hung up: neither lasts.
            Some(Err(_)) => {
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            }
        };
        let (files, policy, fault) = (files.clone(), policy.clone(), fault.clone());
        let answer = service_fn(move |mut request: Request<Incoming>| {
            let path = plain(request.uri().path());
            if is_hidden(&path) {
                *request.uri_mut() = Uri::from_static("/404");
            }
            let fault = fault.clone().filter(|fault| fault.concerns(&path));
            if fault.is_some() {
                Faulty::ask_for_all(request.headers_mut());
            }
            let (files, policy) = (files.clone(), policy.clone());
            async move {
                let response = files.call(request).await?;
                let mut response = match fault {
                    Some(fault) => fault.spoil(response).await,
                    None => whole(response),
                };
                add_headers(&path, policy, &mut response);
                Ok::<_, Infallible>(response)
            }
        });
        let connection = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), answer);
        let connection = connections.watch(connection);
        tokio::spawn(async move { connection.await.unwrap_or_default() });
    }
    tokio::time::timeout(PATIENCE, connections.shutdown()).await.unwrap_or_default();
}

/// The path with escaped dots and slashes as they are, only to be looked at: `ServeDir` decodes for itself.
fn plain(path: &str) -> String {
    path.replace("%2e", ".").replace("%2E", ".").replace("%2f", "/").replace("%2F", "/")
}

/// Files that are being written, and whatever else somebody hides.
fn is_hidden(path: &str) -> bool {
    path.contains("/.")
}

/// The policy that the page carries in a meta element. It does not bind a worker that is loaded by address: that one takes
/// its policy from its own header.
fn page_policy(site: &Path) -> Option<HeaderValue> {
    let page = std::fs::read_to_string(site.join("index.html")).ok()?;
    let (_, rest) = page.split_once("http-equiv=\"Content-Security-Policy\" content=\"")?;
    let (policy, _) = rest.split_once('"')?;
    HeaderValue::from_str(&policy.replace("&#39;", "'").replace("&amp;", "&")).ok()
}

fn add_headers<B>(path: &str, policy: Option<HeaderValue>, response: &mut Response<B>) {
    let is_there = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    let is_immutable = is_there && IMMUTABLE.iter().any(|folder| path.starts_with(folder));
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
