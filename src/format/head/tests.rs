//! Heads: one layout, no bit of it that is not signed, and an error for each way to be wrong.

use super::*;
use ed25519_dalek::{Signer as _, SigningKey};

fn head() -> Head {
    let manifest = FileRef { digest: Digest::of(b"manifest"), stored: 13_800, inflated: 20_000 };
    let province = |code: u8| {
        let stored = 900 + u32::from(code);
        ProvinceRef { code, part: FileRef { digest: Digest::of(&[code]), stored, inflated: 2 * stored } }
    };
    Head {
        election: "uji-2029".into(),
        serial: 7,
        signed_at: 1_700_000_000,
        expires: 1_800_000_000,
        manifest,
        provinces: [11, 32, 96].map(province).to_vec(),
    }
}

fn of_provinces(codes: impl Iterator<Item = u8>) -> Head {
    let part = FileRef { digest: Digest([0xff; 16]), stored: 0xffff, inflated: 0xffff };
    Head { provinces: codes.map(|code| ProvinceRef { code, part }).collect(), ..head() }
}

fn keys(seed: u8) -> (SigningKey, PublicKey) {
    let key = SigningKey::from_bytes(&[seed; 32]);
    let public = PublicKey::of(key.verifying_key());
    (key, public)
}

fn signed(head: &Head, seeds: &[u8]) -> Vec<u8> {
    let message = head.message().unwrap();
    let signatures: Vec<_> = seeds.iter().map(|&seed| (keys(seed).1, keys(seed).0.sign(&message))).collect();
    head.to_bytes(&signatures).unwrap()
}

fn trust(seeds: &[u8], threshold: usize) -> Trust {
    let keys: Vec<String> = seeds.iter().map(|&seed| keys(seed).1.to_string()).collect();
    Trust::new(keys.iter().map(String::as_str), threshold, None).unwrap()
}

#[test]
fn serials_order_heads_of_one_election_and_signing_times_heads_of_several() {
    let seen = head();
    let newer = Head { serial: 8, signed_at: seen.signed_at - 1, ..head() };
    assert!(newer.is_newer_than(&seen) && !seen.is_newer_than(&newer) && !seen.is_newer_than(&head()));
    // A head of the previous election, whatever its serial, must not make room for an older head of this one.
    let last = Head { election: "uji-2024".into(), serial: 900, signed_at: seen.signed_at - 1, ..head() };
    assert!(!last.is_newer_than(&seen) && seen.is_newer_than(&last));
}

#[test]
fn a_signed_head_is_small_and_reads_back() {
    let bytes = signed(&head(), &[1, 2, 3, 4]);
    assert_eq!(bytes.len(), 89 + 3 * 21 + 4 * 72);
    assert_eq!(Head::read(&bytes, &trust(&[3, 9], 1)), Ok(head()));
    assert_eq!(Head::read(&bytes, &trust(&[3, 1], 2)), Ok(head()));
}

#[test]
fn a_head_has_room_for_all_codes_of_provinces() {
    for head in [of_provinces(0..100), of_provinces(0..0)] {
        let bytes = signed(&head, &[1, 2, 3, 4]);
        assert!(bytes.len() <= usize::try_from(MAX_HEAD_LEN).unwrap());
        assert_eq!(Head::read(&bytes, &trust(&[4], 1)), Ok(head));
    }
    assert_eq!(signed(&of_provinces(0..100), &[1, 2, 3, 4]).len(), usize::try_from(MAX_HEAD_LEN).unwrap());
    let invalid = |head: Head| Head::read(&signed(&head, &[1]), &trust(&[1], 1));
    let codes = FormatError::Invalid("codes of provinces out of order or out of range");
    for head in [of_provinces([32, 11].into_iter()), of_provinces([32, 32].into_iter()), of_provinces(100..101)] {
        assert_eq!(invalid(head), Err(codes.clone()));
    }
    assert!(of_provinces(0..101).signed_bytes().is_err());
    let mut long = head();
    long.provinces[1].part.inflated = 0x1_0000;
    assert!(long.signed_bytes().is_err());
}

#[test]
fn a_part_is_that_of_the_province_or_of_the_first() {
    let code = |digits: u8| head().part_for(digits).map(|province| province.code);
    assert_eq!([11, 32, 96, 54, 0].map(code), [11, 32, 96, 11, 11].map(Some));
    assert_eq!(of_provinces(0..0).part_for(32), None);
}

#[test]
fn every_flipped_bit_and_every_truncation_is_rejected() {
    let bytes = signed(&head(), &[1]);
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut spoilt = bytes.clone();
            spoilt[at] ^= 1 << bit;
            assert!(Head::read(&spoilt, &trust(&[1], 1)).is_err(), "byte {at}, bit {bit}");
        }
        assert!(Head::read(&bytes[..at], &trust(&[1], 1)).is_err());
    }
    assert!(Head::read(&[&bytes[..], b"x"].concat(), &trust(&[1], 1)).is_err());
}

#[test]
fn a_head_of_a_later_version_is_told_apart_however_long_it_is() {
    let mut later = signed(&head(), &[1]);
    later[6] = 2;
    for length in [7, later.len(), usize::try_from(MAX_HEAD_LEN).unwrap() + 1] {
        later.resize(length.max(7), 0);
        assert_eq!(Head::read(&later, &trust(&[1], 1)), Err(FormatError::Version(2)), "{length} bytes");
    }
    // A file of this version that is too long is what it was.
    let long = [signed(&head(), &[1, 2, 3, 4]), vec![0]].concat();
    assert!(matches!(Head::read(&long, &trust(&[1], 1)), Err(FormatError::Length { .. })));
}

#[test]
fn untrusted_altered_and_too_few_signatures_are_different_errors() {
    let refused = |bytes: &[u8], trust: &Trust| match Head::read(bytes, trust) {
        Err(FormatError::Signature(error)) => error,
        other => panic!("{other:?}"),
    };
    let too_few = SignatureError::TooFew { expected: 2, got: 1 };
    assert_eq!(refused(&signed(&head(), &[2]), &trust(&[1], 1)), SignatureError::Untrusted);
    assert_eq!(refused(&signed(&head(), &[1]), &trust(&[1, 2], 2)), too_few);
    assert_eq!(refused(&signed(&head(), &[1, 1]), &trust(&[1, 2], 2)), too_few, "one key twice is one key");
    let mut changed = signed(&head(), &[1]);
    changed[40] ^= 1;
    assert_eq!(refused(&changed, &trust(&[1], 1)), SignatureError::Altered);
}

#[test]
fn a_head_of_another_election_is_rejected() {
    let key = keys(1).1.to_string();
    let trust = Trust::new([key.as_str()], 1, Some("lain-2029".into())).unwrap();
    assert_eq!(Head::read(&signed(&head(), &[1]), &trust), Err(FormatError::Election));
}
