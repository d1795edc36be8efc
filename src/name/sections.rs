//! Sections: the name, its alias, and what follows a comma, each cut into chunks.

use super::letters::{Letter, letter};
use super::lists::{ALIAS, has};

/// The letters of a run of characters without white space.
#[derive(Default)]
pub(super) struct Chunk {
    /// The letters between dots.
    pub parts: Vec<String>,
    /// Whether it ends with a dot.
    pub ends_dotted: bool,
    /// What stands before it.
    before: Break,
}

/// What separates two chunks.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Break {
    #[default]
    Space,
    /// A degree follows: there are more of them than a list can know.
    Comma,
    /// `@` or an opening bracket: an alias follows.
    Alias,
    /// A closing bracket: the name goes on.
    Closed,
}

impl Chunk {
    pub(super) fn joined(&self) -> String {
        self.parts.concat()
    }
}

/// The chunks of a text by what they are.
#[derive(Default)]
pub(super) struct Sections {
    pub name: Vec<Chunk>,
    pub alias: Vec<Chunk>,
    /// What follows a comma.
    pub rest: Vec<Chunk>,
}

impl Sections {
    pub(super) fn of(text: &str) -> Self {
        let mut sections = Self::default();
        let mut current = Break::Space;
        let mut chunks = chunks(text).into_iter().peekable();
        while let Some(chunk) = chunks.next() {
            if chunk.before != Break::Space {
                current = chunk.before;
            }
            let joined = chunk.joined();
            let is_alias = has(ALIAS, &joined) || joined == "AL" && chunk.ends_dotted;
            if is_alias && !sections.name.is_empty() && chunks.peek().is_some() {
                current = Break::Alias;
                continue;
            }
            match current {
                Break::Comma => sections.rest.push(chunk),
                Break::Alias => sections.alias.push(chunk),
                Break::Space | Break::Closed => sections.name.push(chunk),
            }
        }
        sections
    }
}

fn chunks(text: &str) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut chunk = Chunk::default();
    let mut part = String::new();
    // The space behind the text closes the last chunk.
    for c in text.chars().chain([' ']) {
        match letter(c) {
            Letter::One(l) => part.push(l),
            Letter::Several(l) => part.push_str(l),
            Letter::Nothing => continue,
            Letter::Between => {
                if !part.is_empty() {
                    chunk.parts.push(std::mem::take(&mut part));
                }
                if c != '.' {
                    let before = match c {
                        ',' | '，' | '、' => Break::Comma,
                        '@' | '＠' | '(' | '（' | '[' => Break::Alias,
                        ')' | '）' | ']' => Break::Closed,
                        _ => Break::Space,
                    };
                    if chunk.parts.is_empty() {
                        let kept = if before == Break::Space { chunk.before } else { before };
                        chunk = Chunk { before: kept, ..Chunk::default() };
                    } else {
                        chunks.push(std::mem::replace(&mut chunk, Chunk { before, ..Chunk::default() }));
                    }
                }
            }
        }
        chunk.ends_dotted = c == '.';
    }
    chunks
}
