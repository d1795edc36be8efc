//! Invalid files that the operator signed, or somebody who stole the key: every file above vouches for it, so it is
//! inflated and decoded. Whatever it says, no reader panics, and none asks for memory without end.

use crate::damage::{KINDS, path_of};
use crate::small;
use bilik::format::{self, Code, Digest, Directory, Document, FileRef, Head, Kind, Manifest};
use bilik::lookup::{Lookup, Outcome};
use bilik_publish::cancel::CancellationToken;
use bilik_publish::signing::Signers;
use bilik_publish::source::Site;
use bilik_publish::verify::check_files;
use bilik_testkit::{Files, MemorySource, Operator, SeededRng, ask, files_of};
use flate2::read::DeflateDecoder;
use std::fs;
use std::io::Read as _;

/// The payload of a file, as far as it inflates to less than 64 MiB.
fn payload(bytes: &[u8]) -> Option<Vec<u8>> {
    let (header, body) = bytes.split_at_checked(8)?;
    let mut payload = Vec::new();
    match header[7] {
        1 => drop(DeflateDecoder::new(body).take(64 << 20).read_to_end(&mut payload).ok()?),
        _ => payload.extend_from_slice(body),
    }
    Some(payload)
}

/// A site in which all parents of one file vouch for another in its place.
struct Resealed<'a> {
    old: &'a Files,
    path: &'a str,
    spoilt: &'a [u8],
    new: Files,
}

impl<'a> Resealed<'a> {
    /// The files that differ from the old ones, the head among them.
    fn files(operator: &Operator, mut head: Head, old: &'a Files, path: &'a str, spoilt: &'a [u8]) -> Files {
        let mut site = Self { old, path, spoilt, new: Files::new() };
        head.manifest = match site.vouched(&head.manifest, Kind::Manifest) {
            same if same == head.manifest => site.manifest(&head.manifest),
            other => other,
        };
        let signed = Signers::read(&[operator.key()]).unwrap().sign(&head).unwrap();
        assert_eq!(site.new.is_empty(), path == format::HEAD_PATH, "{path} has no parent");
        site.new.insert(format::HEAD_PATH.to_owned(), if path == format::HEAD_PATH { spoilt.to_vec() } else { signed });
        site.new
    }

    fn manifest(&mut self, file: &FileRef) -> FileRef {
        let mut manifest: Manifest = self.read(file);
        for province in &mut manifest.provinces {
            province.names = self.vouched(&province.names, Kind::Names);
            for regency in &mut province.regencies {
                regency.directory = match self.vouched(&regency.directory, Kind::Directory) {
                    same if same == regency.directory => self.directory(&same),
                    other => other,
                };
            }
        }
        self.put(&manifest, file)
    }

    fn directory(&mut self, file: &FileRef) -> FileRef {
        let mut directory: Directory = self.read(file);
        for list in directory.districts.iter_mut().filter_map(|district| district.stations.as_mut()) {
            *list = self.vouched(list, Kind::StationList);
        }
        for tables in &mut directory.tables {
            for file in tables.full.iter_mut().chain(&mut tables.near) {
                *file = self.vouched(file, Kind::Table);
            }
        }
        self.put(&directory, file)
    }

    /// What a parent says of a file: of the spoilt one, where it is that.
    fn vouched(&mut self, file: &FileRef, kind: Kind) -> FileRef {
        if file.path(kind) != self.path {
            return *file;
        }
        let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap();
        let inflated = payload(self.spoilt).map_or(file.inflated, |payload| length(&payload));
        let vouched = FileRef { digest: Digest::of(self.spoilt), stored: length(self.spoilt), inflated };
        self.new.insert(vouched.path(kind), self.spoilt.to_vec());
        vouched
    }

    fn read<T: Document>(&self, file: &FileRef) -> T {
        format::read(&self.old[&file.path(T::KIND)], file).unwrap()
    }

    fn put<T: Document>(&mut self, document: &T, before: &FileRef) -> FileRef {
        let (bytes, file) = format::write(document).unwrap();
        if file != *before {
            self.new.insert(file.path(T::KIND), bytes);
        }
        file
    }
}

/// Spoils a file, its payload, or both; the header mostly stays, so that more than the header is tried.
fn spoil(dice: &mut SeededRng, whole: &[u8], other: &[u8]) -> Vec<u8> {
    let inside = payload(whole).filter(|_| whole.starts_with(b"BILIK") && !whole.starts_with(b"BILIKh"));
    match (dice.below(4), inside) {
        (0, _) | (_, None) => dice.spoil(whole, other),
        (1, Some(_)) => [&whole[..8], &dice.spoil(&whole[8..], other)].concat(),
        (_, Some(inside)) => [&whole[..7], &[0], &dice.spoil(&inside, &payload(other).unwrap_or_default())[..]].concat(),
    }
}

#[test]
fn signed_invalid_files_make_no_reader_panic() {
    let operator = small();
    let old = files_of(&operator);
    let (site, trust) = (Site::open(operator.site().to_str().unwrap()).unwrap(), operator.trust());
    let (signed, mut dice) = (operator.head(), SeededRng::new(29));
    let questions = [
        ("390101120190", "Budi", Some("3901012001")),
        ("390101130190", "Dewi Lestari", None),
        ("390101140970", "Joko Wijaya", None),
    ];
    for kind in KINDS {
        let path = path_of(&old, kind);
        let (mut accepted, mut answered) = (0, 0);
        for n in 0..300 {
            let other = &old.values().nth(dice.below(old.len())).unwrap().clone();
            let spoilt = spoil(&mut dice, &old[&path], other);
            let new = Resealed::files(&operator, signed.clone(), &old, &path, &spoilt);
            for (path, bytes) in &new {
                fs::write(operator.site().join(path), bytes).unwrap();
            }
            let found = check_files(&site, &trust, &CancellationToken::new(), &|_| ());
            accepted += u32::from(found.problems.is_empty());
            for path in new.keys().filter(|path| !old.contains_key(*path)) {
                fs::remove_file(operator.site().join(path)).unwrap();
            }
            let mut files = old.clone();
            files.extend(new);
            let source = MemorySource::with(files, signed.signed_at);
            let lookup = Lookup::new(&source, trust.clone());
            for (digits, name, village) in questions {
                let outcome = ask(&lookup, digits, name, village);
                answered += u32::from(matches!(outcome, Outcome::Found { .. } | Outcome::Ambiguous { .. }));
                assert!(kind != "head" || matches!(outcome, Outcome::Unverified { .. }), "{n}: {outcome:?}");
            }
            pollster::block_on(lookup.prepare("390101120190", Some("Budi")));
            // Whatever these two give, they give it.
            let _: (Result<_, _>, Result<_, _>) = (
                pollster::block_on(lookup.villages("contoh 39", None)),
                pollster::block_on(lookup.stations(Code::parse("3901012001").unwrap())),
            );
        }
        println!("{kind}: {accepted} of 300 pass verify, {answered} of 900 questions are answered");
        assert!(kind != "head" || accepted + answered == 0);
        fs::write(operator.site().join(format::HEAD_PATH), &old[format::HEAD_PATH]).unwrap();
    }
}
