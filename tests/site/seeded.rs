//! A seeded demo signed with a fixed key is the same site in every version of Bilik, until the format changes on purpose.
//!
//! `tests/vectors/seeded-site.txt` lists every data file with its SHA-256. Set `BILIK_WRITE_VECTORS=1` to write it anew after a
//! change of the format, and say in the commit what changed.

use crate::BILIK;
use bilik_cli::synthetic::Shape;
use bilik_testkit::{MIN_COST, Operator, files};
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

const VECTOR: &str = "../../tests/vectors/seeded-site.txt";

#[test]
fn the_seeded_demo_is_the_site_that_is_written_down() {
    let shape = Shape { cost: MIN_COST, sealing_seed: Some(7), min_voters: 100, max_keys: 400, ..Shape::demo(3_000) };
    let (operator, _) = Operator::of(BILIK, &shape);
    // A key for tests only: its secret half is 32 times the same byte.
    let key = SigningKey::from_bytes(&[7; 32]);
    fs::write(operator.key(), key.to_pkcs8_pem(LineEnding::LF).unwrap().as_bytes()).unwrap();
    operator.build();
    let mut data: Vec<(String, Vec<u8>)> =
        ["d", "m", "n", "p", "s", "t"].iter().flat_map(|folder| files(&operator.site(), folder)).collect();
    data.push((String::from("head.bilik"), fs::read(operator.site().join("head.bilik")).unwrap()));
    let mut built = String::new();
    for (path, bytes) in &data {
        let digest = Sha256::digest(bytes).iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        writeln!(built, "{digest}  {path}").unwrap();
    }
    let vector = Path::new(env!("CARGO_MANIFEST_DIR")).join(VECTOR);
    if std::env::var_os("BILIK_WRITE_VECTORS").is_some() {
        fs::write(&vector, &built).unwrap();
    }
    let written = fs::read_to_string(&vector).unwrap();
    assert!(built.lines().count() > 30);
    assert_eq!(built, written, "the data of a seeded demo changed: a change of the format, or a fault");
}
