//! What to upload of a site, and in which order: data that never changes first, then the app, its pages last, and then the head,
//! which makes all of it current.

use crate::app::{MAX_SITE_FILE, SERVICE_WORKER, SITE_FILE, SiteFile};
use crate::source::Site;
use crate::staging::HEADS;
use crate::station_pages;
use crate::verify::{require_parts, secret};
use bilik::format::{self, Digest, Directory, Document, FileRef, FormatError, Head, Kind, Manifest, Trust};
use bilik::lookup::{Problem, Source as _};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// The folders of files that are named by their digest.
const DATA: [&str; 6] = ["d", "m", "n", "p", "s", "t"];
/// Statements of witnesses: they come from outside, and a mirror may have later ones.
const STATEMENTS: &str = "w";

/// Of more pages of stations than this, the whole folder is synchronised.
const MAX_SINGLE_PAGES: usize = 500;

/// The files to upload, stage by stage: each stage must be there before the next begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uploads {
    /// Named by digest or version: they never change.
    pub immutable: Vec<String>,
    /// The app's other files, and the pages of stations that differ, if they are few.
    pub app: Vec<String>,
    /// The folder of the pages of the stations, if more differ: to synchronise as a whole, by any tool that copies folders.
    pub folder: Option<&'static str>,
    /// The pages and the service worker, which name the app's files.
    pub pages: Vec<String>,
    /// The head, where it differs.
    pub head: Vec<String>,
    /// Bytes of all of these.
    pub bytes: u64,
    /// Data of the older site that no current file names: to delete once nobody has its head any more.
    pub obsolete: Vec<String>,
}

/// Why it cannot be said what to upload.
#[derive(Debug, thiserror::Error)]
pub enum UploadsError {
    /// A file of a site is missing or refused.
    #[error("{}/{}: {}", .0.source, .0.file, .0.reason)]
    File(Problem),
    /// The older site is of another election.
    #[error("{}", tr::tr!("{}: the site there is of another election, {}", since, election))]
    AnotherElection {
        /// The older site.
        since: String,
        /// Its election.
        election: String,
    },
    /// A file in the site's folder is secret.
    #[error("{}", tr::tr!("{}: {}. Expected: only what anybody may fetch. Fix: remove it from the site's folder, and from every mirror", file, crate::language::translated(what)))]
    Secret {
        /// The file.
        file: String,
        /// Why.
        what: &'static str,
    },
    /// The site's own page would refuse its head.
    #[error("{}", tr::tr!("{}: {}, and the site's page takes it for untrue. Expected: the signatures of {} of its keys. Fix: let their holders run `bilik sign`", format::HEAD_PATH, cause, threshold))]
    Unsigned {
        /// What the page would find.
        cause: FormatError,
        /// How many must sign.
        threshold: usize,
    },
    /// The folder cannot be listed.
    #[error("{}", tr::tr!("{}: cannot be listed: {}", folder.display(), cause))]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why not.
        cause: walkdir::Error,
    },
}

impl Uploads {
    /// Of a site in a folder: all of it, or what differs from an older site, as a host has it.
    ///
    /// # Errors
    /// When a head is not signed as `trust` demands, or files that it names are missing.
    pub fn of(folder: &Path, since: Option<&Site>, trust: &Trust) -> Result<Self, UploadsError> {
        let site = Site::Folder(folder.to_owned());
        let (head, manifest, data) = data_of(&site, trust)?;
        refuse_unsigned(&site)?;
        require_parts(&site, &head, &manifest, usize::MAX).map_err(UploadsError::File)?;
        let older = since.map(|since| data_of(since, trust)).transpose()?;
        if let (Some(since), Some((old, ..))) = (since, &older)
            && old.election != head.election
        {
            return Err(UploadsError::AnotherElection { since: since.name(), election: old.election.clone() });
        }
        let old_data = older.map(|(_, _, data)| data).unwrap_or_default();
        let obsolete = old_data.keys().filter(|path| !data.contains_key(*path)).cloned().collect();
        let mut uploads = Self { obsolete, ..Self::default() };
        let is_new = |path: &str| !since.is_some_and(|since| is_same(folder, since, path));
        for (path, file) in data.iter().filter(|(path, _)| !old_data.contains_key(*path)) {
            require_whole(&site, path, file)?;
            uploads.immutable.push(path.clone());
        }
        for path in app_files(folder)?.into_iter().filter(|path| is_new(path)) {
            let stage = if path.starts_with("v/") {
                &mut uploads.immutable
            } else if is_page(&path) {
                &mut uploads.pages
            } else {
                &mut uploads.app
            };
            stage.push(path);
        }
        if is_new(format::HEAD_PATH) {
            uploads.head.push(format::HEAD_PATH.to_owned());
        }
        let pages: Vec<String> =
            files(&folder.join(station_pages::FOLDER), folder)?.into_iter().filter(|path| is_new(path)).collect();
        // A page that is gone is taken away by the same call.
        let is_single = since.is_some_and(|since| matches!(since, Site::Folder(_))) && pages.len() <= MAX_SINGLE_PAGES;
        let mut counted = uploads.stages().concat();
        if is_single {
            counted.extend(pages.iter().cloned());
            uploads.app.extend(pages);
            uploads.obsolete.extend(gone_pages(folder, since)?);
        } else if !pages.is_empty() {
            counted.extend(pages);
            uploads.folder = Some(station_pages::FOLDER);
        }
        for path in counted {
            let length = |path: &Path| std::fs::metadata(path).map(|file| file.len());
            let missing = |_| UploadsError::File(Problem::unreachable(&site.name(), &path, "missing"));
            uploads.bytes += length(&folder.join(&path)).map_err(missing)?;
        }
        Ok(uploads)
    }

    /// The stages in their order, without those that have no file.
    #[must_use]
    pub fn stages(&self) -> Vec<Vec<String>> {
        let all = [&self.immutable, &self.app, &self.pages, &self.head];
        all.into_iter().filter(|stage| !stage.is_empty()).cloned().collect()
    }
}

/// Whether a file names others of the app.
fn is_page(path: &str) -> bool {
    path == SERVICE_WORKER || Path::new(path).extension().is_some_and(|extension| extension == "html")
}

/// Refuses a head that the site's own page would refuse, for want of signatures most likely. A site of data alone has no page.
fn refuse_unsigned(site: &Site) -> Result<(), UploadsError> {
    if !site.has(SITE_FILE) {
        return Ok(());
    }
    let read = |path, max| site.read(path, max).map_err(UploadsError::File);
    let unreadable = |reason: String| UploadsError::File(Problem::unreachable(&site.name(), SITE_FILE, reason));
    let page = SiteFile::parse(&read(SITE_FILE, MAX_SITE_FILE)?).map_err(|error| unreadable(error.to_string()))?;
    let keys: Vec<String> = page.public_keys.iter().map(ToString::to_string).collect();
    let trust =
        Trust::new(keys.iter().map(String::as_str), page.threshold, None).map_err(|error| unreadable(error.to_string()))?;
    let head = read(format::HEAD_PATH, format::MAX_HEAD_LEN)?;
    Head::read(&head, &trust).map(drop).map_err(|cause| UploadsError::Unsigned { cause, threshold: page.threshold })
}

/// The head of a site, its manifest, and all data that the head leads to, by path.
fn data_of(site: &Site, trust: &Trust) -> Result<(Head, Manifest, BTreeMap<String, FileRef>), UploadsError> {
    let bytes = site.read(format::HEAD_PATH, format::MAX_HEAD_LEN).map_err(UploadsError::File)?;
    let refused = |error| UploadsError::File(Problem::refused(&site.name(), format::HEAD_PATH, &error));
    let head = Head::read(&bytes, trust).map_err(refused)?;
    let manifest: Manifest = read(site, &head.manifest)?;
    let mut data = BTreeMap::new();
    let mut add = |kind: Kind, file: FileRef| {
        data.insert(file.path(kind), file);
    };
    add(Kind::Manifest, head.manifest);
    head.provinces.iter().for_each(|province| add(Kind::Province, province.part));
    manifest.provinces.iter().for_each(|province| add(Kind::Names, province.names));
    for file in manifest.regencies().map(|(_, regency)| regency.directory).chain(manifest.elsewhere) {
        let directory: Directory = read(site, &file)?;
        add(Kind::Directory, file);
        let tables = directory.tables.iter().flat_map(|tables| tables.full.iter().chain(&tables.near));
        tables.for_each(|file| add(Kind::Table, *file));
        let lists = directory.districts.iter().filter_map(|district| district.stations);
        lists.for_each(|file| add(Kind::StationList, file));
    }
    Ok((head, manifest, data))
}

/// Refuses a file that is missing or damaged: mirrors would keep it for good.
fn require_whole(site: &Site, path: &str, file: &FileRef) -> Result<(), UploadsError> {
    let bytes = site.read(path, file.stored).map_err(UploadsError::File)?;
    let (expected, got) = (file.digest, Digest::of(&bytes));
    if got == expected {
        return Ok(());
    }
    Err(UploadsError::File(Problem::refused(&site.name(), path, &FormatError::Digest { expected, got })))
}

fn read<T: Document>(site: &Site, file: &FileRef) -> Result<T, UploadsError> {
    let path = file.path(T::KIND);
    let bytes = site.read(&path, file.stored).map_err(UploadsError::File)?;
    format::read(&bytes, file).map_err(|error| UploadsError::File(Problem::refused(&site.name(), &path, &error)))
}

/// Whether an older site has the same bytes at a path. An address is not asked for each file of the app: they are few and small.
fn is_same(folder: &Path, since: &Site, path: &str) -> bool {
    let Site::Folder(since) = since else { return false };
    std::fs::read(since.join(path)).is_ok_and(|old| std::fs::read(folder.join(path)).is_ok_and(|new| old == new))
}

/// The pages of stations that only the older site has.
fn gone_pages(folder: &Path, since: Option<&Site>) -> Result<Vec<String>, UploadsError> {
    let Some(Site::Folder(since)) = since else { return Ok(Vec::new()) };
    let old = files(&since.join(station_pages::FOLDER), since)?;
    Ok(old.into_iter().filter(|path| !folder.join(path).is_file()).collect())
}

/// All files but the data, the heads and the pages of stations, without hidden ones.
fn app_files(folder: &Path) -> Result<Vec<String>, UploadsError> {
    let all = files(folder, folder)?;
    Ok(all.into_iter().filter(|path| path != format::HEAD_PATH).collect())
}

/// The files of a folder by their paths in the site. Of a whole site, without data, heads and pages of stations.
fn files(folder: &Path, site: &Path) -> Result<Vec<String>, UploadsError> {
    let is_wanted = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().to_string_lossy();
        let is_other = DATA.contains(&name.as_ref()) || [HEADS, STATEMENTS, station_pages::FOLDER].contains(&name.as_ref());
        entry.depth() == 0 || !(name.starts_with('.') || folder == site && entry.depth() == 1 && is_other)
    };
    let mut files = Vec::new();
    if !folder.exists() {
        return Ok(files);
    }
    for entry in WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(is_wanted) {
        let entry = entry.map_err(|cause| UploadsError::Folder { folder: folder.to_owned(), cause })?;
        let inner = entry.path().strip_prefix(site).unwrap_or(entry.path());
        let path = inner.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        if entry.file_type().is_file()
            && let Some(what) = secret(entry.path())
        {
            return Err(UploadsError::Secret { file: path, what });
        }
        if entry.file_type().is_file() {
            files.push(path);
        }
    }
    Ok(files)
}
