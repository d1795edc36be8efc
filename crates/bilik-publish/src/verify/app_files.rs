//! Whether a site's app is the one that this program writes, whole and unchanged.

use super::files::SiteReport;
use super::said::{MAX_APP_FILE, refused, unlike_manifest};
use crate::app::{self, Composed, MAX_SITE_FILE, PAGE, SERVICE_WORKER, SITE_FILE, SiteFile, hex_digest};
use crate::cancel::CancellationToken;
use crate::signing;
use crate::source::Site;
use bilik::format::PublicKey;
use bilik::lookup::Problem;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

/// Files of the app that a page cannot do without.
const APP: [&str; 4] = [PAGE, SERVICE_WORKER, "pkg/bilik.js", "pkg/bilik_bg.wasm"];

/// Checks that the app is complete and unchanged, and which keys its page trusts. A mirror of the data alone has no app. Gives
/// what `site.json` says, if it can be read.
pub fn check_app(
    site: &Site,
    trusted: &[PublicKey],
    threshold: usize,
    cancel: &CancellationToken,
    found: &mut SiteReport,
) -> Option<SiteFile> {
    let described = match read_site_file(site) {
        Ok(described) => Some(described),
        Err(problem) => {
            found.problems.push(problem);
            None
        }
    };
    if let Some(described) = &described {
        found.problems.extend(looser_trust(site, described, trusted, threshold));
        if let Some(election) = &found.signed {
            found.problems.extend(unlike_manifest(site, described, election));
        }
    }
    let composed = described.as_ref().and_then(|described| composed(site, described, found));
    let kept = described.as_ref().map(|described| &described.files);
    let ours: BTreeMap<&str, &[u8]> =
        composed.iter().flat_map(|app| &app.files).map(|(path, content)| (path.as_str(), content.as_slice())).collect();
    let needed: BTreeSet<&str> = kept.into_iter().flat_map(BTreeMap::keys).map(String::as_str).chain(APP).collect();
    let logo = described.as_ref().and_then(logo_of);
    let paths: BTreeSet<&str> = needed.iter().copied().chain(logo).chain(ours.keys().copied()).collect();
    let mut absent = Vec::new();
    for path in paths {
        if cancel.is_cancelled() || found.is_given_up() {
            break;
        }
        let began = Instant::now();
        let read = site.read(path, MAX_APP_FILE);
        if read.as_ref().is_err_and(|problem| !problem.refused) {
            found.wasted += began.elapsed();
        }
        match read {
            Ok(bytes) => {
                let is_ours = ours.get(path).is_none_or(|ours| *ours == bytes);
                match kept.and_then(|files| files.get(path)) {
                    Some(digest) if *digest != hex_digest(&bytes) => found.problems.push(changed(site, path)),
                    Some(_) if !is_ours => found.problems.push(altered(site, path)),
                    None if !is_ours => found.problems.push(rewritten(site, path)),
                    _ => {}
                }
            }
            Err(problem) if problem.refused || needed.contains(path) => found.problems.push(problem),
            Err(problem) => absent.push(problem),
        }
    }
    // Where there is no page at all, nobody misses these.
    if !found.problems.iter().any(|problem| problem.file == PAGE && !problem.refused) {
        let folder = described.as_ref().map(|described| described.pinned.as_str()).unwrap_or_default();
        found.problems.extend(left_out(absent, folder, &ours));
    }
    described
}

/// Files that the page runs without, and that others need: all of them are in every site. Those that partners pin are named as one
/// folder where all of it is absent.
fn left_out(absent: Vec<Problem>, folder: &str, ours: &BTreeMap<&str, &[u8]>) -> Vec<Problem> {
    let is_pinned = |path: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    let (mut pinned, mut absent): (Vec<_>, Vec<_>) = absent.into_iter().partition(|problem| is_pinned(&problem.file));
    if pinned.len() == ours.keys().filter(|path| is_pinned(path)).count() {
        pinned.truncate(1);
        for problem in &mut pinned {
            folder.clone_into(&mut problem.file);
        }
    }
    absent.append(&mut pinned);
    for problem in &mut absent {
        problem.reason = tr::tr!(
            "{}, and every site has it: pages of partners, kiosks, paper or witnesses need it. Fix: upload all that `bilik build` wrote; \
             with --data-only, a mirror of the data alone is verified",
            problem.reason
        );
    }
    absent
}

fn logo_of(described: &SiteFile) -> Option<&str> {
    described.election.organiser.as_ref().and_then(|organiser| organiser.logo.as_deref())
}

/// The app that `site.json` describes, composed again from what this program carries: a host can change a file and its digest
/// there. Of another version's app nobody could tell whose heads its page follows.
fn composed(site: &Site, described: &SiteFile, found: &mut SiteReport) -> Option<Composed> {
    // One that does not come is a problem of its own.
    let logo = logo_of(described).and_then(|path| site.read(path, MAX_APP_FILE).ok());
    match app::recomposed(described, logo.as_deref()) {
        Ok(Some(composed)) => {
            if composed.site != *described {
                let reason = "says something else of the app than this version of Bilik, which wrote it: changed on the host, or the \
                              logo is another. Fix: upload what `bilik build` wrote";
                found.problems.push(refused(site, SITE_FILE, reason.to_owned()));
            }
            Some(composed)
        }
        Ok(None) => {
            let reason = "written by another version of Bilik, so the keys that the page trusts cannot be checked. Fix: verify with \
                          the version that built the site, or build it again with this one";
            found.problems.push(refused(site, PAGE, reason.to_owned()));
            None
        }
        Err(error) => {
            found.problems.push(refused(site, SITE_FILE, error.to_string()));
            None
        }
    }
}

fn read_site_file(site: &Site) -> Result<SiteFile, Problem> {
    let bytes = site.read(SITE_FILE, MAX_SITE_FILE)?;
    SiteFile::parse(&bytes).map_err(|error| refused(site, SITE_FILE, error.to_string()))
}

fn changed(site: &Site, path: &str) -> Problem {
    let reason = "differs from the digest in site.json: rewritten on the way (do not let a CDN minify, inject or defer scripts), or \
                  from another build; pages cannot be saved for offline use";
    refused(site, path, reason.to_owned())
}

fn altered(site: &Site, path: &str) -> Problem {
    let reason = "is not what this version of Bilik writes for this site, and its digest in site.json was changed with it. Fix: upload \
                  what `bilik build` wrote, and find out who can write to the host";
    refused(site, path, reason.to_owned())
}

fn rewritten(site: &Site, path: &str) -> Problem {
    let reason = "is not what this version of Bilik writes for this site: rewritten on the way (do not let a CDN minify, inject or defer \
                  scripts), changed on the host, or from another build. Fix: upload what `bilik build` wrote";
    refused(site, path, reason.to_owned())
}

/// A page that trusts other keys would show what somebody else signs; one with a lower threshold, what too few sign.
fn looser_trust(site: &Site, described: &SiteFile, trusted: &[PublicKey], threshold: usize) -> Vec<Problem> {
    let strange: Vec<PublicKey> = described.public_keys.iter().filter(|key| !trusted.contains(key)).copied().collect();
    let other_keys = || {
        let strange = signing::listed(&strange);
        format!("the page trusts a key that was not given: {strange}. Fix: if it is the operator's, give it as --public-key too")
    };
    let too_few = || {
        format!(
            "the page demands fewer signatures ({}) than --threshold ({threshold}): it is from another build",
            described.threshold
        )
    };
    let strange = (!strange.is_empty()).then(other_keys);
    let few = (described.threshold < threshold).then(too_few);
    strange.into_iter().chain(few).map(|reason| refused(site, SITE_FILE, reason)).collect()
}
