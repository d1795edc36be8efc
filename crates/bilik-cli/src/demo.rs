//! A made-up election folder: the same four files that an operator has, deterministic by a seed, for `bilik demo` and for
//! tests of any size.
//!
//! Nothing in it is anybody's: regions have codes that were never given out and names that say so ("Contohrejo"), stations
//! lie in the Java Sea, names are put together from lists and syllables. What is like a real roll is the shape: how many
//! voters share a birth date, bear one name only or moved away, and the mess in it (old codes, impossible dates, titles).

mod names;
mod places;
mod seeded_rng;
mod stations;
mod voters;
mod words;

use anyhow::Context as _;
use bilik::format::Code;
use bilik::{Cost, Day};
use places::Country;
use seeded_rng::SeededRng;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;

/// As many as in 2024.
const VOTERS_PER_STATION: u32 = 248;

/// What the made-up election is like. Start from [`Shape::demo`] or [`Shape::district`] and change what matters.
#[derive(Clone, Debug)]
pub struct Shape {
    /// Lines of the roll.
    pub voters: u64,
    /// Regencies, spread over two provinces in two time zones.
    pub regencies: u32,
    /// Districts of each regency.
    pub districts_per_regency: u32,
    /// Villages of each district. Each has one station at least.
    pub villages_per_district: u32,
    /// Voters for each station, on average.
    pub voters_per_station: u32,
    /// Share of voters who vote outside the district of their NIK.
    pub mover_share: f64,
    /// Share of names with fewer than two words that tell people apart: those are sealed by `near` only.
    pub short_name_share: f64,
    /// Stations of other districts, far away, where nobody but movers votes.
    pub extra_stations: u32,
    /// Whether some NIKs start with a code that is in no regions file, and some are one digit repeated.
    pub old_codes: bool,
    /// Polling day.
    pub polling_day: Day,
    /// What one derivation costs.
    pub cost: Cost,
    /// Bits of pepper.
    pub pepper_bits: u8,
    /// Prefixes with fewer voters than this share a table.
    pub min_voters: u32,
    /// Prefixes with more are split.
    pub max_voters: u32,
    /// A fixed seed for sealing, so that a build has the same bytes every time.
    pub sealing_seed: Option<u64>,
    /// Where all chance comes from: the same seed gives the same bytes.
    pub seed: u64,
}

impl Shape {
    /// A small election to try: 2 provinces, 4 regencies, 12 districts of 6 villages, 15 % movers, a light derivation. Where
    /// the voters are few, so are those of a station: else every village had one station only.
    #[must_use]
    pub fn demo(voters: u64) -> Self {
        let voters_per_station = u32::try_from(voters / 144).unwrap_or(u32::MAX).clamp(10, VOTERS_PER_STATION);
        Self {
            voters,
            regencies: 4,
            districts_per_regency: 3,
            villages_per_district: 6,
            voters_per_station,
            mover_share: 0.15,
            short_name_share: 0.15,
            extra_stations: 0,
            old_codes: true,
            polling_day: Day { year: 2029, month: 2, day: 14 },
            cost: Cost { memory_kib: 1024, passes: 1 },
            pepper_bits: 6,
            min_voters: 400,
            max_voters: 30_000,
            sealing_seed: None,
            seed: 1,
        }
    }

    /// One district whose movers vote all over a country of `all_stations` stations: for measuring sizes.
    #[must_use]
    pub fn district(voters: u64, all_stations: u32) -> Self {
        let shape = Self {
            regencies: 1,
            districts_per_regency: 1,
            villages_per_district: 12,
            old_codes: false,
            voters_per_station: VOTERS_PER_STATION,
            min_voters: 2_000,
            ..Self::demo(voters)
        };
        let own = places::stations_for(voters, &shape);
        Self { extra_stations: all_stations.saturating_sub(own), ..shape }
    }
}

/// Voters of the made-up roll to try a lookup with.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Found by `full`: 12 digits and the name.
    pub exact: SampleVoter,
    /// Found by `near` only: the name is just the first one, so the village is needed.
    pub near: SampleVoter,
    /// On no roll: 12 digits of a district that exists, and a name that nobody bears.
    pub stranger: SampleVoter,
    /// Found by `full`, and votes outside the district of the NIK. None where nobody moved.
    pub mover: Option<SampleVoter>,
    /// Two voters with the same 12 digits and the same name, at two stations. None in a roll of a few lines.
    pub namesakes: Option<SampleVoter>,
}

/// What to type, and what to expect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleVoter {
    /// The first 12 digits of the NIK.
    pub digits: String,
    /// The name to type.
    pub name: String,
    /// The village on the identity card.
    pub village: Code,
    /// Its name.
    pub village_name: String,
    /// The ids of the stations that a lookup must give: none for the stranger.
    pub stations: Vec<String>,
}

/// Writes election.toml, regions.csv, stations.csv and voters.csv into `dir`, and tells whom to look up.
///
/// # Errors
/// When a file cannot be written, one of them is there already, or the shape has no room for a sample (a few hundred
/// voters always have).
pub fn write(dir: &Path, shape: &Shape) -> anyhow::Result<Sample> {
    fs::create_dir_all(dir).with_context(|| format!("cannot make the folder {}", dir.display()))?;
    let country = Country::new(shape, &mut SeededRng::new(shape.seed))?;
    let mut election = create(dir, "election.toml")?;
    std::io::Write::write_all(&mut election, election_toml(shape).as_bytes()).context("cannot write election.toml")?;
    let mut regions = csv::Writer::from_writer(create(dir, "regions.csv")?);
    regions.write_record(["code", "name"])?;
    for region in &country.regions {
        regions.write_record([dotted(region.code).as_str(), &region.name])?;
    }
    regions.flush().context("cannot write regions.csv")?;
    stations::write(&country, &mut SeededRng::new(shape.seed ^ 1 << 62), create(dir, "stations.csv")?)
        .context("cannot write stations.csv")?;
    voters::write(&country, shape, &mut SeededRng::new(shape.seed ^ 1 << 63), create(dir, "voters.csv")?)
        .context("cannot write voters.csv")
}

/// A file that was not there: a roll that somebody needs is never overwritten.
fn create(dir: &Path, name: &str) -> anyhow::Result<BufWriter<File>> {
    let path = dir.join(name);
    let file = File::options().write(true).create_new(true).open(&path).with_context(|| {
        format!("cannot write {}: expected a folder without that file; choose another folder, or remove the file", path.display())
    })?;
    Ok(BufWriter::new(file))
}

fn election_toml(shape: &Shape) -> String {
    let Cost { memory_kib, passes } = shape.cost;
    let seed = shape.sealing_seed.map_or_else(String::new, |seed| format!("seed = {seed}\n"));
    format!(
        "# A made-up election: no line of it is anybody's.\n\
         id = \"demo-{year}\"\nname = \"Pemilu Contoh {year}\"\nday = \"{day}\"\nopens = \"07:00\"\ncloses = \"13:00\"\n\
         demo = true\nhelp_phone = \"0800-0-000-000\"\nhelp_url = \"https://example.org/\"\n\n\
         [sealing]\n# Light, so that a demo is quick. A real election takes 19456 KiB and 2 passes at least.\n\
         memory_kib = {memory_kib}\npasses = {passes}\npepper_bits = {pepper}\n{seed}\n\
         [tables]\nmin_voters = {min}\nmax_voters = {max}\n\n[site]\nmirrors = [\"./\"]\n",
        year = shape.polling_day.year,
        day = shape.polling_day,
        pepper = shape.pepper_bits,
        min = shape.min_voters,
        max = shape.max_voters,
    )
}

/// A code as the ministry writes it: 39.01.02.2003.
fn dotted(code: Code) -> String {
    let digits = code.to_string();
    let parts = [digits.get(..2), digits.get(2..4), digits.get(4..6), digits.get(6..)];
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests;
