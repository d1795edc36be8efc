//! Files whose length, digest, header, compression or encoding is wrong, whatever they are about.

use crate::cases::{Cases, TOO_LONG, deflated, header, max_payload, plain, stored};
use crate::golden::{Role, reference};
use bilik::format::{Digest, FormatError, Kind};
use bilik_testkit::payload;

/// All of them.
pub fn add(cases: &mut Cases<'_>) {
    for role in [Role::Manifest, Role::Part, Role::TableByNear] {
        replaced(cases, role);
        headers(cases, role);
    }
    // A head cannot name more for a part than it may have.
    for role in [Role::Manifest, Role::TableByNear] {
        compression(cases, role);
    }
    for role in Role::ALL.into_iter().filter(|role| *role != Role::TableByFull) {
        sections(cases, role);
        bomb(cases, role);
        cases.changed(
            role,
            "left-over",
            |payload| {
                let last = payload.last();
                payload.add(&last, [0]);
            },
            FormatError::Invalid("bytes left over after the document"),
            "a byte after the document",
        );
    }
}

/// Files for which nobody vouches.
fn replaced(cases: &mut Cases<'_>, role: Role) {
    let golden = cases.golden;
    let whole = golden.bytes(role).to_vec();
    let length = whole.len() as u64;
    let digest = |got: &[u8]| FormatError::Digest { expected: golden.reference(role).digest, got: Digest::of(got) };
    let wrong_length = |got: usize| FormatError::Length { expected: length, got: got as u64 };
    let shorter = whole[..whole.len() - 1].to_vec();
    let longer = [&whole[..], &[0]].concat();
    cases.unvouched(role, "shorter", shorter, wrong_length(whole.len() - 1), "a byte less than its parent says");
    cases.unvouched(role, "longer", longer, wrong_length(whole.len() + 1), "a byte more than its parent says");
    cases.unvouched(role, "empty", Vec::new(), wrong_length(0), "nothing in it");
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 4;
    cases.unvouched(role, "flipped", flipped.clone(), digest(&flipped), "one bit is another");
    let mut page = b"<!doctype html><title>404</title>".to_vec();
    page.resize(whole.len(), b' ');
    cases.unvouched(role, "error-page", page.clone(), digest(&page), "an HTML page of the same length");
}

fn headers(cases: &mut Cases<'_>, role: Role) {
    let (kind, whole) = (role.kind(), plain(cases.golden, role));
    let inflated = Some(reference(&whole, None).inflated);
    let with = |at: usize, byte: u8| {
        let mut changed = whole.clone();
        changed[at] = byte;
        changed
    };
    cases.vouched(role, "magic", with(0, b'b'), inflated, FormatError::Magic, "the magic's first letter");
    cases.vouched(role, "no-kind", with(5, b'x'), inflated, FormatError::Magic, "a kind that there is not");
    let (got, letter) = if kind == Kind::Names { (Kind::Table, b't') } else { (Kind::Names, b'n') };
    let other = FormatError::Kind { expected: kind, got };
    cases.vouched(role, "other-kind", with(5, letter), inflated, other, "the kind of another file");
    cases.vouched(role, "version-0", with(6, 0), inflated, FormatError::Version(0), "format version 0");
    cases.vouched(role, "version-2", with(6, 2), inflated, FormatError::Version(2), "format version 2");
    cases.vouched(role, "codec", with(7, 2), inflated, FormatError::Inflate, "a codec that there is not");
    for (at, after) in [(0, "nothing"), (5, "the magic"), (6, "the kind"), (7, "the version")] {
        let (name, what) = (format!("cut-at-{at}"), format!("cut off after {after}"));
        cases.vouched(role, &name, whole[..at].to_vec(), Some(0), FormatError::Magic, &what);
    }
}

fn compression(cases: &mut Cases<'_>, role: Role) {
    let (kind, payload) = (role.kind(), payload(cases.golden.bytes(role)).unwrap());
    let length = u32::try_from(payload.len()).unwrap();
    let whole = deflated(kind, &payload);
    let inflate = || FormatError::Inflate;
    let mislabelled = [&header(kind, 1), &payload[..]].concat();
    cases.vouched(role, "not-compressed", mislabelled, Some(length), inflate(), "a payload that is not compressed as it says");
    let cut = whole[..whole.len() - 2].to_vec();
    cases.vouched(role, "deflate-cut", cut, Some(length), inflate(), "compression that is cut off");
    let more = [&whole[..], &[0]].concat();
    cases.vouched(role, "deflate-trailing", more, Some(length), inflate(), "a byte after the compression's end");
    cases.vouched(role, "inflates-to-less", whole.clone(), Some(length + 1), inflate(), "a byte less than its parent says");
    cases.vouched(role, "inflates-to-more", whole.clone(), Some(length - 1), inflate(), "a byte more than its parent says");
    let stored = stored(kind, &payload);
    cases.vouched(role, "stored-other-length", stored, Some(length + 1), inflate(), "not compressed, and not as long as it says");
    let too_long = u32::try_from(max_payload(kind) + 1).unwrap();
    cases.vouched(
        role,
        "names-too-much",
        whole.clone(),
        Some(too_long),
        TOO_LONG,
        "its parent names more than its kind may have",
    );
    cases.vouched(role, "names-4-gib", whole, Some(u32::MAX), TOO_LONG, "its parent names 4 GiB");
}

/// Inflates to more than its kind may have, though its parent names what is allowed.
fn bomb(cases: &mut Cases<'_>, role: Role) {
    let (kind, max) = (role.kind(), max_payload(role.kind()));
    let zeros = vec![0; usize::try_from(max + 1).unwrap()];
    let (bytes, max) = (deflated(kind, &zeros), u32::try_from(max).unwrap());
    cases.vouched(role, "bomb", bytes, Some(max), FormatError::Inflate, "inflates to a byte more than its kind may have");
}

/// The payload ends before each of its sections.
fn sections(cases: &mut Cases<'_>, role: Role) {
    let payload = cases.golden.payload(role);
    for section in payload.sections() {
        let bytes = stored(role.kind(), &payload.before(&section));
        let (name, what) = (format!("ends-before-{}", section.replace(['.', '_'], "-")), format!("ends before `{section}`"));
        cases.vouched(role, &name, bytes, None, FormatError::Decode, &what);
    }
}
