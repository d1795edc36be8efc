use super::super::source::{FileRequest, FoundHead};
use super::*;
use crate::format::trust::{PublicKey, Trust};
use crate::key::{Cost, Details};
use crate::lookup::Problem;

struct Nowhere;

impl Source for Nowhere {
    async fn file(&self, _: FileRequest<'_>, _: &dyn Fn(&[u8]) -> Result<(), FormatError>) -> Result<Vec<u8>, Vec<Problem>> {
        Err(Vec::new())
    }

    async fn head(&self, _: &dyn Fn(&[u8]) -> Result<u64, FormatError>) -> Result<FoundHead, Vec<Problem>> {
        Err(Vec::new())
    }

    fn now(&self) -> u64 {
        0
    }

    fn name(&self) -> String {
        "nowhere".into()
    }
}

#[test]
fn only_as_many_keys_are_read_as_are_asked_for() {
    let key = PublicKey::of(ed25519_dalek::SigningKey::from_bytes(&[1; 32]).verifying_key()).to_string();
    let store = FileStore::new(Nowhere, Trust::new([key.as_str()], 1, None).unwrap());
    let run = Run::new(&store);
    let mut search = KeySearch::new(Cost::MIN);
    search.add([7; 32], Details::none(), 2);
    let deriver = RefCell::default();
    assert!(matches!(run.keys(&search, 3, |_| ()), Err(Stop::Needs)));
    pollster::block_on(run.derive(&deriver, &())).unwrap();
    assert!(matches!(run.keys(&search, 4, |_| ()), Err(Stop::Needs)));
    let last = |count| run.keys(&search, count, |keys| (keys.len(), keys.last().map(|key| key.to_bytes()))).unwrap();
    let mut expected = SearchDeriver::default();
    for (count, index) in [(1, 0), (2, 1), (3, 2)] {
        let key = expected.derive(&search, index).map(Key::to_bytes);
        assert_eq!(last(count), (usize::try_from(count).unwrap(), key));
    }
}
