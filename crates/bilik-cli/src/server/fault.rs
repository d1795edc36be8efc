//! Injected faults: a mirror that stalls, breaks off or lies, so that anybody can watch the page survive it.
//!
//! Only data is altered. The page and the module come whole, because their server must be trusted anyway.

use anyhow::Context as _;
use axum::body::{Body, Bytes, HttpBody as _, to_bytes};
use axum::http::header::{ACCEPT_RANGES, CONTENT_LENGTH, HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, RANGE};
use axum::http::{Response, StatusCode};
use bilik::format::{HEAD_PATH, Kind, MAX_HEAD_LEN};
use futures_util::stream;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;
use tr::tr;

/// Bytes per second of `slow` without a number.
const DEFAULT_RATE: u32 = 20_000;
/// Chunks per second of a slow body.
const CHUNK_RATE: u32 = 20;
/// How long what was sent may take to arrive before the connection is cut.
const CUT_DELAY: Duration = Duration::from_millis(50);

/// What goes wrong with every data file: head, manifest and its parts, directories, tables, station lists, names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The connection is accepted, and never answered.
    Stall,
    /// The first half comes, and then nothing.
    StallMidway,
    /// The file comes at this rate, in bytes per second.
    Slow(u32),
    /// The connection is cut after the first half.
    Drop,
    /// Status 500.
    Error,
    /// The first half, as if it were the whole.
    Truncated,
    /// One bit in the middle is flipped.
    Flipped,
    /// The head of this file instead of the site's; everything else is right.
    OlderHead(PathBuf),
}

/// The faults by name.
const NAMES: &str = "stall, stall-midway, slow, slow=BYTES_PER_SECOND, drop, 500, truncated, flipped, older-head=PATH";

impl FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
        Ok(match (name, value) {
            ("stall", None) => Self::Stall,
            ("stall-midway", None) => Self::StallMidway,
            ("slow", None) => Self::Slow(DEFAULT_RATE),
            ("slow", Some(rate)) => match rate.parse() {
                Ok(rate) if rate > 0 => Self::Slow(rate),
                _ => return Err(tr!("slow={}: expected a number of bytes per second, 1 or more", rate)),
            },
            ("drop", None) => Self::Drop,
            ("500", None) => Self::Error,
            ("truncated", None) => Self::Truncated,
            ("flipped", None) => Self::Flipped,
            ("older-head", Some(path)) if !path.is_empty() => Self::OlderHead(path.into()),
            ("older-head", _) => return Err(tr!("older-head needs a file: older-head=PATH, a saved head.bilik")),
            _ => return Err(tr!("expected one of {}", NAMES)),
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stall => f.write_str(&tr!("requests for data files are never answered")),
            Self::StallMidway => f.write_str(&tr!("every data file stops halfway")),
            Self::Slow(rate) => write!(f, "{}", tr!("every data file comes at {} bytes per second", rate)),
            Self::Drop => f.write_str(&tr!("the connection is cut in the middle of every data file")),
            Self::Error => f.write_str(&tr!("every data file gives status 500")),
            Self::Truncated => f.write_str(&tr!("every data file is cut to its first half")),
            Self::Flipped => f.write_str(&tr!("one bit of every data file is flipped")),
            Self::OlderHead(path) => write!(f, "{}", tr!("the head is {}", path.display())),
        }
    }
}

/// A fault, ready to be served.
#[derive(Clone, Debug)]
pub(super) struct FaultInjector {
    fault: Fault,
    head: Option<Bytes>,
}

impl FaultInjector {
    /// Reads the older head, where one is to be served.
    pub fn new(fault: Fault) -> anyhow::Result<Self> {
        let head = match &fault {
            Fault::OlderHead(path) => Some(read_head(path)?),
            _ => None,
        };
        Ok(Self { fault, head })
    }

    /// Whether the fault concerns the file at a path.
    pub fn concerns(&self, path: &str) -> bool {
        let is_head = path.strip_prefix('/') == Some(HEAD_PATH);
        is_head || self.head.is_none() && Kind::ALL.into_iter().any(|kind| is_in_folder(path, kind.letter()))
    }

    /// Makes sure that the whole file is answered: a part of it, or "not modified", would hide the fault.
    pub fn require_whole(headers: &mut HeaderMap) {
        for name in [RANGE, IF_RANGE, IF_NONE_MATCH, IF_MODIFIED_SINCE] {
            headers.remove(name);
        }
    }

    /// The response with its fault.
    pub async fn inject(&self, response: Response<Body>) -> Response<Body> {
        if self.fault == Fault::Stall {
            // Until the client hangs up, or the server stops.
            std::future::pending::<()>().await;
        }
        if !response.status().is_success() {
            return response;
        }
        let (mut parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
        let half = bytes.slice(..bytes.len() / 2);
        let body = match &self.fault {
            Fault::Stall => Body::from(bytes),
            Fault::StallMidway => chunked(vec![half], Duration::ZERO, End::Never),
            Fault::Drop => chunked(vec![half], Duration::ZERO, End::Cut),
            Fault::Slow(rate) => slowed(&bytes, *rate),
            Fault::Error => {
                parts.status = StatusCode::INTERNAL_SERVER_ERROR;
                Body::from("injected fault\n")
            }
            Fault::Truncated => Body::from(half),
            Fault::Flipped => Body::from(flipped(&bytes)),
            Fault::OlderHead(_) => Body::from(self.head.clone().unwrap_or(bytes)),
        };
        parts.headers.remove(ACCEPT_RANGES);
        if let Some(length) = body.size_hint().exact() {
            parts.headers.insert(CONTENT_LENGTH, length.into());
        }
        Response::from_parts(parts, body)
    }
}

/// Whether a path leads into a folder of the site that is called by one letter.
pub(super) fn is_in_folder(path: &str, letter: char) -> bool {
    path.strip_prefix('/').and_then(|path| path.strip_prefix(letter)).is_some_and(|rest| rest.starts_with('/'))
}

/// How a body ends.
#[derive(Clone, Copy)]
enum End {
    Complete,
    Never,
    Cut,
}

fn slowed(bytes: &Bytes, rate: u32) -> Body {
    // Very slow ones come byte by byte, each after its time.
    let length = rate.div_ceil(CHUNK_RATE);
    let pause = Duration::from_secs(1).mul_f64(f64::from(length) / f64::from(rate));
    let length = usize::try_from(length).unwrap_or(1);
    let starts = (0..bytes.len()).step_by(length);
    chunked(starts.map(|start| bytes.slice(start..bytes.len().min(start + length))).collect(), pause, End::Complete)
}

/// A body in chunks, each after a pause, with its end.
fn chunked(chunks: Vec<Bytes>, pause: Duration, end: End) -> Body {
    Body::from_stream(stream::unfold(Some(chunks.into_iter()), move |left| async move {
        let mut left = left?;
        if let Some(chunk) = left.next() {
            tokio::time::sleep(pause).await;
            return Some((Ok(chunk), Some(left)));
        }
        match end {
            End::Complete => None,
            End::Never => std::future::pending().await,
            End::Cut => {
                // An error in the body makes hyper close the connection.
                tokio::time::sleep(CUT_DELAY).await;
                Some((Err(std::io::Error::other("injected fault")), None))
            }
        }
    }))
}

fn flipped(bytes: &Bytes) -> Bytes {
    let mut bytes = bytes.to_vec();
    let middle = bytes.len() / 2;
    if let Some(byte) = bytes.get_mut(middle) {
        *byte ^= 1;
    }
    bytes.into()
}

fn read_head(path: &Path) -> anyhow::Result<Bytes> {
    let bytes = std::fs::read(path).with_context(|| tr!("older-head: cannot read {}", path.display()))?;
    let is_short = u32::try_from(bytes.len()).is_ok_and(|length| length <= MAX_HEAD_LEN);
    anyhow::ensure!(
        is_short && bytes.starts_with(b"BILIKh"),
        "{}",
        tr!("older-head: {} is not a head. Expected: a copy of a head.bilik from before a later build", path.display())
    );
    Ok(bytes.into())
}
