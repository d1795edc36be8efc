//! What `plan`, `build` and `assemble` say of an input that they refused, and of a site that they published.

use crate::output::{Stderr, Stdout};
use bilik_publish::build::Built;
use bilik_publish::plan::Refusal;
use bilik_publish::signing::listed;
use indicatif::HumanCount;
use std::path::Path;

/// A number and its noun.
pub(super) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", HumanCount(count), if count == 1 { one } else { many })
}

/// The number of things in memory and their noun.
pub(super) fn counted_len(count: usize, one: &str, many: &str) -> String {
    counted(u64::try_from(count).unwrap_or(u64::MAX), one, many)
}

/// What was built, in a few lines.
pub(super) fn print_built(built: &Built, site: &Path, seconds: f64, out: &Stdout) {
    let [full, near] = built.tables;
    writeln!(
        out,
        "{} sealed in {}, {}, {seconds:.1} s",
        counted(built.voters, "voter", "voters"),
        counted_len(built.groups, "group", "groups"),
        counted(built.stations.into(), "station", "stations")
    );
    if built.taken_over > 0 {
        let sealed = built.groups - built.taken_over;
        writeln!(out, "groups whose tables were taken over: {}; sealed again: {sealed}", built.taken_over);
    }
    let rows = [
        ("tables by full", full.bytes, full.files),
        ("tables by near", near.bytes, near.files),
        ("station pages", built.pages.bytes, built.pages.files),
        ("all but the app", built.written.bytes, built.written.files),
    ];
    for (name, bytes, files) in rows {
        // `HumanCount` knows no width.
        writeln!(out, "{name:<15} {:>14} bytes in {}", HumanCount(bytes).to_string(), counted(files, "file", "files"));
    }
    writeln!(
        out,
        "manifest {} bytes, largest directory {} bytes",
        HumanCount(built.manifest.into()),
        HumanCount(built.largest_directory.into())
    );
    if built.withheld > 0 {
        writeln!(out, "voters withheld, not sealed anywhere: {}", HumanCount(built.withheld));
    }
    if built.earlier > 0 {
        writeln!(
            out,
            "files of earlier builds kept, for pages that still have their head: {}; --prune removes them",
            HumanCount(built.earlier)
        );
        if built.withheld > 0 {
            writeln!(
                out,
                "WARNING: they still contain voters who were not withheld then. Fix: build again with --prune, and delete the \
                 old files on every mirror"
            );
        }
    }
    for folder in &built.left_over {
        writeln!(out, "{}: left by a run that was killed while it published; removed", folder.display());
    }
    if built.rejected > 0 {
        writeln!(
            out,
            "rejected lines: {}, listed in rejects.csv: their voters will not be found, but for those that another line has",
            HumanCount(built.rejected)
        );
    }
    if built.differences > 0 {
        writeln!(
            out,
            "accepted difference from the official totals: {} voters, added up over the lines of totals.csv",
            HumanCount(built.differences)
        );
    }
    if let Some(why) = &built.not_wiped {
        writeln!(out, "WARNING: the work folder could not be wiped: {why}. Fix: remove it; it holds what the roll holds");
    }
    if let Some(why) = &built.not_kept {
        writeln!(out, "WARNING: {why}. The next build will seal every table again. Fix: make the election folder writable");
    }
    writeln!(
        out,
        "every key was looked up when it was sealed; signed as serial {} by {}",
        built.serial,
        listed(&built.signed_by)
    );
    print_missing_signatures(built.signed_by.len(), built.threshold, site, out);
    writeln!(out, "what to upload, in which order: bilik uploads {} --public-key KEY.pub", site.display());
}

/// What has to be done before a head with too few signatures can be uploaded.
pub(super) fn print_missing_signatures(signed: usize, threshold: usize, site: &Path, out: &Stdout) {
    if signed < threshold {
        writeln!(
            out,
            "NOT TO BE UPLOADED YET: {signed} of {threshold} signatures. Next, on the machine of each other key's holder: bilik sign {} \
             --key KEY2",
            site.display()
        );
    }
}

/// Why nothing was built or planned.
pub(super) fn print_refusal(what: &str, Refusal { report, totals, differences, rejects }: &Refusal, err: &Stderr) {
    write!(err, "{report}");
    writeln!(err, "{}", report.summary(*totals));
    writeln!(err, "\nNothing was {what}.");
    if report.rejected() > 0 {
        writeln!(
            err,
            "Rejected lines: {}, listed in {}. Fix them, or pass --allow-rejects {} to publish without these voters",
            HumanCount(report.rejected()),
            rejects.display(),
            report.rejected()
        );
    }
    if *differences > 0 {
        writeln!(
            err,
            "Difference from the official totals: {} voters, added up over the lines of totals.csv. \
             Find the cause, or pass --allow-differences {differences} to publish this roll all the same",
            HumanCount(*differences)
        );
    }
}
