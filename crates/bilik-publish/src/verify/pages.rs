//! Whether the pages of the stations say what the signed lists say: they are made again and compared.

use super::files::SiteReport;
use crate::app::SiteFile;
use crate::cancel::CancellationToken;
use crate::source::Site;
use crate::station_pages::{FOLDER, Page, Scope, StationPages, StationPagesError};
use bilik::format::{self, Code, FormatError, Head, Manifest, Trust};
use bilik::lookup::{Problem, Source as _};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use walkdir::WalkDir;

/// A longer page is not read.
const MAX_PAGE: u32 = 4 << 20;
/// Of an address, pages of villages are asked for in at most 6 regencies, at most 5 in each.
const SAMPLE: (usize, usize) = (6, 5);
/// How many pages are named; the others are counted.
const MAX_LISTED: usize = 20;

/// Compares the pages of the stations with the lists: in a folder all of them, at an address some, drawn at random.
pub fn check_pages(site: &Site, described: &SiteFile, trust: &Trust, cancel: &CancellationToken, found: &mut SiteReport) {
    // What they are made from is refused already, and said so.
    let is_data = |problem: &Problem| Path::new(&problem.file).extension().is_some_and(|extension| extension == "bilik");
    if found.problems.iter().any(is_data) || found.is_given_up() {
        return;
    }
    let check = PageCheck { site, same: AtomicU64::new(0), seen: Mutex::default(), problems: Mutex::default() };
    if let Err(error) = check.run(described, trust, cancel) {
        let problem = match error {
            StationPagesError::File(problem) => problem,
            error => check.refused(FOLDER, error.to_string()),
        };
        check.add(problem);
    }
    found.pages = check.same.into_inner();
    let mut problems = check.problems.into_inner().unwrap_or_else(PoisonError::into_inner);
    problems.sort_by(|a, b| a.file.cmp(&b.file));
    let more = problems.len().saturating_sub(MAX_LISTED);
    problems.truncate(MAX_LISTED);
    if more > 0 {
        let reason = format!("and {more} more pages of this folder. Fix: run `bilik build`, and upload the folder again");
        problems.push(Problem { source: site.name(), file: FOLDER.to_owned(), reason, refused: true, newer: false });
    }
    found.problems.append(&mut problems);
}

struct PageCheck<'a> {
    site: &'a Site,
    /// How many pages are as they should be.
    same: AtomicU64,
    /// The paths of the pages that were compared.
    seen: Mutex<BTreeSet<String>>,
    problems: Mutex<Vec<Problem>>,
}

impl PageCheck<'_> {
    fn run(&self, described: &SiteFile, trust: &Trust, cancel: &CancellationToken) -> Result<(), StationPagesError> {
        let pages = StationPages::of(described, cancel)?;
        // Of those of another version nobody could tell; that is said of index.html.
        let Some(pages) = pages.filter(StationPages::are_of_site) else { return Ok(()) };
        let refused = |error: FormatError| Problem::refused(&self.site.name(), format::HEAD_PATH, &error);
        let head = self.site.read(format::HEAD_PATH, format::MAX_HEAD_LEN)?;
        let manifest = Head::read(&head, trust).map_err(refused)?.manifest;
        let scope = match self.site {
            Site::Folder(_) => Scope::All,
            Site::Address(_) => self.sample(&manifest)?,
        };
        pages.make(&[self.site], &manifest, &scope, &|page| self.compare(page))?;
        if let Site::Folder(folder) = self.site {
            self.others(folder);
        }
        Ok(())
    }

    /// Some regencies, drawn at random.
    fn sample(&self, manifest: &format::FileRef) -> Result<Scope, StationPagesError> {
        let path = manifest.path(format::Kind::Manifest);
        let bytes = self.site.read(&path, manifest.stored)?;
        let read = format::read::<Manifest>(&bytes, manifest);
        let manifest = read.map_err(|error| Problem::refused(&self.site.name(), &path, &error))?;
        let codes: Vec<Code> = manifest.regencies().map(|(code, _)| code).collect();
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(|error| self.refused(FOLDER, error.to_string()))?;
        let (regencies, villages) = SAMPLE;
        let step = codes.len().div_ceil(regencies).max(1);
        let first = usize::try_from(u64::from_le_bytes(random) % u64::try_from(step).unwrap_or(1)).unwrap_or_default();
        Ok(Scope::Sample(codes.into_iter().skip(first).step_by(step).collect(), villages))
    }

    fn compare(&self, Page { path, bytes: expected }: Page) -> Result<(), StationPagesError> {
        match self.site.read(&path, MAX_PAGE) {
            Ok(bytes) if bytes == expected => {
                // A sitemap is none.
                let is_page = Path::new(&path).extension().is_some_and(|extension| extension == "html");
                self.same.fetch_add(is_page.into(), Ordering::Relaxed);
            }
            Ok(_) => {
                let reason = "differs from the signed station list: of an older build or patch, or rewritten on the way. Fix: upload \
                              the folder tps/ again";
                self.add(self.refused(&path, reason.to_owned()));
            }
            // A server that does not answer is not asked for the next one.
            Err(problem) if !problem.refused && matches!(self.site, Site::Address(_)) => return Err(problem.into()),
            Err(problem) => self.add(problem),
        }
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(path);
        Ok(())
    }

    /// Pages that no list has any more.
    fn others(&self, site: &Path) {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        for entry in WalkDir::new(site.join(FOLDER)).into_iter().flatten().filter(|entry| !entry.file_type().is_dir()) {
            let inner = entry.path().strip_prefix(site).unwrap_or(entry.path());
            let path = inner.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
            if !seen.contains(&path) {
                let reason = "no village or province of the signed lists. Fix: remove it";
                self.add(self.refused(&path, reason.to_owned()));
            }
        }
    }

    fn refused(&self, path: &str, reason: String) -> Problem {
        Problem { source: self.site.name(), file: path.to_owned(), reason, refused: true, newer: false }
    }

    fn add(&self, problem: Problem) {
        self.problems.lock().unwrap_or_else(PoisonError::into_inner).push(problem);
    }
}
