//! A site in which all parents of one file vouch for another in its place: what an operator would have signed, or somebody who
//! stole the key.

use crate::memory::Files;
use bilik::format::{self, Digest, Directory, Document, FileRef, Head, Kind, Manifest, Province, ProvincePart};
use flate2::read::DeflateDecoder;
use std::io::Read as _;

/// What of a payload is read at most: far more than any reader does.
const MAX_PAYLOAD: u64 = 64 << 20;

/// The payload of a file, as far as it inflates to less than 64 MiB.
pub fn payload(bytes: &[u8]) -> Option<Vec<u8>> {
    let (header, body) = bytes.split_at_checked(8)?;
    let mut payload = Vec::new();
    match header[7] {
        1 => drop(DeflateDecoder::new(body).take(MAX_PAYLOAD).read_to_end(&mut payload).ok()?),
        _ => payload.extend_from_slice(body),
    }
    Some(payload)
}

/// A file in place of another.
#[derive(Clone, Copy, Debug)]
pub struct Replacement<'a> {
    /// The path of the file that it replaces.
    pub path: &'a str,
    /// What is there instead.
    pub bytes: &'a [u8],
    /// To how many bytes it inflates, as its parent says; `None` for the truth.
    pub inflated: Option<u32>,
}

/// The signatures of a head, 72 bytes each.
pub fn signatures(head: &[u8]) -> &[u8] {
    &head[89 + 21 * usize::from(head[88])..]
}

/// A head with the first of its signatures alone: their number is not signed.
pub fn signed_by_first(head: &[u8]) -> Vec<u8> {
    let length = head.len() - signatures(head).len() + 72;
    [&head[..7], &[1], &head[8..length]].concat()
}

/// The files that differ from the old ones, the signed head among them, and the path at which the replacement now lies.
pub fn resealed(old: &Files, head: &Head, replacement: Replacement<'_>, sign: &dyn Fn(&Head) -> Vec<u8>) -> (Files, String) {
    let mut site = Resealed { old, replacement, new: Files::new(), path: None };
    let mut head = head.clone();
    head.manifest = match site.vouched(&head.manifest, Kind::Manifest) {
        same if same == head.manifest => site.manifest(&head.manifest),
        other => other,
    };
    for province in &mut head.provinces {
        province.part = match site.vouched(&province.part, Kind::Province) {
            same if same == province.part => site.part(&province.part),
            other => other,
        };
    }
    let is_head = replacement.path == format::HEAD_PATH;
    assert_eq!(site.new.is_empty(), is_head, "{} has no parent", replacement.path);
    site.new.insert(format::HEAD_PATH.to_owned(), if is_head { replacement.bytes.to_vec() } else { sign(&head) });
    (site.new, site.path.unwrap_or_else(|| replacement.path.to_owned()))
}

struct Resealed<'a> {
    old: &'a Files,
    replacement: Replacement<'a>,
    new: Files,
    /// Where the replacement lies.
    path: Option<String>,
}

impl Resealed<'_> {
    fn part(&mut self, file: &FileRef) -> FileRef {
        let mut part: ProvincePart = self.read(file);
        self.province(&mut part.province);
        part.elsewhere = part.elsewhere.map(|file| self.vouched_directory(&file));
        self.put(&part, file)
    }

    fn province(&mut self, province: &mut Province) {
        province.names = self.vouched(&province.names, Kind::Names);
        for regency in &mut province.regencies {
            regency.directory = self.vouched_directory(&regency.directory);
        }
    }

    fn manifest(&mut self, file: &FileRef) -> FileRef {
        let mut manifest: Manifest = self.read(file);
        for province in &mut manifest.provinces {
            self.province(province);
        }
        manifest.elsewhere = manifest.elsewhere.map(|file| self.vouched_directory(&file));
        self.put(&manifest, file)
    }

    fn vouched_directory(&mut self, file: &FileRef) -> FileRef {
        match self.vouched(file, Kind::Directory) {
            same if same == *file => self.directory(file),
            other => other,
        }
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

    /// What a parent says of a file: of the replacement, where it is the replaced one.
    fn vouched(&mut self, file: &FileRef, kind: Kind) -> FileRef {
        let Replacement { path, bytes, inflated } = self.replacement;
        if file.path(kind) != path {
            return *file;
        }
        let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap();
        let true_length = || payload(bytes).map_or(file.inflated, |payload| length(&payload));
        let inflated = inflated.unwrap_or_else(true_length);
        let vouched = FileRef { digest: Digest::of(bytes), stored: length(bytes), inflated };
        self.new.insert(vouched.path(kind), bytes.to_vec());
        self.path = Some(vouched.path(kind));
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
