//! Telephone numbers as people write them, and where a call to one leads. `contact` in www/page/parts.js has the same rule.

use minijinja::{HtmlEscape, Value};

/// How long the text of a telephone number may be, in characters.
pub(crate) const MAX_PHONE_CHARS: usize = 100;

/// Fewer digits are no number, and more than 15 are several (ITU-T E.164).
const DIGITS: std::ops::RangeInclusive<usize> = 3..=15;

/// Whether a text is short enough.
pub(crate) fn fits(text: &str) -> bool {
    text.chars().count() <= MAX_PHONE_CHARS
}

/// The `tel:` address of a text that is one number and nothing else; a wrong number must not be dialled for any other.
pub(crate) fn link(text: &str) -> Option<String> {
    let number: String = text.chars().filter(|c| !" ().-".contains(*c)).collect();
    let digits = number.strip_prefix('+').unwrap_or(&number);
    let is_one = DIGITS.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    // Whether the zero of +62 (021) is dialled differs by country.
    let is_clear = digits.len() == number.len() || !text.contains("(0");
    (is_one && is_clear).then(|| format!("tel:{number}"))
}

/// For templates: the text as a link that calls it, or as text alone; with a class, if one is given. Nothing stays nothing.
pub(crate) fn element(text: &str, class: Option<&str>) -> Value {
    if text.is_empty() {
        return Value::from("");
    }
    let class = class.map(|class| format!(" class=\"{}\"", HtmlEscape(class))).unwrap_or_default();
    let shown = HtmlEscape(text);
    Value::from_safe_string(match link(text) {
        Some(link) => format!("<a{class} href=\"{link}\" translate=\"no\">{shown}</a>"),
        None => format!("<span{class} translate=\"no\">{shown}</span>"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_is_called_and_anything_else_is_text() {
        for (text, called) in [
            ("0800-0-000-000", "08000000000"),
            ("0251-000 000", "0251000000"),
            ("(021) 555.0100", "0215550100"),
            ("+62 21 555-0100", "+62215550100"),
            ("(+62) 812 0000 1111", "+6281200001111"),
            ("112", "112"),
            ("+123456789012345", "+123456789012345"),
        ] {
            assert_eq!(link(text), Some(format!("tel:{called}")), "{text}");
        }
        for text in [
            "",
            "-",
            "11",
            "1234567890123456",
            "021-1234567 / 0812-0000-1111",
            "021-1234567, 0812-0000-1111",
            "021 555 0100 0812 0000 1111",
            "+62 (021) 555 0100",
            "+62 (0)21 555 0100",
            "62+215550100",
            "++62215550100",
            "+62 21 555 +62 21",
            "0800 100 (24 jam)",
            "0800 KPU",
            "021 555 0100 ext. 12",
            "٠٨٠٠",
            "021\u{202e}5550100",
            "0800\"1",
            "*123#",
        ] {
            assert_eq!(link(text), None, "{text}");
        }
        assert_eq!(link(&"1".repeat(3_000)), None);
    }

    #[test]
    fn in_a_page_it_is_escaped_and_a_link_only_where_it_can_be_called() {
        assert_eq!(element("", Some("big")).to_string(), "");
        assert_eq!(element("0800", None).to_string(), "<a href=\"tel:0800\" translate=\"no\">0800</a>");
        assert_eq!(element("0800", Some("big")).to_string(), "<a class=\"big\" href=\"tel:0800\" translate=\"no\">0800</a>");
        let both = element("<1> & 0812-0000-1111", Some("big"));
        assert_eq!(both.to_string(), "<span class=\"big\" translate=\"no\">&lt;1&gt; &amp; 0812-0000-1111</span>");
    }
}
