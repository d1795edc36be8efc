use super::super::source::{FileRequest, FoundHead};
use super::*;
use crate::format::trust::{PublicKey, Trust};
use crate::key::{Cost, Details};
use crate::lookup::Problem;

/// Has no file, and counts the keys that it derives, if it derives any.
#[derive(Default)]
struct Nowhere {
    derived: Option<RefCell<Vec<u32>>>,
}

impl Source for Nowhere {
    async fn file(&self, _: FileRequest<'_>, _: &dyn Fn(&[u8]) -> Result<(), FormatError>) -> Result<Vec<u8>, Vec<Problem>> {
        Err(Vec::new())
    }

    async fn head(&self, _: &dyn Fn(&[u8]) -> Result<u64, FormatError>) -> Result<FoundHead, Vec<Problem>> {
        Err(Vec::new())
    }

    async fn derive(&self, search: &KeySearch, _: &dyn Observer) -> Result<Option<Vec<Key>>, Cancelled> {
        let mut deriver = SearchDeriver::default();
        Ok(self.derived.as_ref().map(|derived| {
            derived.borrow_mut().push(search.len());
            (0..search.len()).filter_map(|index| deriver.derive(search, index)).collect()
        }))
    }

    fn now(&self) -> u64 {
        0
    }

    fn name(&self) -> String {
        "nowhere".into()
    }
}

fn store(derived: Option<RefCell<Vec<u32>>>) -> FileStore<Nowhere> {
    let key = PublicKey::of(ed25519_dalek::SigningKey::from_bytes(&[1; 32]).verifying_key()).to_string();
    FileStore::new(Nowhere { derived }, Trust::new([key.as_str()], 1, None).unwrap())
}

fn add(search: &KeySearch, salt: u8, pepper_bits: u8) -> KeySearch {
    let mut search = search.clone();
    search.add([salt; 32], Details::none(), pepper_bits);
    search
}

#[test]
fn a_question_that_begins_as_the_one_before_derives_the_rest_alone() {
    let name = add(&KeySearch::new(Cost::MIN), 1, 2);
    let village = add(&name, 2, 3);
    let another_village = add(&name, 3, 3);
    let another_name = add(&KeySearch::new(Cost::MIN), 4, 2);
    for by_source in [true, false] {
        let store = store(by_source.then(RefCell::default));
        let keys = Keys::default();
        for search in [&name, &village, &another_village, &another_name, &name, &name, &another_village] {
            let run = Run::new(&store, &keys);
            let read = |keys: &[Key]| keys.iter().map(|key| key.to_bytes()).collect::<Vec<_>>();
            let there = run.keys(search, search.len(), read).unwrap_or_else(|_| {
                pollster::block_on(run.derive(&())).unwrap();
                run.keys(search, search.len(), read).unwrap()
            });
            let mut expected = SearchDeriver::default();
            assert_eq!(there, (0..).map_while(|at| expected.derive(search, at).map(Key::to_bytes)).collect::<Vec<_>>());
        }
        let derived = store.source().derived.as_ref().map(|derived| derived.take());
        assert_eq!(derived, by_source.then(|| vec![4, 8, 8, 4, 4, 8]));
    }
}

#[test]
fn only_as_many_keys_are_read_as_are_asked_for() {
    let store = store(None);
    let keys = Keys::default();
    let run = Run::new(&store, &keys);
    let mut search = KeySearch::new(Cost::MIN);
    search.add([7; 32], Details::none(), 2);
    assert!(matches!(run.keys(&search, 3, |_| ()), Err(Stop::Needs)));
    pollster::block_on(run.derive(&())).unwrap();
    assert!(matches!(run.keys(&search, 4, |_| ()), Err(Stop::Needs)));
    let last = |count| run.keys(&search, count, |keys| (keys.len(), keys.last().map(|key| key.to_bytes()))).unwrap();
    let mut expected = SearchDeriver::default();
    for (count, index) in [(1, 0), (2, 1), (3, 2)] {
        let key = expected.derive(&search, index).map(Key::to_bytes);
        assert_eq!(last(count), (usize::try_from(count).unwrap(), key));
    }
}
