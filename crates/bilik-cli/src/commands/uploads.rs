//! `bilik uploads`: what to copy to a host, in the order in which it must arrive.

use super::help::Help;
use super::keys::TrustedKeys;
use crate::exit::Exit;
use crate::output::{Output, Stdout};
use bilik_publish::language::{Language, number_len};
use bilik_publish::source::Site;
use bilik_publish::uploads::Uploads;
use indicatif::HumanBytes;
use serde_json::json;
use std::path::{Path, PathBuf};
use tr::tr;

/// Print which files of a site to upload, in order, as a list or as commands
///
/// Data that never changes comes first, then the app, then its pages, and the head last: a visitor who comes in between finds the
/// complete old site or the complete new one. Nothing is uploaded by this command.
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP.to_string())]
pub(super) struct UploadsCommand {
    /// The site's folder
    site: PathBuf,
    #[command(flatten)]
    trusted: TrustedKeys,
    /// Leave out what this site has, by its folder or address: the one that was uploaded before
    #[arg(long, value_name = "OLDSITE")]
    since: Option<String>,
    /// What to print
    #[arg(long = "for", value_name = "TOOL", default_value = "list")]
    tool: Tool,
    /// Where the files go, as the tool writes it [default: an example]
    #[arg(long, value_name = "DEST")]
    to: Option<String>,
    /// List the older site's data that is no longer needed, to delete later
    #[arg(long, requires = "since", conflicts_with = "tool")]
    obsolete: bool,
    /// Print the result as one JSON object
    #[arg(long, conflicts_with_all = ["tool", "obsolete"])]
    pub(super) json: bool,
}

/// The values of `--for`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Tool {
    /// One path a line
    List,
    /// Commands for a host that has ssh
    Rsync,
    /// Commands for S3 and what is compatible, with types and cache times
    Aws,
    /// Commands for most other stores
    Rclone,
}

pub(super) const HELP: Help = Help {
    examples: &[
        ("bilik uploads site --public-key KEY.pub", "List all files in order"),
        (
            "bilik uploads site --public-key KEY.pub --since before --for rsync --to host:/srv/bilik/site/",
            "Print the commands that upload what differs from the folder of before",
        ),
        (
            "bilik uploads site --public-key KEY.pub --since before --obsolete",
            "List what can be deleted once nobody has the older head any more",
        ),
    ],
    exit_statuses: &[
        (Exit::Success, "printed"),
        (Exit::Failure, "a site cannot be read, or its head is not signed by the given keys"),
    ],
};

impl UploadsCommand {
    pub(super) fn run(&self, output: &Output) -> anyhow::Result<Exit> {
        let since = self.since.as_deref().map(Site::open).transpose()?;
        let uploads = Uploads::of(&self.site, since.as_ref(), &self.trusted.trust()?)?;
        let out = &output.stdout;
        if self.json {
            let Uploads { bytes, obsolete, .. } = &uploads;
            out.json(&json!({ "stages": uploads.stages(), "folder": uploads.folder, "bytes": bytes, "obsolete": obsolete }))?;
            return Ok(Exit::Success);
        }
        if self.obsolete {
            uploads.obsolete.iter().for_each(|path| writeln!(out, "{path}"));
            return Ok(Exit::Success);
        }
        let stages = uploads.stages();
        match self.tool {
            Tool::List => list(&uploads, out),
            tool => self.commands(tool, &uploads, out),
        }
        writeln!(
            output.stderr,
            "{}",
            tr!(
                "{} files{}, {}; the head comes last. To delete later: {} (--obsolete lists them)",
                number_len(stages.concat().len()),
                uploads.folder.map(|folder| tr!(" and the folder {}", format!("{folder}/"))).unwrap_or_default(),
                Language::of_messages().localized(&HumanBytes(uploads.bytes).to_string()),
                number_len(uploads.obsolete.len())
            )
        );
        Ok(Exit::Success)
    }

    /// A shell script that stops at the first error, so that no head comes before its data.
    fn commands(&self, tool: Tool, uploads: &Uploads, out: &Stdout) {
        let to = self.to.as_deref().unwrap_or(match tool {
            Tool::List | Tool::Rsync => "host:/srv/bilik/site/",
            Tool::Aws => "s3://bucket/",
            Tool::Rclone => "remote:bucket/",
        });
        let (site, to) = (self.site.display().to_string(), to.trim_end_matches('/'));
        writeln!(out, "set -e");
        for step in steps(uploads) {
            match step {
                Step::Files(stage) => copy(tool, (&site, to), stage, out),
                Step::Folder(folder) => synchronise(tool, (&site, to), folder, out),
            }
        }
    }
}

/// What is uploaded before the next begins.
enum Step<'a> {
    Files(&'a [String]),
    Folder(&'static str),
}

/// The pages of the stations come when their style sheet is there, and before what leads to them.
fn steps(uploads: &Uploads) -> Vec<Step<'_>> {
    let Uploads { immutable, app, folder, pages, head, .. } = uploads;
    let steps = [files(immutable), files(app), folder.map(Step::Folder), files(pages), files(head)];
    steps.into_iter().flatten().collect()
}

fn files(stage: &[String]) -> Option<Step<'_>> {
    (!stage.is_empty()).then_some(Step::Files(stage))
}

/// One path a line; a folder that is to be synchronised ends in a slash.
fn list(uploads: &Uploads, out: &Stdout) {
    for step in steps(uploads) {
        match step {
            Step::Files(stage) => stage.iter().for_each(|path| writeln!(out, "{path}")),
            Step::Folder(folder) => writeln!(out, "{folder}/"),
        }
    }
}

/// Some files.
fn copy(tool: Tool, (site, to): (&str, &str), stage: &[String], out: &Stdout) {
    match tool {
        Tool::Aws => stage.iter().for_each(|path| {
            let (kind, cache) = headers(path);
            let target = quoted(&format!("{to}/{path}"));
            let file = quoted(&format!("{site}/{path}"));
            writeln!(out, "aws s3 cp {file} {target} --content-type {kind} --cache-control '{cache}'");
        }),
        Tool::Rclone => {
            writeln!(out, "rclone copy --no-traverse --files-from-raw - {} {} <<'END'", quoted(site), quoted(to));
            here(stage, out);
        }
        Tool::List | Tool::Rsync => {
            writeln!(out, "rsync -rt --files-from=- {}/ {}/ <<'END'", quoted(site), quoted(to));
            here(stage, out);
        }
    }
}

/// A whole folder of pages and their sitemaps: what differs is copied, and what is gone is removed.
fn synchronise(tool: Tool, (site, to): (&str, &str), folder: &str, out: &Stdout) {
    let (from, to) = (quoted(&format!("{site}/{folder}")), quoted(&format!("{to}/{folder}")));
    match tool {
        Tool::Aws => {
            // One call gives all of its files one type.
            for (name, which) in [("page.html", "--exclude '*.xml'"), ("sitemap.xml", "--exclude '*' --include '*.xml'")] {
                let (kind, cache) = headers(name);
                writeln!(out, "aws s3 sync {from} {to} --delete {which} --content-type {kind} --cache-control '{cache}'");
            }
        }
        Tool::Rclone => writeln!(out, "rclone sync --checksum --fast-list {from} {to}"),
        Tool::List | Tool::Rsync => writeln!(out, "rsync -rtc --delete {from}/ {to}/"),
    }
}

fn here(stage: &[String], out: &Stdout) {
    for path in stage {
        writeln!(out, "{path}");
    }
    writeln!(out, "END");
}

/// For a shell, as a person would write it.
pub(super) fn quoted_where_needed(text: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-+:@".contains(letter);
    if !text.is_empty() && text.chars().all(is_plain) { text.to_owned() } else { quoted(text) }
}

/// For a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Type and cache time, as docs/operating.md recommends.
fn headers(path: &str) -> (&'static str, &'static str) {
    let kind = match Path::new(path).extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("wasm") => "application/wasm",
        Some("webmanifest") => "application/manifest+json",
        Some("xml") => "application/xml",
        Some("txt") => "text/plain",
        _ => "application/octet-stream",
    };
    let is_immutable = path.starts_with("v/") || (kind == "application/octet-stream" && path.contains('/'));
    let cache = match path {
        _ if is_immutable => "public, max-age=31536000, immutable",
        bilik::format::HEAD_PATH => "public, max-age=0, s-maxage=30",
        _ => "no-cache",
    };
    (kind, cache)
}
