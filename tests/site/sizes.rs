//! How long the files are, against what no structure could do better.

use crate::BILIK;
use bilik::format::{self, Manifest};
use bilik::{Details, Recipe, StationRef, Table};
use bilik_cli::synthetic::Shape;
use bilik_publish::layout::Layout;
use bilik_testkit::{MIN_COST, Operator, files};
use indicatif::HumanCount;
use std::collections::{BTreeMap, BTreeSet};

/// Stations of the election of 2024.
pub const STATIONS_OF_2024: u32 = 823_220;

/// The tables by `full` of a site, and the least that they could take.
pub struct Full {
    /// Different keys of the roll.
    pub keys: usize,
    /// Bits that it takes to tell a key's station, where all stations elsewhere are as likely as each other.
    pub entropy: f64,
    /// n · (`check_bits` + H) / 8.
    pub bound: f64,
    /// Bytes of the files.
    pub bytes: usize,
}

impl Full {
    /// The bound from the roll, by the definition in the design; the bytes from the site.
    pub fn of(operator: &Operator) -> Self {
        let (input, checked) = operator.load();
        let layout = Layout::new(&input.stations).unwrap();
        let (mut keys, mut bits) = (0, 0.0);
        for bin in 0..checked.partition.bin_count() {
            for (group, voters) in checked.partition.read(bin).unwrap() {
                let prefixes = &checked.partition.groups()[group].prefixes;
                let homes = layout.homes(prefixes, &input.regions, voters.iter().map(|voter| voter.station));
                let mut stations: BTreeMap<Details, BTreeSet<u32>> = BTreeMap::new();
                for voter in &voters {
                    let name = bilik::fold_name(&voter.name).unwrap();
                    if name.is_long() {
                        stations.entry(Details::full(&voter.digits, name.whole())).or_default().insert(voter.station);
                    }
                }
                // None: elsewhere, or several stations, which costs no less.
                let mut answers: BTreeMap<Option<u32>, usize> = BTreeMap::new();
                for of_key in stations.values() {
                    let only = of_key.first().filter(|_| of_key.len() == 1).map(|station| layout.station_ref(&homes, *station));
                    let answer = only
                        .and_then(|station_ref| if let StationRef::Home(position) = station_ref { Some(position) } else { None });
                    *answers.entry(answer).or_default() += 1;
                }
                let n = stations.len() as f64;
                for (answer, count) in answers {
                    let count = count as f64;
                    bits += count * (n / count).log2();
                    bits += if answer.is_none() { count * f64::from(layout.all()).log2() } else { 0.0 };
                }
                keys += stations.len();
            }
        }
        let check_bits = f64::from(Recipe::Full.check_bits());
        let bound = (keys as f64 * check_bits + bits) / 8.0;
        let full = tables(operator).into_iter().filter(|(table, _)| table.recipe() == Recipe::Full);
        Self { keys, entropy: bits / keys as f64, bound, bytes: full.map(|(_, bytes)| bytes).sum() }
    }

    pub fn ratio(&self) -> f64 {
        self.bytes as f64 / self.bound
    }
}

impl std::fmt::Display for Full {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (bytes, bound) = (HumanCount(self.bytes as u64), HumanCount(self.bound.ceil() as u64));
        let keys = HumanCount(self.keys as u64);
        write!(
            f,
            "full: {bytes} bytes for {keys} keys; n (24 + H) / 8 = {bound} with H = {:.4} bits; ratio {:.4}",
            self.entropy,
            self.ratio()
        )
    }
}

/// The tables of a site with the lengths of their files.
pub fn tables(operator: &Operator) -> Vec<(Table, usize)> {
    files(&operator.site(), "t").into_iter().map(|(_, bytes)| (format::read_unverified(&bytes).unwrap(), bytes.len())).collect()
}

/// The lengths of a site's public files, each of its kind: manifest, largest directory, the home district's station list.
pub struct Public {
    pub manifest: usize,
    pub directories: Vec<usize>,
    pub stations: usize,
    pub list: usize,
}

impl Public {
    pub fn of(operator: &Operator) -> Self {
        let lists = files(&operator.site(), "s");
        // The made-up district of the roll is the only one of its province.
        let read = |bytes: &[u8]| format::read_unverified::<bilik::format::StationList>(bytes).unwrap();
        let home = lists.iter().find(|(_, bytes)| read(bytes).district / 10_000 == 39).unwrap();
        let mut directories: Vec<usize> = files(&operator.site(), "d").iter().map(|(_, bytes)| bytes.len()).collect();
        directories.sort_unstable();
        let manifest = &files(&operator.site(), "m")[0].1;
        format::read_unverified::<Manifest>(manifest).unwrap();
        Self { manifest: manifest.len(), directories, stations: read(&home.1).stations.len(), list: home.1.len() }
    }

    fn largest_directory(&self) -> usize {
        *self.directories.last().unwrap()
    }
}

impl std::fmt::Display for Public {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let median = self.directories[self.directories.len() / 2];
        write!(
            f,
            "station list of {} stations: {} bytes; manifest: {} bytes; {} directories: {median} bytes in the median, {} at most",
            self.stations,
            self.list,
            self.manifest,
            self.directories.len(),
            self.largest_directory()
        )
    }
}

#[test]
fn the_table_of_28000_voters_is_within_5_percent_of_the_bound_and_everybody_is_found() {
    let shape = Shape { cost: MIN_COST, ..Shape::district(28_000, STATIONS_OF_2024) };
    let (operator, _) = Operator::of(BILIK, &shape);
    let built = operator.build();
    assert_eq!((built.voters, built.stations, built.groups), (28_000, STATIONS_OF_2024, 1));
    let movers = operator.roll().iter().filter(|voter| voter.station[..6] != voter.nik[..6]).count();
    assert!((3_900..4_500).contains(&movers), "{movers} movers, expected 15 %");
    let (full, public) = (Full::of(&operator), Public::of(&operator));
    let near = tables(&operator).iter().find(|(table, _)| table.recipe() == Recipe::Near).unwrap().1;
    println!("{full}\nnear: {} bytes\n{public}", HumanCount(near as u64));
    assert!(full.ratio() >= 1.0, "{full}: a bound that is undercut is none");
    assert!(full.ratio() <= 1.05, "{full}");
    assert!(full.bytes <= 122 * 1024, "{full}");
    assert!(public.list <= 4 * 1024, "{public}");
    assert!(public.largest_directory() <= 8 * 1024 && public.manifest <= 16 * 1024, "{public}");

    let voters = operator.ask_for_everybody(200);
    assert!(voters.is_right() && voters.by_full > 20_000 && voters.by_near > 3_000 && voters.sample == 200, "{voters:?}");
    println!("{} of {} right", HumanCount(voters.right), HumanCount(voters.voters));
}
