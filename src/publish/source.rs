//! The lookup's source of files in the terminal: a folder, or an address.

use crate::file::Refusal;
use crate::head;
use crate::lookup::{Problem, Source};
use anyhow::{Context as _, ensure};
use std::fs::File;
use std::io::Read as _;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A site that `find` and `verify` read.
pub enum Site {
    /// On this machine.
    Folder(PathBuf),
    /// Behind an address that ends in a slash.
    Address(String, ureq::Agent),
}

impl Site {
    /// From what stands on the command line.
    ///
    /// # Errors
    /// When it is neither an address nor a folder.
    pub fn open(text: &str) -> anyhow::Result<Self> {
        if text.starts_with("http://") || text.starts_with("https://") {
            let config = ureq::Agent::config_builder()
                .timeout_global(Some(Duration::from_secs(30)))
                .max_redirects(0)
                .http_status_as_error(true);
            let base = if text.ends_with('/') { text.to_owned() } else { format!("{text}/") };
            return Ok(Self::Address(base, config.build().new_agent()));
        }
        let folder = PathBuf::from(text);
        ensure!(folder.is_dir(), "{text}: a site's folder or address was expected; `bilik build --out` makes the folder");
        Ok(Self::Folder(folder))
    }

    /// The bytes at a path, at most one more than `most`.
    ///
    /// # Errors
    /// When there is no such file.
    pub fn read(&self, path: &str, most: u32) -> anyhow::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let most = u64::from(most) + 1;
        match self {
            Self::Folder(folder) => {
                File::open(folder.join(path)).context("there is no such file")?.take(most).read_to_end(&mut bytes)?
            }
            Self::Address(base, agent) => {
                agent.get(format!("{base}{path}")).call()?.into_body().into_reader().take(most).read_to_end(&mut bytes)?
            }
        };
        Ok(bytes)
    }

    fn checked<T>(&self, path: &str, most: u32, check: &dyn Fn(&[u8]) -> Result<T, Refusal>) -> Result<Vec<u8>, Vec<Problem>> {
        let name = self.name();
        let bytes = self.read(path, most).map_err(|e| vec![Problem::unreachable(&name, path, format!("{e:#}"))])?;
        check(&bytes).map_err(|refusal| vec![Problem::refused(&name, path, &refusal)])?;
        Ok(bytes)
    }
}

impl Source for Site {
    async fn file(&self, path: &str, length: u32, check: &dyn Fn(&[u8]) -> Result<(), Refusal>) -> Result<Vec<u8>, Vec<Problem>> {
        self.checked(path, length, check)
    }

    async fn head(&self, check: &dyn Fn(&[u8]) -> Result<u64, Refusal>) -> Result<Vec<u8>, Vec<Problem>> {
        self.checked(head::PATH, head::LONGEST, check)
    }

    fn now(&self) -> u64 {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs())
    }

    fn name(&self) -> String {
        match self {
            Self::Folder(folder) => folder.display().to_string(),
            Self::Address(base, _) => base.clone(),
        }
    }
}
