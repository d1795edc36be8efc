//! `bilik man`: manual pages, for packagers.

use super::help::Help;
use crate::exit::Exit;
use crate::output::Output;
use anyhow::Context as _;
use clap::builder::Resettable;
use clap_mangen::Man as Page;
use clap_mangen::roff::{Roff, bold, roman};
use std::fs;
use std::path::PathBuf;

/// Write the manual pages, one for each command
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP.to_string())]
pub(super) struct Man {
    /// The folder to write into; it is made if it does not exist
    dir: PathBuf,
}

pub(super) const HELP: Help = Help {
    examples: &[("bilik man target/man", "Write bilik.1, bilik-build.1 and so on; `man -l target/man/bilik.1` shows one")],
    exit_statuses: &[(Exit::Success, "written"), (Exit::Failure, "a page could not be written")],
};

impl Man {
    /// Writes the pages of that command line, with the help of the whole and of each command.
    pub(super) fn run(&self, line: clap::Command, help: (&Help, &[(&str, Help)]), output: &Output) -> anyhow::Result<Exit> {
        fs::create_dir_all(&self.dir).with_context(|| format!("cannot make the folder {}", self.dir.display()))?;
        for (name, page) in pages(line, help)? {
            let path = self.dir.join(name);
            fs::write(&path, page).with_context(|| format!("cannot write {}", path.display()))?;
            writeln!(output.stdout, "{}", path.display());
        }
        Ok(Exit::Success)
    }
}

/// Each page by its file name.
fn pages(line: clap::Command, (whole, by_command): (&Help, &[(&str, Help)])) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let mut line = line.disable_help_subcommand(true);
    line.build();
    let mut pages = vec![page(line.clone(), whole)?];
    for command in line.get_subcommands().filter(|command| !command.is_hide_set()) {
        let help = by_command.iter().find(|(name, _)| *name == command.get_name());
        let (_, help) = help.with_context(|| format!("{} has no help", command.get_name()))?;
        pages.push(page(command.clone(), help)?);
    }
    Ok(pages)
}

/// One page. Examples and exit statuses have sections of their own; `clap_mangen` would put them together under "EXTRA".
fn page(command: clap::Command, help: &Help) -> anyhow::Result<(String, Vec<u8>)> {
    let page = Page::new(command.after_long_help(Resettable::Reset))
        .manual("Bilik")
        .source(concat!("bilik ", env!("CARGO_PKG_VERSION")));
    let mut bytes = Vec::new();
    page.render(&mut bytes)?;
    let mut more = Roff::new();
    more.control("SH", ["EXAMPLES"]);
    for (example, what) in help.examples {
        more.control("TP", []).text([bold(*example)]).text([roman(*what)]);
    }
    more.control("SH", ["EXIT STATUS"]);
    for (exit, meaning) in help.exit_statuses {
        more.control("TP", []).text([bold(exit.status().to_string())]).text([roman(*meaning)]);
    }
    more.to_writer(&mut bytes)?;
    Ok((page.get_filename(), bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_that_is_shown_has_a_page_with_all_sections() {
        let command = |name: &'static str| clap::Command::new(name).about("Does it").version("1");
        let line = command("bilik").subcommands([command("build"), command("man").hide(true)]);
        let help =
            Help { examples: &[("bilik build x", "Build x")], exit_statuses: &[(Exit::Success, "built"), (Exit::Failure, "no")] };
        let pages = pages(line.clone(), (&help, &[("build", help)])).unwrap();
        assert_eq!(pages.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["bilik.1", "bilik-build.1"]);
        for (name, page) in pages {
            let page = String::from_utf8(page).unwrap();
            for text in [".SH NAME", ".SH SYNOPSIS", ".SH EXAMPLES", "bilik build x", ".SH \"EXIT STATUS\"", "built"] {
                assert!(page.contains(text), "{name}: no {text} in {page}");
            }
            assert!(!page.contains("EXTRA"), "{name}");
        }
        assert!(super::pages(line, (&help, &[])).is_err(), "a command without help");
    }
}
