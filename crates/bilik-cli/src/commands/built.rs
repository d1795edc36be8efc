//! What `plan`, `build` and `assemble` say of an input that they refused, and of a site that they published.

use super::uploads::quoted_where_needed;
use crate::output::{Output, Stderr, Stdout};
use bilik::format::PublicKey;
use bilik_publish::build::Built;
use bilik_publish::language::{decimal, number, number_len};
use bilik_publish::plan::Refusal;
use bilik_publish::signing::{listed, public_path};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tr::tr;

/// How many voters, groups, stations, keys or files: a number and its noun.
pub(super) fn voters(count: u64) -> String {
    tr!("{} voter" | "{} voters" % count, number(count))
}

pub(super) fn stations(count: u64) -> String {
    tr!("{} station" | "{} stations" % count, number(count))
}

pub(super) fn keys(count: u64) -> String {
    tr!("{} key" | "{} keys" % count, number(count))
}

pub(super) fn groups(count: usize) -> String {
    tr!("{} group" | "{} groups" % count, number_len(count))
}

pub(super) fn files(count: usize) -> String {
    tr!("{} file" | "{} files" % count, number_len(count))
}

/// What was built, for programs.
pub(super) fn built_json(built: &Built, site: &Path, seconds: f64) -> Value {
    let [full, near] = built.tables.map(|table| json!({ "files": table.files, "bytes": table.bytes }));
    let warnings: Vec<&String> = [&built.not_wiped, &built.not_kept].into_iter().flatten().collect();
    json!({
        "site": site,
        "serial": built.serial,
        "voters": built.voters,
        "withheld": built.withheld,
        "rejected": built.rejected,
        "differences": built.differences,
        "stations": built.stations,
        "groups": built.groups,
        "takenOver": built.taken_over,
        "files": built.written.files,
        "bytes": built.written.bytes,
        "tables": { "full": full, "near": near },
        "earlierFiles": built.earlier,
        "signedBy": key_texts(&built.signed_by),
        "threshold": built.threshold,
        "warnings": warnings,
        "seconds": seconds,
    })
}

/// Public keys, for programs.
pub(super) fn key_texts(keys: &[PublicKey]) -> Vec<String> {
    keys.iter().map(ToString::to_string).collect()
}

/// Why nothing was built or planned, for programs.
pub(super) fn refusal_json(Refusal { report, totals, differences, rejects }: &Refusal) -> Value {
    json!({ "refused": report.json(*totals), "differences": differences, "rejectsFile": rejects })
}

/// What was built, in a few lines.
pub(super) fn print_built(built: &Built, site: &Path, keys: &[PathBuf], seconds: f64, output: &Output) {
    let (out, notes) = (&output.stdout, output.notes());
    let [full, near] = built.tables;
    let sizes = (voters(built.voters), groups(built.groups), stations(built.stations.into()));
    writeln!(notes, "{}", tr!("{} sealed in {}, {}, {} s", sizes.0, sizes.1, sizes.2, decimal(seconds, 1)));
    if built.taken_over > 0 {
        let sealed = built.groups - built.taken_over;
        writeln!(notes, "{}", tr!("groups whose tables were taken over: {}; sealed again: {}", built.taken_over, sealed));
    }
    let rows = [
        (tr!("tables by full"), full.bytes, full.files),
        (tr!("tables by near"), near.bytes, near.files),
        (tr!("station pages"), built.pages.bytes, built.pages.files),
        (tr!("all but the app"), built.written.bytes, built.written.files),
    ];
    for (name, bytes, count) in rows {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        writeln!(notes, "{name:<15} {:>14} {}", number(bytes), tr!("bytes in {}", files(count)));
    }
    writeln!(
        notes,
        "{}",
        tr!(
            "manifest {} bytes, largest directory {} bytes",
            number(built.manifest.into()),
            number(built.largest_directory.into())
        )
    );
    if built.withheld > 0 {
        writeln!(notes, "{}", tr!("voters withheld, not sealed anywhere: {}", number(built.withheld)));
    }
    if built.earlier > 0 {
        writeln!(
            notes,
            "{}",
            tr!(
                "files of earlier builds kept, for pages that still have their head: {}; --prune removes them",
                number(built.earlier)
            )
        );
        if built.withheld > 0 {
            writeln!(
                out,
                "{}",
                tr!(
                    "WARNING: they may still contain voters who were not withheld then. Fix: build again with --prune, and delete the old files on every mirror"
                )
            );
        }
    }
    for folder in &built.left_over {
        writeln!(notes, "{}", tr!("{}: left by a run that was killed while it published; removed", folder.display()));
    }
    if built.rejected > 0 {
        writeln!(
            notes,
            "{}",
            tr!(
                "rejected lines: {}, listed in rejects.csv: their voters will not be found, but for those that another line has",
                number(built.rejected)
            )
        );
    }
    if built.differences > 0 {
        writeln!(
            notes,
            "{}",
            tr!(
                "accepted difference from the official totals: {} voters, added up over the lines of totals.csv",
                number(built.differences)
            )
        );
    }
    if let Some(why) = &built.not_wiped {
        writeln!(
            out,
            "{}",
            tr!("WARNING: the work folder could not be wiped: {}. Fix: remove it; it holds what the roll holds", why)
        );
    }
    if let Some(why) = &built.not_kept {
        writeln!(
            out,
            "{}",
            tr!("WARNING: {}. The next build will seal every table again. Fix: make the election folder writable", why)
        );
    }
    writeln!(
        notes,
        "{}",
        tr!("every key was looked up when it was sealed; signed as serial {} by {}", built.serial, listed(&built.signed_by))
    );
    print_missing_signatures(built.signed_by.len(), built.threshold, site, out);
    if built.signed_by.len() >= built.threshold {
        advise_uploads(site, keys, output);
    }
}

/// The command that says what to upload, with the public half of a key that signed.
pub(super) fn advise_uploads(site: &Path, keys: &[PathBuf], output: &Output) {
    let public = keys.first().map(|key| public_path(key)).filter(|public| public.exists());
    let public = public.unwrap_or_else(|| PathBuf::from("KEY.pub"));
    let [site, public] = [site, &public].map(|path| quoted_where_needed(&path.display().to_string()));
    writeln!(output.notes(), "{}", tr!("what to upload, in which order: bilik uploads {} --public-key {}", site, public));
}

/// What has to be done before a head with too few signatures can be uploaded.
pub(super) fn print_missing_signatures(signed: usize, threshold: usize, site: &Path, out: &Stdout) {
    if signed < threshold {
        writeln!(
            out,
            "{}",
            tr!(
                "NOT TO BE UPLOADED YET: {} of {} signatures. Next, on the machine of each other key's holder: bilik sign {} --key KEY2",
                signed,
                threshold,
                site.display()
            )
        );
    }
}

/// Why nothing was built or planned.
pub(super) fn print_refusal(what_happened: &str, Refusal { report, totals, differences, rejects }: &Refusal, err: &Stderr) {
    write!(err, "{report}");
    writeln!(err, "{}", report.summary(*totals));
    writeln!(err, "\n{what_happened}");
    if report.rejected() > 0 {
        writeln!(
            err,
            "{}",
            tr!(
                "Rejected lines: {}, listed in {}. Fix them, or pass --allow-rejects {} to publish without these voters",
                number(report.rejected()),
                rejects.display(),
                report.rejected()
            )
        );
    }
    if *differences > 0 {
        writeln!(
            err,
            "{}",
            tr!(
                "Difference from the official totals: {} voters, added up over the lines of totals.csv. Find the cause, or pass --allow-differences {} to publish this roll all the same",
                number(*differences),
                differences
            )
        );
    }
}
