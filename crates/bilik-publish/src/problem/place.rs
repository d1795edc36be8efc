//! Where a line is when the input has several files.

use crate::language::{Message, message};

/// Which of several files a line is in, and its number there. It sorts in the order of reading, and fits eight bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileLine(u64);

/// A file has fewer than 2⁴⁰ lines, and an input fewer than 2²⁴ files.
const LINE_BITS: u32 = 40;
const MAX_LINE: u64 = (1 << LINE_BITS) - 1;
const MAX_FILE: u64 = u64::MAX >> LINE_BITS;

impl FileLine {
    /// A line of a file, which is given by its place in the order of reading.
    #[must_use]
    pub fn new(file: usize, line: u64) -> Self {
        let file = u64::try_from(file).unwrap_or(MAX_FILE).min(MAX_FILE);
        Self(file << LINE_BITS | line.min(MAX_LINE))
    }

    /// The file's place in the order of reading, from 0.
    #[must_use]
    pub fn file(self) -> usize {
        usize::try_from(self.0 >> LINE_BITS).unwrap_or(usize::MAX)
    }

    /// The line's number in its file, from 1.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0 & MAX_LINE
    }

    /// Both in one number; in the first file it is the line's.
    #[must_use]
    pub const fn packed(self) -> u64 {
        self.0
    }

    /// Back from [`Self::packed`].
    #[must_use]
    pub const fn of_packed(packed: u64) -> Self {
        Self(packed)
    }
}

/// The names of an input's files in the order of reading; those of a workbook's sheets count as files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileNames(Vec<String>);

impl FileNames {
    pub(crate) fn extend(&mut self, names: impl IntoIterator<Item = String>) {
        self.0.extend(names);
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The name of the file that has a line.
    #[must_use]
    pub fn of(&self, line: FileLine) -> &str {
        self.0.get(line.file()).map_or("", String::as_str)
    }

    /// An earlier line, for a message about a later one: with its file where it is another.
    #[must_use]
    pub fn earlier(&self, earlier: FileLine, later: FileLine) -> Message {
        if earlier.file() == later.file() {
            message!("line {}", earlier.number())
        } else {
            message!("line {} of {}", earlier.number(), self.of(earlier))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_sort_in_the_order_of_reading_and_come_back() {
        let places = [(0, 1), (0, 2), (0, MAX_LINE), (1, 1), (513, 9), (16_777_215, MAX_LINE)];
        let lines = places.map(|(file, line)| FileLine::new(file, line));
        assert!(lines.is_sorted());
        assert_eq!(lines.map(|line| (line.file(), line.number())), places);
        assert!(lines.iter().all(|line| FileLine::of_packed(line.packed()) == *line));
        assert_eq!(FileLine::new(0, 7).packed(), 7);
    }

    #[test]
    fn an_earlier_line_names_its_file_only_where_it_is_another() {
        let mut names = FileNames::default();
        names.extend(["a.csv".into(), "b.csv".into()]);
        assert_eq!(names.earlier(FileLine::new(1, 2), FileLine::new(1, 9)), "line 2");
        assert_eq!(names.earlier(FileLine::new(0, 2), FileLine::new(1, 9)), "line 2 of a.csv");
        assert_eq!((names.of(FileLine::new(1, 1)), names.of(FileLine::new(2, 1))), ("b.csv", ""));
    }
}
