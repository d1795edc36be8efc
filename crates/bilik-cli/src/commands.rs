//! The commands: one file each, and what several of them share. This file knows all of them; none of them knows this one.

mod assemble;
mod build;
mod built;
mod check;
mod clock;
mod completions;
mod demo;
mod find;
mod global_options;
mod help;
mod import;
mod init;
mod inspect;
mod keygen;
mod keys;
mod localize;
mod man;
mod pack;
mod part_key;
mod patch;
mod plan;
mod progress_bars;
mod report;
mod rollback;
mod seal;
mod serve;
mod sign;
mod status;
mod uploads;
mod usage_error;
mod verify;
mod witness;

use crate::exit::Exit;
use crate::output::{Output, Stderr};
use anyhow::Context as _;
use bilik_publish::cancel::CancellationToken;
use bilik_publish::language::{Catalogue, Language};
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use global_options::GlobalOptions;
use help::Help;
use localize::localize;
use std::ffi::OsString;
use std::process::ExitCode;
use tr::tr;

/// The command line as it is typed.
#[derive(Debug, Parser)]
#[command(name = "bilik", version, about, arg_required_else_help = true, after_long_help = HELP.to_string())]
// `help COMMAND` is read as `COMMAND --help`: clap's own command speaks English only.
#[command(disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    global: GlobalOptions,
    #[command(subcommand)]
    command: Command,
}

// What each command does stands as the doc comment of its arguments.
#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Demo),
    Init(init::Init),
    Import(import::Import),
    Keygen(keygen::Keygen),
    Check(check::Check),
    Build(build::Build),
    Plan(plan::PlanCommand),
    Seal(seal::Seal),
    Status(status::Status),
    Assemble(assemble::Assemble),
    PartKey(part_key::PartKeyCommand),
    Patch(patch::Patch),
    Rollback(rollback::Rollback),
    Sign(sign::Sign),
    Uploads(uploads::UploadsCommand),
    Pack(pack::Pack),
    Verify(verify::Verify),
    Witness(witness::WitnessCommand),
    Find(find::Find),
    Inspect(inspect::Inspect),
    Report(report::Report),
    Serve(serve::Serve),
    Completions(completions::Completions),
    // For packagers, not for operators.
    #[command(hide = true)]
    Man(man::Man),
}

const HELP: Help = Help {
    examples: &[
        ("bilik demo", "Try everything with a made-up election"),
        ("bilik init pemilu", "Start an election of your own"),
        ("bilik build --help", "Show what a command does, with examples and exit statuses"),
    ],
    exit_statuses: &[
        (Exit::Success, "the command did its work"),
        (
            Exit::Negative,
            "it did, and the answer is negative; the help of import, check, build, plan, status, patch, rollback, sign, verify, witness, find and report says when",
        ),
        (Exit::Failure, "it could not do its work, or an argument is wrong"),
        (Exit::Contradiction, "witness only: what was seen contradicts what was seen before"),
        (Exit::Never, "seal only: trying again does not help"),
        (Exit::TryAgain, "seal only: trying again may help"),
        (Exit::Interrupted, "interrupted"),
    ],
};

/// The examples and exit statuses of each command, for its help and its manual page.
const HELP_BY_COMMAND: [(&str, Help); 24] = [
    ("demo", demo::HELP),
    ("init", init::HELP),
    ("import", import::HELP),
    ("keygen", keygen::HELP),
    ("check", check::HELP),
    ("build", build::HELP),
    ("plan", plan::HELP),
    ("seal", seal::HELP),
    ("status", status::HELP),
    ("assemble", assemble::HELP),
    ("part-key", part_key::HELP),
    ("patch", patch::HELP),
    ("rollback", rollback::HELP),
    ("sign", sign::HELP),
    ("uploads", uploads::HELP),
    ("pack", pack::HELP),
    ("verify", verify::HELP),
    ("witness", witness::HELP),
    ("find", find::HELP),
    ("inspect", inspect::HELP),
    ("report", report::HELP),
    ("serve", serve::HELP),
    ("completions", completions::HELP),
    ("man", man::HELP),
];

/// Runs the command line. Every command ends here: its errors are reported here, and its exit status is decided here.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = help_last(arguments.into_iter().collect());
    speak(global_options::language(&arguments, |name| std::env::var_os(name)));
    let parsed = localize(Cli::command()).try_get_matches_from(arguments).and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(usage) => {
            match usage_error::in_words(&usage) {
                Some(words) => write!(Stderr, "{words}"),
                // Nothing can be done where the terminal is gone.
                None => usage.print().unwrap_or_default(),
            }
            return if usage.use_stderr() { Exit::Failure } else { Exit::Success }.into();
        }
    };
    if cli.command.wants_json() {
        // Programs get the same texts everywhere.
        speak(Language::En);
    }
    let output = Output { is_quiet: cli.global.quiet, ..Output::default() };
    let cancel = CancellationToken::new();
    let exit = cancel_on_ctrl_c(&cancel)
        .and_then(|()| cli.command.run(cli.global.lang.map(Language::from), &output, &cancel))
        .unwrap_or_else(|error| report(&cli.command, &error, &output, &cancel));
    // A file with half of the output must not pass for the whole.
    let is_incomplete = output.stdout.is_incomplete() && exit != Exit::Interrupted;
    if is_incomplete { Exit::Failure } else { exit }.into()
}

/// Sets the language of this crate's messages and of the library's.
fn speak(language: Language) {
    language.set_for_messages();
    match language {
        Language::Id => tr::set_translator!(Catalogue),
        Language::En => tr::unset_translator!(),
    }
}

/// `bilik help build` as `bilik build --help`.
fn help_last(mut arguments: Vec<OsString>) -> Vec<OsString> {
    if arguments.get(1).is_some_and(|argument| argument == "help") {
        arguments.remove(1);
        arguments.push("--help".into());
    }
    arguments
}

/// Long work checks the token, and cleans up on its way out. A second Ctrl-C ends the process at once, from the signal
/// handler's thread: the only exit besides the end of [`run`].
fn cancel_on_ctrl_c(cancel: &CancellationToken) -> anyhow::Result<()> {
    let cancel = cancel.clone();
    ctrlc::set_handler(move || {
        if cancel.is_cancelled() {
            std::process::exit(Exit::Interrupted.status().into());
        }
        cancel.cancel();
    })
    .context(tr!("Ctrl-C cannot be caught"))
}

/// Reports why a command failed.
fn report(command: &Command, error: &anyhow::Error, output: &Output, cancel: &CancellationToken) -> Exit {
    if command.wants_json() {
        // Scripts that read JSON get JSON for every error.
        writeln!(output.stdout, "{}", serde_json::json!({ "error": format!("{error:#}") }));
    }
    if cancel.is_cancelled() {
        let text = if command.publishes() {
            tr!("interrupted ({}); nothing was published", format!("{error:#}"))
        } else {
            tr!("interrupted ({})", format!("{error:#}"))
        };
        writeln!(output.stderr, "bilik: {text}");
        return Exit::Interrupted;
    }
    writeln!(output.stderr, "bilik: {error:#}");
    Exit::Failure
}

impl Command {
    fn run(&self, language: Option<Language>, output: &Output, cancel: &CancellationToken) -> anyhow::Result<Exit> {
        match self {
            Self::Demo(command) => command.run(output, cancel),
            Self::Init(command) => command.run(output),
            Self::Import(command) => command.run(output, cancel),
            Self::Keygen(command) => command.run(output),
            Self::Check(command) => command.run(output, cancel),
            Self::Build(command) => command.run(output, cancel),
            Self::Plan(command) => command.run(output, cancel),
            Self::Seal(command) => Ok(command.run(output, cancel)),
            Self::Status(command) => command.run(output),
            Self::Assemble(command) => command.run(output, cancel),
            Self::PartKey(command) => command.run(output),
            Self::Patch(command) => command.run(output, cancel),
            Self::Rollback(command) => command.run(output, cancel),
            Self::Sign(command) => command.run(output, cancel),
            Self::Uploads(command) => command.run(output),
            Self::Pack(command) => command.run(output, cancel),
            Self::Verify(command) => command.run(output, cancel),
            Self::Witness(command) => command.run(output, cancel),
            Self::Find(command) => command.run(output, cancel),
            Self::Inspect(command) => command.run(output),
            Self::Report(command) => command.run(language, output, cancel),
            Self::Serve(command) => command.run(output, cancel),
            Self::Completions(command) => Ok(command.run(localize(Cli::command()), output)),
            Self::Man(command) => command.run(Cli::command(), (&HELP, &HELP_BY_COMMAND), output),
        }
    }

    fn publishes(&self) -> bool {
        matches!(self, Self::Assemble(_) | Self::Build(_) | Self::Demo(_) | Self::Patch(_) | Self::Rollback(_))
    }

    fn wants_json(&self) -> bool {
        match self {
            Self::Keygen(keygen) => keygen.json,
            Self::Check(check) => check.json,
            Self::Build(build) => build.json,
            Self::Plan(plan) => plan.json,
            Self::Assemble(assemble) => assemble.json,
            Self::Patch(patch) => patch.json,
            Self::Rollback(rollback) => rollback.json,
            Self::Sign(sign) => sign.json,
            Self::Uploads(uploads) => uploads.json,
            Self::Seal(seal) => seal.json,
            Self::Find(find) => find.json,
            Self::Pack(pack) => pack.json,
            Self::Report(report) => report.json,
            Self::Status(status) => status.json,
            Self::Verify(verify) => verify.json,
            Self::Witness(witness) => witness.json,
            Self::Inspect(_) => true,
            Self::Demo(_)
            | Self::Init(_)
            | Self::Import(_)
            | Self::PartKey(_)
            | Self::Serve(_)
            | Self::Completions(_)
            | Self::Man(_) => false,
        }
    }
}

#[cfg(test)]
mod catalogue_tests;

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of a line as a shell splits them, where it has quotes of one kind only.
    fn words(line: &str) -> Vec<String> {
        let mut words = Vec::new();
        for (at, part) in line.split('\'').enumerate() {
            if at % 2 == 1 {
                words.push(part.to_owned());
            } else {
                words.extend(part.split_whitespace().map(str::to_owned));
            }
        }
        words
    }

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_has_help_with_a_summary_examples_and_exit_statuses() {
        let mut line = Cli::command();
        let names: Vec<String> = line.get_subcommands().map(|command| command.get_name().to_owned()).collect();
        assert_eq!(names, HELP_BY_COMMAND.map(|(name, _)| name), "a command without its help, or in another order");
        assert!(line.render_long_help().to_string().contains("\nExit status:\n"));
        for name in names {
            let command = line.find_subcommand_mut(&name).unwrap();
            let about = command.get_about().unwrap_or_default().to_string();
            assert!(about.len() > 10 && about.len() < 100 && !about.contains('\n'), "{name}: {about}");
            let help = command.render_long_help().to_string();
            assert!(help.contains("\nExamples:\n") && help.contains("\nExit status:\n  0 "), "{name}: {help}");
            assert!(help.contains("\n  2 "), "{name}: every command can fail");
            for argument in command.get_arguments() {
                assert!(argument.get_help().is_some(), "{name}: {} has no help", argument.get_id());
            }
        }
    }

    #[test]
    fn every_example_is_a_command_line_of_its_command() {
        for (name, help) in HELP_BY_COMMAND.iter().map(|(name, help)| (Some(*name), help)).chain([(None, &HELP)]) {
            assert!(!help.examples.is_empty(), "{name:?}");
            for (example, what) in help.examples {
                assert!(!what.is_empty() && !what.ends_with('.'), "{example}: {what}");
                let words = words(example);
                let only_help = words.iter().any(|word| word == "--help");
                match Cli::try_parse_from(&words) {
                    Ok(_) => assert!(name.is_none_or(|name| words[1] == name), "{example} is an example of {name:?}"),
                    Err(error) => assert!(only_help && !error.use_stderr(), "{example}: {error}"),
                }
            }
        }
    }

    #[test]
    fn the_exit_statuses_stand_in_order() {
        for (name, help) in HELP_BY_COMMAND {
            let statuses: Vec<u8> = help.exit_statuses.iter().map(|(exit, _)| exit.status()).collect();
            assert!(statuses.is_sorted() && statuses.first() == Some(&0) && statuses.contains(&2), "{name}: {statuses:?}");
        }
    }
}
