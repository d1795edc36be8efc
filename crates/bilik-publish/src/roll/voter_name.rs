//! A voter's name, which cannot get into a message by accident.

/// A voter's name as the roll has it. It has no `Display`, and `Debug` shows nothing of it:
///
/// ```compile_fail,E0277
/// let name = bilik_publish::roll::VoterName::from("Contoh Saja".to_owned());
/// println!("cannot seal {name}");
/// ```
///
/// [`VoterName::reveal`] is the only way to the text, so whatever prints a name can be found by that word.
#[derive(Clone, PartialEq, Eq)]
pub struct VoterName(String);

impl VoterName {
    /// The text. For folding, for the encrypted scratch files and for the list that the operator asked for.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for VoterName {
    fn from(name: String) -> Self {
        Self(name)
    }
}

impl std::fmt::Debug for VoterName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("VoterName(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing_of_it() {
        let shown = format!("{:?}", VoterName::from("Contoh Saja".to_owned()));
        assert_eq!(shown, "VoterName(hidden)");
    }
}
