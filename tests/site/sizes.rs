//! How long the files are, against what no structure could do better.

use crate::BILIK;
use bilik::format::{self, Home, Manifest, split_part};
use bilik::{Details, Digits, KeyBits, Recipe, StationRef, Table};
use bilik_cli::synthetic::Shape;
use bilik_publish::layout::{Layout, Positions};
use bilik_publish::partition::common_tokens;
use bilik_publish::roll::Voter;
use bilik_publish::verify::RollSample;
use bilik_testkit::{MIN_COST, Operator, files};
use indicatif::HumanCount;
use std::collections::{BTreeMap, BTreeSet};

/// Stations of the election of 2024.
pub const STATIONS_OF_2024: u32 = 823_220;

/// One file of a table, and the least that it could take.
pub struct Sized {
    pub label: String,
    pub recipe: Recipe,
    /// Different keys.
    pub keys: usize,
    /// Bits that it takes to tell a key's station, where all stations elsewhere are as likely as each other.
    pub entropy: f64,
    /// n · (`check_bits` + H) / 8.
    pub bound: f64,
    /// Bytes of the file.
    pub bytes: usize,
}

impl Sized {
    /// All files of a site: the bound from the roll, by the definition in the design; the bytes from the site.
    pub fn all(operator: &Operator) -> Vec<Self> {
        let (input, checked) = operator.load();
        let (layout, election) =
            (Layout::new(&input.stations, &input.regions, &Positions::default()).unwrap(), &input.config.election.id);
        let files: BTreeMap<(Recipe, String), usize> =
            tables(operator).into_iter().map(|(table, bytes)| ((table.recipe(), table.label().to_owned()), bytes)).collect();
        let mut sized = Vec::new();
        for bin in 0..checked.partition.bin_count() {
            for (group, voters) in checked.partition.read(bin).unwrap() {
                let group = &checked.partition.groups()[group];
                let homes = layout.homes(&group.prefixes, &input.regions, voters.iter().map(|voter| voter.station));
                for (recipe, keys) in keys(&voters) {
                    let count = files.keys().filter(|(other, label)| *other == recipe && label.starts_with(&group.label)).count();
                    let mut parts = vec![BTreeMap::new(); count];
                    for ((digits, details), stations) in keys {
                        parts[usize::from(split_part(election, &digits, count.ilog2() as u8))].insert(details, stations);
                    }
                    for (number, part) in (1..).zip(parts) {
                        let label = if count == 1 { group.label.clone() } else { format!("{} {number}/{count}", group.label) };
                        let bytes = files[&(recipe, label.clone())];
                        sized.push(Self::of(label, recipe, &part, &layout, &homes, bytes));
                    }
                }
            }
        }
        sized
    }

    fn of(
        label: String,
        recipe: Recipe,
        keys: &BTreeMap<Details, BTreeSet<u32>>,
        layout: &Layout,
        homes: &[Home],
        bytes: usize,
    ) -> Self {
        // None: elsewhere, or several stations, which costs no less.
        let mut answers: BTreeMap<Option<u32>, usize> = BTreeMap::new();
        for of_key in keys.values() {
            let only = of_key.first().filter(|_| of_key.len() == 1).and_then(|station| layout.station_ref(homes, *station));
            let answer =
                only.and_then(|station_ref| if let StationRef::Home(position) = station_ref { Some(position) } else { None });
            *answers.entry(answer).or_default() += 1;
        }
        let n = keys.len() as f64;
        let mut bits = 0.0;
        for (answer, count) in answers {
            let count = count as f64;
            bits += count * (n / count).log2();
            bits += if answer.is_none() { count * f64::from(layout.stations()).log2() } else { 0.0 };
        }
        let bound = (n * f64::from(KeyBits::usual(recipe).check_bits) + bits) / 8.0;
        Self { label, recipe, keys: keys.len(), entropy: bits / n, bound, bytes }
    }

    pub fn ratio(&self) -> f64 {
        self.bytes as f64 / self.bound
    }
}

impl std::fmt::Display for Sized {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (bytes, bound) = (HumanCount(self.bytes as u64), HumanCount(self.bound.ceil() as u64));
        let keys = HumanCount(self.keys as u64);
        write!(
            f,
            "{} by {:?}: {bytes} bytes for {keys} keys; n ({} + H) / 8 = {bound} with H = {:.4} bits; ratio {:.4}",
            self.label,
            self.recipe,
            KeyBits::usual(self.recipe).check_bits,
            self.entropy,
            self.ratio()
        )
    }
}

type KeyMap = BTreeMap<(Digits, Details), BTreeSet<u32>>;

/// The keys of a group by each recipe, with the digits that choose their file, and the stations that they lead to.
fn keys(voters: &[Voter]) -> [(Recipe, KeyMap); 2] {
    let (common, _) = common_tokens(voters);
    let (mut full, mut near) = (BTreeMap::new(), BTreeMap::new());
    for voter in voters {
        let name = bilik::fold_name(voter.name.reveal()).unwrap();
        let add = |keys: &mut BTreeMap<_, BTreeSet<u32>>, details| {
            keys.entry((voter.digits, details)).or_default().insert(voter.station);
        };
        for token in name.sealed_tokens(&common) {
            add(&mut near, Details::near(&voter.digits, voter.village.number(), token));
        }
        if name.is_long() {
            add(&mut full, Details::full(&voter.digits, name.whole()));
        }
    }
    [(Recipe::Full, full), (Recipe::Near, near)]
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
fn each_file_of_28000_voters_is_within_2_percent_of_its_bound_and_everybody_is_found() {
    let shape = Shape { cost: MIN_COST, ..Shape::district(28_000, STATIONS_OF_2024) };
    let (operator, _) = Operator::of(BILIK, &shape);
    let built = operator.build();
    assert_eq!((built.voters, built.stations, built.groups), (28_000, STATIONS_OF_2024, 1));
    let movers = operator.roll().iter().filter(|voter| voter.station[..6] != voter.nik[..6]).count();
    assert!((3_900..4_500).contains(&movers), "{movers} movers, expected 15 %");
    let (files, public) = (Sized::all(&operator), Public::of(&operator));
    for file in &files {
        println!("{file}");
    }
    println!("{public}");
    let count = |recipe| files.iter().filter(|file| file.recipe == recipe).count();
    assert_eq!((count(Recipe::Full), count(Recipe::Near)), (2, 4));
    for file in &files {
        assert!((1.0..=1.02).contains(&file.ratio()), "{file}: a bound that is undercut is none");
        let most = if file.recipe == Recipe::Full { 43_000 } else { 58_000 };
        assert!(file.bytes <= most, "{file}");
    }
    assert!(public.list <= 4 * 1024, "{public}");
    assert!(public.largest_directory() <= 9 * 1024 && public.manifest <= 16 * 1024, "{public}");

    let voters = operator.ask_for(RollSample::Count(4_000));
    assert!(voters.is_right() && voters.by_full > 2_200 && voters.by_near == 4_000, "{voters:?}");
    println!("{} of {} right", HumanCount(voters.right), HumanCount(voters.asked));
}
