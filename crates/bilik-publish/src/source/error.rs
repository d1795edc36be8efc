//! Why a file of a site cannot be read.

use super::timeouts;
use crate::base_url::BaseUrlError;
use crate::cancel::Interrupted;
use bilik::lookup::Problem;
use std::io;

/// Why a file of a site cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// It is neither an address nor a folder.
    #[error("{}", tr::tr!("{}: not a site. Expected: a site's folder or address. Fix: give the folder of `bilik build --out`, or a URL", text))]
    NotASite {
        /// What was given.
        text: String,
    },
    /// An address that browsers cannot use.
    #[error("{0}")]
    Address(#[from] BaseUrlError),
    /// There is no such file in the folder.
    #[error("{}", tr::tr!("there is no such file"))]
    Missing,
    /// The path leads out of the site.
    #[error("{}", tr::tr!("not a path within a site"))]
    Outside,
    /// A folder, a pipe or a device.
    #[error("{}", tr::tr!("not an ordinary file"))]
    NotAFile,
    /// The operating system's error.
    #[error("{}", tr::tr!("cannot be read: {}", _0))]
    Io(io::Error),
    /// The server redirects, which no page follows.
    #[error("{}", tr::tr!("the server redirects to {} (status {}), and pages follow no redirect. Fix: give the address that serves the files itself, or serve the files here", to, status))]
    Redirect {
        /// Where to.
        to: String,
        /// The status.
        status: u16,
    },
    /// The bytes are not compressed as the header says.
    #[error("{}", tr::tr!("Content-Encoding is `{}`, but the bytes are not {}, so browsers refuse the file. Fix: send the header only with bytes that are compressed so, or leave it out", encoding, coding))]
    Encoding {
        /// The header.
        encoding: String,
        /// The coding that does not fit.
        coding: String,
    },
    /// The server answers with another status than 200.
    #[error("{}", if *.0 == 404 { "there is no such file (404)".to_owned() } else { format!("the server answered with status {}", .0) })]
    Status(u16),
    /// The time for all requests together is up.
    #[error("{}", tr::tr!("no answer within {} s in total: the connection is too slow, or the server does not respond", seconds))]
    TimedOut {
        /// The time that was given.
        seconds: u64,
    },
    /// No connection in time.
    #[error("{}", tr::tr!("no connection within {} s", seconds))]
    NoConnection {
        /// The limit.
        seconds: u64,
    },
    /// The server stopped sending.
    #[error("{}", tr::tr!("the server does not respond: not a byte for {} s", seconds))]
    Silent {
        /// The limit.
        seconds: u64,
    },
    /// The file takes too long.
    #[error("{}", tr::tr!("not complete within {} s: the connection is too slow", seconds))]
    TooSlow {
        /// The limit.
        seconds: u64,
    },
    /// The name does not resolve.
    #[error("{}", tr::tr!("no server has this name"))]
    UnknownHost,
    /// The port is closed.
    #[error("{}", tr::tr!("the server refuses the connection: nothing runs there"))]
    Refused,
    /// Any other error of HTTP or TLS.
    #[error(transparent)]
    Http(ureq::Error),
    /// The request ended without an answer.
    #[error("{}", tr::tr!("the request broke off"))]
    BrokenOff,
    /// The run was cancelled.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
}

impl SourceError {
    /// As a problem with a file. What a server answers wrongly is refused; where it gives no answer, it is out of reach.
    pub(crate) fn problem(&self, source: &str, file: &str) -> Problem {
        let refused = matches!(self, Self::Encoding { .. });
        Problem { refused, ..Problem::unreachable(source, file, self.to_string()) }
    }
}

impl From<ureq::Error> for SourceError {
    fn from(error: ureq::Error) -> Self {
        use ureq::Timeout::{Connect, Global, PerRead, RecvBody, RecvResponse, Resolve};
        let timeout = match error {
            ureq::Error::Timeout(timeout) => Some(timeout),
            // A body is read through `std::io`.
            ureq::Error::Io(ref error) => match error.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>()) {
                Some(ureq::Error::Timeout(timeout)) => Some(*timeout),
                _ => None,
            },
            _ => None,
        };
        match (timeout, error) {
            (Some(Connect | Resolve), _) => Self::NoConnection { seconds: timeouts::CONNECT.as_secs() },
            (Some(RecvResponse | PerRead), _) => Self::Silent { seconds: timeouts::SILENCE.as_secs() },
            (Some(Global | RecvBody), _) => Self::TooSlow { seconds: timeouts::FILE.as_secs() },
            (_, ureq::Error::HostNotFound) => Self::UnknownHost,
            (_, ureq::Error::Io(error)) if error.kind() == io::ErrorKind::ConnectionRefused => Self::Refused,
            (_, error) => Self::Http(error),
        }
    }
}
