//! The statistical promise of sealed tables, measured on a build:
//! `cargo run --release -p bilik-cli --example statistics [-- STRANGERS_KEYS]`. Some four minutes on 2 cores for the usual 20 million keys.
//!
//! A district of 28,144 made-up voters in a country of 823,220 stations is built twice, with check bits lowered to 16 and 18 so that
//! false answers are frequent enough to count. Then:
//!
//! 1. strangers, whose details no voter has, ask by all peppers: how many keys and how many questions open something, beside what the
//!    widths of the tables predict, with the 99.9 % interval of what is counted;
//! 2. the slots of the tables against random bits: ones, pairs of neighbours, bytes;
//! 3. the slots of one build against those of the other;
//! 4. the peppers of the voters, found by asking, against a uniform distribution.
//!
//! Ends with status 1 if a prediction is outside its interval, or a count further from chance than one in a million.

#![allow(clippy::indexing_slicing, reason = "a measurement, of counts whose number it knows")]

use anyhow::{Context as _, bail};
use bilik::format::{self, Directory, Kind};
use bilik::{Cost, Details, Digits, Recipe, Table, fold_name};
use bilik_cli::synthetic::{self, Shape};
use bilik_publish::build::{BuildOptions, build};
use bilik_publish::cancel::CancellationToken;
use bilik_publish::derive::{DeriveMethod, Derivers};
use bilik_publish::plan::Allowed;
use bilik_publish::progress::Silent;
use bilik_publish::signing;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const VOTERS: u64 = 28_144;
const STATIONS: u32 = 823_220;
const KEYS: u64 = 20_000_000;
/// Check bits of this measurement, by recipe.
const CHECK_BITS: [(Recipe, u8); 2] = [(Recipe::Full, 16), (Recipe::Near, 18)];
/// Standard deviations outside which one count of a million lies by chance.
const MAX_DEVIATION: f64 = 4.9;
/// Standard deviations of the interval that is printed: 99.9 %.
const INTERVAL: f64 = 3.29;
/// Keys that are derived at a time.
const BATCH: usize = 1 << 16;

fn main() -> anyhow::Result<()> {
    let keys = std::env::args().nth(1).map_or(Ok(KEYS), |keys| keys.replace(',', "").parse())?;
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    let shape = Shape { cost: Cost::MIN, ..Shape::district(VOTERS, STATIONS) };
    synthetic::write(&folder.join("election"), &shape)?;
    lower_check_bits(&folder.join("election/election.toml"))?;
    signing::generate(&folder.join("key"))?;
    let [first, second] = [built(folder, "first")?, built(folder, "second")?];
    let derivers = Derivers::new(Cost::MIN, DeriveMethod::default());
    let mut verdict = Verdict::default();

    println!("{VOTERS} made-up voters, {STATIONS} stations, {} tables\n", first.tables.len());
    println!("Strangers: no voter has their details. The prediction is that of the tables' widths and layers.");
    println!("{:<22} {:>12} {:>9} {:>11}  99.9 % interval", "", "asked", "opened", "predicted");
    for (recipe, bits) in CHECK_BITS {
        strangers(&first, recipe, bits, keys / 2, &derivers, &mut verdict)?;
    }
    println!("\nSlots against random bits, in standard deviations (of bytes: chi-squared, 255 degrees of freedom).");
    println!("{:<22} {:>12} {:>9} {:>11} {:>9}", "", "bits", "ones", "neighbours", "bytes");
    for (recipe, _) in CHECK_BITS {
        randomness(&first, recipe, &mut verdict);
    }
    println!("\nOne build of the roll against another: equal bits, in standard deviations from half.");
    for (recipe, _) in CHECK_BITS {
        against(&first, &second, recipe, &mut verdict)?;
    }
    println!("\nPeppers of voters, found by asking with all: chi-squared, and its degrees of freedom.");
    peppers(&first, &folder.join("election/voters.csv"), shape.full_pepper_bits, &derivers, &mut verdict)?;
    verdict.end()
}

/// What was not as promised.
#[derive(Default)]
struct Verdict(Vec<String>);

impl Verdict {
    fn require(&mut self, what: &str, is_right: bool) {
        if !is_right {
            self.0.push(what.to_owned());
        }
    }

    fn end(self) -> anyhow::Result<()> {
        if self.0.is_empty() {
            println!("\nAll as promised.");
            return Ok(());
        }
        bail!("not as promised: {}", self.0.join("; "))
    }
}

/// A published site, as a stranger reads it.
struct Published {
    tables: BTreeMap<String, Table>,
    directories: Vec<Directory>,
    election: String,
}

impl Published {
    fn by(&self, recipe: Recipe) -> impl Iterator<Item = &Table> {
        self.tables.values().filter(move |table| table.recipe() == recipe)
    }

    fn table_of(&self, digits: &Digits) -> Option<&Table> {
        let tables = self.directories.iter().find_map(|directory| directory.tables_of(digits.prefix()))?;
        let file = tables.file_of(Recipe::Full, &self.election, digits)?;
        self.tables.get(&file.path(Kind::Table))
    }
}

fn lower_check_bits(path: &Path) -> anyhow::Result<()> {
    let mut text = fs::read_to_string(path)?;
    let at = text.find("[tables]").context("a section of the configuration")?;
    let [(full, full_bits), (near, near_bits)] = CHECK_BITS.map(|(recipe, bits)| (name(recipe), bits));
    text.insert_str(at, &format!("{full}_check_bits = {full_bits}\n{near}_check_bits = {near_bits}\n\n"));
    Ok(fs::write(path, text)?)
}

fn name(recipe: Recipe) -> &'static str {
    match recipe {
        Recipe::Full => "full",
        Recipe::Near => "near",
    }
}

fn built(folder: &Path, name: &str) -> anyhow::Result<Published> {
    let options = BuildOptions {
        folder: folder.join("election"),
        keys: vec![folder.join("key")],
        site: folder.join(name),
        work: None,
        allowed: Allowed::default(),
        prune: false,
        signatures_follow: false,
        reuse: false,
        derive: DeriveMethod::default(),
    };
    build(&options, &Silent, &CancellationToken::new())?.built()?;
    let files = |letter: &str| -> anyhow::Result<Vec<(String, Vec<u8>)>> {
        let folder = options.site.join(letter);
        let paths = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
        paths.iter().map(|entry| Ok((format!("{letter}/{}", entry.file_name().display()), fs::read(entry.path())?))).collect()
    };
    let read = |(path, bytes): (String, Vec<u8>)| Ok((path, format::read_unverified(&bytes)?));
    let tables = files("t")?.into_iter().map(read).collect::<anyhow::Result<_>>()?;
    let directories = files("d")?.iter().map(|(_, bytes)| Ok(format::read_unverified(bytes)?)).collect::<anyhow::Result<_>>()?;
    let manifest = files("m")?.pop().context("a manifest")?;
    let election = format::read_unverified::<format::Manifest>(&manifest.1)?.election.id;
    Ok(Published { tables, directories, election })
}

/// The chance that one wrong key opens a table: in each layer the check bits must be zero and the value one that leads somewhere.
fn chance_of_a_key(table: &Table) -> f64 {
    let (home, all) = table.stations();
    let [narrow, wide, _] = table.ribbons();
    let values = f64::from(narrow.width() - u32::from(table.check_bits())).exp2();
    let elsewhere = f64::from(wide.layer_count()) * f64::from(all) / f64::from(wide.width()).exp2();
    let layer = (f64::from(home) + elsewhere) / values / f64::from(table.check_bits()).exp2();
    1.0 - (1.0 - layer).powf(f64::from(narrow.layer_count()))
}

fn strangers(
    site: &Published,
    recipe: Recipe,
    check_bits: u8,
    keys: u64,
    derivers: &Derivers,
    verdict: &mut Verdict,
) -> anyhow::Result<()> {
    let pepper_bits = bilik::KeyBits::usual(recipe).pepper_bits;
    let peppers = 1_u32 << pepper_bits;
    let tables: Vec<&Table> = site.by(recipe).collect();
    let (mut asked, mut opened) = ([0_u64; 2], [0_u64; 2]);
    let mut expected = [0.0; 2];
    let mut stranger = 0_u64;
    while asked[0] < keys {
        let table = tables[usize::try_from(stranger)? % tables.len()];
        let mut questions = Vec::with_capacity(BATCH);
        while questions.len() < BATCH {
            stranger += 1;
            let details = details_of_stranger(recipe, stranger)?;
            questions.extend((0..peppers).map(|pepper| (details.clone(), pepper)));
        }
        let derived = derivers.keys(&table.salt(&site.election), &questions, &CancellationToken::new(), &|_| {})?;
        let chance = chance_of_a_key(table);
        for keys in derived.chunks(usize::try_from(peppers)?) {
            let hits = keys.iter().filter(|key| table.open(key).is_some()).count();
            asked[0] += u64::from(peppers);
            asked[1] += 1;
            opened[0] += u64::try_from(hits)?;
            opened[1] += u64::from(hits > 0);
            expected[0] += chance * f64::from(peppers);
            expected[1] += 1.0 - (1.0 - chance).powf(f64::from(peppers));
        }
    }
    for (at, what) in ["keys", "questions"].into_iter().enumerate() {
        let (low, high) = interval(opened[at]);
        let name = format!("{} {check_bits} bits, {what}", name(recipe));
        println!("{name:<22} {:>12} {:>9} {:>11.1}  {low:.1} to {high:.1}", asked[at], opened[at], expected[at]);
        verdict.require(&name, (low..=high).contains(&expected[at]));
    }
    Ok(())
}

/// Details with digits of a district whose code nobody has.
fn details_of_stranger(recipe: Recipe, number: u64) -> anyhow::Result<Details> {
    let digits = format!(
        "3299{:02}{:02}{:02}{:02}",
        number % 97 + 1,
        number / 97 % 28 + 1,
        number / 2_716 % 12 + 1,
        number / 32_592 % 100
    );
    let digits = Digits::typed(&digits)?;
    let word = format!("ASING{number}");
    Ok(match recipe {
        Recipe::Full => Details::full(&digits, &word),
        Recipe::Near => Details::near(&digits, 3_299_012_001, &word),
    })
}

/// Where the mean of a Poisson count lies with 99.9 % confidence: Byar's approximation.
fn interval(count: u64) -> (f64, f64) {
    let bound = |count: f64, sign: f64| count * (1.0 - 1.0 / (9.0 * count) + sign * INTERVAL / (3.0 * count.sqrt())).powi(3);
    let count = float(count);
    (if count > 0.0 { bound(count, -1.0) } else { 0.0 }, bound(count + 1.0, 1.0))
}

/// Counts of this program are far below 2^53.
fn float(count: u64) -> f64 {
    let [high, low] = [count >> 32, count & 0xffff_ffff].map(|half| u32::try_from(half).unwrap_or(u32::MAX));
    f64::from(high) * 32_f64.exp2() + f64::from(low)
}

/// The whole words of all slots of a site's tables.
fn slots(site: &Published, recipe: Recipe) -> Vec<u8> {
    let whole = |ribbon: &layered_ribbon::Ribbon| {
        let bits = ribbon.slot_count() * u64::from(ribbon.width());
        let bytes = usize::try_from(bits / 8).unwrap_or(usize::MAX);
        ribbon.slot_bytes().get(..bytes).unwrap_or_default().to_vec()
    };
    site.by(recipe).flat_map(|table| table.ribbons().into_iter().flat_map(whole).collect::<Vec<_>>()).collect()
}

/// By how many standard deviations a count of fair coins is away from half.
fn deviation(count: u64, of: u64) -> f64 {
    (float(count) - float(of) / 2.0) / (float(of) / 4.0).sqrt()
}

fn ones(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.map(|byte| u64::from(byte.count_ones())).sum()
}

/// Chi-squared of counts against equal shares, as standard deviations by Wilson and Hilferty's approximation, and as it is.
fn chi_squared(counts: &[u64]) -> (f64, f64) {
    let shares = float(u64::try_from(counts.len()).unwrap_or_default());
    let share = counts.iter().map(|count| float(*count)).sum::<f64>() / shares;
    let sum: f64 = counts.iter().map(|count| (float(*count) - share).powi(2) / share).sum();
    let freedom = shares - 1.0;
    let spread = 2.0 / (9.0 * freedom);
    (((sum / freedom).cbrt() - (1.0 - spread)) / spread.sqrt(), sum)
}

fn randomness(site: &Published, recipe: Recipe, verdict: &mut Verdict) {
    let bytes = slots(site, recipe);
    let bits = u64::try_from(bytes.len()).unwrap_or_default() * 8;
    let mut counts = [0_u64; 256];
    for byte in &bytes {
        counts[usize::from(*byte)] += 1;
    }
    // Neighbours in a byte, and the last bit with the first of the next.
    let pairs = bytes.windows(2).map(|pair| pair[0] ^ (pair[0] >> 1 | (pair[1] & 1) << 7));
    let (ones, neighbours) = (deviation(ones(bytes.iter().copied()), bits), deviation(ones(pairs), bits - 8));
    let (deviates, sum) = chi_squared(&counts);
    println!("{:<22} {bits:>12} {ones:>9.2} {neighbours:>11.2} {sum:>9.1}", name(recipe));
    let worst = [ones, neighbours, deviates].into_iter().map(f64::abs).fold(0.0, f64::max);
    verdict.require(&format!("slots by {}", name(recipe)), worst < MAX_DEVIATION);
}

fn against(first: &Published, second: &Published, recipe: Recipe, verdict: &mut Verdict) -> anyhow::Result<()> {
    let (a, b) = (slots(first, recipe), slots(second, recipe));
    let bits = 8 * u64::try_from(a.len().min(b.len()))?;
    let equal = ones(a.iter().zip(&b).map(|(a, b)| !(a ^ b)));
    let deviation = deviation(equal, bits);
    println!("{:<22} {bits:>12} {deviation:>9.2}", name(recipe));
    verdict.require(&format!("two builds by {}", name(recipe)), deviation.abs() < MAX_DEVIATION);
    Ok(())
}

fn peppers(site: &Published, roll: &Path, bits: u8, derivers: &Derivers, verdict: &mut Verdict) -> anyhow::Result<()> {
    let mut counts = vec![0_u64; 1 << bits];
    let mut left_out = 0_u64;
    for row in csv::Reader::from_path(roll)?.records() {
        let row = row?;
        let (Some(nik), Some(written)) = (row.get(0), row.get(1)) else { bail!("a line without a name") };
        let (Ok(digits), Ok(folded)) = (Digits::typed(nik), fold_name(written)) else { continue };
        let Some(table) = site.table_of(&digits) else { continue };
        let details = Details::full(&digits, folded.whole());
        let questions: Vec<(Details, u32)> = (0..1 << bits).map(|pepper| (details.clone(), pepper)).collect();
        let keys = derivers.keys(&table.salt(&site.election), &questions, &CancellationToken::new(), &|_| {})?;
        let opening: Vec<usize> = (0..keys.len()).filter(|at| table.open(&keys[*at]).is_some()).collect();
        // Two open by chance now and then, and none for a short name, which is sealed by `near` only.
        match opening[..] {
            [pepper] => counts[pepper] += 1,
            _ => left_out += 1,
        }
    }
    let (deviates, sum) = chi_squared(&counts);
    let voters: u64 = counts.iter().sum();
    println!("{:<22} {voters:>12} {sum:>9.1} {:>11}", "full", counts.len() - 1);
    verdict.require("peppers", deviates < MAX_DEVIATION && voters > left_out);
    Ok(())
}
