//! A witness's statement about the golden head, and those that are wrong.

use crate::golden::{Golden, key};
use crate::heads::{malleable_s, small_order_r, with};
use bilik::format::{PublicKey, StatementError, WitnessStatement};
use ed25519_dalek::Signer as _;

/// The secret half of the witness's key: 32 times this byte.
pub const WITNESS: u8 = 11;
/// Another witness's.
const OTHER: u8 = 12;
/// When the golden head was seen, in seconds after its signing.
const SEEN_AFTER: u64 = 60;
/// Where a section of a statement begins, and what comes before it.
const SECTIONS: [(usize, &str); 10] = [
    (0, "nothing"),
    (5, "the magic"),
    (6, "the kind"),
    (7, "the version"),
    (8, "the byte that is zero"),
    (40, "the election"),
    (48, "the serial"),
    (56, "the time"),
    (88, "the digest of the head"),
    (96, "the key's id"),
];

/// One way to be wrong, or none.
pub struct StatementCase {
    pub name: String,
    /// What is wrong, in words.
    pub what: String,
    pub bytes: Vec<u8>,
    pub error: Option<StatementError>,
}

impl StatementCase {
    /// The reason of the refusal.
    pub fn reason(&self) -> String {
        self.error.map_or_else(|| String::from("-"), |error| error.to_string())
    }
}

/// The public half of the witness's key.
pub fn witness() -> PublicKey {
    PublicKey::of(key(WITNESS).verifying_key())
}

fn signed_by(statement: &WitnessStatement, holder: u8) -> Vec<u8> {
    let signature = key(holder).sign(statement.message().as_bytes());
    statement.to_bytes(&PublicKey::of(key(holder).verifying_key()), &signature).unwrap()
}

/// All of them; the first is right.
pub fn all(golden: &Golden) -> Vec<StatementCase> {
    let statement = WitnessStatement::of(&golden.head, golden.head.signed_at + SEEN_AFTER).unwrap();
    let whole = signed_by(&statement, WITNESS);
    let mut all = Vec::new();
    let mut case = |name: &str, bytes: Vec<u8>, error: Option<StatementError>, what: &str| {
        all.push(StatementCase { name: name.into(), what: what.into(), bytes, error });
    };
    case("right", whole.clone(), None, "nothing: it is about the golden head");
    let error = Some(StatementError::Magic);
    case("magic", with(&whole, 0, b"b"), error, "the magic's first letter");
    let page = b"<!doctype html><title>404 Not Found</title>".to_vec();
    case("error-page", page, error, "an HTML page in its place");
    case("kind", with(&whole, 5, b"h"), Some(StatementError::Kind(b'h')), "the kind of a head");
    case("version-0", with(&whole, 6, &[0]), Some(StatementError::Version(0)), "format version 0");
    case("version-2", with(&whole, 6, &[2]), Some(StatementError::Version(2)), "format version 2");
    for (at, after) in SECTIONS {
        let error = if at < 7 { StatementError::Magic } else { StatementError::Length { got: at } };
        case(&format!("cut-at-{at}"), whole[..at].to_vec(), Some(error), &format!("cut off after {after}"));
    }
    let length = |got| Some(StatementError::Length { got });
    case("cut-at-159", whole[..159].to_vec(), length(159), "cut off within the signature");
    case("trailing", [&whole[..], &[0]].concat(), length(161), "a byte after the signature");
    case("two", whole.repeat(2), length(320), "two statements in one file");
    case("reserved", with(&whole, 7, &[1]), Some(StatementError::Reserved(1)), "the byte that is zero is not");
    let error = Some(StatementError::ElectionId);
    case("id-capitals", with(&whole, 8, b"VEKTOR-2029"), error, "capital letters in the election's id");
    case("id-empty", with(&whole, 8, &[0; 32]), error, "an empty id");
    case("id-padding", with(&whole, 8, b"vektor-2029\0x"), error, "something after the id's end");
    case("id-not-utf8", with(&whole, 8, &[0xff; 32]), error, "an id that is not UTF-8");
    let newline = "a line's end in the id: the signed text would have another line";
    case("id-newline", with(&whole, 8, b"vektor\n2029"), error, newline);
    for (name, time, what) in [("time-0", 0, "seen in 1970"), ("time-2-63", 1_u64 << 63, "a time that no signed number has")] {
        case(name, with(&whole, 48, &time.to_le_bytes()), Some(StatementError::Time(time)), what);
    }
    let foreign = signed_by(&statement, OTHER);
    let error = StatementError::Key { got: PublicKey::of(key(OTHER).verifying_key()).id() };
    case("foreign", foreign.clone(), Some(error), "signed by another witness");
    let error = Some(StatementError::Signature);
    case("foreign-claimed", with(&foreign, 88, &whole[88..96]), error, "signed by another witness under this one's id");
    case("altered-election", with(&whole, 8, b"vektor-2024"), error, "another election than was signed");
    case("altered-serial", with(&whole, 40, &(statement.serial + 1).to_le_bytes()), error, "another serial than was signed");
    case("altered-time", with(&whole, 48, &(statement.time + 1).to_le_bytes()), error, "a later time than was signed");
    case("altered-head", with(&whole, 56, &[!whole[56]]), error, "another head than was signed");
    case("zero", with(&whole, 96, &[0; 64]), error, "a signature of zeros");
    let over = |message: &[u8]| with(&whole, 96, &key(WITNESS).sign(message).to_bytes());
    let text = statement.message();
    case("checkpoint", over(statement.checkpoint().as_bytes()), error, "signed without the first two lines");
    case("other-label", over(text.replace("/v1", "/v2").as_bytes()), error, "signed with another first line");
    case("crlf", over(text.replace('\n', "\r\n").as_bytes()), error, "signed with other line ends");
    case("as-a-head", over(&golden.head.message().unwrap()), error, "signed as an operator signs a head");
    case("malleable-s", with(&whole, 96, &malleable_s(&whole[96..])), error, "the signature's S plus the order of the group");
    let small = small_order_r(WITNESS, text.as_bytes());
    case("small-order-r", with(&whole, 96, &small), error, "a signature whose R is of small order");
    all
}

/// What `bilik inspect` shows, which verifies no signature: of those that are statements, all.
pub fn is_a_statement(case: &StatementCase) -> bool {
    matches!(case.error, None | Some(StatementError::Key { .. } | StatementError::Signature))
}
