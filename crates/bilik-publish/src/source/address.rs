//! A site behind an address, asked as a page would ask: no redirects, and no waiting for a server that says nothing.

use anyhow::{Context as _, bail, ensure};
use std::io::Read as _;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};
use ureq::http::{HeaderMap, header::LOCATION};

/// For so long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// For so long a server may say nothing: before the first byte, and between two.
const SILENCE: Duration = Duration::from_secs(15);
/// For so long one file may take, however steadily it trickles.
const FILE: Duration = Duration::from_secs(300);
/// How often Ctrl-C is looked for.
const TICK: Duration = Duration::from_millis(50);

/// A site behind an address that ends in a slash.
pub struct Address {
    base: String,
    agent: ureq::Agent,
    /// When whoever asks has no more patience, and how much it was.
    until: Option<(Instant, Duration)>,
}

/// What a server answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// 200 where all is well.
    pub status: u16,
    /// As they were sent.
    pub headers: HeaderMap,
    /// The start of the body.
    pub bytes: Vec<u8>,
}

impl Address {
    pub(super) fn new(text: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(SILENCE))
            .timeout_per_read(Some(SILENCE))
            .timeout_global(Some(FILE))
            .max_redirects(0)
            // What a status means is said below, in words.
            .http_status_as_error(false)
            .user_agent(concat!("bilik/", env!("CARGO_PKG_VERSION")));
        let base = if text.ends_with('/') { text.to_owned() } else { format!("{text}/") };
        Self { base, agent: config.build().new_agent(), until: None }
    }

    pub(super) fn within(self, time: Duration) -> Self {
        // A time that no clock holds is no limit.
        Self { until: Instant::now().checked_add(time).map(|until| (until, time)), ..self }
    }

    /// It ends in a slash.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The first bytes of the file at a path.
    pub(super) fn bytes(&self, path: &str, most: u64) -> anyhow::Result<Vec<u8>> {
        let answer = self.ask(path, most, &[])?;
        let status = answer.status;
        match status {
            200 => Ok(answer.bytes),
            300..=399 => bail!("{}", answer.redirect()),
            404 => bail!("there is no such file (404)"),
            _ => bail!("the server answered with status {status}"),
        }
    }

    /// What a server answers, whatever it is, with the first bytes of the body. Ends soon after Ctrl-C, and when the time is up.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn ask(&self, path: &str, most: u64, headers: &[(&'static str, &'static str)]) -> anyhow::Result<Answer> {
        let (agent, address) = (self.agent.clone(), format!("{}{path}", self.base));
        let headers = headers.to_vec();
        let (tell, told) = sync_channel(1);
        // A thread of its own, since no read from a socket ends by Ctrl-C. Where nobody waits any more it ends by its limits.
        std::thread::Builder::new()
            .name("ask".into())
            .spawn(move || drop(tell.send(ask(&agent, &address, most, &headers))))
            .context("cannot start a thread")?;
        loop {
            match told.recv_timeout(TICK) {
                Ok(answer) => return answer.map_err(in_words),
                Err(RecvTimeoutError::Disconnected) => bail!("the request broke off"),
                Err(RecvTimeoutError::Timeout) => {}
            }
            ensure!(!crate::interrupted(), "interrupted");
            if let Some((_, time)) = self.until.filter(|(until, _)| Instant::now() > *until) {
                bail!("not within {} s altogether: the line is too slow, or the server says nothing", time.as_secs());
            }
        }
    }
}

impl Answer {
    /// That it is a redirect, and what to do.
    #[must_use]
    pub fn redirect(&self) -> String {
        let to = self.headers.get(LOCATION).and_then(|to| to.to_str().ok()).unwrap_or("an address that it does not name");
        format!(
            "the server redirects to {to} (status {}), and no page follows a redirect: name the address that serves the files \
             itself, or have the server answer here",
            self.status
        )
    }
}

fn ask(agent: &ureq::Agent, address: &str, most: u64, headers: &[(&'static str, &'static str)]) -> Result<Answer, ureq::Error> {
    let request = headers.iter().fold(agent.get(address), |request, (name, value)| request.header(*name, *value));
    let (parts, body) = request.call()?.into_parts();
    let mut bytes = Vec::new();
    body.into_reader().take(most).read_to_end(&mut bytes)?;
    Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, bytes })
}

/// What a person can do something about.
fn in_words(error: ureq::Error) -> anyhow::Error {
    use ureq::Timeout::{Connect, Global, PerRead, RecvBody, RecvResponse, Resolve};
    let late = match error {
        ureq::Error::Timeout(late) => Some(late),
        // A body is read through `std::io`.
        ureq::Error::Io(ref error) => match error.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>()) {
            Some(ureq::Error::Timeout(late)) => Some(*late),
            _ => None,
        },
        _ => None,
    };
    let seconds = |time: Duration| time.as_secs();
    match late {
        Some(Connect | Resolve) => anyhow::anyhow!("no connection within {} s", seconds(CONNECT)),
        Some(RecvResponse | PerRead) => {
            anyhow::anyhow!("the server says nothing: not a byte for {} s", seconds(SILENCE))
        }
        Some(Global | RecvBody) => anyhow::anyhow!("not within {} s: it comes too slowly", seconds(FILE)),
        _ => match error {
            ureq::Error::HostNotFound => anyhow::anyhow!("there is no server of this name"),
            ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
                anyhow::anyhow!("the server refuses the connection: nothing runs there")
            }
            error => error.into(),
        },
    }
}
