//! The one builder of election folders.

use crate::Binary;
use crate::folder::Folder;
use crate::operator::Operator;
use bilik_cli::synthetic::{self, Sample, Shape};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// An election folder that is about to be written.
#[derive(Clone, Debug, Default)]
pub struct Election {
    generated: Option<Shape>,
    files: BTreeMap<String, Vec<u8>>,
}

impl Election {
    /// `election.toml` of [`Self::sample`].
    pub const SAMPLE_SETTINGS: &str =
        "id = \"uji\"\nname = \"Uji\"\nday = \"2029-02-14\"\nopens = \"07:00\"\ncloses = \"13:00\"\ndemo = true\n";
    /// `regions.csv` of [`Self::sample`].
    pub const SAMPLE_REGIONS: &str =
        "code,name\n32,Jawa Barat\n32.01,Bogor\n32.01.01,Cibinong\n32.01.01.2001,Satu\n32.01.01.2002,Dua\n";
    /// `stations.csv` of [`Self::sample`].
    pub const SAMPLE_STATIONS: &str = "id,village,number,venue,address,lat,lon\n\
        A1,3201012001,1,SD 1,Jl. 1,-6.481,106.841\n\
        A2,3201012001,2,SD 2,Jl. 2,-6.482,106.842\n\
        A3,3201012001,3,SD 3,Jl. 3,-6.483,106.843\n\
        A4,3201012001,4,SD 4,Jl. 4,-6.484,106.844\n\
        B1,3201012002,1,SD 5,Jl. 5,-6.485,106.845\n";
    /// `voters.csv` of [`Self::sample`].
    pub const SAMPLE_VOTERS: &str = "nik,name,station\n3201010101900001,Budi Santoso,A1\n3201014101900001,Siti Aminah,B1\n";

    /// Five stations in two villages and two voters, without a fault.
    pub fn sample() -> Self {
        Self::default()
            .with("election.toml", Self::SAMPLE_SETTINGS)
            .with("regions.csv", Self::SAMPLE_REGIONS)
            .with("stations.csv", Self::SAMPLE_STATIONS)
            .with("voters.csv", Self::SAMPLE_VOTERS)
    }

    /// Stations by their ids, each of which is ten digits of the village and three of the number: all regions follow from them.
    /// Sealed at the smallest cost.
    pub fn of_stations(ids: &[&str]) -> Self {
        let settings = "id = \"uji-2029\"\nname = \"Pemilu Uji\"\nday = \"2029-02-14\"\nopens = \"07:00\"\ncloses = \"13:00\"\n\
                        demo = true\n\n[sealing]\nmemory_kib = 8\npasses = 1\n";
        let codes: BTreeSet<&str> = ids.iter().flat_map(|id| [2, 4, 6, 10].map(|digits| &id[..digits])).collect();
        let mut regions = String::from("code,name\n");
        for code in codes {
            writeln!(regions, "{code},Contoh {code}").unwrap();
        }
        let mut stations = String::from("id,village,number,venue,address,lat,lon\n");
        for id in ids {
            writeln!(stations, "{id},{},{},Balai Contoh,Jl. Contoh No. 1,-6.4,106.8", &id[..10], &id[10..]).unwrap();
        }
        let files = Self::default().with("election.toml", settings).with("regions.csv", regions);
        files.with("stations.csv", stations).voters("")
    }

    /// An election of any size, made up by the demo.
    pub fn generated(shape: &Shape) -> Self {
        Self { generated: Some(shape.clone()), files: BTreeMap::new() }
    }

    /// Lines of voters.csv: nik, name, station, village.
    pub fn voters(self, lines: &str) -> Self {
        self.with("voters.csv", format!("nik,name,station,village\n{lines}"))
    }

    /// More lines of election.toml, before its first table.
    pub fn settings(self, lines: &str) -> Self {
        let before = String::from_utf8(self.files["election.toml"].clone()).unwrap();
        let (values, tables) = before.split_once("\n[").unwrap_or((&before, ""));
        let tables = if tables.is_empty() { String::new() } else { format!("\n[{tables}") };
        self.with("election.toml", format!("{values}{lines}{tables}"))
    }

    /// Replaces a file, or adds one.
    pub fn with(mut self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        self.files.insert(name.to_owned(), bytes.as_ref().to_vec());
        self
    }

    /// Adds a line to a file.
    pub fn append(mut self, name: &str, line: impl AsRef<[u8]>) -> Self {
        let file = self.files.entry(name.to_owned()).or_default();
        file.extend_from_slice(line.as_ref());
        file.push(b'\n');
        self
    }

    /// How many lines a file has.
    pub fn line_count(&self, name: &str) -> usize {
        self.files[name].split_inclusive(|&byte| byte == b'\n').count()
    }

    /// Writes the files into a folder; of a generated election also tells whom to ask for.
    pub fn write(&self, folder: &Path) -> Option<Sample> {
        let sample = self.generated.as_ref().map(|shape| synthetic::write(folder, shape).unwrap());
        fs::create_dir_all(folder).unwrap();
        for (name, bytes) in &self.files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        sample
    }

    /// Writes the files into a temporary folder.
    pub fn folder(&self) -> Folder {
        Folder::of(self)
    }

    /// Gives the election to an operator, who has a key.
    pub fn operator(&self, binary: Binary) -> Operator {
        let operator = Operator::new(binary);
        self.write(&operator.election());
        operator
    }
}

/// A roll of some lines under the columns nik, name and station.
pub fn roll(lines: &[&str]) -> String {
    format!("nik,name,station\n{}\n", lines.join("\n"))
}
