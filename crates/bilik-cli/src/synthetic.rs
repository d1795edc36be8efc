//! A synthetic election folder: the same four files that an operator has, deterministic by a seed, for `bilik demo` and for
//! tests of any size.
//!
//! No real person or place is in it: regions have codes that were never given out and names that say so ("Contohrejo"), stations
//! lie in the Java Sea, names are put together from lists and syllables. Like a real roll is its shape: how many
//! voters share a birth date, have one name only or moved away, and its errors (old codes, impossible dates, titles).

mod names;
mod places;
mod sample;
mod seeded_rng;
mod shape;
mod stations;
mod voters;
mod words;

use anyhow::Context as _;
use bilik::Cost;
use bilik::format::Code;
use places::Country;
pub use sample::{Sample, SampleVoter};
use seeded_rng::SeededRng;
pub use shape::Shape;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;

/// Writes election.toml, regions.csv, stations.csv and voters.csv into `dir`, and returns voters to look up.
///
/// # Errors
/// When a file cannot be written, one of them exists, or the shape has too few voters for a sample (a few hundred are always
/// enough).
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

/// Creates a file. An existing roll is never overwritten.
fn create(dir: &Path, name: &str) -> anyhow::Result<BufWriter<File>> {
    let path = dir.join(name);
    let file = File::options().write(true).create_new(true).open(&path).with_context(|| {
        format!(
            "cannot write {}. Expected: a folder without that file. Fix: choose another folder, or remove the file",
            path.display()
        )
    })?;
    Ok(BufWriter::new(file))
}

fn election_toml(shape: &Shape) -> String {
    let Cost { memory_kib, passes } = shape.cost;
    let seed = shape.sealing_seed.map_or_else(String::new, |seed| format!("seed = {seed}\n"));
    format!(
        "# A made-up election; no real person is in it.\n\
         id = \"demo-{year}\"\nname = \"Pemilu Contoh {year}\"\nday = \"{day}\"\nopens = \"07:00\"\ncloses = \"13:00\"\n\
         demo = true\nhelp_phone = \"0800-0-000-000\"\nhelp_url = \"https://example.org/\"\n\n\
         [organiser]\nname = \"Komisi Pemilihan Contoh\"\nshort_name = \"KP Contoh\"\nurl = \"https://example.org/\"\n\
         privacy_contact = \"privasi@example.org\"\n\n\
         [sealing]\n# Light, so that a demo is quick. A real election needs at least 19456 KiB and 2 passes.\n\
         memory_kib = {memory_kib}\npasses = {passes}\nfull_pepper_bits = {full}\nnear_pepper_bits = {near}\n{seed}\n\
         [tables]\nmin_voters = {min}\nmax_keys = {max}\n\n[site]\nmirrors = [\"./\"]\n",
        year = shape.polling_day.year,
        day = shape.polling_day,
        full = shape.full_pepper_bits,
        near = shape.near_pepper_bits,
        min = shape.min_voters,
        max = shape.max_keys,
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
