//! A site behind an address, asked as a page would ask: no redirects, compressed as browsers accept it, and no waiting for a
//! server that does not respond.

use super::encoding;
use super::error::SourceError;
use super::timeouts;
use crate::cancel::CancellationToken;
use std::io::Read as _;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};
use ureq::http::{
    HeaderMap,
    header::{ACCEPT_ENCODING, CONTENT_ENCODING, LOCATION},
};
use url::Url;

/// How often a request checks whether it was cancelled.
const TICK: Duration = Duration::from_millis(50);

/// A site behind an address that ends in a slash.
pub struct Address {
    base: Url,
    agent: ureq::Agent,
    /// The end of the time for all requests together, and how long it was.
    deadline: Option<(Instant, Duration)>,
    cancel: CancellationToken,
}

/// What a server answered.
#[derive(Clone, Debug)]
pub struct HttpAnswer {
    /// 200 where the file was served.
    pub status: u16,
    /// As they were sent.
    pub headers: HeaderMap,
    /// The start of the body, as it was sent.
    pub bytes: Vec<u8>,
}

impl Address {
    pub(super) fn new(base: Url) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_connect(Some(timeouts::CONNECT))
            .timeout_recv_response(Some(timeouts::SILENCE))
            .timeout_per_read(Some(timeouts::SILENCE))
            .timeout_global(Some(timeouts::FILE))
            .max_redirects(0)
            // [`SourceError`] says what a status means.
            .http_status_as_error(false)
            .user_agent(concat!("bilik/", env!("CARGO_PKG_VERSION")));
        Self { base, agent: config.build().new_agent(), deadline: None, cancel: CancellationToken::new() }
    }

    pub(super) fn within(self, time: Duration) -> Self {
        // A duration too long for the clock means that there is no limit.
        Self { deadline: Instant::now().checked_add(time).map(|deadline| (deadline, time)), ..self }
    }

    pub(super) fn cancelled_by(self, cancel: &CancellationToken) -> Self {
        Self { cancel: cancel.clone(), ..self }
    }

    /// It ends in a slash.
    #[must_use]
    pub fn base(&self) -> &str {
        self.base.as_str()
    }

    /// The same, in its parts.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.base
    }

    /// The first bytes of the file at a path.
    pub(super) fn bytes(&self, path: &str, max: u64) -> Result<Vec<u8>, SourceError> {
        let answer = self.ask(path, max, &[])?;
        match answer.status {
            200 => answer.decoded(max),
            300..=399 => Err(answer.redirect()),
            status => Err(SourceError::Status(status)),
        }
    }

    /// What a server answers, whatever it is, with enough of the body for `max` bytes when it is decoded. Ends soon after it is
    /// cancelled, and when the time is up.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn ask(&self, path: &str, max: u64, headers: &[(&'static str, &'static str)]) -> Result<HttpAnswer, SourceError> {
        let (agent, address) = (self.agent.clone(), format!("{}{path}", self.base));
        let headers = headers.to_vec();
        let (sender, receiver) = sync_channel(1);
        // A thread of its own, since a read from a socket cannot be cancelled. Once nobody waits it ends by its timeouts.
        std::thread::Builder::new()
            .name("ask".into())
            .spawn(move || drop(sender.send(ask(&agent, &address, max, &headers))))
            .map_err(SourceError::Io)?;
        loop {
            match receiver.recv_timeout(TICK) {
                Ok(answer) => return Ok(answer?),
                Err(RecvTimeoutError::Disconnected) => return Err(SourceError::BrokenOff),
                Err(RecvTimeoutError::Timeout) => {}
            }
            self.cancel.check()?;
            if let Some((_, time)) = self.deadline.filter(|(deadline, _)| Instant::now() > *deadline) {
                return Err(SourceError::TimedOut { seconds: time.as_secs() });
            }
        }
    }
}

impl HttpAnswer {
    /// The start of the body as a browser reads it, up to `max` bytes.
    ///
    /// # Errors
    /// When it is not compressed as its header says.
    pub fn decoded(&self, max: u64) -> Result<Vec<u8>, SourceError> {
        encoding::decoded(&self.bytes, &encoding::codings(&self.headers), max)
            .map_err(|coding| SourceError::Encoding { encoding: encoding::codings(&self.headers).join(", "), coding })
    }

    /// That it is a redirect, and where to.
    pub(crate) fn redirect(&self) -> SourceError {
        let to = self.headers.get(LOCATION).and_then(|to| to.to_str().ok()).unwrap_or("an address that it does not name");
        SourceError::Redirect { to: to.to_owned(), status: self.status }
    }
}

fn ask(
    agent: &ureq::Agent,
    address: &str,
    max: u64,
    headers: &[(&'static str, &'static str)],
) -> Result<HttpAnswer, ureq::Error> {
    let request = agent.get(address).header(ACCEPT_ENCODING, encoding::ACCEPTED);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let (parts, body) = request.call()?.into_parts();
    let is_coded = parts.headers.contains_key(CONTENT_ENCODING);
    let max = if is_coded { encoding::max_encoded(max) } else { max };
    let mut bytes = Vec::new();
    body.into_reader().take(max).read_to_end(&mut bytes)?;
    Ok(HttpAnswer { status: parts.status.as_u16(), headers: parts.headers, bytes })
}
