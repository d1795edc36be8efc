//! Texts from anywhere as public keys and codes of regions: what is accepted is written as the same text.
use bilik::Day;
use bilik::format::{Code, PublicKey, Trust};

/// Runs one input.
pub fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Some(key) = PublicKey::parse(text) {
        assert_eq!(PublicKey::parse(&key.to_string()), Some(key));
    }
    let keys: Vec<&str> = text.split_whitespace().collect();
    for threshold in 0..4 {
        if let Ok(trust) = Trust::new(keys.iter().copied(), threshold, None) {
            assert!(!trust.id().is_empty() && threshold > 0);
        }
    }
    if let Some(code) = Code::parse(text) {
        assert_eq!(Code::parse(&code.to_string()), Some(code));
        let _ = (code.parent(), code.district_of(), code.regency_of(), code.province(), code.level());
    }
    if let Some(number) = Day::parse(text).and_then(Day::number) {
        // The last day of the year 9999.
        assert!(number < 2_932_897);
    }
}
