//! The log and the note: what tests of the command do not see.

use super::*;
use base64ct::{Base64, Encoding as _};
use bilik::format::{Digest, FileRef};
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest as _, Sha256};
use std::fs;

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn head(serial: u64) -> Head {
    let manifest = FileRef { digest: Digest::of(b"manifest"), stored: 8, inflated: 8 };
    Head {
        election: "uji-2029".into(),
        serial,
        signed_at: 1_700_000_000,
        expires: 1_900_000_000,
        manifest,
        provinces: Vec::new(),
    }
}

fn file(head: &Head) -> Vec<u8> {
    let key = key(1);
    head.to_bytes(&[(PublicKey::of(key.verifying_key()), key.sign(&head.message().unwrap()))]).unwrap()
}

/// A log of two heads.
fn log(folder: &std::path::Path) -> PathBuf {
    let path = folder.join("heads.log");
    let mut log = HeadLog::open(&path).unwrap();
    assert!(log.add(&file(&head(7)), 1_750_000_000).unwrap());
    assert!(log.add(&file(&head(9)), 1_750_003_600).unwrap());
    path
}

#[test]
fn a_log_reads_back_and_takes_a_head_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = log(folder.path());
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("1 2025-06-15T15:06:40Z uji-2029 7 ") && text.lines().count() == 2, "{text}");
    let mut log = HeadLog::open(&path).unwrap();
    let seen: Vec<_> = log.heads().iter().map(|logged| (logged.head.clone(), logged.seen)).collect();
    assert_eq!(seen, [(head(7), 1_750_000_000), (head(9), 1_750_003_600)]);
    assert!(!log.add(&file(&head(9)), 1_750_007_200).unwrap());
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn a_log_refuses_to_go_back_and_what_is_no_head_of_its_election() {
    let folder = tempfile::tempdir().unwrap();
    let path = log(folder.path());
    let before = fs::read(&path).unwrap();
    let mut log = HeadLog::open(&path).unwrap();
    let other_at_9 = Head { expires: 1_900_000_001, ..head(9) };
    let of_another_election = Head { election: "lain".into(), ..head(10) };
    for refused in [head(7), head(8), other_at_9, of_another_election] {
        assert!(matches!(log.add(&file(&refused), 1_750_007_200), Err(HeadLogError::Head(_))), "{refused:?}");
    }
    assert!(log.add(b"<!doctype html>", 1_750_007_200).is_err());
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_log_with_any_changed_byte_or_without_a_line_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = log(folder.path());
    let text = fs::read(&path).unwrap();
    let second = text.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let line_of = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        match HeadLog::open(&path) {
            Err(HeadLogError::Line { line, .. }) => line,
            other => panic!("{:?}: {other:?}", String::from_utf8_lossy(bytes)),
        }
    };
    for at in (0..text.len() - 1).filter(|at| text[*at] != b'\n') {
        let mut changed = text.clone();
        changed[at] = if changed[at] == b'a' { b'b' } else { b'a' };
        assert_eq!(line_of(&changed), if at < second { 1 } else { 2 }, "byte {at}");
    }
    assert_eq!(line_of(&text[second..]), 1);
    assert_eq!(line_of(&[&text[..second], &text[..second]].concat()), 2);
    assert_eq!(line_of(&[b"\n", &text[..]].concat()), 1);
    assert_eq!(line_of(&text.to_ascii_uppercase()), 1);
}

#[test]
fn what_a_crash_left_of_a_last_line_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let path = log(folder.path());
    let text = fs::read(&path).unwrap();
    let second = text.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    for end in second..text.len() {
        fs::write(&path, &text[..end]).unwrap();
        assert_eq!(HeadLog::open(&path).unwrap().heads().len(), 1, "{end}");
        assert_eq!(fs::read(&path).unwrap(), text[..second], "{end}");
    }
    let mut log = HeadLog::open(&path).unwrap();
    assert!(log.add(&file(&head(9)), 1_750_003_600).unwrap());
    assert_eq!(fs::read(&path).unwrap(), text);
}

#[test]
fn a_log_is_used_by_one_process_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("heads.log");
    let first = HeadLog::open(&path).unwrap();
    assert!(matches!(HeadLog::open(&path), Err(HeadLogError::InUse { .. })));
    drop(first);
    HeadLog::open(&path).unwrap();
}

/// By the words of C2SP's `signed-note` and `tlog-cosignature`, and nothing of this crate's.
#[test]
fn a_note_verifies_as_c2sp_says() {
    let secret = key(2);
    let statement = WitnessStatement::of(&head(7), 1_750_000_000).unwrap();
    let note = note(&statement, &sign(&statement, &secret).unwrap(), &secret);
    let (body, signatures) = note.split_once("\n\n").unwrap();
    let [origin, size, root] = body.split('\n').collect::<Vec<_>>()[..] else { panic!("{body}") };
    assert_eq!((origin, size), ("bilik/1/head/uji-2029", "7"));
    assert_eq!(Base64::decode_vec(root).unwrap(), Sha256::digest(head(7).signed_bytes().unwrap()).to_vec());
    let (name, line) = signatures.strip_prefix("— ").unwrap().trim_end_matches('\n').split_once(' ').unwrap();
    let line = Base64::decode_vec(line).unwrap();
    let (id, rest) = line.split_at(4);
    let (time, signature) = rest.split_at(8);
    let public: VerifyingKey = secret.verifying_key();
    let hashed = [name.as_bytes(), b"\n\x04", public.as_bytes()].concat();
    assert_eq!(id, &Sha256::digest(hashed)[..4]);
    let time = u64::from_be_bytes(time.try_into().unwrap());
    let message = format!("cosignature/v1\ntime {time}\n{body}\n");
    public.verify_strict(message.as_bytes(), &Signature::from_slice(signature).unwrap()).unwrap();
}
