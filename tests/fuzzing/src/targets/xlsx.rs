//! Bytes from anywhere as a workbook with the roll or the stations: it is read, or refused with a reason.

use crate::folder;

const FILES: [(&str, &str); 2] = [("voters.xlsx", "voters.csv"), ("stations.xlsx", "stations.csv")];

/// Runs one input: a byte that says which file, and the file.
pub fn run(bytes: &[u8]) {
    let Some((which, content)) = bytes.split_first() else { return };
    let (workbook, table) = FILES[usize::from(*which) % FILES.len()];
    folder::read_with(workbook, content, Some(table));
}
