//! `bilik serve`

use crate::serve::{self, Fault};
use anyhow::ensure;
use bilik::format;
use bilik_publish::interrupted;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// Serve a site on this machine, for trying.
#[derive(Debug, clap::Args)]
pub(super) struct Serve {
    /// The site that `bilik build` wrote
    site: PathBuf,
    /// The port; without it a free one from 8080 on
    #[arg(long)]
    port: Option<u16>,
    /// The address to listen on; 0.0.0.0 lets other machines in
    #[arg(long, default_value_t = Ipv4Addr::LOCALHOST.into())]
    host: IpAddr,
    /// A fault on purpose, of every data file and never of the page, to watch the page survive: stall, stall-midway,
    /// slow[=bytes per second], drop, 500, truncated, flipped, or older-head=PATH (that head in place of the site's)
    #[arg(long)]
    fault: Option<Fault>,
}

impl Serve {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        check(&self.site)?;
        let server = serve::start_near(&self.site, self.host, self.port, self.fault.as_ref())?;
        println!("http://{}/  serves {} until Ctrl-C", server.address(), self.site.display());
        if let Some(fault) = &self.fault {
            println!("A fault on purpose: {fault}.");
        }
        println!("This is for trying. In production any static host, CDN or object store serves the folder.");
        wait();
        Ok(ExitCode::SUCCESS)
    }
}

/// Until somebody presses Ctrl-C.
pub(super) fn wait() {
    while !interrupted() {
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Whether that folder is one to be shown to others: somebody in a hurry may name the one that holds the roll.
fn check(site: &Path) -> anyhow::Result<()> {
    for name in [bilik_publish::config::FILE, "voters.csv", "voters.csv.gz"] {
        ensure!(
            !site.join(name).exists(),
            "{} holds {name}, so it is an election folder, and serving it would publish the roll; \
             expected the site that `bilik build` wrote: give the folder of its --out",
            site.display()
        );
    }
    ensure!(
        site.join(format::HEAD_PATH).is_file(),
        "{} holds no {}; expected the site that `bilik build` wrote: give the folder of its --out",
        site.display(),
        format::HEAD_PATH
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
