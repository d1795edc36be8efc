//! `bilik import`: Bilik's own CSVs of a commission's files, which name regions and stations instead of codes.

use super::help::Help;
use super::init;
use super::progress_bars::ProgressBars;
use crate::exit::Exit;
use crate::output::Output;
use bilik::format::Code;
use bilik_publish::cancel::CancellationToken;
use bilik_publish::import::{ImportOptions, Imported, Recognised, import};
use bilik_publish::language::{number, number_len};
use clap::Args;
use std::fmt::Write as _;
use std::path::PathBuf;
use tr::tr;

/// Make voters.csv, stations.csv and regions.csv of files that name regions and stations
#[derive(Debug, Args)]
#[command(after_long_help = HELP.to_string())]
pub(super) struct Import {
    /// The roll: files, folders or patterns, with the columns NIK, name, regency, district, village and number of the station
    #[arg(required = true, value_name = "SOURCE")]
    sources: Vec<String>,
    /// The folder to write into: a new one, or that of an earlier import
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Codes and names of all regions of the country
    #[arg(long, required = true, value_name = "FILE")]
    regions: Vec<String>,
    /// The stations. Without it, they are those that the roll names, if it has columns with their addresses
    #[arg(long, value_name = "FILE")]
    stations: Vec<String>,
    /// What names mean that are not clear: a copy of unresolved.csv with its column `code` filled in
    #[arg(long, value_name = "FILE")]
    names: Option<String>,
    /// The code of the region that all lines are in, where they do not name it
    #[arg(long, value_name = "CODE", value_parser = code)]
    within: Option<Code>,
    /// The name that a column has in the files, such as voters.name="NAMA PEMILIH"
    #[arg(long, value_name = "COLUMN=NAME", value_parser = column)]
    column: Vec<(String, String)>,
}

pub(super) const HELP: Help = Help {
    examples: &[
        (
            "bilik import dpt/ --regions wilayah.csv --stations tps.xlsx --out pemilu",
            "Resolve the names of a roll in a folder, and write an election folder",
        ),
        (
            "bilik import 'dpt/*.csv' --regions wilayah.csv --out pemilu --column 'voters.address=LOKASI'",
            "Take the stations from the roll, whose column LOKASI says where they are",
        ),
        (
            "bilik import dpt/ --regions wilayah.csv --stations tps.xlsx --out pemilu --names names.csv",
            "Resolve the rest as names.csv says: a copy of pemilu/unresolved.csv, with codes",
        ),
    ],
    exit_statuses: &[
        (Exit::Success, "every line was imported"),
        (Exit::Negative, "the files were written without the lines that unresolved.csv and rejects.csv list"),
        (Exit::Failure, "a file could not be read or written; nothing was imported"),
        (Exit::Interrupted, "interrupted; nothing was imported"),
    ],
};

fn code(text: &str) -> Result<Code, String> {
    Code::parse(text).ok_or_else(|| "expected the code of a region: 2, 4, 6 or 10 digits".to_owned())
}

fn column(text: &str) -> Result<(String, String), String> {
    let named = text.split_once('=').filter(|(column, name)| !column.is_empty() && !name.is_empty());
    let named = named.map(|(column, name)| (column.to_owned(), name.to_owned()));
    named.ok_or_else(|| tr!("expected a column and its name, such as voters.name=\"NAMA PEMILIH\""))
}

impl Import {
    pub(super) fn run(&self, output: &Output, cancel: &CancellationToken) -> anyhow::Result<Exit> {
        let options = ImportOptions {
            voters: self.sources.clone(),
            regions: self.regions.clone(),
            stations: self.stations.clone(),
            names: self.names.clone(),
            within: self.within,
            columns: self.column.clone(),
            out: self.out.clone(),
        };
        let imported = import(&options, &ProgressBars::new(output), cancel)?;
        let has_settings = self.out.join("election.toml").exists();
        if !has_settings {
            init::write_settings(&self.out)?;
        }
        print(&imported, &self.out.display().to_string(), has_settings, output);
        let left = imported.unresolved;
        let is_whole = left.voters + left.stations == 0 && imported.report.errors() == 0;
        Ok(if is_whole { Exit::Success } else { Exit::Negative })
    }
}

fn print(imported: &Imported, dir: &str, has_settings: bool, output: &Output) {
    let (out, notes) = (&output.stdout, output.notes());
    if !imported.report.counts().is_empty() {
        writeln!(out, "{}\n", imported.report);
    }
    writeln!(out, "{}", tr!("columns:"));
    for (column, files) in &imported.columns {
        let how = match column.recognised {
            Recognised::ByName => tr!("by its name"),
            Recognised::Mapped => tr!("by --column"),
            Recognised::Guessed => tr!("guessed: check it"),
        };
        let part = format!("{}.{}", column.part, column.used_as);
        let several = if *files > 1 { tr!(", in {} files or sheets", number(*files)) } else { String::new() };
        writeln!(out, "  {part:<20} {:?}, {how}{several}", column.name);
    }
    writeln!(out, "{dir}/regions.csv: {}", tr!("{} regions", number_len(imported.regions)));
    let stations = number(imported.stations);
    let of_stations = if imported.are_derived {
        tr!("{} stations that the roll names", stations)
    } else {
        tr!("{} stations of the stations file", stations)
    };
    writeln!(out, "{dir}/stations.csv: {of_stations}");
    if imported.differing > 0 {
        let lines = number(imported.differing);
        let text = tr!("{} lines of the roll give another address for a station than its first line, which was taken", lines);
        writeln!(out, "  {text}");
    }
    let voters = imported.voters;
    let of_voters = tr!(
        "{} voters; their stations by exact names or codes: {}, by folded names: {}, by the names file: {}",
        number(voters.all()),
        number(voters.exact),
        number(voters.folded),
        number(voters.mapped)
    );
    writeln!(out, "{dir}/voters.csv: {of_voters}");
    let digest: String = imported.roll_digest.iter().fold(String::new(), |mut text, byte| {
        // Writing into a text does not fail.
        let _: std::fmt::Result = write!(text, "{byte:02x}");
        text
    });
    writeln!(out, "  {}", tr!("SHA-256 of the roll's files: {}", digest));
    let left = imported.unresolved;
    if left.voters + left.stations > 0 {
        let names = number_len(left.names);
        let text = tr!(
            "{} names; {} voters and {} stations are LEFT OUT because of them",
            names,
            number(left.voters),
            number(left.stations)
        );
        writeln!(out, "{dir}/unresolved.csv: {text}");
        if left.unlisted > 0 {
            let lines = number(left.unlisted);
            writeln!(out, "  {}", tr!("{} more lines are not listed: see whether the right columns are used", lines));
        }
        if left.lacks_parent {
            let text =
                tr!("some lines name no regency: map its column with --column, or give --within CODE if all are in one region");
            writeln!(out, "  {text}");
        }
        writeln!(notes, "{}", tr!("Next: copy it, fill in its column `code`, and import again with --names COPY"));
    } else {
        writeln!(out, "{}", tr!("nothing is unresolved"));
    }
    if !has_settings {
        writeln!(notes, "{}", tr!("{}/election.toml has the settings of a sample: correct them before anything is built", dir));
    }
    writeln!(notes, "{}", tr!("Then read the three files, and run: bilik check {}", dir));
}
