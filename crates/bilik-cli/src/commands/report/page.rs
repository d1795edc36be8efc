//! `bilik report SITE`: the page.

use super::super::keys::public_keys;
use super::Report;
use super::cost::{ReadRoll, read_roll};
use crate::exit::Exit;
use crate::output::Output;
use anyhow::Context as _;
use bilik::format::{PublicKey, Trust};
use bilik_publish::cancel::CancellationToken;
use bilik_publish::cost_model::Prices;
use bilik_publish::language::Language;
use bilik_publish::report::{ChangeFigures, QualityFigures, ReportFigures, SiteFigures, write_page};
use bilik_publish::source::Site;
use bilik_publish::verify::Certificate;
use std::path::Path;
use tr::tr;

impl Report {
    pub(super) fn write_page(
        &self,
        prices: Prices,
        language: Language,
        output: &Output,
        cancel: &CancellationToken,
    ) -> anyhow::Result<Exit> {
        let address = self.site.as_deref().unwrap_or_default();
        let keys = public_keys(&self.public_key)?;
        let trust = self.trust(&keys)?;
        if trust.is_none() {
            writeln!(
                output.stderr,
                "{}",
                tr!("bilik: no --public-key was given: the site's signature is not checked, and the page says so")
            );
        }
        let site = Site::open(address)?.cancelled_by(cancel);
        let certificate = self.certificate.as_deref().map(|path| Ok::<_, anyhow::Error>((read_certificate(path, &keys)?, path)));
        let certificate = certificate.transpose()?;
        let mut figures = ReportFigures::of_site(SiteFigures::read(&site, trust.as_ref(), cancel)?, prices);
        if let Some((certificate, path)) = certificate {
            figures = figures.with_certificate(certificate, path)?;
        }
        if let Some(since) = &self.since {
            let since = Site::open(since)?.cancelled_by(cancel);
            figures.changes = Some(ChangeFigures::between(&site, &since, trust.as_ref(), cancel)?);
        }
        if let Some(dir) = &self.roll {
            let ReadRoll { input, problems, checked, shape } = read_roll(dir, output, cancel)?;
            let (election, own) = (&figures.site.election.id, &input.config.election.id);
            anyhow::ensure!(
                own == election,
                "{}",
                tr!("{}: the roll is of {}, but the site is of {}", dir.display(), own, election)
            );
            figures = figures.with_roll(QualityFigures::of(&problems, &checked), shape);
        }
        if let Some(out) = &self.out {
            write_page(&figures, language, out)?;
            writeln!(output.stderr, "{}", tr!("bilik: written to {}", out.display()));
        }
        if self.json {
            output.stdout.json(&figures)?;
        }
        let is_real = !figures.site.election.demo;
        Ok(if is_real && !figures.harvest.reaches_its_floors() { Exit::Negative } else { Exit::Success })
    }

    fn trust(&self, keys: &[PublicKey]) -> anyhow::Result<Option<Trust>> {
        if keys.is_empty() {
            return Ok(None);
        }
        let texts: Vec<String> = keys.iter().map(ToString::to_string).collect();
        Trust::new(texts.iter().map(String::as_str), self.threshold, None).context("--public-key").map(Some)
    }
}

/// A certificate; where a signature lies beside it and keys were given, one of them must have signed it.
fn read_certificate(path: &Path, keys: &[PublicKey]) -> anyhow::Result<Certificate> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".sig");
    if keys.is_empty() || !Path::new(&beside).exists() {
        return Ok(Certificate::read_unverified(path)?);
    }
    let (certificate, signed_by) = Certificate::read(path, keys)?;
    anyhow::ensure!(signed_by.is_some(), "{}", tr!("{}: none of the given keys signed it, or it was changed", path.display()));
    Ok(certificate)
}
