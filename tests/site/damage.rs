//! Files that differ from what the operator signed: none is accepted, and the problem names the file and the reason.

use crate::{BILIK, bilik, small};
use bilik::format::{self, Directory, StationList};
use bilik::lookup::{Lookup, Outcome};
use bilik::{Recipe, Table};
use bilik_publish::cancel::CancellationToken;
use bilik_publish::signing::Signers;
use bilik_publish::source::Site;
use bilik_publish::verify::check_files;
use bilik_testkit::{Files, MemorySource, Operator, SeededRng, ask, files_of, tree};
use std::fs;

/// Nobody who asks for a station needs these, but a search for villages does.
const SEARCHED: [&str; 2] = ["manifest", "names"];
/// The kinds of a site's files.
pub const KINDS: [&str; 8] = ["head", "manifest", "part", "directory", "table by full", "table by near", "station list", "names"];
/// A question that reads all of them but those: the name is not exact, so `full` is asked in vain before `near`.
pub const QUESTION: (&str, &str, &str) = ("390101120190", "Budi", "3901012001");

/// The path of the file of a kind that the question reads.
pub fn path_of(files: &Files, kind: &str) -> String {
    let is_it = |path: &str, bytes: &[u8]| match kind {
        "head" => path == format::HEAD_PATH,
        "manifest" => path.starts_with("m/"),
        "part" => path.starts_with("p/"),
        "names" => path.starts_with("n/"),
        "directory" => path.starts_with("d/") && !format::read_unverified::<Directory>(bytes).unwrap().routes.is_empty(),
        "station list" => path.starts_with("s/") && format::read_unverified::<StationList>(bytes).unwrap().district == 390_101,
        _ => {
            let recipe = if kind == "table by full" { Recipe::Full } else { Recipe::Near };
            path.starts_with("t/") && format::read_unverified::<Table>(bytes).unwrap().recipe() == recipe
        }
    };
    files.iter().find(|(path, bytes)| is_it(path, bytes)).unwrap().0.clone()
}

#[test]
fn each_kind_of_file_truncated_flipped_replaced_or_missing_is_named_with_the_reason() {
    let operator = small();
    let before = tree(&operator.site());
    let files = files_of(&operator);
    let (nik, name, village) = QUESTION;
    let find = || operator.run_find(&[&"--nik", &nik, &"--name", &name, &"--village", &village]);
    find().exits_with(0);
    operator.run_verify(&[]).exits_with(0);
    for kind in KINDS {
        let path = path_of(&files, kind);
        let (on_disk, whole) = (operator.site().join(&path), &files[&path]);
        let mut flipped = whole.clone();
        flipped[whole.len() / 2] ^= 4;
        let mut page = b"<!doctype html><title>404</title>".to_vec();
        page.resize(whole.len(), b' ');
        let head = kind == "head";
        let changed = if head { "signature rejected" } else { "expected digest" };
        for (damage, bytes, reason) in [
            ("truncated", Some(whole[..whole.len() - 1].to_vec()), " bytes, got "),
            ("flipped", Some(flipped), changed),
            ("replaced by an error page", Some(page), if head { "not a Bilik file" } else { changed }),
            ("grown", Some([whole, &whole[..]].concat()), " bytes, got "),
            ("empty", Some(Vec::new()), if head { "not a Bilik file" } else { " bytes, got " }),
            ("missing", None, "there is no such file"),
        ] {
            match bytes {
                Some(bytes) => fs::write(&on_disk, bytes).unwrap(),
                None => fs::remove_file(&on_disk).unwrap(),
            }
            let verified = operator.run_verify(&[]).exits_with(1);
            let is_told = |said: &str| said.lines().any(|line| line.contains(&path) && line.contains(reason));
            assert!(is_told(&verified.out) && verified.out.ends_with("NOT ok\n"), "{kind} {damage}: {}", verified.printed());
            if SEARCHED.contains(&kind) {
                find().exits_with(0);
            } else {
                let found = find().exits_with(2);
                assert!(is_told(&found.err), "{kind} {damage}: {}", found.printed());
            }
            fs::write(&on_disk, whole).unwrap();
        }
    }
    assert_eq!(tree(&operator.site()), before);
}

#[test]
fn a_site_that_another_operator_signed_is_refused() {
    let (operator, other) = (small(), Operator::new(BILIK));
    let (nik, name, _) = QUESTION;
    let key = other.public_key();
    let refused = bilik(&[&"find", &operator.site(), &"--public-key", &key, &"--nik", &nik, &"--name", &name]).exits_with(2);
    assert!(refused.err.contains("head.bilik: signature rejected: not signed by a trusted key"), "{}", refused.err);
    let refused = bilik(&[&"verify", &operator.site(), &"--public-key", &key]).exits_with(1);
    assert!(refused.out.contains("REFUSED head.bilik") && !refused.out.contains("serial"), "{}", refused.out);
    // Somebody who has another key signs the same head.
    let forged = Signers::read(&[other.key()]).unwrap().sign(&operator.head()).unwrap();
    fs::write(operator.site().join(format::HEAD_PATH), forged).unwrap();
    operator.run_find(&[&"--nik", &nik, &"--name", &name]).exits_with(2);
    operator.run_verify(&[]).exits_with(1);
}

/// The key that signed names an election of its own: a page that pins an election takes no other.
#[test]
fn a_site_for_another_election_is_unverified_where_the_election_is_pinned() {
    let operator = small();
    let key = fs::read_to_string(operator.public_key()).unwrap();
    for (election, accepted) in [("uji-2029", true), ("uji-2034", false)] {
        let trust = bilik::format::Trust::new([key.trim()], 1, Some(election.into())).unwrap();
        let lookup = Lookup::new(Site::open(operator.site().to_str().unwrap()).unwrap(), trust);
        let outcome = ask(&lookup, QUESTION.0, "Budi Santoso", None);
        assert_eq!(matches!(outcome, Outcome::Found { .. }), accepted, "{outcome:?}");
        assert_eq!(matches!(outcome, Outcome::Unverified { .. }), !accepted, "{outcome:?}");
    }
}

#[test]
fn of_300_random_corruptions_of_each_kind_of_file_none_is_accepted() {
    let operator = small();
    let files = files_of(&operator);
    let site = Site::open(operator.site().to_str().unwrap()).unwrap();
    let (now, mut dice) = (operator.head().signed_at, SeededRng::new(23));
    let (nik, name, village) = QUESTION;
    for kind in KINDS {
        let path = path_of(&files, kind);
        let others: Vec<&Vec<u8>> = files.values().collect();
        for n in 0..300 {
            let other = others[dice.below(others.len())];
            let spoilt = dice.spoil(&files[&path], other);
            fs::write(operator.site().join(&path), &spoilt).unwrap();
            let found = check_files(&site, &operator.trust(), &CancellationToken::new(), &|_| ());
            assert!(found.problems.iter().any(|problem| problem.file == path), "{kind} {n}: {found:?}");

            let mut files = files.clone();
            files.insert(path.clone(), spoilt);
            let source = MemorySource::with(files, now);
            let lookup = Lookup::new(&source, operator.trust());
            let outcome = ask(&lookup, nik, name, Some(village));
            let refused = matches!(&outcome, Outcome::Unverified { problems } if problems[0].file == path);
            assert_eq!(refused, !SEARCHED.contains(&kind), "{kind} {n}: {outcome:?}");
            if SEARCHED.contains(&kind) {
                pollster::block_on(lookup.villages("contoh", None)).unwrap_err();
            }
        }
        fs::write(operator.site().join(&path), &files[&path]).unwrap();
    }
    assert!(check_files(&site, &operator.trust(), &CancellationToken::new(), &|_| ()).problems.is_empty());
}
