//! Faults on purpose: a mirror that stalls, breaks off or lies, so that anybody can watch the page survive it.
//!
//! Only data is spoilt. The page and the module come whole, since whoever serves those must be trusted anyway.

use anyhow::Context as _;
use futures_util::stream;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::{Body, Bytes, Frame};
use hyper::header::{ACCEPT_RANGES, CONTENT_LENGTH, HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, RANGE};
use hyper::{Response, StatusCode};
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

/// The folders of data, as they start a path.
const DATA: [&str; 5] = ["/m/", "/d/", "/t/", "/s/", "/n/"];
const HEAD: &str = "/head.bilik";
/// Bytes per second of `slow` without a number.
const SLOW: u32 = 20_000;
/// A slow body comes in pieces, so many a second.
const PIECES: u32 = 20;
/// The longest head that is read from a file.
const MAX_HEAD: usize = 4096;

/// What goes wrong with every data file: head, manifest, directories, tables, station lists, names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The connection is taken, and nothing is ever said.
    Stall,
    /// The first half comes, and then nothing.
    StallMidway,
    /// So many bytes per second.
    Slow(u32),
    /// The connection is cut after the first half.
    Drop,
    /// Status 500.
    Error,
    /// The first half as if it were all.
    Truncated,
    /// One bit in the middle is flipped.
    Flipped,
    /// The head of this file in place of the site's; all else is right.
    OlderHead(PathBuf),
}

/// The faults by name, each with what it does.
const NAMES: &str = "stall, stall-midway, slow, slow=BYTES_PER_SECOND, drop, 500, truncated, flipped, older-head=PATH";

impl FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
        Ok(match (name, value) {
            ("stall", None) => Self::Stall,
            ("stall-midway", None) => Self::StallMidway,
            ("slow", None) => Self::Slow(SLOW),
            ("slow", Some(rate)) => match rate.parse() {
                Ok(rate) if rate > 0 => Self::Slow(rate),
                _ => return Err(format!("slow={rate}: expected a number of bytes per second, 1 or more")),
            },
            ("drop", None) => Self::Drop,
            ("500", None) => Self::Error,
            ("truncated", None) => Self::Truncated,
            ("flipped", None) => Self::Flipped,
            ("older-head", Some(path)) if !path.is_empty() => Self::OlderHead(path.into()),
            ("older-head", _) => return Err("older-head needs a file: older-head=PATH, a head.bilik that was kept".into()),
            _ => return Err(format!("expected one of {NAMES}")),
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stall => f.write_str("no data file ever gets an answer"),
            Self::StallMidway => f.write_str("every data file stops coming halfway"),
            Self::Slow(rate) => write!(f, "every data file comes at {rate} bytes per second"),
            Self::Drop => f.write_str("the connection is cut in the middle of every data file"),
            Self::Error => f.write_str("every data file gives status 500"),
            Self::Truncated => f.write_str("every data file is cut to its first half"),
            Self::Flipped => f.write_str("one bit of every data file is flipped"),
            Self::OlderHead(path) => write!(f, "the head is {}", path.display()),
        }
    }
}

/// A body whatever it comes from.
pub(super) type AnyBody = UnsyncBoxBody<Bytes, std::io::Error>;

/// A fault, ready to be served.
#[derive(Clone, Debug)]
pub(super) struct Faulty {
    fault: Fault,
    head: Option<Bytes>,
}

impl Faulty {
    /// Reads the older head, where one is to be served.
    pub fn new(fault: Fault) -> anyhow::Result<Self> {
        let head = match &fault {
            Fault::OlderHead(path) => Some(read_head(path)?),
            _ => None,
        };
        Ok(Self { fault, head })
    }

    /// Whether the file at a path is to be spoilt.
    pub fn concerns(&self, path: &str) -> bool {
        path == HEAD || self.head.is_none() && DATA.iter().any(|folder| path.starts_with(folder))
    }

    /// Makes sure that the whole file is answered: a part of it, or that nothing changed, would hide the fault.
    pub fn ask_for_all(headers: &mut HeaderMap) {
        for name in [RANGE, IF_RANGE, IF_NONE_MATCH, IF_MODIFIED_SINCE] {
            headers.remove(name);
        }
    }

    /// The response with its fault.
    pub async fn spoil<B>(&self, response: Response<B>) -> Response<AnyBody>
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        if self.fault == Fault::Stall {
            // Until the visitor hangs up, or the server stops.
            std::future::pending::<()>().await;
        }
        if !response.status().is_success() {
            return whole(response);
        }
        let (mut parts, body) = response.into_parts();
        let Ok(bytes) = body.collect().await.map(http_body_util::Collected::to_bytes) else {
            return Response::from_parts(parts, full(Bytes::new()));
        };
        let half = bytes.slice(..bytes.len() / 2);
        let body = match &self.fault {
            Fault::Stall => full(bytes),
            Fault::StallMidway => pieces(vec![half], Duration::ZERO, End::Never),
            Fault::Drop => pieces(vec![half], Duration::ZERO, End::Cut),
            Fault::Slow(rate) => slowly(&bytes, *rate),
            Fault::Error => {
                parts.status = StatusCode::INTERNAL_SERVER_ERROR;
                full(Bytes::from_static(b"a fault on purpose\n"))
            }
            Fault::Truncated => full(half),
            Fault::Flipped => full(flipped(&bytes)),
            Fault::OlderHead(_) => full(self.head.clone().unwrap_or(bytes)),
        };
        parts.headers.remove(ACCEPT_RANGES);
        if let Some(length) = body.size_hint().exact() {
            parts.headers.insert(CONTENT_LENGTH, length.into());
        }
        Response::from_parts(parts, body)
    }
}

/// The response as it is.
pub(super) fn whole<B>(response: Response<B>) -> Response<AnyBody>
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    response.map(|body| body.map_err(std::io::Error::other).boxed_unsync())
}

fn full(bytes: Bytes) -> AnyBody {
    Full::new(bytes).map_err(|never| match never {}).boxed_unsync()
}

/// How a body ends that is not whole.
#[derive(Clone, Copy)]
enum End {
    Well,
    Never,
    Cut,
}

fn slowly(bytes: &Bytes, rate: u32) -> AnyBody {
    // Very slow ones come byte by byte, each after its time.
    let piece = usize::try_from(rate.div_ceil(PIECES)).unwrap_or(1);
    let pause = Duration::from_secs(1).mul_f64(f64::from(rate.div_ceil(PIECES)) / f64::from(rate));
    let starts = (0..bytes.len()).step_by(piece);
    pieces(starts.map(|start| bytes.slice(start..bytes.len().min(start + piece))).collect(), pause, End::Well)
}

/// A body in pieces, each after a pause, with an end of its own.
fn pieces(pieces: Vec<Bytes>, pause: Duration, end: End) -> AnyBody {
    let stream = stream::unfold(Some(pieces.into_iter()), move |rest| async move {
        let mut rest = rest?;
        if let Some(piece) = rest.next() {
            tokio::time::sleep(pause).await;
            return Some((Ok(Frame::data(piece)), Some(rest)));
        }
        match end {
            End::Well => None,
            End::Never => std::future::pending().await,
            End::Cut => {
                // What was said so far should arrive before the line is cut.
                tokio::time::sleep(Duration::from_millis(50)).await;
                Some((Err(std::io::Error::other("a fault on purpose")), None))
            }
        }
    });
    StreamBody::new(stream).boxed_unsync()
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
    let bytes = std::fs::read(path).with_context(|| format!("older-head: {} cannot be read", path.display()))?;
    anyhow::ensure!(
        bytes.starts_with(b"BILIKh") && bytes.len() <= MAX_HEAD,
        "older-head: {} is no head; expected a copy of a head.bilik from before a later build",
        path.display()
    );
    Ok(bytes.into())
}
