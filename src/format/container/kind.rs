//! The kinds of files, and how long each may be.

use std::fmt;

/// The maximum length of any payload, in bytes.
pub(super) const MAX_PAYLOAD: usize = 16 << 20;
/// The maximum length of a part of the manifest, in bytes: a head has 16 bits for its length.
const MAX_PART: usize = 0xffff;

/// The kind of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// [`Manifest`](crate::format::Manifest): the public root of one build.
    Manifest,
    /// [`ProvincePart`](crate::format::ProvincePart): what of the manifest the voters of one province need.
    Province,
    /// [`Directory`](crate::format::Directory): the districts, villages and tables of one regency.
    Directory,
    /// [`Table`](crate::Table): the sealed file of one group of voters by one recipe.
    Table,
    /// [`StationList`](crate::format::StationList): the public stations of one district.
    StationList,
    /// [`Names`](crate::format::Names): the village names of one province.
    Names,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 6] = [Self::Manifest, Self::Province, Self::Directory, Self::Table, Self::StationList, Self::Names];

    /// The letter in the container, which is the folder on the site too.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Self::Manifest => 'm',
            Self::Province => 'p',
            Self::Directory => 'd',
            Self::Table => 't',
            Self::StationList => 's',
            Self::Names => 'n',
        }
    }

    pub(super) fn of_letter(letter: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| u32::from(kind.letter()) == u32::from(letter))
    }

    /// The maximum length of a payload of this kind, in bytes.
    pub(super) fn max_payload(self) -> usize {
        match self {
            Self::Province => MAX_PART,
            Self::Manifest | Self::Directory => 1 << 20,
            Self::StationList | Self::Names => 4 << 20,
            Self::Table => MAX_PAYLOAD,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Manifest => "manifest",
            Self::Province => "part of the manifest for a province",
            Self::Directory => "directory",
            Self::Table => "table",
            Self::StationList => "station list",
            Self::Names => "list of names",
        })
    }
}
