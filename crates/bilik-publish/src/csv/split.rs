//! Splitting one record of CSV into its fields (RFC 4180, and common deviations from it).
//!
//! Written by hand, because the rejects file needs the raw line, a message the line's own number (with CRLF too), and one
//! quotation mark that is never closed must cost one voter and not the rest of the roll.

/// One record: fields one behind the other, unquoted.
#[derive(Debug, Default)]
pub(super) struct Fields {
    text: Vec<u8>,
    /// Where each field ends in `text`.
    ends: Vec<usize>,
}

/// How splitting ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Split {
    /// Well-formed.
    Whole,
    /// All fields are there, though something follows a closing quotation mark, which is kept as text.
    Sloppy,
    /// The record ends inside quotation marks.
    Open,
}

impl Fields {
    /// How many fields there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// One field; none behind the last.
    pub fn get(&self, at: usize) -> Option<&[u8]> {
        let end = *self.ends.get(at)?;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.text.get(start..end)
    }

    /// Splits a record without its line end.
    pub fn split(&mut self, record: &[u8], delimiter: u8) -> Split {
        self.text.clear();
        self.ends.clear();
        if !record.contains(&b'"') {
            for field in record.split(|&byte| byte == delimiter) {
                self.text.extend_from_slice(field);
                self.ends.push(self.text.len());
            }
            return Split::Whole;
        }
        self.split_quoted(record, delimiter)
    }

    fn split_quoted(&mut self, record: &[u8], delimiter: u8) -> Split {
        let mut how = Split::Whole;
        let mut rest = record;
        loop {
            // Blanks before a quotation mark are not part of the field.
            let unpadded = rest.iter().position(|&b| b != b' ').and_then(|at| rest.get(at..)).unwrap_or(rest);
            let is_quoted = unpadded.first() == Some(&b'"');
            if let Some(quoted) = unpadded.strip_prefix(b"\"") {
                let Some(after) = self.unquote(quoted) else { return Split::Open };
                rest = after;
            }
            let (tail, more) = match rest.iter().position(|&byte| byte == delimiter).and_then(|at| rest.split_at_checked(at)) {
                Some((tail, more)) => (tail, more.split_first().map(|(_, more)| more)),
                None => (rest, None),
            };
            if is_quoted && !tail.trim_ascii().is_empty() {
                how = Split::Sloppy;
            }
            self.text.extend_from_slice(tail);
            self.ends.push(self.text.len());
            match more {
                Some(more) => rest = more,
                None => return how,
            }
        }
    }

    /// Takes over a text in quotation marks and gives what follows the closing one; none if there is no closing one.
    fn unquote<'a>(&mut self, mut rest: &'a [u8]) -> Option<&'a [u8]> {
        loop {
            let (text, after) = rest.split_at_checked(rest.iter().position(|&byte| byte == b'"')?)?;
            self.text.extend_from_slice(text);
            match after {
                [_, b'"', more @ ..] => {
                    self.text.push(b'"');
                    rest = more;
                }
                _ => return after.get(1..),
            }
        }
    }
}

/// The delimiter of a header: the one it has most of, outside quotation marks.
pub(super) fn delimiter_of(header: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0_u32), (b';', 0), (b'\t', 0), (b'|', 0)];
    for &byte in header {
        quoted ^= byte == b'"';
        for (delimiter, count) in &mut counts {
            *count += u32::from(!quoted && byte == *delimiter);
        }
    }
    // The first of the most frequent ones: a comma where there is none.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(delimiter, _)| *delimiter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(record: &str, delimiter: u8) -> (Vec<String>, Split) {
        let mut fields = Fields::default();
        let how = fields.split(record.as_bytes(), delimiter);
        let texts = (0..fields.len()).map(|at| String::from_utf8(fields.get(at).unwrap().to_vec()).unwrap()).collect();
        (texts, how)
    }

    #[test]
    fn records_split_as_rfc_4180_and_common_deviations() {
        for (record, expected, how) in [
            ("a,b,c", &["a", "b", "c"][..], Split::Whole),
            ("", &[""], Split::Whole),
            ("a,,", &["a", "", ""], Split::Whole),
            ("\"a,b\",c", &["a,b", "c"], Split::Whole),
            ("\"say \"\"hi\"\"\",c", &["say \"hi\"", "c"], Split::Whole),
            ("a, \"b\" ,c", &["a", "b ", "c"], Split::Whole),
            ("a,b \"x\" y,c", &["a", "b \"x\" y", "c"], Split::Whole),
            ("a,\"two\nlines\",c", &["a", "two\nlines", "c"], Split::Whole),
            ("a,\"\",c", &["a", "", "c"], Split::Whole),
            ("a,\"b\" x,c", &["a", "b x", "c"], Split::Sloppy),
            ("a,\"\" x,c", &["a", " x", "c"], Split::Sloppy),
            ("=\"3201\",b", &["=\"3201\"", "b"], Split::Whole),
        ] {
            let (texts, was) = fields(record, b',');
            assert_eq!((texts, was), (expected.iter().map(ToString::to_string).collect(), how), "{record}");
        }
        assert_eq!(fields("a,\"b,c", b',').1, Split::Open);
        assert_eq!(fields("a;b,c", b';').0, ["a", "b,c"]);
    }

    #[test]
    fn the_most_frequent_delimiter_is_taken() {
        for (header, delimiter) in [
            ("nik,name,station", b','),
            ("nik;name;station", b';'),
            ("nik\tname\tstation", b'\t'),
            ("nik", b','),
            ("nik;\"name, in full, please, all\";station", b';'),
        ] {
            assert_eq!(delimiter_of(header.as_bytes()), delimiter, "{header}");
        }
    }
}
