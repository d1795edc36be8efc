use super::super::source::{FileRequest, FoundHead};
use super::*;
use crate::format::trust::{PublicKey, Trust};
use crate::key::{Cost, Details};
use crate::key_search::SearchDeriver;
use crate::lookup::Problem;
use std::cell::Cell;

/// Has no file, and counts the keys that it derives, if it derives any.
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

/// Counts the keys that are derived one by one.
#[derive(Default)]
struct Steps {
    taken: Cell<u32>,
}

impl Observer for Steps {
    fn step(&self, progress: Progress) -> Result<(), Cancelled> {
        self.taken.set(self.taken.get() + 1);
        assert!(progress.done < progress.of);
        Ok(())
    }
}

/// All keys of a search, derived where they are not there.
fn all(run: &Run<'_, Nowhere>, search: &KeySearch, steps: &Steps) -> Vec<[u8; 32]> {
    let read = |keys: &[Key]| keys.iter().map(|key| key.to_bytes()).collect();
    run.keys(search, search.len(), read).unwrap_or_else(|_| {
        pollster::block_on(run.derive(steps)).unwrap();
        run.keys(search, search.len(), read).unwrap()
    })
}

fn expected(search: &KeySearch) -> Vec<[u8; 32]> {
    let mut deriver = SearchDeriver::default();
    (0..search.len()).filter_map(|index| deriver.derive(search, index)).map(Key::to_bytes).collect()
}

#[test]
fn a_question_that_begins_as_the_one_before_derives_the_rest_alone() {
    let name = add(&KeySearch::new(Cost::MIN), 1, 2);
    let village = add(&name, 2, 3);
    let another_village = add(&name, 3, 3);
    let another_name = add(&add(&KeySearch::new(Cost::MIN), 4, 2), 3, 3);
    let questions =
        [(&name, 4), (&village, 8), (&another_village, 8), (&another_name, 12), (&name, 4), (&name, 0), (&another_village, 8)];
    for by_source in [true, false] {
        let store = store(by_source.then(RefCell::default));
        let derivations = Derivations::default();
        for (search, count) in questions {
            let (run, steps) = (Run::new(&store, &derivations), Steps::default());
            assert_eq!(all(&run, search, &steps), expected(search));
            derivations.leave(run.keys.take(), derivations.forgotten());
            // A call that derives nothing.
            derivations.leave(Run::new(&store, &derivations).keys.take(), derivations.forgotten());
            let by_source = store.source().derived.as_ref().map(RefCell::take);
            assert_eq!(by_source.map_or(steps.taken.get(), |derived| derived.iter().sum()), count);
        }
        let (run, before) = (Run::new(&store, &derivations), derivations.forgotten());
        all(&run, &name, &Steps::default());
        derivations.forget();
        // A call that began before leaves nothing.
        derivations.leave(run.keys.take(), before);
        assert!(matches!(Run::new(&store, &derivations).keys(&name, 1, |_| ()), Err(Stop::Needs)));
    }
}

#[test]
fn a_call_keeps_its_keys_whatever_others_derive_meanwhile() {
    let (store, derivations) = (store(None), Derivations::default());
    let [one, other] = [1, 2].map(|salt| add(&KeySearch::new(Cost::MIN), salt, 2));
    let (run, meanwhile) = (Run::new(&store, &derivations), Run::new(&store, &derivations));
    let steps = Steps::default();
    for _ in 0..2 {
        assert_eq!(all(&run, &one, &steps), expected(&one));
        assert_eq!(all(&meanwhile, &other, &steps), expected(&other));
    }
    assert_eq!(steps.taken.get(), 8);
}

#[test]
fn a_call_that_has_read_some_keys_derives_the_others_alone_and_never_for_ever() {
    let (store, derivations) = (store(None), Derivations::default());
    let village = add(&add(&KeySearch::new(Cost::MIN), 1, 2), 2, 3);
    let (run, steps) = (Run::new(&store, &derivations), Steps::default());
    assert!(matches!(run.keys(&village, 6, |_| ()), Err(Stop::Needs)));
    pollster::block_on(run.derive(&steps)).unwrap();
    assert_eq!(steps.taken.take(), 6);
    assert_eq!(all(&run, &village, &steps), expected(&village));
    assert_eq!(steps.taken.take(), 6);
    assert!(matches!(pollster::block_on(run.derive(&steps)), Err(Stop::Answer(_))), "nothing is missing");
}

#[test]
fn only_as_many_keys_are_read_as_are_asked_for() {
    let (store, derivations) = (store(None), Derivations::default());
    let run = Run::new(&store, &derivations);
    let search = add(&KeySearch::new(Cost::MIN), 7, 2);
    assert!(matches!(run.keys(&search, 3, |_| ()), Err(Stop::Needs)));
    pollster::block_on(run.derive(&())).unwrap();
    assert!(matches!(run.keys(&search, 4, |_| ()), Err(Stop::Needs)));
    let last = |count| run.keys(&search, count, |keys| (keys.len(), keys.last().map(|key| key.to_bytes()))).unwrap();
    for (count, key) in (1..).zip(expected(&search)).take(3) {
        assert_eq!(last(count), (usize::try_from(count).unwrap(), Some(key)));
    }
}
