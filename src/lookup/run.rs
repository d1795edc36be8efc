//! One call of a lookup: a synchronous function of the files and keys that are here. Where one is missing it ends with
//! [`Stop::Needs`], and [`run`] calls it again when something has come. So there is one place that waits, whatever is
//! asked; each call decides anew what it needs, and can be read from top to bottom.

#[cfg(test)]
mod tests;

use super::derivations::{Derivations, Derived, key_count};
use super::file_store::{Decoded, FileStore, HEAD, Need, Root};
use super::observer::{Cancelled, Observer, Progress};
use super::outcome::Outcome;
use super::problem::Unavailable;
use super::source::Source;
use super::village_search::VillageIndex;
use crate::format::code::Code;
use crate::format::container::{Digest, Document, FileRef, FormatError, Kind};
use crate::format::directory::Directory;
use crate::format::head::HEAD_PATH;
use crate::format::manifest::Manifest;
use crate::format::province::ProvincePart;
use crate::format::station_list::StationList;
use crate::key::{Key, Recipe};
use crate::key_search::KeySearch;
use crate::table::Table;
use std::cell::{OnceCell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;

/// How many files a call waits for side by side.
const FILES_AT_A_TIME: usize = 5;
/// How often one file may be loaded during a call: each time after the first, another call has used it up meanwhile.
const MAX_LOADS: usize = 3;

type Load<'a> = Pin<Box<dyn Future<Output = Result<(), Unavailable>> + 'a>>;

/// Why a call ended without its result.
#[derive(Debug)]
pub(super) enum Stop {
    /// Files or keys are missing that can be had.
    Needs,
    /// There is an outcome already.
    Answer(Box<Outcome>),
    /// The caller cancelled.
    Cancelled,
}

impl Stop {
    /// What a caller without another word for it is told.
    pub fn into_outcome(self) -> Box<Outcome> {
        match self {
            Self::Answer(outcome) => outcome,
            Self::Needs | Self::Cancelled => Box::new(Outcome::Unreachable { problems: Vec::new() }),
        }
    }
}

impl From<Unavailable> for Stop {
    fn from(unavailable: Unavailable) -> Self {
        Self::Answer(Box::new(unavailable.into()))
    }
}

impl From<Cancelled> for Stop {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

/// What a call has found so far, and what it needs.
pub(super) struct Run<'a, S> {
    pub store: &'a FileStore<S>,
    /// The same for the whole call, whatever arrives meanwhile.
    root: OnceCell<Rc<Root>>,
    /// The files that were used, so that none is dropped from the store before the end.
    used: RefCell<Vec<(Digest, Decoded)>>,
    /// What has come during this call, as often as it came.
    loaded: RefCell<Vec<Digest>>,
    failed: RefCell<Vec<(Digest, Unavailable)>>,
    needs: RefCell<Vec<Need>>,
    keys: RefCell<Derived>,
    derivations: &'a Derivations,
}

/// Calls `work` until it ends with something else than [`Stop::Needs`], and fetches and derives in between what it needs.
pub(super) async fn run<S: Source>(
    store: &FileStore<S>,
    derivations: &Derivations,
    observer: &dyn Observer,
    work: &mut dyn FnMut(&Run<'_, S>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let (run, forgotten) = (Run::new(store, derivations), derivations.forgotten());
    let mut loading: Vec<(Need, Load<'_>)> = Vec::new();
    loop {
        match work(&run) {
            Err(Stop::Needs) => {}
            ended => {
                derivations.leave(run.keys.take(), forgotten);
                return ended;
            }
        }
        for need in run.needs.take() {
            if loading.len() < FILES_AT_A_TIME && loading.iter().all(|(other, _)| other.digest() != need.digest()) {
                loading.push((need, Box::pin(store.load(need))));
            }
        }
        if loading.is_empty() {
            run.derive(observer).await?;
            continue;
        }
        let (at, loaded) = poll_fn(|context| {
            let mut each = loading.iter_mut().enumerate();
            let ended = each.find_map(|(at, (_, load))| match load.as_mut().poll(context) {
                Poll::Ready(loaded) => Some((at, loaded)),
                Poll::Pending => None,
            });
            ended.map_or(Poll::Pending, Poll::Ready)
        })
        .await;
        let (need, _) = loading.swap_remove(at);
        run.loaded(&need, loaded);
    }
}

impl<'a, S: Source> Run<'a, S> {
    fn new(store: &'a FileStore<S>, derivations: &'a Derivations) -> Self {
        Self {
            store,
            root: OnceCell::new(),
            used: RefCell::default(),
            loaded: RefCell::default(),
            failed: RefCell::default(),
            needs: RefCell::default(),
            keys: RefCell::default(),
            derivations,
        }
    }

    /// Derives the keys that are wanted and not there: by the source where it can and all are wanted, else one by one.
    async fn derive(&self, observer: &dyn Observer) -> Result<(), Stop> {
        let Derived { search, mut keys, wanted } = self.keys.take();
        let known = key_count(&keys);
        // Nothing is missing, and yet the call has not ended.
        if known >= wanted {
            return Err(self.store.invalid("", "a lookup that never ends").into());
        }
        if wanted == search.len()
            && let Some(rest) = search.without(known)
        {
            keys.extend(self.store.source().derive(&rest, observer).await?.unwrap_or_default());
        }
        for index in key_count(&keys)..wanted {
            observer.step(Progress { step: "derive", done: index - known, of: search.len() - known })?;
            self.store.source().pause().await;
            let key = self.derivations.deriver.borrow_mut().derive(&search, index);
            keys.push(key.ok_or_else(|| self.store.invalid("p/", "a sealing cost that this device cannot have"))?);
        }
        self.keys.replace(Derived { search, keys, wanted });
        Ok(())
    }

    fn loaded(&self, need: &Need, loaded: Result<(), Unavailable>) {
        match loaded {
            Ok(()) => {
                self.loaded.borrow_mut().push(need.digest());
                // From now on it is held.
                drop(self.decoded(need.digest()));
            }
            Err(error) => self.failed.borrow_mut().push((need.digest(), error)),
        }
    }

    /// Why the call cannot go on: it needs something, or that cannot be had.
    fn need(&self, need: Need) -> Stop {
        let digest = need.digest();
        let failed = self.failed.borrow().iter().find(|(other, _)| *other == digest).map(|(_, error)| error.clone());
        if let Some(unavailable) = failed {
            return unavailable.into();
        }
        if self.times_loaded(digest) >= MAX_LOADS {
            return self.store.invalid("", "a file that comes and is not there").into();
        }
        self.needs.borrow_mut().push(need);
        Stop::Needs
    }

    fn times_loaded(&self, digest: Digest) -> usize {
        self.loaded.borrow().iter().filter(|other| **other == digest).count()
    }

    /// The newest reachable head: never an older one than was returned before, and the same one again where no newer one is
    /// reachable.
    pub fn root(&self) -> Result<Rc<Root>, Stop> {
        if let Some(root) = self.root.get() {
            return Ok(root.clone());
        }
        let store = self.store;
        // An older head is never followed once a newer one was seen, even where the newer one's files are unavailable.
        let known = store.root.borrow().clone().filter(|root| !store.is_overtaken(root));
        // One that a call has just read is as new as any, be it expired.
        let is_new = self.times_loaded(HEAD) > 0;
        let root = match known {
            Some(root) if is_new || root.is_fresh(store.now()) => root,
            known => match self.need(Need::Head) {
                Stop::Answer(outcome) => known.ok_or(Stop::Answer(outcome))?,
                stop => return Err(stop),
            },
        };
        Ok(self.root.get_or_init(|| root).clone())
    }

    /// The part of the manifest for the first two digits of a NIK, as [`Head::part_for`](crate::format::Head::part_for) chooses it.
    /// `apart` is a table whose mirror should not be asked.
    pub fn part(&self, root: &Root, province: u8, apart: Option<&FileRef>) -> Result<Rc<ProvincePart>, Stop> {
        let provinces = &root.head.provinces;
        let missing = || self.store.invalid(HEAD_PATH, "it names no part of its manifest");
        let named = root.head.part_for(province).ok_or_else(missing)?;
        let at = provinces.iter().position(|other| other.code == named.code).unwrap_or_default();
        let part = self.get::<ProvincePart>(&named.part, apart)?;
        let is_as_said = part.province.code == named.code
            && part.stations.len() == provinces.len()
            && part.stations.get(at) == Some(&part.province.station_count());
        let error = if part.election.id != root.head.election {
            FormatError::Election
        } else if is_as_said {
            return Ok(part);
        } else {
            FormatError::Invalid("it differs from what the head says of it")
        };
        Err(self.store.refused(&named.part.path(Kind::Province), &error).into())
    }

    /// The outcome of any question where the head has expired. It names the election, if the part for that province can be had.
    pub fn stale(&self, root: &Root, province: u8) -> Result<Option<Outcome>, Stop> {
        if self.store.now() <= root.head.expires {
            return Ok(None);
        }
        let election = match self.part(root, province, None) {
            Ok(part) => Some((&part.election).into()),
            Err(Stop::Answer(_)) => None,
            Err(stop) => return Err(stop),
        };
        Ok(Some(Outcome::Stale { election, data: self.store.provenance(root) }))
    }

    /// The whole manifest.
    pub fn manifest(&self, root: &Root) -> Result<Rc<Manifest>, Stop> {
        let manifest = self.get::<Manifest>(&root.head.manifest, None)?;
        if manifest.election.id == root.head.election {
            return Ok(manifest);
        }
        Err(self.store.refused(&root.head.manifest.path(Kind::Manifest), &FormatError::Election).into())
    }

    /// A file, decoded. `apart` is a table whose mirror should not be asked.
    pub fn get<T: Document + 'static>(&self, file: &FileRef, apart: Option<&FileRef>) -> Result<Rc<T>, Stop> {
        self.get_as(T::KIND, file, apart)
    }

    /// The same for what the store makes of a file of this kind.
    fn get_as<T: 'static>(&self, kind: Kind, file: &FileRef, apart: Option<&FileRef>) -> Result<Rc<T>, Stop> {
        self.find(kind, file, apart)?.downcast().map_err(|_| self.another_kind(kind, file))
    }

    fn find(&self, kind: Kind, file: &FileRef, apart: Option<&FileRef>) -> Result<Decoded, Stop> {
        let needed = || self.need(Need::File { kind, file: *file, apart: apart.copied() });
        self.decoded(file.digest).ok_or_else(needed)
    }

    /// One digest under two kinds: the file can only be of one.
    fn another_kind(&self, kind: Kind, file: &FileRef) -> Stop {
        self.store.invalid(&file.path(kind), "another kind of file").into()
    }

    /// A file that is here already.
    pub fn here<T: Document + 'static>(&self, digest: Digest) -> Option<Rc<T>> {
        self.decoded(digest)?.downcast().ok()
    }

    fn decoded(&self, digest: Digest) -> Option<Decoded> {
        let used = self.used.borrow().iter().find(|(other, _)| *other == digest).map(|(_, document)| document.clone());
        used.or_else(|| {
            let document = self.store.find(digest)?;
            self.used.borrow_mut().push((digest, document.clone()));
            Some(document)
        })
    }

    /// Has the source keep a file, without decoding it. Whether it was fetched.
    pub fn keep(&self, kind: Kind, file: &FileRef) -> Result<bool, Stop> {
        if self.times_loaded(file.digest) > 0 {
            return Ok(true);
        }
        match self.need(Need::Kept { kind, file: *file }) {
            Stop::Needs => Ok(false),
            stop => Err(stop),
        }
    }

    /// The directory for a regency's code, or the one for prefixes that belong to no present-day regency.
    pub fn directory_for(&self, part: &ProvincePart, regency: Code) -> Result<Option<Rc<Directory>>, Stop> {
        part.directory_for(regency).map(|file| self.get(file, None)).transpose()
    }

    /// The directory for a regency's code, where it and the part that names it are here already.
    pub fn directory_here(&self, root: &Root, regency: Code) -> Option<Rc<Directory>> {
        let part: Rc<ProvincePart> = self.here(root.head.part_for(regency.province())?.part.digest)?;
        self.here(part.directory_for(regency)?.digest)
    }

    /// The directory of a district's regency. `apart` is a table whose mirror should not be asked.
    pub fn directory(&self, root: &Root, district: Code, apart: Option<&FileRef>) -> Result<Rc<Directory>, Stop> {
        let part = self.part(root, district.province(), apart)?;
        let regency = district.regency_of().and_then(|code| part.regency(code));
        let lacks = || {
            let named = root.head.part_for(district.province()).map(|named| named.part.path(Kind::Province));
            self.store.invalid(&named.unwrap_or_default(), "it lacks a regency that a table refers to")
        };
        self.get(&regency.ok_or_else(lacks)?.directory, apart)
    }

    /// A sealed table, whose recipe, check bits and numbers of stations must agree with its province's part and the directory.
    pub fn table(&self, part: &ProvincePart, file: &FileRef, recipe: Recipe, home_stations: u32) -> Result<Rc<Table>, Stop> {
        let table = self.get::<Table>(file, None)?;
        let is_as_said = table.recipe() == recipe
            && table.check_bits() == part.sealing.bits(recipe).check_bits
            && table.stations() == (home_stations, part.station_count());
        if !is_as_said {
            let what = "it differs from what the manifest and the directory say of it";
            return Err(self.store.invalid(&file.path(Kind::Table), what).into());
        }
        Ok(table)
    }

    /// A station list. `apart` is a table whose mirror should not be asked.
    pub fn stations(&self, file: &FileRef, apart: Option<&FileRef>) -> Result<Rc<StationList>, Stop> {
        self.get(file, apart)
    }

    /// The village names of a province.
    pub fn villages(&self, names: &FileRef) -> Result<Rc<VillageIndex>, Stop> {
        self.get_as(Kind::Names, names, None)
    }

    /// The first `wanted` keys of a search, or all of them.
    pub fn keys<T>(&self, search: &KeySearch, wanted: u32, read: impl FnOnce(&[Key]) -> T) -> Result<T, Stop> {
        let mut derived = self.keys.borrow_mut();
        if derived.search != *search {
            let keys = self.derivations.take(search);
            *derived = Derived { search: search.clone(), keys, wanted };
        }
        derived.wanted = wanted.min(search.len());
        if key_count(&derived.keys) < derived.wanted {
            return Err(Stop::Needs);
        }
        let wanted = usize::try_from(derived.wanted).unwrap_or(usize::MAX);
        Ok(read(derived.keys.get(..wanted).unwrap_or_default()))
    }
}
