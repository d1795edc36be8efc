//! The terminal: one file a command. Native only.

mod build;
mod check;
mod demo;
mod find;
mod init;
mod inspect;
mod keygen;
mod patch;
mod progress;
mod serve;
mod verify;

use bilik::format::{PublicKey, Trust, TrustError};

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use std::path::Path;
use std::process::ExitCode;

/// Find your polling station in your own browser: sealed static files, searched on the device.
#[derive(Debug, Parser)]
#[command(name = "bilik", version, about, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a synthetic election, build its site, serve it, and print voters to try
    Demo(demo::Demo),
    /// Start an election folder: election.toml with comments, and sample CSVs
    Init(init::Init),
    /// Make a key pair for signing
    Keygen(keygen::Keygen),
    /// Read the whole input and report every problem; writes nothing
    Check(check::Check),
    /// Check, seal, sign and publish a site
    Build(build::Build),
    /// Publish stations that moved, from stations.csv: station lists and the head, no table
    Patch(patch::Patch),
    /// Check a site from outside; with the roll, that every voter is found
    Verify(verify::Verify),
    /// Ask a site where a voter votes
    Find(find::Find),
    /// Show one file of a site as JSON
    Inspect(inspect::Inspect),
    /// Serve a site on this machine, for trying
    Serve(serve::Serve),
}

/// Exit status of a command that could not do its work.
const EXIT_FAILURE: u8 = 2;

/// Runs the command line, and says what went wrong in one place.
#[must_use]
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    // Whatever takes long asks whether to stop, and cleans up on its way out; a second Ctrl-C ends at once.
    let handler = ctrlc::set_handler(|| {
        if bilik_publish::interrupted() {
            std::process::exit(130);
        }
        bilik_publish::interrupt();
    });
    let wants_json = cli.command.wants_json();
    let publishes = matches!(cli.command, Command::Build(_) | Command::Demo(_) | Command::Patch(_));
    let result = handler.context("Ctrl-C cannot be caught").and_then(|()| match cli.command {
        Command::Demo(command) => command.run(),
        Command::Init(command) => command.run(),
        Command::Keygen(command) => command.run(),
        Command::Check(command) => command.run(),
        Command::Build(command) => command.run(),
        Command::Patch(command) => command.run(),
        Command::Verify(command) => command.run(),
        Command::Find(command) => command.run(),
        Command::Inspect(command) => command.run(),
        Command::Serve(command) => command.run(),
    });
    let error = match result {
        // Whoever keeps the output in a file must not take half of it for all.
        Ok(_) if crate::output::is_lost() => return ExitCode::from(EXIT_FAILURE),
        Ok(code) => return code,
        Err(error) => error,
    };
    if wants_json {
        // Whoever reads JSON gets JSON, whatever happens.
        println!("{}", serde_json::json!({ "error": format!("{error:#}") }));
    }
    if bilik_publish::interrupted() {
        let nothing = if publishes { "; nothing was published" } else { "" };
        eprintln!("bilik: interrupted ({error:#}){nothing}");
        return ExitCode::from(130);
    }
    eprintln!("bilik: {error:#}");
    ExitCode::from(EXIT_FAILURE)
}

impl Command {
    fn wants_json(&self) -> bool {
        match self {
            Self::Check(check) => check.json,
            Self::Find(find) => find.json,
            Self::Verify(verify) => verify.json,
            Self::Inspect(_) => true,
            Self::Demo(_) | Self::Init(_) | Self::Keygen(_) | Self::Build(_) | Self::Patch(_) | Self::Serve(_) => false,
        }
    }
}

/// The keys of `--public-key`: each a `KEY.pub`, or its text.
fn public_keys(texts: &[String]) -> anyhow::Result<Vec<PublicKey>> {
    let key = |text: &String| PublicKey::parse(text).map_or_else(|| bilik_publish::signing::read_public(Path::new(text)), Ok);
    texts.iter().map(key).collect()
}

/// Whom to trust, from `--public-key`: a `KEY.pub`, or its text.
fn trust(public_keys: &[String], threshold: usize) -> anyhow::Result<Trust> {
    let texts: Vec<String> = self::public_keys(public_keys)?.iter().map(ToString::to_string).collect();
    Trust::new(texts.iter().map(String::as_str), threshold, None).map_err(|e: TrustError| anyhow::anyhow!("--public-key: {e}"))
}

/// One object, readable, on standard output.
fn print_json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    println!("{}", serde_json::to_string_pretty(value).context("the answer cannot be written as JSON")?);
    Ok(())
}

/// `28,000`: digits in groups of three.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    #[test]
    fn digits_stand_in_groups_of_three() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (28_000, "28,000"), (204_807_222, "204,807,222")] {
            assert_eq!(super::grouped(number), text);
        }
    }

    #[test]
    fn the_command_line_is_consistent() {
        <super::Cli as clap::CommandFactory>::command().debug_assert();
    }
}
