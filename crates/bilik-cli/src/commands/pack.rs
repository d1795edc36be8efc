//! `bilik pack`

use super::help::Help;
use super::keys::public_keys;
use crate::exit::Exit;
use crate::output::{Output, Stdout};
use anyhow::Context as _;
use bilik::format::{Code, Level};
use bilik_publish::cancel::CancellationToken;
use bilik_publish::language::number_len;
use bilik_publish::pack::{Packed, pack};
use bilik_publish::source::Site;
use std::path::{Path, PathBuf};
use tr::tr;

/// Write one HTML file that answers for a region without any network
///
/// The file holds the page, the module and the region's files. It is opened from a disk or a memory card, makes no request, and
/// checks the same signature as the page of a site. Everything that goes into it is checked first.
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP.to_string())]
pub(super) struct Pack {
    /// The site's folder or address
    site: String,
    /// The regency: voters whose NIK begins with these 4 digits
    #[arg(long, value_name = "CODE", required_unless_present = "district", conflicts_with = "district", value_parser = regency)]
    regency: Option<Code>,
    /// The district: voters whose NIK begins with these 6 digits
    #[arg(long, value_name = "CODE", value_parser = district)]
    district: Option<Code>,
    /// The file to write; an earlier pack is replaced, any other file is not
    #[arg(long, value_name = "FILE.html")]
    out: PathBuf,
    /// The operator's public key: KEY.pub or its text. May be given several times [default: the keys that the site's page trusts]
    #[arg(long, value_name = "KEY.pub")]
    public_key: Vec<String>,
    /// How many of the public keys must have signed
    #[arg(long, default_value_t = 1, value_name = "N", requires = "public_key")]
    threshold: usize,
    /// Print the result as one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) const HELP: Help = Help {
    examples: &[
        (
            "bilik pack site --district 320101 --public-key KEY.pub --out cibinong.html",
            "Write a file for the office of a district, and print its size and key",
        ),
        (
            "bilik pack https://a.example/ --regency 3201 --public-key KEY.pub --out bogor.html",
            "Pack a regency of a published site",
        ),
    ],
    exit_statuses: &[
        (Exit::Success, "the pack was written"),
        (
            Exit::Failure,
            "nothing was written: a file of the site is missing or refused, it has no such region, or the pack cannot be written",
        ),
    ],
};

impl Pack {
    pub(super) fn run(&self, output: &Output, cancel: &CancellationToken) -> anyhow::Result<Exit> {
        let region = self.regency.or(self.district).context("--regency or --district is needed")?;
        let keys = public_keys(&self.public_key)?;
        let is_given = !keys.is_empty();
        let site = Site::open(&self.site)?.cancelled_by(cancel);
        let packed = pack(&site, region, is_given.then_some((keys, self.threshold)), &self.out)?;
        if self.json {
            output.stdout.json(&packed)?;
        } else {
            print(&packed, &self.out, &output.stdout);
        }
        if !is_given {
            let warning = tr!("the keys are those that the site's own page names. Give --public-key to compare them with yours");
            writeln!(output.stderr, "bilik: {warning}");
        }
        Ok(Exit::Success)
    }
}

fn print(packed: &Packed, out: &Path, stdout: &Stdout) {
    let Packed { region, name, election, serial, signed_at, expires, public_keys, bytes, sha256, parts, files } = packed;
    let of = tr!("{} bytes, {} files of {} ({})", number_len(*bytes), number_len(*files), name, region);
    writeln!(stdout, "{}: {of}", out.display());
    writeln!(
        stdout,
        "{}",
        tr!(
            "page {}, module {}, tables {}, lists {} bytes",
            number_len(parts.page),
            number_len(parts.module),
            number_len(parts.tables),
            number_len(parts.lists)
        )
    );
    writeln!(stdout, "{}", tr!("election {}, serial {}, signed {}, expires {}", election, serial, signed_at, expires));
    for key in public_keys {
        writeln!(stdout, "{key}");
    }
    writeln!(stdout, "SHA-256 {sha256}");
    writeln!(stdout, "{}", tr!("Publish the key and the SHA-256 where people who get a copy of the file can compare them."));
}

fn regency(text: &str) -> Result<Code, String> {
    code(text, Level::Regency).ok_or_else(|| tr!("expected 4 digits of a regency, such as 3201"))
}

fn district(text: &str) -> Result<Code, String> {
    code(text, Level::District).ok_or_else(|| tr!("expected 6 digits of a district, such as 320101"))
}

fn code(text: &str, level: Level) -> Option<Code> {
    Code::parse(text).filter(|code| code.level() == level)
}
