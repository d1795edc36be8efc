//! Bytes from anywhere as a witness's statement. What can be read is written again as the same bytes, and is about at most one head; of all
//! statements that there could be, the witness has signed one.
use crate::site;
use bilik::format::{Head, PublicKey, STATEMENT_LEN, SeenByWitness, WitnessStatement};
use ed25519_dalek::Signature;
use std::sync::LazyLock;

static HONEST: LazyLock<(Head, PublicKey, WitnessStatement)> = LazyLock::new(|| {
    let (head, _) = Head::read_unverified(&site::head()).expect("the honest head");
    let statement = WitnessStatement::read(&site::statement(), &site::witness()).expect("the honest statement");
    (head, site::witness(), statement)
});

/// Runs one input.
pub fn run(bytes: &[u8]) {
    let (head, witness, honest) = &*HONEST;
    if let Ok((statement, id)) = WitnessStatement::read_unverified(bytes) {
        assert!(u32::try_from(bytes.len()).is_ok_and(|length| length == STATEMENT_LEN));
        let (key_at, signature_at) = (88, 96);
        let signature = Signature::from_slice(&bytes[signature_at..]).expect("64 bytes");
        let again = statement.to_bytes(witness, &signature).expect("what was read can be written");
        // Whose key it is, nobody can tell from its id alone.
        assert_eq!([&again[..key_at], &id, &again[signature_at..]].concat(), bytes, "a second encoding of one statement");
        let text = statement.message();
        assert_eq!(text, format!("cosignature/v1\ntime {}\n{}", statement.time, statement.checkpoint()));
        assert!(text.is_ascii() && text.lines().count() == 5, "not the five lines that are signed: {text:?}");
        assert_eq!(statement.compared_with(head) == Some(SeenByWitness::This), statement.is_of(head));
    }
    if let Ok(statement) = WitnessStatement::read(bytes, witness) {
        assert_eq!(statement, *honest, "nobody signed this");
    }
}
