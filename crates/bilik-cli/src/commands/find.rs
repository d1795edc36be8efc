//! `bilik find`: a lookup from the terminal, by the same code as the browser's.

use super::help::Help;
use super::keys::TrustedKeys;
use crate::exit::Exit;
use crate::output::{Output, Stderr, Stdout};
use bilik::lookup::{
    BadReason, Cancelled, ElectionSummary, Field, Lookup, Observer, Outcome, Problem, Progress, Question, StationDetails,
};
use bilik::{Recipe, format};
use bilik_publish::cancel::CancellationToken;
use bilik_publish::source::Site;
use std::time::Duration;
use tr::tr;

/// Look up a voter's polling station in a site
#[derive(clap::Args)]
#[command(after_long_help = HELP.to_string())]
pub(super) struct Find {
    /// The site's folder or address
    site: String,
    #[command(flatten)]
    trusted: TrustedKeys,
    /// The first 12 digits of the NIK; further digits are ignored
    #[arg(long, value_name = "DIGITS", default_value = "", hide_default_value = true)]
    nik: String,
    /// The full name, or the first name together with --village
    #[arg(long, default_value = "", hide_default_value = true)]
    name: String,
    /// The village on the identity card: its ten-digit code
    #[arg(long, value_name = "CODE")]
    village: Option<String>,
    /// The date of birth, YYYY-MM-DD, instead of --nik
    #[arg(long, value_name = "DATE", conflicts_with = "nik")]
    birth_date: Option<String>,
    /// The sex, f or m, with --birth-date
    #[arg(long, requires = "birth_date")]
    sex: Option<String>,
    /// The district where the NIK was first issued, its six-digit code, with --birth-date
    #[arg(long, value_name = "CODE", requires = "birth_date")]
    district: Option<String>,
    /// Give up after N seconds in total
    #[arg(long, value_name = "N", default_value_t = 60)]
    timeout: u64,
    /// Print the outcome as one JSON object, as the browser gets it
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) const HELP: Help = Help {
    examples: &[
        (
            "bilik find site --public-key KEY.pub --nik 390101621291 --name 'CONTOH SAJA'",
            "Look up a voter of the sample that `bilik init` writes",
        ),
        (
            "bilik find site --public-key KEY.pub --nik 390101621291 --name CONTOH --village 3901012001",
            "Look up the same voter by first name and village",
        ),
        (
            "bilik find https://a.example/ --public-key KEY.pub --birth-date 1991-12-22 --sex f --district 390101 --name 'Contoh Saja'",
            "Look up the same voter without the NIK, from a server",
        ),
    ],
    exit_statuses: &[
        (Exit::Success, "found, or ambiguous: two or three stations"),
        (Exit::Negative, "not found, the village is needed as well, or there is no such region"),
        (Exit::Failure, "no answer: the input is invalid, or the site has expired, is not what was signed, or is out of reach"),
        (Exit::Interrupted, "interrupted"),
    ],
};

// The details are a voter's and are never shown.
impl std::fmt::Debug for Find {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Find").field("site", &self.site).finish_non_exhaustive()
    }
}

/// Cancels the lookup when Ctrl-C is pressed.
struct CancelOnInterrupt<'a>(&'a CancellationToken);

impl Observer for CancelOnInterrupt<'_> {
    fn step(&self, _: Progress) -> Result<(), Cancelled> {
        if self.0.is_cancelled() { Err(Cancelled) } else { Ok(()) }
    }
}

impl Find {
    pub(super) fn run(&self, output: &Output, cancel: &CancellationToken) -> anyhow::Result<Exit> {
        let trust = self.trusted.trust()?;
        let site = match Site::open(&self.site) {
            Ok(site) => site.within(Duration::from_secs(self.timeout)).cancelled_by(cancel),
            // Readers of JSON expect this among the outcomes.
            Err(error) => {
                let problem = Problem::unreachable(&self.site, format::HEAD_PATH, error.to_string());
                return self.show(&Outcome::Unreachable { problems: vec![problem] }, output);
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
            ..Question::default()
        };
        let outcome = pollster::block_on(lookup.ask(&question, &CancelOnInterrupt(cancel)))
            .map_err(|Cancelled| anyhow::anyhow!("{}", tr!("no answer yet")))?;
        anyhow::ensure!(!cancel.is_cancelled(), "{}", tr!("no answer yet"));
        self.show(&outcome, output)
    }

    fn show(&self, outcome: &Outcome, output: &Output) -> anyhow::Result<Exit> {
        if self.json {
            output.stdout.json(outcome)?;
        } else {
            print(outcome, output);
        }
        Ok(match outcome {
            Outcome::Found { .. } | Outcome::Ambiguous { .. } => Exit::Success,
            Outcome::NotFound { .. } | Outcome::VillageNeeded { .. } | Outcome::NoSuchRegion { .. } => Exit::Negative,
            Outcome::BadInput { .. } | Outcome::Stale { .. } | Outcome::Unverified { .. } | Outcome::Unreachable { .. } => {
                Exit::Failure
            }
        })
    }
}

fn print(outcome: &Outcome, output: &Output) {
    let (out, err) = (&output.stdout, &output.stderr);
    match outcome {
        Outcome::Found { by, station, answered } => {
            if *by == Recipe::Near {
                writeln!(out, "{}", tr!("Probably: found by village and first name only:"));
            }
            print_station(station, out);
            print_election(&answered.election, out);
        }
        Outcome::Ambiguous { stations, answered, .. } => {
            writeln!(out, "{}", tr!("Several voters have these details, and vote at different stations. One of:"));
            for station in stations {
                print_station(station, out);
            }
            print_election(&answered.election, out);
        }
        Outcome::VillageNeeded { villages, .. } => {
            writeln!(
                out,
                "{}",
                tr!("Not found by the name alone. Try again with --village and the code of the village on the identity card:")
            );
            for village in villages {
                writeln!(out, "  {}  {}, {}", village.code, village.name, village.district);
            }
        }
        Outcome::NotFound { searched, .. } => {
            writeln!(out, "{}", tr!("Not found in district {}{}.", searched.district, named(searched.district_name.as_ref())));
            if searched.common_name {
                writeln!(out, "{}", tr!("Too many voters have this name here: give more of it."));
            }
        }
        Outcome::NoSuchRegion { searched, .. } => {
            writeln!(out, "{}", tr!("No voter's NIK starts with {}, and no current district has this code.", searched.district));
        }
        Outcome::BadInput { field, reason } => writeln!(err, "{}: {}", flag(*field), reason_in_words(*reason)),
        Outcome::Stale { data, .. } => writeln!(err, "{}", tr!("The data expired on {}. Fix: get a newer site.", data.expires)),
        Outcome::Unverified { problems } => print_problems(&tr!("The site is not what the operator signed:"), problems, err),
        Outcome::Unreachable { problems } => print_problems(&tr!("The site is out of reach:"), problems, err),
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

fn reason_in_words(reason: BadReason) -> String {
    match reason {
        BadReason::Missing => tr!("missing"),
        BadReason::TooShort => tr!("fewer than 12 digits"),
        BadReason::TooLong => tr!("more than 16 digits, or a name of more than 200 letters"),
        BadReason::NotDigits => tr!("expected digits only"),
        BadReason::NotADate => tr!("not a date; expected YYYY-MM-DD"),
        BadReason::NotASex => tr!("expected f or m"),
        BadReason::NotACode => tr!("not a code; expected 6 digits for a district, 10 for a village"),
        BadReason::NoLetters => tr!("the name has no Latin letters"),
    }
}

fn named(name: Option<&String>) -> String {
    name.map(|name| format!(" ({name})")).unwrap_or_default()
}

fn print_station(station: &StationDetails, out: &Stdout) {
    writeln!(
        out,
        "{} {:03}  {}, {}, {}, {}",
        station.kind.name(),
        station.number,
        station.village,
        station.district,
        station.regency,
        station.province
    );
    writeln!(out, "         {}, {}", station.venue, station.address);
    writeln!(out, "         {}", tr!("{} to {} {}", station.opens, station.closes, station.time_zone));
    for line in [&station.notice, &station.notice_url].into_iter().flatten() {
        writeln!(out, "         {line}");
    }
}

fn print_election(election: &ElectionSummary, out: &Stdout) {
    writeln!(
        out,
        "{}{}",
        election.name,
        if election.demo { format!(" ({})", tr!("a demo: all data is made up")) } else { String::new() }
    );
}

fn print_problems(what: &str, problems: &[Problem], err: &Stderr) {
    writeln!(err, "{what}");
    for problem in problems {
        writeln!(err, "  {}: {}: {}", problem.source, problem.file, problem.reason);
    }
}
