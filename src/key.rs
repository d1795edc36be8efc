//! From details to a key: Argon2id over the voter's details, with a salt that is fresh for each table and a pepper that is not
//! stored.
//!
//! A [`Recipe`] says which details make up a key. Each field of the input is preceded by its length, and the whole by a
//! versioned label, so that no two inputs collide. The pepper (Manber, *A simple scheme to make passwords based on one-way
//! functions much harder to crack*, 1996) is a few random bits that the builder draws for each key and then discards. Building
//! therefore costs one derivation for each key. A lookup tries all values, and so does a wrong guess.

mod cost;

use crate::format::container::{Decode, Encode, read_fields, read_whole};
use crate::nik::Digits;
use argon2::{Algorithm, Argon2, Block, Params, Version};
pub use cost::{Cost, CostError};
use layered_ribbon::Hash;
use sha2::{Digest as _, Sha256};

/// Which details make up a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipe {
    /// 12 digits and the whole folded name.
    #[default]
    Full,
    /// 12 digits, the village on the identity card and one significant token, the first or the last.
    Near,
}

read_whole!(Recipe);

impl Recipe {
    fn letter(self) -> u8 {
        match self {
            Self::Full => b'f',
            Self::Near => b'n',
        }
    }
}

/// The maximum number of pepper bits that a reader accepts: 10, so 1,024 derivations for each detail that is asked.
pub const MAX_PEPPER_BITS: u8 = 10;
/// The minimum number of check bits that a reader accepts.
pub const MIN_CHECK_BITS: u8 = 16;
/// The maximum number of check bits that a reader accepts.
pub const MAX_CHECK_BITS: u8 = 40;

/// What protects the keys of one recipe besides their cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode)]
pub struct KeyBits {
    /// Random bits in each key that are stored nowhere: a lookup and a wrong guess cost 2^`pepper_bits` derivations.
    pub pepper_bits: u8,
    /// Bits that tell a right key from a wrong one. One wrong details passes by chance with a probability of about
    /// 2^(`pepper_bits` + 1.5 - `check_bits`).
    pub check_bits: u8,
}

read_fields! {
    KeyBits { pepper_bits, check_bits }
}

impl KeyBits {
    /// What a recipe has unless the operator says otherwise. A stranger passes by chance about twice in ten million times.
    #[must_use]
    pub fn usual(recipe: Recipe) -> Self {
        match recipe {
            Recipe::Full => Self { pepper_bits: 4, check_bits: 28 },
            Recipe::Near => Self { pepper_bits: 6, check_bits: 30 },
        }
    }

    /// Whether both lie within the limits of readers.
    #[must_use]
    pub fn are_within_limits(self) -> bool {
        self.pepper_bits <= MAX_PEPPER_BITS && (MIN_CHECK_BITS..=MAX_CHECK_BITS).contains(&self.check_bits)
    }
}

/// The salt of a table's keys, from the election's id, the table's label and recipe, and a nonce that is never used for two
/// contents. [`Table::salt`](crate::Table::salt) is the same for a table that was read.
#[must_use]
pub fn table_salt(election: &str, table: &str, recipe: Recipe, nonce: &[u8; 16]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for field in [b"bilik/1/salt", election.as_bytes(), table.as_bytes(), &[recipe.letter()], nonce] {
        hash.update(u64::try_from(field.len()).unwrap_or(u64::MAX).to_le_bytes());
        hash.update(field);
    }
    hash.finalize().into()
}

/// The details of one voter or one question in the form that a key is derived from. `Debug` hides them.
///
/// ```
/// use bilik::{CommonTokens, Details, Digits, fold_name};
///
/// let digits = Digits::typed("320101410190")?;
/// let name = fold_name("Contoh Saja")?;
/// let full = Details::full(&digits, name.whole());
/// let tokens = name.asked_tokens(&CommonTokens::default());
/// assert_ne!(full, Details::near(&digits, 3_201_012_001, tokens[0]));
/// assert_eq!(format!("{full:?}"), "Details(hidden)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Details(Vec<u8>);

impl Details {
    /// For [`Recipe::Full`]: the digits and [`FoldedName::whole`](crate::FoldedName::whole).
    #[must_use]
    pub fn full(digits: &Digits, name: &str) -> Self {
        Self::of(Recipe::Full, &[digits.as_bytes(), name.as_bytes()])
    }

    /// For [`Recipe::Near`]: the digits, the village's ten digits and one of
    /// [`FoldedName::sealed_tokens`](crate::FoldedName::sealed_tokens).
    #[must_use]
    pub fn near(digits: &Digits, village: u64, token: &str) -> Self {
        Self::of(Recipe::Near, &[digits.as_bytes(), format!("{village:010}").as_bytes(), token.as_bytes()])
    }

    /// Nobody's: no voter is sealed under them.
    pub(crate) fn none() -> Self {
        Self(Vec::new())
    }

    /// For another process that derives: a secret as the details themselves.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// From [`Details::as_bytes`].
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
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

    /// What Argon2id calls the password.
    fn password(&self, pepper: u32) -> Vec<u8> {
        [self.0.as_slice(), &pepper.to_le_bytes()].concat()
    }
}

impl std::fmt::Debug for Details {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Details(hidden)")
    }
}

/// Derives keys one after another, in memory that is allocated once.
///
/// ```
/// use bilik::{Cost, Deriver, Details, Digits};
///
/// let details = Details::full(&Digits::typed("320101410190")?, "CONTOHSAIA");
/// let mut deriver = Deriver::new(Cost::MIN)?;
/// let salt = [7; 32];
/// let key = deriver.derive(&salt, &details, 0);
/// assert_eq!(key, deriver.derive(&salt, &details, 0));
/// assert_ne!(key, deriver.derive(&salt, &details, 1), "another pepper");
///
/// let error = Deriver::new(Cost { memory_kib: 1 << 20, passes: 2 }).err().unwrap();
/// assert_eq!((error.max.memory_kib, error.got.memory_kib), (65_536, 1_048_576));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Deriver {
    argon2: Argon2<'static>,
    blocks: Vec<Block>,
}

impl Deriver {
    /// Allocates the memory of one derivation: [`Cost::memory_kib`] KiB.
    ///
    /// # Errors
    /// When the cost is outside the limits.
    pub fn new(cost: Cost) -> Result<Self, CostError> {
        let params = Some(cost).filter(|cost| cost.is_within_limits());
        let params = params.and_then(|cost| Params::new(cost.memory_kib, cost.passes, 1, Some(32)).ok());
        let params = params.ok_or(CostError { min: Cost::MIN, max: Cost::MAX, got: cost })?;
        let blocks = vec![Block::default(); params.block_count()];
        Ok(Self { argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params), blocks })
    }

    /// Derives one key. Cost: one Argon2id call.
    #[must_use]
    pub fn derive(&mut self, salt: &[u8; 32], details: &Details, pepper: u32) -> Key {
        // Argon2 fails only when a length is out of range. Salt and output have a fixed length, and the input's is bounded by
        // `name::MAX_NAME_CHARS`. A zero key would open nothing.
        Key(hash(&self.argon2, &mut self.blocks, &details.password(pepper), salt).unwrap_or_default())
    }
}

/// The only call of Argon2 (RFC 9106).
fn hash(argon2: &Argon2<'_>, blocks: &mut [Block], input: &[u8], salt: &[u8]) -> Result<[u8; 32], argon2::Error> {
    let mut out = [0; 32];
    argon2.hash_password_into_with_memory(input, salt, &mut out, blocks)?;
    Ok(out)
}

/// A derived key: 32 uniform bytes. `Debug` hides them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl Key {
    /// From the bytes of a key that another worker derived.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The key's bytes. They open what the key opens.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 32] {
        self.0
    }

    /// Derives a key with another implementation of Argon2id than [`Deriver`]'s, for a builder that has a faster one.
    ///
    /// `argon2id` is given password, salt and output: version 0x13, one lane, no secret, no associated data. It must give the
    /// bytes that [`Deriver`] gives, or no reader will find the voter. The password contains a voter's details: it must not be
    /// kept, shown or logged.
    ///
    /// # Errors
    /// Those of `argon2id`.
    ///
    /// ```
    /// use bilik::{Details, Digits, Key};
    ///
    /// let details = Details::full(&Digits::typed("320101410190")?, "CONTOHSAIA");
    /// let key = Key::derive_with(&[7; 32], &details, 0, |_password, _salt, key| -> Result<(), &str> {
    ///     key.fill(1); // An implementation of Argon2id writes here.
    ///     Ok(())
    /// })?;
    /// assert_eq!(format!("{key:?}"), "Key(hidden)");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn derive_with<E>(
        salt: &[u8; 32],
        details: &Details,
        pepper: u32,
        argon2id: impl FnOnce(&[u8], &[u8; 32], &mut [u8; 32]) -> Result<(), E>,
    ) -> Result<Self, E> {
        let mut key = [0; 32];
        argon2id(&details.password(pepper), salt, &mut key)?;
        Ok(Self(key))
    }

    /// Uniform words for one of a table's ribbons, independent of those for another ribbon or another `retry`.
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

    fn digits(text: &str) -> Digits {
        Digits::typed(text).unwrap()
    }

    #[test]
    fn different_inputs_never_collide() {
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
            table_salt("a", "bc", Recipe::Full, &nonce),
            table_salt("ab", "c", Recipe::Full, &nonce),
            table_salt("a", "bc", Recipe::Near, &nonce),
            table_salt("a", "bc", Recipe::Full, &[8; 16]),
        ];
        for (i, one) in salts.iter().enumerate() {
            assert!(!salts.iter().skip(i + 1).any(|other| other == one));
        }
    }

    #[test]
    fn pepper_salt_and_details_each_change_the_key() {
        let mut deriver = Deriver::new(Cost::MIN).unwrap();
        let details = Details::full(&digits("320101410190"), "BUDI");
        let key = deriver.derive(&[1; 32], &details, 0);
        assert_eq!(key, deriver.derive(&[1; 32], &details, 0), "the memory is reused");
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
    fn bits_out_of_range_are_told() {
        let within = |pepper_bits, check_bits| KeyBits { pepper_bits, check_bits }.are_within_limits();
        assert!(within(0, 16) && within(10, 16) && within(0, 40) && within(10, 40));
        assert!(!within(11, 28) && !within(u8::MAX, 28) && !within(4, 15) && !within(4, 41) && !within(11, 41));
        assert!([Recipe::Full, Recipe::Near].iter().all(|&recipe| KeyBits::usual(recipe).are_within_limits()));
    }

    #[test]
    fn keys_and_details_go_to_another_worker_as_bytes_and_are_shown_to_nobody() {
        let details = Details::full(&digits("320101410190"), "BUDI");
        assert_eq!(Details::from_bytes(details.as_bytes()), details);
        let key = Deriver::new(Cost::MIN).unwrap().derive(&[1; 32], &details, 0);
        assert_eq!(Key::from_bytes(key.to_bytes()), key);
        assert_ne!(key.to_bytes(), [0; 32]);
        assert_eq!(Key::from_bytes([9; 32]).to_bytes(), [9; 32]);
        assert_eq!(format!("{details:?} {key:?} {:#?}", Some(&key)), "Details(hidden) Key(hidden) Some(\n    Key(hidden),\n)");
    }

    #[test]
    fn costs_out_of_range_are_rejected() {
        for (memory_kib, passes) in [(7, 1), (65_537, 1), (8, 0), (8, 11), (u32::MAX, u32::MAX)] {
            let got = Cost { memory_kib, passes };
            assert_eq!(Deriver::new(got).err(), Some(CostError { min: Cost::MIN, max: Cost::MAX, got }));
        }
        assert!(Deriver::new(Cost::DEFAULT).is_ok());
    }
}
