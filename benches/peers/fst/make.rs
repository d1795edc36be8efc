//! Lines of `key TAB number` on standard input, sorted by key, to a map on standard output.

use std::error::Error;
use std::io::{BufRead as _, BufWriter, stdin, stdout};

fn main() -> Result<(), Box<dyn Error>> {
    let mut map = fst::MapBuilder::new(BufWriter::new(stdout().lock()))?;
    for line in stdin().lock().lines() {
        let line = line?;
        let (key, value) = line.rsplit_once('\t').ok_or("expected a tab")?;
        map.insert(key, value.parse()?)?;
    }
    Ok(map.finish()?)
}
