//! The page: one HTML file without scripts, filled in by the template. Every text of the site is escaped there.

use super::all::ReportFigures;
use super::error::ReportError;
use super::figures::{GroupFigures, SiteFigures};
use super::sections::{answers, changes, cheapest, crowd, harvest, proof, quality, size, work};
use super::view::{Fact, KeyFigure, Section};
use super::words::{Words, fill};
use crate::durable::{NewFile, may_replace};
use crate::io_error::IoError;
use crate::language::Language;
use crate::sinks::for_page;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, HtmlEscape, UndefinedBehavior, Value};
use serde::Serialize;
use std::io::Write as _;
use std::path::Path;

const PAGE: &str = include_str!("page.html");
const TABLE: &str = include_str!("table.html");
/// What a report has at its beginning, and no other file of ours.
const MARK: &[u8] = b"content=\"bilik report\"";
const STYLE: &str = include_str!("page.css");

#[derive(Serialize)]
struct View<'a> {
    lang: &'static str,
    words: &'static Words,
    style: Value,
    election: String,
    demo: bool,
    facts: Vec<Fact>,
    key_figures: Vec<KeyFigure>,
    sections: &'a [Section],
}

/// The page of some figures.
///
/// # Errors
/// When the template cannot be filled in, which is a defect of Bilik.
pub fn page(figures: &ReportFigures, language: Language) -> Result<String, ReportError> {
    let site = &figures.site;
    let words = language.words();
    let sections = [
        size(site, language),
        crowd(site, language),
        answers(site, language),
        proof(figures.certificate.as_ref(), language),
        quality(site, figures.quality.as_ref(), language),
        work(site, &figures.harvest.prices, language),
        harvest(&figures.harvest, figures.quality.is_some(), language),
        changes(site, figures.changes.as_ref(), language),
    ];
    let view = View {
        lang: language.code(),
        words,
        style: Value::from_safe_string(STYLE.to_owned()),
        election: for_page(&site.election.name),
        demo: site.election.demo,
        facts: facts(site, language),
        key_figures: key_figures(figures, language),
        sections: &sections,
    };
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_filter("marked", |text: &str| Value::from_safe_string(marked(text)));
    environment.add_template("table", TABLE)?;
    environment.add_template("page", PAGE)?;
    Ok(environment.get_template("page")?.render(Serde(&view))?)
}

/// Writes the page to a file that everybody can read, in place of an older one.
///
/// # Errors
/// When it cannot be written.
pub fn write_page(figures: &ReportFigures, language: Language, path: &Path) -> Result<(), ReportError> {
    let page = page(figures, language)?;
    refuse_other(path)?;
    let mut file = NewFile::new(path)?;
    let cannot = IoError::advising(path, "cannot be written", "Fix: make room on the disk, or give another --out");
    file.write_all(page.as_bytes()).map_err(cannot)?;
    file.persist()?;
    make_public(path)
}

/// Refuses to replace a file that is not a report.
///
/// # Errors
/// When there is one at this path, or it cannot be read.
pub fn refuse_other(path: &Path) -> Result<(), ReportError> {
    if may_replace(path, MARK)? { Ok(()) } else { Err(ReportError::OtherFile(path.to_owned())) }
}

/// A temporary file is private, and a report is for everybody.
fn make_public(path: &Path) -> Result<(), ReportError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let public = std::fs::Permissions::from_mode(0o644);
        std::fs::set_permissions(path, public).map_err(IoError::at(path, "cannot be made readable for everybody"))?;
    }
    Ok(())
}

/// Escaped, with what stands between backticks as code.
fn marked(text: &str) -> String {
    let mut html = String::new();
    for (at, piece) in text.split('`').enumerate() {
        let piece = HtmlEscape(piece);
        let (open, close) = if at % 2 == 1 { ("<code>", "</code>") } else { ("", "") };
        html.extend([open, &piece.to_string(), close]);
    }
    html
}

fn facts(site: &SiteFigures, language: Language) -> Vec<Fact> {
    let words = language.words();
    let head = &site.head;
    let signature = if head.signature_checked { words.signature_checked } else { words.signature_unchecked };
    let facts = [
        (words.polling_day, language.time(&site.election.day)),
        (words.signed, language.time(&head.signed_at)),
        (words.expires, language.time(&head.expires)),
        (words.serial, head.serial.to_string()),
        (words.manifest, head.manifest.clone()),
        (words.signature, signature.to_owned()),
    ];
    facts.into_iter().map(|(label, value)| Fact { label, value }).collect()
}

fn key_figures(figures: &ReportFigures, language: Language) -> Vec<KeyFigure> {
    let words = language.words();
    let site = &figures.site;
    let totals = &site.totals;
    let mut downloads: Vec<u64> =
        site.regencies.iter().filter(|regency| regency.code.is_some()).map(|regency| regency.download_bytes).collect();
    downloads.sort_unstable();
    let download = downloads.get(downloads.len() / 2).copied().unwrap_or_default();
    let fewest = site.groups.iter().map(GroupFigures::fewest_voters).min().unwrap_or_default();
    let regencies = u64::try_from(downloads.len()).unwrap_or(u64::MAX);
    let figure = |label, value, note: String| KeyFigure { label, value, note };
    let in_regencies = fill(words.of_regencies, &[("n", &language.count(regencies))]);
    let in_files = fill(words.in_files, &[("n", &language.count(totals.files))]);
    let in_districts = format!("{} {}", language.count(totals.districts), words.districts.to_lowercase());
    vec![
        figure(words.voters, super::sections::few(totals.voters, language), words.about_note.to_owned()),
        figure(words.stations, language.count(totals.stations), format!("{in_districts} {in_regencies}")),
        figure(words.size_of_site, language.bytes(totals.bytes), in_files),
        figure(words.download, language.bytes(download), words.download_note.to_owned()),
        figure(words.crowd, super::sections::few(fewest, language), words.crowd_note.to_owned()),
        figure(words.chance, language.one_in(site.false_answers.near.chance), words.chance_note.to_owned()),
        figure(words.price, language.dollars(cheapest(&figures.harvest)), words.price_note.to_owned()),
        figure(words.work_build, language.duration(site.derivations.build / core_rate(figures)), words.core_note.to_owned()),
    ]
}

fn core_rate(figures: &ReportFigures) -> f64 {
    let sealing = figures.site.sealing;
    let cost = bilik::Cost { memory_kib: sealing.memory_kib, passes: sealing.passes };
    figures.harvest.prices.cpu_core.rate(cost).max(f64::MIN_POSITIVE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_marked_and_everything_else_escaped() {
        assert_eq!(marked("run `a<b` & <c>"), "run <code>a&lt;b</code> &amp; &lt;c&gt;");
        assert_eq!(marked("one ` alone"), "one <code> alone</code>");
    }
}
