//! What `bilik verify` found, for programs and for people.

use crate::output::Stdout;
use bilik_publish::language::number;
use bilik_publish::verify::{HostingReport, KeysOf, SiteReport, Statement, UnsignedFacts, VoterReport};
use serde::Serialize;
use tr::tr;

#[derive(Serialize)]
pub(super) struct Verified {
    pub(super) site: String,
    pub(super) ok: bool,
    #[serde(flatten)]
    pub(super) files: SiteReport,
    /// What the page says and nothing was compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) unsigned: Option<UnsignedFacts>,
    /// How the host serves it, at an address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) hosting: Option<HostingReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) roll: Option<RollResult>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RollResult {
    /// Lines that were rejected and are in no table.
    pub(super) rejected: u64,
    /// Voters who are not sealed anywhere.
    pub(super) withheld: u64,
    #[serde(flatten)]
    pub(super) voters: VoterReport,
    /// The result in a sentence.
    pub(super) statement: Statement,
}

/// Says it to people.
pub(super) fn print(verified: &Verified, has_roll: bool, out: &Stdout) {
    let files = &verified.files;
    if !files.election.is_empty() {
        writeln!(
            out,
            "{}",
            tr!(
                "{}: election {}, serial {}, signed {}, expires {}",
                verified.site,
                files.election,
                files.serial,
                files.signed_at,
                files.expires
            )
        );
        writeln!(
            out,
            "{}",
            tr!(
                "{} files, {} bytes, {} tables, {} stations",
                number(files.files),
                number(files.bytes),
                number(files.tables),
                number(files.stations)
            )
        );
        if files.pages > 0 {
            writeln!(out, "{}", tr!("{} station pages say the same as the lists", number(files.pages)));
        }
    }
    if files.expired {
        writeln!(out, "{}", tr!("EXPIRED: pages no longer answer from this site"));
    }
    if let Some(unsigned) = &verified.unsigned {
        print_unsigned(unsigned, out);
    }
    for problem in &files.problems {
        let file = if problem.file.is_empty() { &verified.site } else { &problem.file };
        writeln!(out, "{}", tr!("REFUSED {}: {}", file, problem.reason));
    }
    if let Some(hosting) = &verified.hosting {
        for advice in &hosting.advice {
            let file = if advice.file.is_empty() { &verified.site } else { &advice.file };
            let text = match advice.header {
                "" => tr!("advice  of {}: {}", file, advice.advice),
                header => tr!("advice  {} of {}: {}", header, file, advice.advice),
            };
            writeln!(out, "{text}");
        }
    }
    match &verified.roll {
        Some(roll) => print_roll(roll, out),
        None if has_roll => writeln!(out, "{}", tr!("The roll was not checked, because the site is not whole.")),
        None => {}
    }
    writeln!(out, "{}", if verified.ok { tr!("ok") } else { tr!("NOT ok") });
}

/// What an outsider must compare by eye.
fn print_unsigned(UnsignedFacts { organiser, legal_basis, rights, address, mirrors, witnesses }: &UnsignedFacts, out: &Stdout) {
    let none = || tr!("nothing");
    writeln!(
        out,
        "{}",
        tr!("Nothing signs what follows. Compare it with what the organiser says elsewhere, or verify with --roll:")
    );
    match organiser {
        Some(them) => {
            writeln!(out, "{}", tr!("  organiser: {} ({}), {}", them.name, them.short_name, them.url));
            writeln!(out, "{}", tr!("  asked about personal data: {}", them.privacy_contact));
            if let Some(logo) = &them.logo {
                writeln!(out, "{}", tr!("  logo: {}", logo));
            }
        }
        None => writeln!(out, "{}", tr!("  organiser: {}", none())),
    }
    writeln!(out, "{}", tr!("  legal basis: {}", legal_basis.clone().unwrap_or_else(none)));
    writeln!(out, "{}", tr!("  address: {}", address.clone().unwrap_or_else(none)));
    writeln!(out, "{}", tr!("  mirrors: {}", mirrors.join(" ")));
    match witnesses {
        Some(them) => {
            writeln!(out, "{}", tr!("  witnesses: {} of {}, within {} s", them.threshold, them.named.len(), them.max_age));
            for witness in &them.named {
                writeln!(out, "{}", tr!("  witness: {}, {}", witness.name, witness.key));
            }
        }
        None => writeln!(out, "{}", tr!("  witnesses: {}", none())),
    }
    if rights.is_empty() {
        writeln!(out, "{}", tr!("  rights: the page's own texts"));
    }
    for (language, texts) in rights {
        for (list, text) in texts {
            writeln!(out, "{}", tr!("  rights, {}, {}: {}", language, list, text));
        }
    }
}

fn print_roll(RollResult { rejected, withheld, voters, statement }: &RollResult, out: &Stdout) {
    writeln!(out, "{}\n{}", statement.en, statement.id);
    writeln!(
        out,
        "{}",
        tr!(
            "{} of {} asked right: {} by full, {} by near; {} of {} right by a whole lookup",
            number(voters.right),
            number(voters.asked),
            number(voters.by_full),
            number(voters.by_near),
            number(voters.looked_up_right),
            number(voters.looked_up)
        )
    );
    if voters.ambiguous > 0 {
        writeln!(
            out,
            "{}",
            tr!("{} of them get two or three stations, because they share their details with others", number(voters.ambiguous))
        );
    }
    writeln!(
        out,
        "{}",
        tr!(
            "{} of {} checked without asking: tables and station are there",
            number(voters.voters - voters.failed),
            number(voters.voters)
        )
    );
    writeln!(
        out,
        "{}",
        tr!(
            "{} derivations, besides those of the lookups; building took {}, one for each key",
            number(voters.derivations),
            number(voters.keys)
        )
    );
    if *withheld > 0 || *rejected > 0 {
        writeln!(out, "{}", tr!("not checked: {} withheld, {} rejected lines", number(*withheld), number(*rejected)));
    }
    for problem in &voters.problems {
        writeln!(out, "{}", tr!("REFUSED {}: {}", problem.file, problem.reason));
    }
    for table in &voters.tables {
        let keys = match table.keys {
            KeysOf::All => tr!("keys"),
            KeysOf::Elsewhere => tr!("keys of stations in other districts"),
            KeysOf::Several => tr!("keys of several stations"),
        };
        let found = table.found.map_or(tr!("some"), |found| tr!("about {}", number(found)));
        writeln!(out, "{}", tr!("WRONG {}: {} {}, but the roll has {}", table.file, found, keys, number(table.expected)));
    }
    if voters.differing_tables > 0 {
        writeln!(
            out,
            "{}",
            tr!(
                "{} tables were built from another roll than this one. Fix: verify with the roll of the build, or build again",
                number(voters.differing_tables)
            )
        );
    }
    for wrong in &voters.wrong_lines {
        writeln!(out, "{}", tr!("WRONG {}, line {}: {}", wrong.file, wrong.line, wrong.reason));
    }
}
