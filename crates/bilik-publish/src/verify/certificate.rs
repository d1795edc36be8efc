//! A certificate: what `verify` found with the roll, as JSON that an office can publish and sign. It has counts and no line,
//! no name and no NIK.

use super::odds::{CONFIDENCE, wrong_at_most};
use super::sample::RollPart;
use super::statement::Statement;
use super::voter_report::VoterReport;
use crate::io_error::IoError;
use crate::signing::{self, SigningError};
use bilik::format::{FormatError, Head, PublicKey};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};

const FORMAT: u32 = 1;
/// A longer file is not a certificate.
const MAX_LEN: usize = 64 << 10;

/// What was found of one site with one roll. `docs/operating.md` describes each field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Certificate {
    /// 1.
    pub format: u32,
    /// The program that checked.
    pub tool: String,
    /// When, in UTC.
    pub date: String,
    /// The site's folder or address, as it was given.
    pub site: String,
    /// The election's id.
    pub election: String,
    /// The serial of its head.
    pub serial: u64,
    /// SHA-256 of the head's file, in hex.
    pub head: String,
    /// The digest of its manifest, which is the manifest's name.
    pub manifest: String,
    /// Whether nothing was wrong.
    pub ok: bool,
    /// The part of the roll.
    pub part: RollPart,
    /// Voters of the roll, or of the part.
    pub voters: u64,
    /// Voters who are withheld, of the whole roll.
    pub withheld: u64,
    /// Lines that were rejected, of the whole roll.
    pub rejected: u64,
    /// Voters for whom the site lacks a table or their station.
    pub failed: u64,
    /// Tables with another number of keys than the roll.
    pub differing_tables: u64,
    /// Voters who were asked.
    pub asked: u64,
    /// Of those, with a key by `full`.
    pub asked_by_full: u64,
    /// Of those, with a key by `near`.
    pub asked_by_near: u64,
    /// Of those, also looked up by the code that runs in browsers.
    pub looked_up: u64,
    /// Of those asked, led to the right station.
    pub right: u64,
    /// Of those asked, not led to the right station.
    pub wrong: u64,
    /// How sure the bound is.
    pub confidence: f64,
    /// The upper bound for the share of wrong answers among all; exact where everybody was asked.
    pub wrong_at_most: f64,
    /// The sentence.
    pub statement: Statement,
}

/// What a certificate says besides the counts.
#[derive(Clone, Copy, Debug)]
pub struct CertifiedSite<'a> {
    /// The site's folder or address.
    pub site: &'a str,
    /// The bytes of its head, verified.
    pub head: &'a [u8],
    /// When it was checked, in seconds since 1970.
    pub checked_at: u64,
    /// Voters who are withheld.
    pub withheld: u64,
    /// Lines that were rejected.
    pub rejected: u64,
}

/// Why a certificate cannot be written or trusted.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// A certificate is never overwritten.
    #[error("{}", tr::tr!("{}: exists already, and a certificate is never overwritten. Fix: give another --certificate", path.display()))]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// Not a certificate.
    #[error("{}", tr::tr!("{}: not a certificate of Bilik: {}", path.display(), reason))]
    NotACertificate {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// The head cannot be read.
    #[error("{}", tr::tr!("head.bilik: {}", _0))]
    Head(#[from] FormatError),
    /// The key cannot be used.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// A file cannot be read or written.
    #[error(transparent)]
    Io(#[from] IoError),
}

impl Certificate {
    /// Of a report.
    ///
    /// # Errors
    /// When the head cannot be read.
    pub fn new(site: &CertifiedSite, report: &VoterReport) -> Result<Self, CertificateError> {
        let (head, _) = Head::read_unverified(site.head)?;
        let is_all = report.asked == report.voters;
        let share = wrong_at_most(report.asked, report.wrong());
        let exact = if report.voters == 0 { 0.0 } else { crate::number::share(report.wrong(), report.voters) };
        Ok(Self {
            format: FORMAT,
            tool: format!("bilik {}", env!("CARGO_PKG_VERSION")),
            date: bilik::iso_utc(site.checked_at),
            site: site.site.to_owned(),
            election: head.election,
            serial: head.serial,
            head: crate::app::hex_digest(site.head),
            manifest: head.manifest.digest.to_string(),
            ok: report.is_right(),
            part: report.part,
            voters: report.voters,
            withheld: site.withheld,
            rejected: site.rejected,
            failed: report.failed,
            differing_tables: report.differing_tables,
            asked: report.asked,
            asked_by_full: report.by_full,
            asked_by_near: report.by_near,
            looked_up: report.looked_up,
            right: report.right,
            wrong: report.wrong(),
            confidence: if is_all { 1.0 } else { CONFIDENCE },
            wrong_at_most: if is_all { exact } else { share },
            statement: Statement::of(report),
        })
    }

    /// Refuses a path where a certificate or its signature is already: before hours of work, not after.
    ///
    /// # Errors
    /// When there is one.
    pub fn refuse_existing(path: &Path) -> Result<(), CertificateError> {
        match [path.to_owned(), signature_path(path)].into_iter().find(|path| path.exists()) {
            Some(path) => Err(CertificateError::Exists { path }),
            None => Ok(()),
        }
    }

    /// Writes it; with a key, also its signature beside it: `FILE.sig`, the 64 bytes of Ed25519 over the exact bytes of the file.
    ///
    /// # Errors
    /// When there is one already, the key cannot be used, or a file cannot be written.
    pub fn write(&self, path: &Path, key: Option<&Path>) -> Result<(), CertificateError> {
        Self::refuse_existing(path)?;
        let not_written =
            |error: serde_json::Error| CertificateError::NotACertificate { path: path.to_owned(), reason: error.to_string() };
        let text = serde_json::to_string_pretty(self).map_err(not_written)? + "\n";
        let signature = key.map(|key| signing::sign_bytes(key, text.as_bytes())).transpose()?;
        signing::write_new(path, text.as_bytes(), 0o644)?;
        if let Some(signature) = signature {
            signing::write_new(&signature_path(path), &signature, 0o644)?;
        }
        Ok(())
    }

    /// Reads one, and which of some public keys signed it; `None` if none of them did.
    ///
    /// # Errors
    /// When the file or its signature cannot be read, or it is not a certificate.
    pub fn read(path: &Path, keys: &[PublicKey]) -> Result<(Self, Option<PublicKey>), CertificateError> {
        let bytes = read_bytes(path)?;
        let beside = signature_path(path);
        let signature = fs::read(&beside).map_err(IoError::advising(
            &beside,
            "the certificate has no signature that can be read",
            "Fix: get the .sig file that was published with it",
        ))?;
        let signed_by = keys.iter().find(|key| signing::has_signed(key, &bytes, &signature)).copied();
        Ok((parse(path, &bytes)?, signed_by))
    }

    /// Reads one without asking who signed it.
    ///
    /// # Errors
    /// When the file cannot be read, or it is not a certificate.
    pub fn read_unverified(path: &Path) -> Result<Self, CertificateError> {
        parse(path, &read_bytes(path)?)
    }

    /// Whether a head is the one that was certified, by the bytes of its file.
    #[must_use]
    pub fn is_of(&self, head: &[u8]) -> bool {
        crate::app::hex_digest(head) == self.head
    }
}

fn not_a_certificate(path: &Path, reason: String) -> CertificateError {
    CertificateError::NotACertificate { path: path.to_owned(), reason }
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, CertificateError> {
    let bytes = fs::read(path).map_err(IoError::at(path, "cannot be read"))?;
    if bytes.len() > MAX_LEN {
        return Err(not_a_certificate(path, format!("it has {} bytes", bytes.len())));
    }
    Ok(bytes)
}

fn parse(path: &Path, bytes: &[u8]) -> Result<Certificate, CertificateError> {
    let certificate: Certificate = serde_json::from_slice(bytes).map_err(|error| not_a_certificate(path, error.to_string()))?;
    if certificate.format != FORMAT {
        return Err(not_a_certificate(path, format!("format {}, expected {FORMAT}", certificate.format)));
    }
    Ok(certificate)
}

fn signature_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".sig");
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signing::Signers;
    use bilik::format::{Digest, FileRef};

    #[test]
    fn a_signed_certificate_is_read_and_any_changed_byte_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let (path, key) = (folder.path().join("c.json"), folder.path().join("KEY"));
        let (public, _) = signing::generate(&key).unwrap();
        let (other, _) = signing::generate(&folder.path().join("OTHER")).unwrap();
        let manifest = FileRef { digest: Digest::of(b"manifest"), stored: 8, inflated: 8 };
        let head = Head { election: "uji-2029".into(), serial: 7, signed_at: 1, expires: 2, manifest, provinces: Vec::new() };
        let head = Signers::read(std::slice::from_ref(&key)).unwrap().sign(&head).unwrap();
        let report = VoterReport { voters: 1_000, asked: 300, right: 299, ..VoterReport::default() };
        let site = CertifiedSite { site: "site", head: &head, checked_at: 1_707_868_800, withheld: 2, rejected: 3 };
        let certificate = Certificate::new(&site, &report).unwrap();
        assert!(!certificate.ok && certificate.is_of(&head) && !certificate.is_of(&head[1..]));
        assert_eq!((certificate.wrong, certificate.date.as_str()), (1, "2024-02-14T00:00:00Z"));
        assert!((certificate.wrong_at_most - wrong_at_most(300, 1)).abs() < f64::EPSILON);
        certificate.write(&path, Some(&key)).unwrap();
        assert_eq!(fs::read(signature_path(&path)).unwrap().len(), 64);
        let (read, signed_by) = Certificate::read(&path, &[other, public]).unwrap();
        assert_eq!((&read, signed_by), (&certificate, Some(public)));
        assert_eq!(Certificate::read(&path, &[other]).unwrap().1, None);
        assert!(certificate.write(&path, None).unwrap_err().to_string().contains("never overwritten"));
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace("\"wrong\": 1", "\"wrong\": 0")).unwrap();
        assert_eq!(Certificate::read(&path, &[public]).unwrap().1, None);
        fs::remove_file(signature_path(&path)).unwrap();
        assert!(Certificate::read(&path, &[public]).unwrap_err().to_string().contains("no signature"));
        // Where everybody was asked, the share is exact.
        let all = VoterReport { voters: 4, asked: 4, right: 3, ..VoterReport::default() };
        assert!((Certificate::new(&site, &all).unwrap().wrong_at_most - 0.25).abs() < f64::EPSILON);
    }
}
