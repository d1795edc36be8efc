//! Details to key: Argon2id over the voter's details, with a salt that is fresh for every table and a pepper nobody keeps.
//!
//! Two recipes say which details make up a key ([`Recipe`]). Every field of the input is preceded by its length and the
//! whole by a versioned label, so that no two inputs can collide. The pepper (Manber, *A simple scheme to make passwords based
//! on one-way functions much harder to crack*, 1996) is a few random bits that the builder draws for each key, mixes in
//! and forgets: building costs one derivation, a lookup tries all values, half of them on average, a wrong guess all.

use crate::format::container::{Decode, Encode};
use crate::nik::Digits;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use layered_ribbon::Hash;
use sha2::{Digest as _, Sha256};

/// Which details make up a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipe {
    /// 12 digits and the whole folded name. One derivation a guess.
    Full,
    /// 12 digits, the village on the identity card and the first significant token. 2^`pepper_bits` derivations a guess.
    Near,
}

impl Recipe {
    /// The bits that tell a right key from a wrong one. `near` has more: it asks with many peppers, and each may hit by chance.
    #[must_use]
    pub fn check_bits(self) -> u32 {
        match self {
            Self::Full => 24,
            Self::Near => 36,
        }
    }

    fn letter(self) -> u8 {
        match self {
            Self::Full => b'f',
            Self::Near => b'n',
        }
    }
}

/// What one derivation costs: `Argon2id` v0x13 with one lane and 32 bytes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Cost {
    /// What a real election is sealed with, at least: OWASP's recommendation for `Argon2id`.
    pub const DEFAULT: Self = Self { memory_kib: 19_456, passes: 2 };

    /// Whether a reader puts up with it: 8 KiB to 64 MiB, 1 to 10 passes.
    #[must_use]
    pub fn is_within_limits(self) -> bool {
        (8..=65_536).contains(&self.memory_kib) && (1..=10).contains(&self.passes)
    }

    /// KiB gone over: what the time of a derivation is proportional to.
    #[must_use]
    pub fn work(self) -> u64 {
        u64::from(self.memory_kib) * u64::from(self.passes)
    }
}

/// The most pepper bits that a reader puts up with: 4,096 derivations.
pub const MAX_PEPPER_BITS: u8 = 12;

/// The salt of a table's keys. One nonce never serves two contents.
#[must_use]
pub fn salt(election: &str, table: &str, recipe: Recipe, nonce: &[u8; 16]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for field in [b"bilik/1/salt", election.as_bytes(), table.as_bytes(), &[recipe.letter()], nonce] {
        hash.update(u64::try_from(field.len()).unwrap_or(u64::MAX).to_le_bytes());
        hash.update(field);
    }
    hash.finalize().into()
}

/// The details of one voter or of one question, ready for derivation but for the pepper. Its `Debug` shows none.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Details(Vec<u8>);

impl Details {
    /// For `full`: the digits and [`crate::name::Folded::whole`].
    #[must_use]
    pub fn full(digits: &Digits, name: &str) -> Self {
        Self::of(Recipe::Full, &[digits.as_bytes(), name.as_bytes()])
    }

    /// For `near`: the digits, the village's ten digits and [`crate::name::Folded::first_significant`].
    #[must_use]
    pub fn near(digits: &Digits, village: u64, token: &str) -> Self {
        Self::of(Recipe::Near, &[digits.as_bytes(), format!("{village:010}").as_bytes(), token.as_bytes()])
    }

    fn of(recipe: Recipe, fields: &[&[u8]]) -> Self {
        let mut bytes = b"bilik/1/key/".to_vec();
        bytes.push(recipe.letter());
        for field in fields {
            bytes.extend_from_slice(&u32::try_from(field.len()).unwrap_or(u32::MAX).to_le_bytes());
            bytes.extend_from_slice(field);
        }
        Self(bytes)
    }
}

impl std::fmt::Debug for Details {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Details(hidden)")
    }
}

/// Derives keys, one after another, in memory that is allocated once.
pub struct Deriver {
    argon2: Argon2<'static>,
    blocks: Vec<Block>,
}

impl Deriver {
    /// None when the cost is outside the limits.
    #[must_use]
    pub fn new(cost: Cost) -> Option<Self> {
        let params = cost.is_within_limits().then(|| Params::new(cost.memory_kib, cost.passes, 1, Some(32)))?.ok()?;
        let blocks = vec![Block::default(); params.block_count()];
        Some(Self { argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params), blocks })
    }

    /// One derivation.
    #[must_use]
    pub fn derive(&mut self, salt: &[u8; 32], details: &Details, pepper: u32) -> Key {
        let mut input = details.0.clone();
        input.extend_from_slice(&pepper.to_le_bytes());
        // The only errors are lengths out of range; salt and output have fixed ones, and the input's is bounded by
        // `name::MAX_NAME_CHARS`. A zero key would find nothing.
        Key(hash(&self.argon2, &mut self.blocks, &input, salt).unwrap_or_default())
    }
}

/// Argon2 (RFC 9106): the one call of it.
fn hash(argon2: &Argon2<'_>, blocks: &mut [Block], input: &[u8], salt: &[u8]) -> Result<[u8; 32], argon2::Error> {
    let mut out = [0; 32];
    argon2.hash_password_into_with_memory(input, salt, &mut out, blocks)?;
    Ok(out)
}

/// A derived key: 32 uniform bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl Key {
    /// Uniform words for one of a table's structures, independent of those for another structure or another `retry`.
    #[must_use]
    pub fn hash(&self, structure: u8, retry: u32) -> Hash {
        let hash = Sha256::new()
            .chain_update(b"bilik/1/row")
            .chain_update([structure])
            .chain_update(retry.to_le_bytes())
            .chain_update(self.0)
            .finalize();
        let mut words = hash.as_chunks::<8>().0.iter().map(|bytes| u64::from_le_bytes(*bytes));
        let mut word = || words.next().unwrap_or_default();
        Hash { start: word(), row: word(), pad: word() }
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALLEST: Cost = Cost { memory_kib: 8, passes: 1 };

    fn digits(text: &str) -> Digits {
        Digits::typed(text).unwrap()
    }

    #[test]
    fn no_two_inputs_collide() {
        let (a, b) = (digits("320101410190"), digits("320101410191"));
        let all = [
            Details::full(&a, "BUDI"),
            Details::full(&b, "BUDI"),
            Details::full(&a, "BUD"),
            Details::full(&a, "3201012001BUDI"),
            Details::near(&a, 3_201_012_001, "BUDI"),
            Details::near(&a, 3_201_012_001, "BUD"),
            Details::near(&a, 3_201_012_002, "BUDI"),
        ];
        for (i, one) in all.iter().enumerate() {
            assert!(all.iter().skip(i + 1).all(|other| other.0 != one.0));
        }
        let nonce = [7; 16];
        let salts = [
            salt("a", "bc", Recipe::Full, &nonce),
            salt("ab", "c", Recipe::Full, &nonce),
            salt("a", "bc", Recipe::Near, &nonce),
            salt("a", "bc", Recipe::Full, &[8; 16]),
        ];
        for (i, one) in salts.iter().enumerate() {
            assert!(!salts.iter().skip(i + 1).any(|other| other == one));
        }
    }

    #[test]
    fn pepper_salt_and_details_each_change_the_key() {
        let mut deriver = Deriver::new(SMALLEST).unwrap();
        let details = Details::full(&digits("320101410190"), "BUDI");
        let key = deriver.derive(&[1; 32], &details, 0);
        assert_eq!(key, deriver.derive(&[1; 32], &details, 0), "the same memory serves again");
        assert_ne!(key, deriver.derive(&[1; 32], &details, 1));
        assert_ne!(key, deriver.derive(&[2; 32], &details, 0));
        assert_ne!(key, deriver.derive(&[1; 32], &Details::full(&digits("320101410190"), "BUDIA"), 0));
    }

    #[test]
    fn the_vector_of_rfc_9106_passes() {
        let params = argon2::ParamsBuilder::new()
            .m_cost(32)
            .t_cost(3)
            .p_cost(4)
            .data(argon2::AssociatedData::new(&[4; 12]).unwrap())
            .output_len(32)
            .build()
            .unwrap();
        let mut blocks = vec![Block::default(); params.block_count()];
        let argon2 = Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params).unwrap();
        let tag = hash(&argon2, &mut blocks, &[1; 32], &[2; 16]).unwrap();
        let (first, second) =
            (u128::from_be_bytes(tag[..16].try_into().unwrap()), u128::from_be_bytes(tag[16..].try_into().unwrap()));
        assert_eq!(format!("{first:032x}{second:032x}"), "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
    }

    #[test]
    fn costs_out_of_range_are_refused() {
        for (memory_kib, passes) in [(7, 1), (65_537, 1), (8, 0), (8, 11), (u32::MAX, u32::MAX)] {
            assert!(Deriver::new(Cost { memory_kib, passes }).is_none());
        }
        assert!(Deriver::new(Cost::DEFAULT).is_some());
    }
}
