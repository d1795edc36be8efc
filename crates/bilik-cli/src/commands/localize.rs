//! The help of the command line in the language of messages.
//!
//! clap has its own words in English. Where it takes others, it gets them here, before it parses; "[default: ...]" and the like are
//! written into the help of each argument, because clap has no other place for them.

use bilik_publish::language::{Language, translated};
use clap::builder::Styles;
use clap::{Arg, ArgAction, Command};
use tr::tr;

/// The command line with its help in the language of messages.
pub(super) fn localize(line: Command) -> Command {
    match Language::of_messages() {
        Language::En => line,
        Language::Id => with_help(line.clone(), &line),
    }
}

fn with_help(command: Command, line: &Command) -> Command {
    let usage = usage(line, command.get_name());
    let command = texts(command).override_usage(usage).mut_args(with_texts);
    let has_version = command.get_version().is_some();
    let command = command.disable_help_flag(true).disable_version_flag(true).arg(help_flag());
    let command = if has_version { command.arg(version_flag()) } else { command };
    command.mut_subcommands(|command| with_help(command, line))
}

/// What the command does, and the headings.
fn texts(mut command: Command) -> Command {
    if let Some(about) = command.get_about().map(|about| translated(&about.to_string()).to_owned()) {
        command = command.about(about);
    }
    if let Some(about) = command.get_long_about().map(|about| paragraphs(&about.to_string())) {
        command = command.long_about(about);
    }
    let (styles, heading) = (Styles::default(), tr!("Usage:"));
    let usage = styles.get_usage();
    command
        .help_template(format!(
            "{{before-help}}{{about-with-newline}}\n{usage}{heading}{usage:#} {{usage}}\n\n{{all-args}}{{after-help}}"
        ))
        .subcommand_help_heading(tr!("Commands"))
        .subcommand_value_name(tr!("COMMAND"))
}

/// A longer text: the catalogue has each of its paragraphs.
fn paragraphs(text: &str) -> String {
    text.split("\n\n").map(translated).collect::<Vec<_>>().join("\n\n")
}

/// How a command is typed, with clap's one word in it.
fn usage(line: &Command, name: &str) -> String {
    let mut line = line.clone().subcommand_value_name(tr!("COMMAND"));
    line.build();
    let command = line.find_subcommand(name).unwrap_or(&line);
    let usage = command.clone().render_usage().to_string();
    usage.trim_start_matches("Usage:").trim().replace("[OPTIONS]", &tr!("[OPTIONS]"))
}

fn help_flag() -> Arg {
    let flag = Arg::new("help").short('h').long("help").action(ArgAction::Help).help_heading(tr!("Options"));
    flag.help(tr!("Print help (see more with '--help')")).long_help(tr!("Print help (see a summary with '-h')"))
}

fn version_flag() -> Arg {
    let flag = Arg::new("version").short('V').long("version").action(ArgAction::Version).help_heading(tr!("Options"));
    flag.help(tr!("Print version"))
}

/// What an argument is, its default and its values.
fn with_texts(arg: Arg) -> Arg {
    let heading = match arg.get_help_heading() {
        Some(own) => translated(own).to_owned(),
        None if arg.is_positional() => tr!("Arguments"),
        None => tr!("Options"),
    };
    let takes_value = arg.get_action().takes_values();
    let shows_default = takes_value && !arg.is_hide_default_value_set();
    let default: Vec<String> = if shows_default {
        arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect()
    } else {
        Vec::new()
    };
    let default = if default.is_empty() { String::new() } else { tr!("[default: {}]", default.join(" ")) };
    let values = if takes_value { arg.get_possible_values() } else { Vec::new() };
    let names: Vec<&str> = values.iter().map(clap::builder::PossibleValue::get_name).collect();
    let names = if names.is_empty() { String::new() } else { tr!("[possible values: {}]", names.join(", ")) };
    let value_lines: Vec<String> = values
        .iter()
        .filter_map(|value| Some(format!("- {}: {}", value.get_name(), translated(&value.get_help()?.to_string()))))
        .collect();
    let help = arg.get_help().map(|help| translated(&help.to_string()).to_owned()).unwrap_or_default();
    let long_help = arg.get_long_help().map_or(help.clone(), |help| paragraphs(&help.to_string()));
    let short = [help.as_str(), &default, &names];
    let listed =
        if value_lines.is_empty() { names.clone() } else { format!("{}\n{}", tr!("Possible values:"), value_lines.join("\n")) };
    let long = [long_help.as_str(), &listed, &default];
    let join =
        |parts: [&str; 3], between: &str| parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(between);
    arg.help(join(short, " "))
        .long_help(join(long, "\n\n"))
        .help_heading(heading)
        .hide_default_value(takes_value)
        .hide_possible_values(takes_value)
}
