//! The catalogue has every message and every text of the help, no other, and the same placeholders.

use super::*;
use bilik_publish::language::Catalogue;
use bilik_publish::problem::ProblemKind;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

/// Their first text is a message.
const MACROS: [&str; 3] = ["tr", "message", "translatable"];
/// Functions that take messages as texts; `InputProblem::new` and `BaseUrlError::new` do too.
const FUNCTIONS: [&str; 9] = ["expecting", "advising", "fault", "problem", "whole", "needed", "fitting", "at", "begin"];

/// The messages of the sources, each with a file that has it, and all other texts.
#[derive(Default)]
struct Texts {
    messages: BTreeMap<String, String>,
    others: HashSet<String>,
}

fn text(token: &TokenTree) -> Option<String> {
    let TokenTree::Literal(literal) = token else { return None };
    syn::parse_str::<syn::LitStr>(&literal.to_string()).ok().map(|text| text.value())
}

fn is_punct(token: Option<&TokenTree>, what: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == what)
}

impl Texts {
    fn of_sources() -> Self {
        let mut texts = Self::default();
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        for source in ["bilik-cli/src", "bilik-publish/src"] {
            for entry in walkdir::WalkDir::new(crates.join(source)) {
                let entry = entry.unwrap();
                let name = entry.file_name().to_string_lossy();
                if name.ends_with(".rs") && !name.ends_with("tests.rs") {
                    let tokens = std::fs::read_to_string(entry.path()).unwrap().parse().unwrap();
                    texts.scan(tokens, &entry.path().strip_prefix(crates).unwrap().display().to_string());
                }
            }
        }
        texts
    }

    fn scan(&mut self, tokens: TokenStream, file: &str) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token {
                TokenTree::Group(group) if is_test(&group.stream()) => {
                    // The attribute's item, up to its end.
                    let is_end = |token: &TokenTree| {
                        matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
                            || is_punct(Some(token), ';')
                    };
                    at += tokens[at..].iter().position(is_end).map_or(0, |end| end + 1);
                }
                TokenTree::Group(group) => self.scan(group.stream(), file),
                TokenTree::Literal(_) => self.others.extend(text(token)),
                TokenTree::Ident(name) => {
                    let name = name.to_string();
                    let of = at.checked_sub(4).and_then(|before| tokens.get(before)).map(ToString::to_string).unwrap_or_default();
                    match tokens.get(at) {
                        Some(TokenTree::Punct(_)) if MACROS.contains(&name.as_str()) && is_punct(tokens.get(at), '!') => {
                            if let Some(TokenTree::Group(group)) = tokens.get(at + 1) {
                                self.message(group.stream(), file);
                            }
                        }
                        Some(TokenTree::Group(group))
                            if FUNCTIONS.contains(&name.as_str())
                                || (name == "new" && ["InputProblem", "BaseUrlError"].contains(&of.as_str())) =>
                        {
                            // Keys and codes are one word.
                            let is_message = |text: &String| text.contains(' ') || name == "begin";
                            let messages = group.stream().into_iter().filter_map(|token| text(&token)).filter(is_message);
                            self.messages.extend(messages.map(|message| (message, file.to_owned())));
                        }
                        _ => {}
                    }
                }
                TokenTree::Punct(_) => {}
            }
        }
    }

    /// The text of a macro; of singular and plural, the plural.
    fn message(&mut self, arguments: TokenStream, file: &str) {
        let arguments: Vec<TokenTree> = arguments.into_iter().collect();
        let at = if is_punct(arguments.get(1), '|') { 2 } else { 0 };
        if let Some(message) = arguments.get(at).and_then(text) {
            self.messages.insert(message, file.to_owned());
        }
    }
}

fn is_test(attribute: &TokenStream) -> bool {
    attribute.to_string().replace(' ', "") == "cfg(test)"
}

/// Every text of the help.
fn of_help() -> BTreeMap<String, String> {
    let mut texts = BTreeSet::new();
    let line = Cli::command();
    for command in std::iter::once(&line).chain(line.get_subcommands()) {
        let about = [command.get_about(), command.get_long_about()];
        texts.extend(about.into_iter().flatten().flat_map(|about| paragraphs(&about.to_string())));
        for argument in command.get_arguments() {
            let help = [argument.get_help(), argument.get_long_help()];
            texts.extend(help.into_iter().flatten().flat_map(|help| paragraphs(&help.to_string())));
            texts.extend(argument.get_help_heading().map(str::to_owned));
            texts.extend(argument.get_possible_values().iter().filter_map(|value| Some(value.get_help()?.to_string())));
        }
    }
    for help in HELP_BY_COMMAND.iter().map(|(_, help)| help).chain([&HELP]) {
        texts.extend(help.examples.iter().map(|(_, what)| (*what).to_owned()));
        texts.extend(help.exit_statuses.iter().map(|(_, meaning)| (*meaning).to_owned()));
    }
    texts.into_iter().map(|text| (text, "help".to_owned())).collect()
}

fn paragraphs(text: &str) -> Vec<String> {
    text.split("\n\n").map(str::to_owned).collect()
}

/// Placeholders: how many in order, and which by position.
fn placeholders(text: &str) -> BTreeSet<usize> {
    let mut next = 0;
    let places = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    places
        .map(|(place, _)| {
            place.parse().unwrap_or_else(|_| {
                next += 1;
                next - 1
            })
        })
        .collect()
}

/// Whether there is a word to translate.
fn has_words(text: &str) -> bool {
    text.split(['{', '}']).step_by(2).any(|part| part.chars().any(char::is_alphabetic))
}

#[test]
fn the_catalogue_has_no_gaps_no_leftovers_and_the_same_placeholders() {
    let (catalogue, texts) = (Catalogue::read().unwrap(), Texts::of_sources());
    let kinds = ProblemKind::ALL.iter().flat_map(|kind| [kind.title(), kind.expected(), kind.todo()]);
    let kinds = kinds.map(|text| (text.to_owned(), "problem/kind.rs".to_owned()));
    let mut wanted = texts.messages;
    wanted.extend(of_help().into_iter().chain(kinds).filter(|(text, _)| has_words(text)));
    wanted.retain(|text, _| has_words(text));
    assert!(wanted.len() > 800, "the scan finds only {} messages", wanted.len());

    let mut faults = Vec::new();
    for (text, file) in wanted.iter().filter(|(text, _)| !catalogue.contains_key(*text)) {
        faults.push(format!("no translation: {text:?} ({file})"));
    }
    for (english, indonesian) in &catalogue {
        if !wanted.contains_key(english) && !texts.others.contains(english) {
            faults.push(format!("nothing uses: {english:?}"));
        }
        if placeholders(english) != placeholders(indonesian) {
            faults.push(format!("other placeholders: {english:?} = {indonesian:?}"));
        }
        let ends = |text: &str| text.ends_with(['.', ':', '?']);
        if indonesian.trim().is_empty() || ends(english) != ends(indonesian) {
            faults.push(format!("empty, or another punctuation at its end: {english:?} = {indonesian:?}"));
        }
    }
    faults.sort_unstable();
    assert!(faults.is_empty(), "crates/bilik-publish/locales/id.toml:\n{}", faults.join("\n"));
}

#[test]
fn the_scan_finds_messages_where_they_stand_and_none_in_tests() {
    let mut texts = Texts::default();
    let source = r#"
        #[error("{}", tr::tr!("a file {}", path.display()))] struct A;
        fn f() { write!(out, "{}", tr!("{} voter" | "{} voters" % n, n)); g("other text"); problem.expecting("no space left").into() }
        fn h() { InputProblem::new(K, "file", 0, None, "it is empty"); Other::new("not this one"); progress.begin("sealing", 3) }
        #[cfg(test)] mod tests { fn t() { tr!("only a test") } }
        const X: &str = translatable!("a constant");
    "#;
    texts.scan(source.parse().unwrap(), "x.rs");
    let found: Vec<&str> = texts.messages.keys().map(String::as_str).collect();
    assert_eq!(found, ["a constant", "a file {}", "it is empty", "no space left", "sealing", "{} voters"]);
    assert!(texts.others.contains("other text"));
    assert_eq!(placeholders("{1} of {0}"), placeholders("{} of {}"));
    assert_ne!(placeholders("{} of"), placeholders("{} of {}"));
    assert!(!has_words("{}, {}") && !has_words("{word}") && has_words("{} s"));
}
