//! `bilik completions`

use super::help::Help;
use crate::exit::Exit;
use crate::output::Output;
use clap_complete::Shell;

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP.to_string())]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

pub(super) const HELP: Help = Help {
    examples: &[
        ("bilik completions bash", "Print the script for bash; ~/.local/share/bash-completion/completions/bilik is its place"),
        ("bilik completions zsh", "Print the script for zsh; _bilik in a folder of $fpath is its place"),
        ("bilik completions fish", "Print the script for fish; ~/.config/fish/completions/bilik.fish is its place"),
    ],
    exit_statuses: &[(Exit::Success, "printed"), (Exit::Failure, "the script could not be printed")],
};

impl Completions {
    /// Prints the script for that command line.
    pub(super) fn run(&self, mut line: clap::Command, output: &Output) -> Exit {
        // Made in memory: the generator panics where it cannot write.
        let mut script = Vec::new();
        let name = line.get_name().to_owned();
        clap_complete::generate(self.shell, &mut line, name, &mut script);
        output.stdout.with(|out| out.write_all(&script));
        Exit::Success
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shell_has_a_script() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::PowerShell, Shell::Elvish] {
            let mut line = clap::Command::new("bilik").subcommand(clap::Command::new("build"));
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut line, "bilik", &mut script);
            assert!(String::from_utf8(script).unwrap().contains("build"), "{shell}");
        }
    }
}
