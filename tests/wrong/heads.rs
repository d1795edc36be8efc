//! Heads that are wrong.

use crate::cases::{Cases, Outcome};
use crate::golden::{Golden, KEY, key, signed};
use bilik::format::{FormatError, Head, SignatureError};
use curve25519_dalek::scalar::Scalar;
use ed25519_dalek::{Signature, Signer as _};
use sha2::{Digest as _, Sha512};

/// The order of the curve's group, little endian.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0x10,
];
/// Where a section of the head begins, and what comes before it.
const SECTIONS: [(usize, &str); 13] = [
    (0, "nothing"),
    (5, "the magic"),
    (6, "the kind"),
    (7, "the version"),
    (8, "the number of signatures"),
    (40, "the election"),
    (48, "the serial"),
    (56, "the time of signing"),
    (64, "the expiry"),
    (80, "the digest of the manifest"),
    (88, "its lengths"),
    (89, "the number of provinces"),
    (110, "the first province"),
];

/// All of them.
pub fn add(cases: &mut Cases<'_>) {
    let golden = cases.golden;
    let whole = signed(&golden.head, &[KEY]);
    assert_eq!(whole, golden.files["head.bilik"], "the golden head is signed by the golden key");
    starts(cases, &whole);
    lengths(cases, &whole);
    signatures(cases, golden, &whole);
    contents(cases, golden);
}

/// The bytes with others in the place of some of them.
pub fn with(bytes: &[u8], at: usize, other: &[u8]) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    changed[at..at + other.len()].copy_from_slice(other);
    changed
}

fn starts(cases: &mut Cases<'_>, whole: &[u8]) {
    cases.head("magic", with(whole, 0, b"b"), FormatError::Magic, "the magic's first letter");
    cases.head("kind", with(whole, 5, b"m"), FormatError::Magic, "the kind of a manifest");
    let page = b"<!doctype html><title>404 Not Found</title>".to_vec();
    cases.head("error-page", page, FormatError::Magic, "an HTML page in its place");
    cases.head("version-0", with(whole, 6, &[0]), FormatError::Version(0), "format version 0");
    cases.head("version-2", with(whole, 6, &[2]), FormatError::Version(2), "format version 2: the page is too old");
}

/// Of a head and its one signature.
const SIGNATURE: usize = 72;

fn lengths(cases: &mut Cases<'_>, whole: &[u8]) {
    let (all, length) = (whole.len() as u64, |expected, got| FormatError::Length { expected, got });
    for (at, after) in SECTIONS {
        let error = match at {
            0..7 => FormatError::Magic,
            // Without the number of signatures there could be none, and without that of provinces none of these.
            7 => length(89, 7),
            8..=88 => length(89 + SIGNATURE as u64, at as u64),
            _ => length(all, at as u64),
        };
        cases.head(&format!("cut-at-{at}"), whole[..at].to_vec(), error, &format!("cut off after {after}"));
    }
    let signed_to = whole.len() - SIGNATURE;
    for (name, at, what) in [
        ("cut-after-provinces", signed_to, "cut off after the last province"),
        ("cut-after-key", signed_to + 8, "cut off after the key's id"),
        ("cut-in-signature", whole.len() - 1, "cut off within the signature"),
    ] {
        cases.head(name, whole[..at].to_vec(), length(all, at as u64), what);
    }
    let more = length(all + 21, all);
    cases.head("province-more", with(whole, 88, &[whole[88] + 1]), more, "a province more than there are");
    let many = length(89 + 101 * 21 + SIGNATURE as u64, all);
    cases.head("101-provinces", with(whole, 88, &[101]), many, "more provinces than codes of two digits");
    cases.head("trailing", [whole, &[0]].concat(), length(all, all + 1), "a byte after the signature");
    let none = with(&whole[..signed_to], 7, &[0]);
    cases.head("unsigned", none, length(signed_to as u64, signed_to as u64), "no signature");
    let four = signed(&cases.golden.head, &[KEY, 8, 9, 10]);
    cases.head(
        "five-signatures",
        with(&four, 7, &[5]),
        length(all + 4 * SIGNATURE as u64, all + 3 * SIGNATURE as u64),
        "five signatures, of which four are there",
    );
    cases.head(
        "one-of-four",
        with(&four, 7, &[1]),
        length(all, all + 3 * SIGNATURE as u64),
        "one signature, of which four are there",
    );
}

fn signatures(cases: &mut Cases<'_>, golden: &Golden, whole: &[u8]) {
    let altered = || FormatError::Signature(SignatureError::Altered);
    let untrusted = || FormatError::Signature(SignatureError::Untrusted);
    let newer = (golden.head.serial + 1).to_le_bytes();
    cases.head("altered", with(whole, 40, &newer), altered(), "another serial than was signed");
    let other = with(whole, 64, &[!whole[64]]);
    cases.head("other-manifest", other, altered(), "another manifest than was signed");
    let swapped = golden.head.message().unwrap();
    let (id, signature) = (whole.len() - SIGNATURE, whole.len() - SIGNATURE + 8);
    let without_label = key(KEY).sign(&swapped[12..]).to_bytes();
    cases.head("without-label", with(whole, signature, &without_label), altered(), "signed without the label `bilik/1/head`");
    cases.head("foreign", signed(&golden.head, &[8]), untrusted(), "signed by another key");
    let claimed = with(&signed(&golden.head, &[8]), id, &whole[id..signature]);
    cases.head("foreign-claimed", claimed, altered(), "signed by another key under the trusted key's id");
    let zero = with(whole, signature, &[0; 64]);
    cases.head("zero", zero, altered(), "a signature of zeros");
    let malleable = with(whole, signature, &malleable_s(&whole[signature..]));
    cases.head("malleable-s", malleable, altered(), "the signature's S plus the order of the group");
    let small = with(whole, signature, &small_order_r(KEY, &golden.head.message().unwrap()));
    cases.head("small-order-r", small, altered(), "a signature whose R is of small order");
}

/// [S]B = R + [k]A holds for S + L too: a reader that does not demand S < L takes two signatures for one.
pub fn malleable_s(signature: &[u8]) -> Vec<u8> {
    let signature = Signature::from_slice(signature).unwrap();
    let mut carry = 0;
    let s = signature.s_bytes().iter().zip(ORDER).map(|(&byte, order)| {
        carry += u16::from(byte) + u16::from(order);
        let low = carry as u8;
        carry >>= 8;
        low
    });
    signature.r_bytes().iter().copied().chain(s).collect()
}

/// A signature that only its holder can make, and that some readers take and others not: R is the neutral element, S = k a.
pub fn small_order_r(holder: u8, message: &[u8]) -> [u8; 64] {
    let mut secret: [u8; 32] = Sha512::digest([holder; 32])[..32].try_into().unwrap();
    secret[0] &= 248;
    secret[31] = (secret[31] & 63) | 64;
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let hash =
        Sha512::new().chain_update(neutral).chain_update(key(holder).verifying_key().as_bytes()).chain_update(message).finalize();
    let k = Scalar::from_bytes_mod_order_wide(&hash.into());
    let s = k * Scalar::from_bytes_mod_order(secret);
    let signature: [u8; 64] = [neutral, s.to_bytes()].concat().try_into().unwrap();
    // Without strictness it passes: what is refused is R alone.
    ed25519_dalek::Verifier::verify(&key(holder).verifying_key(), message, &Signature::from_bytes(&signature)).unwrap();
    signature
}

fn contents(cases: &mut Cases<'_>, golden: &Golden) {
    let invalid = FormatError::Invalid;
    let Head { signed_at, serial, .. } = golden.head;
    let again = |head: &Head, change: &dyn Fn(&mut Vec<u8>)| resigned(head, change);
    let id = |id: &'static [u8]| again(&golden.head, &move |bytes| bytes[8..8 + id.len()].copy_from_slice(id));
    cases.head("id-capitals", id(b"VEKTOR-2029"), invalid("invalid election id"), "capital letters in the election's id");
    cases.head("id-empty", id(&[0; 32]), invalid("invalid election id"), "an empty id");
    cases.head("id-padding", id(b"vektor-2029\0x"), invalid("invalid election id"), "something after the id's end");
    cases.head("id-not-utf8", id(&[0xff; 32]), invalid("a field of the head"), "an id that is not UTF-8");
    let order = || invalid("codes of provinces out of order or out of range");
    let codes = |first: u8, second: u8| again(&golden.head, &move |bytes| (bytes[89], bytes[110]) = (first, second));
    cases.head("provinces-unsorted", codes(40, 39), order(), "provinces out of order");
    cases.head("provinces-twice", codes(39, 39), order(), "one province twice");
    cases.head("provinces-code-100", codes(39, 100), order(), "a province of three digits");
    let head = Head { election: "lain-2029".into(), ..golden.head.clone() };
    cases.head("other-election", signed(&head, &[KEY]), FormatError::Election, "another election, by the same key");
    let head = Head { expires: signed_at - 1, ..golden.head.clone() };
    cases.head("expires-before", signed(&head, &[KEY]), invalid("signed after it expires"), "expired when it was signed");
    let error = || invalid("its serial is more than a day after its signing");
    let head = Head { serial: signed_at + 86_401, ..golden.head.clone() };
    cases.head("serial-beyond", signed(&head, &[KEY]), error(), "a serial of more than a day after the signing");
    let head = Head { serial: u64::MAX, ..golden.head.clone() };
    cases.head("serial-max", signed(&head, &[KEY]), error(), "the highest serial: none would come after it");
    let head = Head { expires: signed_at + 1, ..golden.head.clone() };
    cases.head_outcome("expired", &head, Outcome::Stale, "a head that expired a second after its signing");
    let head = Head { serial: serial - 1, ..golden.head.clone() };
    cases.head_outcome("older", &head, Outcome::Older, "an older head than one that was seen");
}

/// A head whose signed bytes are changed before they are signed, as the library would not sign them.
fn resigned(head: &Head, change: &dyn Fn(&mut Vec<u8>)) -> Vec<u8> {
    let mut signed_bytes = head.signed_bytes().unwrap();
    change(&mut signed_bytes);
    let signature = key(KEY).sign(&[b"bilik/1/head", &signed_bytes[..]].concat());
    signed_bytes[7] = 1;
    let id = bilik::format::PublicKey::of(key(KEY).verifying_key()).id();
    [&signed_bytes[..], &id, &signature.to_bytes()].concat()
}
