//! Documents of the format: what is read is checked, and has one encoding, which is read again as the same document.

use bilik::format::{self, Digest, Document, FileRef};
use std::fmt::Debug;

/// A file of this kind around a payload that is stored as it is.
#[must_use]
pub fn stored<T: Document>(payload: &[u8]) -> Vec<u8> {
    let letter = u8::try_from(T::KIND.letter()).expect("an ASCII letter");
    [b"BILIK".as_slice(), &[letter, 1, 0], payload].concat()
}

/// What a parent would say of these bytes.
#[must_use]
pub fn referred(bytes: &[u8], inflated: u32) -> FileRef {
    FileRef { digest: Digest::of(bytes), stored: u32::try_from(bytes.len()).expect("a short input"), inflated }
}

/// The bytes are read as a file, then as a payload. What is accepted passes its own check, is written to a file that reads as
/// the same document, and its payload is the one encoding of it.
pub fn laws<T: Document + PartialEq + Debug>(bytes: &[u8]) -> Option<T> {
    // As a whole file, with the length that its parent names in front: what a hostile mirror cannot choose and a hostile operator can.
    if let Some((inflated, file)) = bytes.split_first_chunk::<4>() {
        let parent = referred(file, u32::from_le_bytes(*inflated) & 0x00ff_ffff);
        if let Ok(document) = format::read::<T>(file, &parent) {
            rewritten(&document);
        }
    }
    let file = stored::<T>(bytes);
    let document = format::read_unverified::<T>(&file).ok()?;
    let parent = referred(&file, u32::try_from(bytes.len()).expect("a short input"));
    assert_eq!(format::read::<T>(&file, &parent).as_ref(), Ok(&document), "with a parent and without");
    let again = bincode::encode_to_vec(&document, bincode::config::standard()).expect("it was decoded");
    assert_eq!(again, bytes, "a second encoding of one document");
    rewritten(&document);
    Some(document)
}

fn rewritten<T: Document + PartialEq + Debug>(document: &T) {
    assert_eq!(document.check(), Ok(()), "read, and yet invalid");
    let (bytes, parent) = format::write(document).expect("what was read can be written");
    assert_eq!(format::read::<T>(&bytes, &parent).as_ref(), Ok(document));
}
