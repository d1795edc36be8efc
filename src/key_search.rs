//! The keys of one search: all peppers of all details that are asked.
//!
//! Which keys are derived depends on the questions alone, never on whether one of them opens anything, so that nobody can tell by
//! a search's time or load whether it found somebody. The keys can be derived in any order, by several workers: each gets the
//! search as bytes, and the indices of its keys.

use crate::key::{Cost, Deriver, Details, Key, MAX_PEPPER_BITS};

/// The keys that one search derives. `Debug` hides them.
#[derive(Clone, PartialEq, Eq)]
pub struct KeySearch {
    cost: Cost,
    asked: Vec<Asked>,
}

/// Details that are asked of one table.
#[derive(Clone, PartialEq, Eq)]
struct Asked {
    salt: [u8; 32],
    pepper_bits: u8,
    details: Details,
}

impl KeySearch {
    /// A search without keys.
    #[must_use]
    pub fn new(cost: Cost) -> Self {
        Self { cost, asked: Vec::new() }
    }

    /// Adds details, with all values of a pepper of at most [`MAX_PEPPER_BITS`].
    pub fn add(&mut self, salt: [u8; 32], details: Details, pepper_bits: u8) {
        self.asked.push(Asked { salt, pepper_bits: pepper_bits.min(MAX_PEPPER_BITS), details });
    }

    /// The number of keys.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.asked.iter().fold(0, |sum, asked| sum + (1 << asked.pepper_bits))
    }

    /// Whether there is no key to derive.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.asked.is_empty()
    }

    /// How many keys this search begins with that another one begins with, too: those of whole details.
    pub(crate) fn alike(&self, other: &Self) -> u32 {
        let pairs = self.asked.iter().zip(&other.asked).filter(|_| self.cost == other.cost);
        pairs.take_while(|(asked, other)| asked == other).fold(0, |sum, (asked, _)| sum + (1 << asked.pepper_bits))
    }

    /// The search without its first keys, where these are all of some details and others follow.
    pub(crate) fn without(&self, keys: u32) -> Option<Self> {
        let (details, pepper) = self.at(keys)?;
        let asked = self.asked.get(details..).filter(|_| pepper == 0)?;
        Some(Self { cost: self.cost, asked: asked.to_vec() })
    }

    /// Which of the added details, from 0, the key at an index belongs to.
    #[must_use]
    pub fn details_at(&self, index: u32) -> Option<usize> {
        self.at(index).map(|(details, _)| details)
    }

    fn at(&self, index: u32) -> Option<(usize, u32)> {
        let mut left = index;
        self.asked.iter().enumerate().find_map(|(at, asked)| match left.checked_sub(1 << asked.pepper_bits) {
            None => Some((at, left)),
            Some(rest) => {
                left = rest;
                None
            }
        })
    }

    /// For a worker: [`KeySearch::from_bytes`] reads it.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = [self.cost.memory_kib, self.cost.passes].map(u32::to_le_bytes).concat();
        for Asked { salt, pepper_bits, details } in &self.asked {
            bytes.extend_from_slice(salt);
            bytes.push(*pepper_bits);
            bytes.extend_from_slice(&u16::try_from(details.as_bytes().len()).unwrap_or(u16::MAX).to_le_bytes());
            bytes.extend_from_slice(details.as_bytes());
        }
        bytes
    }

    /// Reads what [`KeySearch::to_bytes`] wrote; `None` for other bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (memory_kib, rest) = bytes.split_first_chunk()?;
        let (passes, mut rest) = rest.split_first_chunk()?;
        let cost = Cost { memory_kib: u32::from_le_bytes(*memory_kib), passes: u32::from_le_bytes(*passes) };
        let mut search = Self::new(cost);
        while !rest.is_empty() {
            let (salt, after) = rest.split_first_chunk()?;
            let (pepper_bits, after) = after.split_first()?;
            let (len, after) = after.split_first_chunk()?;
            let (details, after) = after.split_at_checked(u16::from_le_bytes(*len).into())?;
            search.add(*salt, Details::from_bytes(details), *pepper_bits);
            rest = after;
        }
        Some(search)
    }
}

impl std::fmt::Debug for KeySearch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeySearch(hidden)")
    }
}

/// Derives the keys of searches, in memory that is kept for the next search of the same cost: the largest allocation of a lookup.
#[derive(Default)]
pub struct SearchDeriver(Option<(Cost, Deriver)>);

impl SearchDeriver {
    /// The key at an index; `None` past the last one, and where the cost is out of range.
    #[must_use]
    pub fn derive(&mut self, search: &KeySearch, index: u32) -> Option<Key> {
        let (at, pepper) = search.at(index)?;
        let asked = search.asked.get(at)?;
        if self.0.as_ref().is_none_or(|(cost, _)| *cost != search.cost) {
            // The old memory goes before the new one comes.
            self.0 = None;
            self.0 = Deriver::new(search.cost).ok().map(|deriver| (search.cost, deriver));
        }
        self.0.as_mut().map(|(_, deriver)| deriver.derive(&asked.salt, &asked.details, pepper))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nik::Digits;

    fn search() -> KeySearch {
        let digits = Digits::typed("320101410190").unwrap();
        let mut search = KeySearch::new(Cost::MIN);
        search.add([1; 32], Details::full(&digits, "CONTOHSATU"), 2);
        search.add([2; 32], Details::near(&digits, 3_201_012_001, "CONTOH"), 0);
        search.add([2; 32], Details::near(&digits, 3_201_012_001, "SATU"), 3);
        search
    }

    #[test]
    fn every_pepper_of_every_detail_is_derived_once() {
        let search = search();
        assert_eq!(search.len(), 4 + 1 + 8);
        let owners: Vec<usize> = (0..).map_while(|index| search.details_at(index)).collect();
        assert_eq!(owners, [0, 0, 0, 0, 1, 2, 2, 2, 2, 2, 2, 2, 2]);
        let mut deriver = SearchDeriver::default();
        let keys: Vec<Key> = (0..).map_while(|index| deriver.derive(&search, index)).collect();
        assert_eq!(keys.len(), 13);
        for (at, key) in keys.iter().enumerate() {
            assert!(!keys[at + 1..].contains(key));
        }
        let Asked { salt, details, .. } = &search.asked[2];
        assert_eq!(keys[7], Deriver::new(Cost::MIN).unwrap().derive(salt, details, 2));
    }

    #[test]
    fn a_worker_reads_the_same_search() {
        let bytes = search().to_bytes();
        assert_eq!(KeySearch::from_bytes(&bytes), Some(search()));
        let readable = (0..bytes.len()).filter(|&len| KeySearch::from_bytes(&bytes[..len]).is_some()).count();
        assert_eq!(readable, 3, "only where it is cut between details");
        let strange = KeySearch { cost: Cost { memory_kib: u32::MAX, passes: 1 }, ..search() };
        assert_eq!(SearchDeriver::default().derive(&strange, 0), None);
    }

    #[test]
    fn what_two_searches_begin_with_is_known() {
        let search = search();
        let name = KeySearch { asked: search.asked[..1].to_vec(), ..search.clone() };
        let other = KeySearch { asked: search.asked[1..].to_vec(), ..search.clone() };
        let dearer = KeySearch { cost: Cost { memory_kib: 16, passes: 1 }, ..search.clone() };
        let alike =
            [&search, &name, &other, &dearer, &KeySearch::new(Cost::MIN)].map(|one| (search.alike(one), one.alike(&search)));
        assert_eq!(alike, [(13, 13), (4, 4), (0, 0), (0, 0), (0, 0)]);
        // The same details in the same place, after others.
        let corrected = KeySearch { asked: [&other.asked[1..2], &search.asked[1..]].concat(), ..search.clone() };
        assert_eq!((search.alike(&corrected), corrected.alike(&search)), (0, 0));
        let rests: Vec<_> = (0..=13).map(|keys| search.without(keys).map(|rest| rest.len())).collect();
        assert_eq!(rests[..6], [Some(13), None, None, None, Some(9), Some(8)]);
        assert_eq!(rests[6..], [None; 8]);
        assert_eq!(search.without(4), Some(other));
    }

    #[test]
    fn another_cost_gets_other_memory() {
        let (mut deriver, first) = (SearchDeriver::default(), search());
        let second = KeySearch { cost: Cost { memory_kib: 16, passes: 1 }, ..search() };
        let key = deriver.derive(&first, 0);
        assert_ne!(deriver.derive(&second, 0), key);
        assert_eq!(deriver.derive(&first, 0), key);
    }
}
