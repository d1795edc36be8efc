//! `bilik report`: a page with plots about a site, or what harvesting a roll costs.

mod cost;
mod page;

use super::help::Help;
use crate::exit::Exit;
use crate::output::Output;
use bilik_publish::cancel::CancellationToken;
use bilik_publish::cost_model::Prices;
use bilik_publish::language::Language;
use clap::Args;
use std::path::PathBuf;

/// Write a page with plots about a site: sizes, anonymity, odds, quality, costs, changes
///
/// Most of it follows from the site's public files, which anybody can read. With --cost, print what it costs to harvest a roll
/// from its sealed files instead; docs/threat-model.md explains the attackers, the assumptions and the floors.
#[derive(Debug, Args)]
#[command(after_long_help = HELP.to_string())]
pub(super) struct Report {
    /// The site's folder or address; with --cost, an election folder [default: the shape of 2024]
    #[arg(required_unless_present_any = ["cost", "print_prices"])]
    site: Option<String>,
    /// Write the page to FILE, in place of an older one
    #[arg(long, value_name = "FILE", required_unless_present_any = ["cost", "print_prices", "json"])]
    out: Option<PathBuf>,
    /// The election folder: show what `check` finds in it, and price its own names and ages
    #[arg(long, value_name = "DIR", conflicts_with = "cost")]
    roll: Option<PathBuf>,
    /// An earlier site, a folder or an address: show what changed since
    #[arg(long, value_name = "OLDSITE", conflicts_with = "cost")]
    since: Option<String>,
    /// A certificate of this site by `verify --certificate`: show it
    #[arg(long, value_name = "FILE", conflicts_with = "cost")]
    certificate: Option<PathBuf>,
    /// Check that the site is signed with this public key: KEY.pub or its text. May be given several times
    #[arg(long, value_name = "KEY.pub", conflicts_with = "cost")]
    public_key: Vec<String>,
    /// How many of the public keys must have signed
    #[arg(long, default_value_t = 1, value_name = "N", requires = "public_key")]
    threshold: usize,
    /// Print what each attacker pays by each recipe, and no page
    #[arg(long, conflicts_with = "out")]
    cost: bool,
    /// Rates and prices of machines in place of the default ones
    #[arg(long, value_name = "FILE")]
    prices: Option<PathBuf>,
    /// Print the rates and prices as a file for --prices, and nothing else
    #[arg(long, conflicts_with_all = ["site", "out", "json"])]
    print_prices: bool,
    /// Print the figures as one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) const HELP: Help = Help {
    examples: &[
        ("bilik report site --public-key KEY.pub --out report.html", "Write the page in Indonesian, from the public files alone"),
        (
            "bilik report site --public-key KEY.pub --roll pemilu --certificate certificate.json --since old --lang en --out report.html",
            "Write it in English with the quality of the roll, a certificate, and what changed",
        ),
        ("bilik report https://a.example/ --json", "Print the figures of a published site, for a script"),
        ("bilik report --cost", "Price the default settings for a country like Indonesia"),
        ("bilik report --cost pemilu", "Price an election's own settings and roll"),
        ("bilik report --cost --print-prices", "Write a file of rates and prices to change"),
        ("bilik report --cost --prices prices.toml --json", "Price with them, for a script"),
    ],
    exit_statuses: &[
        (Exit::Success, "written or printed"),
        (Exit::Negative, "the same, and a real election's roll falls under a floor of the cost model"),
        (
            Exit::Failure,
            "a file of the site is missing or refused; the certificate or the older site does not belong to it; the input or the \
             prices could not be read; the page could not be written",
        ),
        (Exit::Interrupted, "interrupted"),
    ],
};

impl Report {
    pub(super) fn run(&self, lang: Option<Language>, output: &Output, cancel: &CancellationToken) -> anyhow::Result<Exit> {
        let prices = self.prices.as_deref().map_or_else(|| Ok(Prices::default()), Prices::load)?;
        if self.print_prices {
            write!(output.stdout, "{}", prices.to_toml());
            return Ok(Exit::Success);
        }
        if self.cost {
            return cost::print(self.site.as_deref().map(AsRef::as_ref), prices, self.json, output, cancel);
        }
        // The page is for voters: Indonesian unless another language is asked for, whatever the operator's locale is.
        self.write_page(prices, lang.unwrap_or(Language::Id), output, cancel)
    }
}
