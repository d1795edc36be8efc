//! `bilik serve`

use super::help::Help;
use crate::exit::Exit;
use crate::output::Output;
use crate::server::{self, Fault};
use anyhow::ensure;
use bilik::format;
use bilik_publish::cancel::CancellationToken;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tr::tr;

/// Serve a site on this machine, for testing
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP.to_string())]
pub(super) struct Serve {
    /// The site that `bilik build` wrote
    site: PathBuf,
    /// Port to listen on [default: the first free one from 8080]
    #[arg(long)]
    port: Option<u16>,
    /// Address to listen on; 0.0.0.0 lets other machines connect
    #[arg(long, default_value_t = Ipv4Addr::LOCALHOST.into())]
    host: IpAddr,
    /// Inject a fault into every data file, never into the page: stall, stall-midway, slow[=bytes per second], drop, 500,
    /// truncated, flipped, or older-head=PATH (that head instead of the site's)
    #[arg(long)]
    fault: Option<Fault>,
}

pub(super) const HELP: Help = Help {
    examples: &[
        ("bilik serve site", "Serve the site on a free port until Ctrl-C"),
        ("bilik serve site --port 8081 --fault stall", "Act as a mirror that accepts connections and never answers"),
        ("bilik serve site --fault slow=20000", "Act as a mirror that sends 20,000 bytes per second"),
    ],
    exit_statuses: &[
        (Exit::Success, "stopped by Ctrl-C or SIGTERM"),
        (Exit::Failure, "it could not be served: the folder is not a site, or the port is taken"),
    ],
};

impl Serve {
    pub(super) fn run(&self, output: &Output, cancel: &CancellationToken) -> anyhow::Result<Exit> {
        check(&self.site)?;
        let server = server::start_near(&self.site, self.host, self.port, self.fault.as_ref())?;
        writeln!(output.stdout, "{}", tr!("Serving {} at http://{}/ until Ctrl-C.", self.site.display(), server.address()));
        if let Some(fault) = &self.fault {
            writeln!(output.stdout, "{}", tr!("Injected fault: {}.", fault));
        }
        writeln!(
            output.notes(),
            "{}",
            tr!("For testing only. In production, any static host, CDN or object store serves the folder.")
        );
        wait(cancel);
        Ok(Exit::Success)
    }
}

/// Waits for Ctrl-C.
pub(super) fn wait(cancel: &CancellationToken) {
    while !cancel.is_cancelled() {
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Refuses a folder that is not a site: somebody in a hurry may name the one that holds the roll.
fn check(site: &Path) -> anyhow::Result<()> {
    for name in [bilik_publish::config::FILE, "voters.csv", "voters.csv.gz"] {
        ensure!(
            !site.join(name).exists(),
            "{}",
            tr!(
                "{} holds {}: it is an election folder, and serving it would publish the roll. Expected: the site that `bilik build` wrote. Fix: give the folder of its --out",
                site.display(),
                name
            )
        );
    }
    ensure!(
        site.join(format::HEAD_PATH).is_file(),
        "{}",
        tr!(
            "{} holds no {}. Expected: the site that `bilik build` wrote. Fix: give the folder of its --out",
            site.display(),
            format::HEAD_PATH
        )
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_site_is_served() {
        let folder = tempfile::tempdir().unwrap();
        assert!(check(folder.path()).unwrap_err().to_string().contains("holds no head.bilik"));
        std::fs::write(folder.path().join(format::HEAD_PATH), "").unwrap();
        check(folder.path()).unwrap();
        for name in ["election.toml", "voters.csv"] {
            std::fs::write(folder.path().join(name), "").unwrap();
            assert!(check(folder.path()).unwrap_err().to_string().contains("would publish the roll"), "{name}");
            std::fs::remove_file(folder.path().join(name)).unwrap();
        }
    }
}
