//! `bilik find`: a lookup from the terminal, by the same code as the browser's.

use super::{EXIT_FAILURE, print_json, trust};
use bilik::lookup::{BadReason, Cancelled, Field, Lookup, Observer, Outcome, Problem, Progress, Question, Station};
use bilik::{Recipe, format};
use bilik_publish::interrupted;
use bilik_publish::source::Site;
use std::process::ExitCode;
use std::time::Duration;

/// Ask a site where a voter votes. Exit status: 0 found or ambiguous; 1 not found, village needed or no such region; 2 else.
#[derive(clap::Args)]
pub(super) struct Find {
    /// The site's folder or address
    site: String,
    /// The operator's public key: KEY.pub or its text. May be given several times
    #[arg(long, required = true, value_name = "KEY.pub")]
    public_key: Vec<String>,
    /// How many of the public keys must have signed
    #[arg(long, default_value_t = 1, value_name = "N")]
    threshold: usize,
    /// The first 12 digits of the NIK; more are dropped
    #[arg(long, value_name = "DIGITS", default_value = "")]
    nik: String,
    /// The name
    #[arg(long, default_value = "")]
    name: String,
    /// The village on the identity card: ten digits
    #[arg(long, value_name = "CODE")]
    village: Option<String>,
    /// Instead of --nik: date of birth, YYYY-MM-DD
    #[arg(long, value_name = "DATE", conflicts_with = "nik")]
    birth_date: Option<String>,
    /// With --birth-date: f or m
    #[arg(long, requires = "birth_date")]
    sex: Option<String>,
    /// With --birth-date: six digits of the district where the NIK was first issued
    #[arg(long, value_name = "CODE", requires = "birth_date")]
    district: Option<String>,
    /// For so many seconds a server is waited for, altogether
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    timeout: u64,
    /// Print the outcome as the browser gets it
    #[arg(long)]
    pub(super) json: bool,
}

// The details are a voter's: they are never shown.
impl std::fmt::Debug for Find {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Find").field("site", &self.site).finish_non_exhaustive()
    }
}

struct Patient;

impl Observer for Patient {
    async fn step(&self, _: Progress) -> Result<(), Cancelled> {
        if interrupted() { Err(Cancelled) } else { Ok(()) }
    }
}

impl Find {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let trust = trust(&self.public_key, self.threshold)?;
        let site = match Site::open(&self.site) {
            Ok(site) => site.within(Duration::from_secs(self.timeout)),
            // For whoever reads JSON this is one of the outcomes that they expect.
            Err(error) => {
                return self.tell(&Outcome::Unreachable {
                    problems: vec![Problem::unreachable(&self.site, format::HEAD_PATH, error.to_string())],
                });
            }
        };
        let lookup = Lookup::new(site, trust);
        let question = Question {
            nik: Some(self.nik.clone()),
            birth_date: self.birth_date.clone(),
            sex: self.sex.clone(),
            district: self.district.clone(),
            name: Some(self.name.clone()),
            village: self.village.clone(),
            only: None,
        };
        let outcome =
            pollster::block_on(lookup.ask(&question, &Patient)).map_err(|Cancelled| anyhow::anyhow!("no answer yet"))?;
        anyhow::ensure!(!interrupted(), "no answer yet");
        self.tell(&outcome)
    }

    fn tell(&self, outcome: &Outcome) -> anyhow::Result<ExitCode> {
        if self.json {
            print_json(outcome)?;
        } else {
            print(outcome);
        }
        Ok(ExitCode::from(match outcome {
            Outcome::Found { .. } | Outcome::Ambiguous { .. } => 0,
            Outcome::NotFound { .. } | Outcome::VillageNeeded { .. } | Outcome::NoSuchRegion { .. } => 1,
            Outcome::BadInput { .. } | Outcome::Stale { .. } | Outcome::Unverified { .. } | Outcome::Unreachable { .. } => {
                EXIT_FAILURE
            }
        }))
    }
}

fn print(outcome: &Outcome) {
    match outcome {
        Outcome::Found { by, station, election, .. } => {
            if *by == Recipe::Near {
                println!("Probably, since this was found by village and first name:");
            }
            print_station(station);
            print_election(&election.name, election.demo);
        }
        Outcome::Ambiguous { stations, election, .. } => {
            println!("Voters with these details vote at different stations; one of:");
            stations.iter().for_each(print_station);
            print_election(&election.name, election.demo);
        }
        Outcome::VillageNeeded { villages, .. } => {
            println!("Not found by the name alone. Ask again with --village and the village on the identity card:");
            for village in villages {
                println!("  {}  {}, {}", village.code, village.name, village.district);
            }
        }
        Outcome::NotFound { searched, .. } => {
            println!("Not found in district {}{}.", searched.district, named(searched.district_name.as_ref()));
            if searched.common_name {
                println!("Too many bear this name here: give more of it.");
            }
        }
        Outcome::NoSuchRegion { searched, .. } => {
            println!("No voter's NIK starts with {}, and no district of today has this code.", searched.district);
        }
        Outcome::BadInput { field, reason } => eprintln!("{}: {}", flag(*field), reason_in_words(*reason)),
        Outcome::Stale { data, .. } => eprintln!("The data expired on {}: get a newer site.", data.expires),
        Outcome::Unverified { problems } => print_problems("The site is not what the operator signed:", problems),
        Outcome::Unreachable { problems } => print_problems("The site is out of reach:", problems),
    }
}

fn flag(field: Field) -> &'static str {
    match field {
        Field::Nik => "--nik",
        Field::Name => "--name",
        Field::BirthDate => "--birth-date",
        Field::Sex => "--sex",
        Field::District => "--district",
        Field::Village => "--village",
    }
}

fn reason_in_words(reason: BadReason) -> &'static str {
    match reason {
        BadReason::Missing => "it is missing",
        BadReason::TooShort => "fewer than 12 digits",
        BadReason::TooLong => "more than 16 digits, or more than 200 letters",
        BadReason::NotDigits => "there is something other than digits",
        BadReason::NotADate => "no date; expected YYYY-MM-DD",
        BadReason::NotASex => "expected f or m",
        BadReason::NotACode => "no code; expected the digits of a district (6) or a village (10)",
        BadReason::NoLetters => "no Latin letter is left of the name",
    }
}

fn named(name: Option<&String>) -> String {
    name.map(|name| format!(" ({name})")).unwrap_or_default()
}

fn print_station(station: &Station) {
    println!("TPS {:03}  {}, {}, {}, {}", station.number, station.village, station.district, station.regency, station.province);
    println!("         {}, {}", station.venue, station.address);
    println!("         {} to {} {}", station.opens, station.closes, station.time_zone);
    if let Some(notice) = &station.notice {
        println!("         {notice}");
    }
}

fn print_election(name: &str, demo: bool) {
    println!("{name}{}", if demo { " (a demo: all of it is made up)" } else { "" });
}

fn print_problems(what: &str, problems: &[Problem]) {
    eprintln!("{what}");
    for problem in problems {
        eprintln!("  {}: {}: {}", problem.source, problem.file, problem.reason);
    }
}
