//! One wrong file each, the files that vouch for it, and how it is refused.

use crate::golden::{Golden, KEY, Role, reference, signed};
use crate::schema::Payload;
use bilik::format::{self, FileRef, FormatError, Head, Kind};
use bilik_testkit::{Files, Replacement, payload, resealed};

/// The limit of what a payload may take in memory once it is decoded.
const MAX_DECODED: u64 = 16 << 20;
/// What `FormatError` says where a parent names too great a length.
pub const TOO_LONG: FormatError = FormatError::Invalid("longer than a file of its kind may be");

/// What becomes of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The file is refused by name.
    Unverified,
    /// The data is over.
    Stale,
    /// Those who have seen a newer head go on with that.
    Older,
}

impl Outcome {
    pub fn name(self) -> &'static str {
        match self {
            Self::Unverified => "unverified",
            Self::Stale => "stale",
            Self::Older => "older",
        }
    }
}

/// One way to be wrong.
pub struct Case {
    pub name: String,
    /// What is wrong, in words.
    pub what: String,
    /// The path of the wrong file.
    pub path: String,
    /// What is refused, and where a parent names it, how.
    pub bytes: Vec<u8>,
    pub expected: Option<(Kind, FileRef)>,
    pub outcome: Outcome,
    pub error: Option<FormatError>,
    /// Whether the file alone shows it, and not what another one says.
    pub is_alone: bool,
    /// How many bytes a reader may need for it: it gets twice as many.
    pub limit: u64,
    /// The files that are other than the golden ones.
    pub files: Files,
}

impl Case {
    /// The reason of the refusal.
    pub fn reason(&self) -> String {
        self.error.as_ref().map_or_else(|| String::from("-"), ToString::to_string)
    }
}

/// All cases, as they are made.
pub struct Cases<'a> {
    pub golden: &'a Golden,
    pub all: Vec<Case>,
}

impl Cases<'_> {
    /// A head.
    pub fn head(&mut self, name: &str, bytes: Vec<u8>, error: FormatError, what: &str) {
        self.put_head(name, bytes, Outcome::Unverified, Some(error), what);
    }

    /// A head that is signed rightly, and says something.
    pub fn head_outcome(&mut self, name: &str, head: &Head, outcome: Outcome, what: &str) {
        self.put_head(name, signed(head, &[KEY]), outcome, None, what);
    }

    fn put_head(&mut self, name: &str, bytes: Vec<u8>, outcome: Outcome, error: Option<FormatError>, what: &str) {
        let path = String::from(format::HEAD_PATH);
        self.all.push(Case {
            name: format!("head-{name}"),
            what: what.into(),
            files: Files::from([(path.clone(), bytes.clone())]),
            path,
            bytes,
            expected: None,
            outcome,
            error,
            is_alone: true,
            limit: format::MAX_HEAD_LEN.into(),
        });
    }

    /// A file in place of a golden one, for which nobody vouches.
    pub fn unvouched(&mut self, role: Role, name: &str, bytes: Vec<u8>, error: FormatError, what: &str) {
        let path = self.golden.path(role).to_owned();
        let expected = self.golden.reference(role);
        let files = Files::from([(path.clone(), bytes.clone())]);
        self.put(role, name, (path, bytes, files), expected, error, what);
    }

    /// A file in place of a golden one, for which all its parents vouch.
    pub fn vouched(&mut self, role: Role, name: &str, bytes: Vec<u8>, inflated: Option<u32>, error: FormatError, what: &str) {
        let replacement = Replacement { path: self.golden.path(role), bytes: &bytes, inflated };
        let (files, path) = resealed(&self.golden.files, &self.golden.head, replacement, &|head| signed(head, &[KEY]));
        let expected = reference(&bytes, inflated);
        self.put(role, name, (path, bytes, files), expected, error, what);
    }

    /// A payload with something changed, not compressed, for which all its parents vouch.
    pub fn changed(&mut self, role: Role, name: &str, change: impl FnOnce(&mut Payload), error: FormatError, what: &str) {
        let mut payload = self.golden.payload(role);
        change(&mut payload);
        self.vouched(role, name, stored(role.kind(), &payload.bytes()), None, error, what);
    }

    /// The same, with one number in a field.
    pub fn number(&mut self, role: Role, field: &str, number: u64, error: FormatError, what: &str) {
        let name = format!("{}-{number}", field.replace(['.', '_'], "-"));
        self.changed(role, &name, |payload| payload.set_number(field, number), error, what);
    }

    /// Of the last case: only together with another file it is wrong.
    pub fn by_lookup(&mut self) {
        self.all.last_mut().unwrap().is_alone = false;
    }

    fn put(
        &mut self,
        role: Role,
        name: &str,
        (path, bytes, files): (String, Vec<u8>, Files),
        expected: FileRef,
        error: FormatError,
        what: &str,
    ) {
        let kind = role.kind();
        let limit = match &error {
            FormatError::Inflate => max_payload(kind),
            FormatError::Decode | FormatError::Election => MAX_DECODED,
            FormatError::Invalid(_) if error != TOO_LONG => MAX_DECODED,
            _ => u64::from(expected.stored),
        };
        let (name, what) = (format!("{}-{name}", role.label()), what.into());
        let (expected, error) = (Some((kind, expected)), Some(error));
        self.all.push(Case {
            name,
            what,
            path,
            bytes,
            expected,
            outcome: Outcome::Unverified,
            error,
            is_alone: true,
            limit,
            files,
        });
    }
}

/// How long the payload of a file may be.
pub fn max_payload(kind: Kind) -> u64 {
    match kind {
        Kind::Province => (1 << 16) - 1,
        Kind::Manifest | Kind::Directory => 1 << 20,
        Kind::StationList | Kind::Names => 4 << 20,
        Kind::Table => 16 << 20,
    }
}

/// The start of a file.
pub fn header(kind: Kind, codec: u8) -> Vec<u8> {
    [b"BILIK", &[u8::try_from(kind.letter()).unwrap(), 1, codec][..]].concat()
}

/// A file that is not compressed.
pub fn stored(kind: Kind, payload: &[u8]) -> Vec<u8> {
    [&header(kind, 0), payload].concat()
}

/// A file that is compressed, whether or not that makes it shorter.
pub fn deflated(kind: Kind, payload: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::DeflateEncoder::new(header(kind, 1), flate2::Compression::best());
    encoder.write_all(payload).unwrap();
    encoder.finish().unwrap()
}

/// A golden file, not compressed.
pub fn plain(golden: &Golden, role: Role) -> Vec<u8> {
    stored(role.kind(), &payload(golden.bytes(role)).unwrap())
}
