use super::*;
use crate::build::{BuildError, BuildOptions, build};
use crate::progress::Silent;
use crate::seal::SealError;
use crate::seal_part::SealPartError;
use bilik::Digits;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fs;
use std::sync::atomic::{AtomicU64, Ordering};

const SALT: [u8; 32] = [7; 32];

fn details(count: u32) -> Vec<(Details, u32)> {
    let digits = Digits::typed("320101410190").unwrap();
    (0..count).map(|number| (Details::near(&digits, number.into(), "CONTOH"), number % 3)).collect()
}

fn keys(derivers: &Derivers, peppered: &[(Details, u32)]) -> Result<Vec<Key>, DeriveError> {
    derivers.keys(&SALT, peppered, &CancellationToken::new(), &|_| {})
}

/// Gives keys of other details.
struct Wrong(Deriver);

impl KeyDeriver for Wrong {
    fn derive(&mut self, salt: &[u8; 32], details: &Details, pepper: u32) -> Result<Key, DeriveError> {
        Ok(Deriver::derive(&mut self.0, salt, details, pepper + 1))
    }
}

pub(super) fn wrong(cost: Cost) -> Result<Box<dyn KeyDeriver>, DeriveError> {
    Ok(Box::new(Wrong(Deriver::new(cost)?)))
}

/// Gives one wrong key: that of the pepper 0.
struct OnceWrong(Deriver);

impl KeyDeriver for OnceWrong {
    fn derive(&mut self, salt: &[u8; 32], details: &Details, pepper: u32) -> Result<Key, DeriveError> {
        Ok(Deriver::derive(&mut self.0, salt, details, if pepper == 0 { 9 } else { pepper }))
    }
}

/// How many keys were derived again in [`each_chunk_has_one_key_derived_again`].
static CHECKED: AtomicU64 = AtomicU64::new(0);

struct Counting(Deriver);

impl KeyDeriver for Counting {
    fn derive(&mut self, salt: &[u8; 32], details: &Details, pepper: u32) -> Result<Key, DeriveError> {
        CHECKED.fetch_add(1, Ordering::Relaxed);
        Ok(Deriver::derive(&mut self.0, salt, details, pepper))
    }
}

fn by_argon2_rust(algorithm: &Argon2, inputs: [&[u8]; 4]) -> Vec<u8> {
    let [password, salt, secret, data] = inputs;
    algorithm.hasher().hash_with_ad(password, salt, secret, data).unwrap()
}

fn argon2id(memory: u64, passes: u32, lanes: u32) -> Argon2 {
    let params = Params::builder().memory(Memory::kib(memory)).passes(passes).lanes(lanes).tag_len(TagLen::bytes(32));
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params.build().unwrap())
}

fn by_rustcrypto(memory: u32, passes: u32, password: &[u8], salt: &[u8]) -> Vec<u8> {
    let params = argon2::Params::new(memory, passes, 1, Some(32)).unwrap();
    let mut blocks = vec![argon2::Block::default(); params.block_count()];
    let mut out = vec![0; 32];
    let argon2 = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    argon2.hash_password_into_with_memory(password, salt, &mut out, &mut blocks).unwrap();
    out
}

#[test]
fn the_vector_of_rfc_9106_passes() {
    let tag = by_argon2_rust(&argon2id(32, 3, 4), [&[1; 32], &[2; 16], &[3; 8], &[4; 12]]);
    let expected = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659";
    assert_eq!(base16ct::lower::encode_string(&tag), expected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    // One hasher for all, as in a build: what an earlier derivation left in its memory must not matter.
    #[test]
    fn random_inputs_give_the_bytes_of_rustcrypto(
        inputs in proptest::collection::vec(
            (prop_oneof![Just(8_u32), 8..64_u32, 64..2_048_u32], 1..=4_u32, any::<Vec<u8>>(), proptest::collection::vec(any::<u8>(), 8..80)),
            1..4,
        ),
    ) {
        let mut hasher = argon2id(8, 1, 1).hasher();
        for (memory, passes, password, salt) in inputs {
            hasher.set_argon2(argon2id(memory.into(), passes, 1));
            prop_assert_eq!(hasher.hash(&password, &salt).unwrap(), by_rustcrypto(memory, passes, &password, &salt));
        }
    }
}

#[test]
fn costs_at_the_limits_and_between_give_the_keys_of_readers() {
    let odd =
        [(9, 1), (11, 4), (13, 2), (1_023, 3), (4_097, 1), (19_455, 2)].map(|(memory_kib, passes)| Cost { memory_kib, passes });
    for cost in [Cost::MIN, Cost::DEFAULT, Cost { passes: 1, ..Cost::MAX }].into_iter().chain(odd) {
        let peppered = details(3);
        let mut reader = Deriver::new(cost).unwrap();
        let expected: Vec<Key> = peppered.iter().map(|(details, pepper)| reader.derive(&SALT, details, *pepper)).collect();
        for method in [DeriveMethod::Fast, DeriveMethod::RustCrypto] {
            assert_eq!(keys(&Derivers::new(cost, method), &peppered).unwrap(), expected, "{cost:?} by {method:?}");
        }
    }
}

#[test]
fn keys_come_in_the_order_of_their_details_whatever_their_number() {
    for count in [0, 1, 63, 64, 65, 500] {
        let peppered = details(count);
        let [fast, slow] = [DeriveMethod::Fast, DeriveMethod::RustCrypto].map(|method| Derivers::new(Cost::MIN, method));
        let derived = AtomicU64::new(0);
        let count_keys = |keys| {
            derived.fetch_add(keys, Ordering::Relaxed);
        };
        let fast = fast.keys(&SALT, &peppered, &CancellationToken::new(), &count_keys).unwrap();
        assert_eq!(derived.into_inner(), u64::from(count));
        assert_eq!(fast, keys(&slow, &peppered).unwrap(), "{count} keys");
        let unique: BTreeSet<u64> = fast.iter().map(|key| key.hash(0, 0).row).collect();
        assert_eq!(unique.len(), fast.len());
    }
}

#[test]
fn costs_out_of_range_are_refused() {
    for method in [DeriveMethod::Fast, DeriveMethod::RustCrypto] {
        for (memory_kib, passes) in [(7, 1), (65_537, 1), (8, 0), (8, 11)] {
            let derivers = Derivers::new(Cost { memory_kib, passes }, method);
            assert!(matches!(keys(&derivers, &details(1)), Err(DeriveError::Cost(_))), "{memory_kib} KiB, {passes} passes");
        }
    }
}

#[test]
fn a_cancelled_run_stops() {
    let cancel = CancellationToken::new();
    cancel.cancel();
    let derivers = Derivers::new(Cost::MIN, DeriveMethod::Fast);
    assert!(matches!(derivers.keys(&SALT, &details(65), &cancel, &|_| {}), Err(DeriveError::Interrupted(_))));
}

#[test]
fn each_chunk_has_one_key_derived_again() {
    let counting: NewDeriver = |cost| Ok(Box::new(Counting(Deriver::new(cost)?)));
    let derivers = Derivers::checked_by(Cost::MIN, fast, counting);
    keys(&derivers, &details(64 * 3 + 1)).unwrap();
    assert_eq!(CHECKED.load(Ordering::Relaxed), 4);
}

#[test]
fn every_key_of_a_chunk_may_be_the_one_that_is_derived_again() {
    let once_wrong: NewDeriver = |cost| Ok(Box::new(OnceWrong(Deriver::new(cost)?)));
    let peppered: Vec<(Details, u32)> = details(4).into_iter().zip(0..).map(|((details, _), pepper)| (details, pepper)).collect();
    let seen = (0..300).map(|_| keys(&Derivers::checked(Cost::MIN, once_wrong), &peppered).is_ok());
    assert_eq!(seen.collect::<BTreeSet<bool>>().len(), 2, "one key of four is wrong: 300 times it was always found, or never");
}

#[test]
fn there_are_no_more_derivers_than_threads() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(9).build().unwrap();
    let derivers = pool.install(|| Derivers::new(Cost::MIN, DeriveMethod::Fast));
    // Tables side by side, each of many chunks, as in a build.
    pool.install(|| (0..40).into_par_iter().for_each(|_| drop(keys(&derivers, &details(640)).unwrap())));
    assert_eq!(derivers.all.by_thread.len(), 9);
    assert_eq!(derivers.checkers.unwrap().by_thread.len(), 2);
}

#[test]
fn wrong_keys_stop_the_build_and_nothing_is_published() {
    let folder = tempfile::tempdir().unwrap();
    let (election, key, site) = (folder.path().join("election"), folder.path().join("KEY"), folder.path().join("site"));
    fs::create_dir(&election).unwrap();
    let settings = "id = \"uji\"\nname = \"Uji\"\nday = \"2029-02-14\"\nopens = \"07:00\"\ncloses = \"13:00\"\ndemo = true\n\n\
                    [sealing]\nmemory_kib = 8\npasses = 1\n";
    let regions = "code,name\n32,Jawa Barat\n32.01,Bogor\n32.01.01,Cibinong\n32.01.01.2001,Satu\n";
    let stations = "id,village,number,venue,address,lat,lon\nA1,3201012001,1,SD 1,Jl. 1,-6.481,106.841\n";
    let voters = "nik,name,station\n3201010101900001,Budi Santoso,A1\n";
    for (name, text) in
        [("election.toml", settings), ("regions.csv", regions), ("stations.csv", stations), ("voters.csv", voters)]
    {
        fs::write(election.join(name), text).unwrap();
    }
    crate::signing::generate(&key).unwrap();
    let by = |derive| {
        let options = BuildOptions {
            folder: election.clone(),
            keys: vec![key.clone()],
            site: site.clone(),
            work: None,
            allowed: crate::plan::Allowed::default(),
            prune: false,
            signatures_follow: false,
            reuse: false,
            derive,
        };
        build(&options, &Silent, &CancellationToken::new())
    };
    let error = by(DeriveMethod::Wrong).unwrap_err();
    let BuildError::SealPart(SealPartError::Seal(SealError::Derive { label, error: DeriveError::Different, .. })) = &error else {
        panic!("{error}")
    };
    let message = error.to_string();
    assert!(message.contains(label.as_str()) && message.contains("--derive rustcrypto"), "{message}");
    assert!(!message.contains("BUDI") && !message.contains("320101010190"), "{message}");
    assert!(!site.exists());
    // Nothing else was wrong with this election.
    by(DeriveMethod::Fast).unwrap().built().unwrap();
    assert!(site.exists());
}

#[test]
fn a_search_gives_what_readers_derive_whatever_the_fast_implementation_does() {
    let cancel = CancellationToken::new();
    let (details, _) = details(1).pop().unwrap();
    let right = Deriver::new(Cost::MIN).unwrap().derive(&SALT, &details, 5);
    for (method, most) in [(DeriveMethod::Fast, 7), (DeriveMethod::RustCrypto, 6), (DeriveMethod::Wrong, 14)] {
        let derivers = Derivers::for_search(Cost::MIN, method);
        let found = derivers.search(&SALT, &details, 3, &cancel, &|key| *key == right).unwrap();
        assert!(found.key == Some(right) && found.derivations <= most, "{method:?}: {found:?}");
        let missed = derivers.search(&SALT, &details, 2, &cancel, &|key| *key == right).unwrap();
        assert!(missed.key.is_none(), "{method:?}: {missed:?}");
    }
    cancel.cancel();
    let derivers = Derivers::for_search(Cost::MIN, DeriveMethod::Fast);
    assert!(matches!(derivers.search(&SALT, &details, 3, &cancel, &|_| true), Err(DeriveError::Interrupted(_))));
}
