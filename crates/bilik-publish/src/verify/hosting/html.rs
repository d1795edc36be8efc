//! The elements in a page's head that a browser's policies judge. No more of HTML is read than that.

use std::collections::BTreeMap;

/// An element with what its start tag says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HtmlElement {
    /// In lower case.
    pub(super) name: String,
    attributes: BTreeMap<String, String>,
    /// Of a script or a style, what is between its tags.
    pub(super) text: String,
}

impl HtmlElement {
    pub(super) fn get(&self, attribute: &str) -> Option<&str> {
        self.attributes.get(attribute).map(String::as_str)
    }

    pub(super) fn has(&self, attribute: &str, value: &str) -> bool {
        self.get(attribute).is_some_and(|given| given.trim().eq_ignore_ascii_case(value))
    }
}

/// The elements `meta`, `link`, `script` and `style`, in their order.
pub(super) fn elements(html: &str) -> Vec<HtmlElement> {
    let mut elements = Vec::new();
    let mut rest = html;
    while let Some((_, tag)) = rest.split_once('<') {
        if let Some(comment) = tag.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
            continue;
        }
        let end = tag.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(tag.len());
        let (name, after) = tag.split_at(end);
        let name = name.to_ascii_lowercase();
        if !matches!(name.as_str(), "meta" | "link" | "script" | "style") {
            rest = tag;
            continue;
        }
        let (attributes, after) = attributes(after);
        let mut element = HtmlElement { attributes, text: String::new(), name };
        rest = after;
        if matches!(element.name.as_str(), "script" | "style") {
            let end = find_ignoring_case(after, &format!("</{}", element.name));
            let (text, after) = after.split_at(end);
            text.clone_into(&mut element.text);
            rest = after;
        }
        elements.push(element);
    }
    elements
}

fn find_ignoring_case(text: &str, word: &str) -> usize {
    text.to_ascii_lowercase().find(word).unwrap_or(text.len())
}

/// What a start tag says, from its name on, and what follows it.
fn attributes(mut rest: &str) -> (BTreeMap<String, String>, &str) {
    let mut attributes = BTreeMap::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            return (attributes, rest);
        }
        if let Some(after) = rest.strip_prefix('>') {
            return (attributes, after);
        }
        // An equals sign in front of a name belongs to it.
        let is_end = |(at, c): (usize, char)| (c.is_ascii_whitespace() || "/>".contains(c) || (c == '=' && at > 0)).then_some(at);
        let (name, after) = rest.split_at(rest.char_indices().find_map(is_end).unwrap_or(rest.len()));
        let (value, after) = match after.trim_start().strip_prefix('=') {
            Some(after) => value(after.trim_start()),
            None => ("", after),
        };
        // Of two of one name the first counts.
        attributes.entry(name.to_ascii_lowercase()).or_insert_with(|| unescaped(value));
        rest = after;
    }
}

fn value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(text) = text.strip_prefix(quote) {
            return text.split_once(quote).unwrap_or((text, ""));
        }
    }
    text.split_at(text.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(text.len()))
}

/// With the character references that pages of ours and of CDNs have in attributes.
fn unescaped(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let (name, behind) = after.split_once(';').unwrap_or(("", after));
        if let Some(c) = referred(name) {
            plain.push(c);
            rest = behind;
        } else {
            plain.push('&');
            rest = after;
        }
    }
    plain + rest
}

fn referred(name: &str) -> Option<char> {
    let number = name.strip_prefix('#');
    match (name, number) {
        ("amp", _) => Some('&'),
        ("lt", _) => Some('<'),
        ("gt", _) => Some('>'),
        ("quot", _) => Some('"'),
        ("apos", _) => Some('\''),
        (_, Some(number)) => match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok().and_then(char::from_u32),
            None => number.parse().ok().and_then(char::from_u32),
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_policies_judge_is_read_as_a_browser_reads_it() {
        let html = "<!doctype html><!-- <script src=no.js> --><head><META http-equiv=Content-Security-Policy\n content=\"a &#x27;b&#39; &amp;&lt;c;\">\
             <link rel='stylesheet' href = x.css/><script defer src=\"a.js\"></script ><p title='<'>\
             <script type=module>if (a < b) '<meta>'</SCRIPT><style>p { }</style><meta name=x";
        let elements = elements(html);
        let names: Vec<_> = elements.iter().map(|element| element.name.as_str()).collect();
        assert_eq!(names, ["meta", "link", "script", "script", "style", "meta"]);
        let [policy, link, script, inline, style, last] = &elements[..] else { panic!("{elements:?}") };
        assert!(policy.has("http-equiv", "content-security-policy"));
        assert_eq!(policy.get("content"), Some("a 'b' &<c;"));
        assert_eq!(link.get("href"), Some("x.css/"));
        assert_eq!((script.get("src"), script.get("defer"), script.text.as_str()), (Some("a.js"), Some(""), ""));
        assert_eq!((inline.get("src"), inline.text.as_str()), (None, "if (a < b) '<meta>'"));
        assert_eq!((style.text.as_str(), last.get("name")), ("p { }", Some("x")));
    }

    #[test]
    fn any_text_comes_to_an_end() {
        for html in [
            "<",
            "<!--",
            "<meta",
            "<meta a",
            "<meta a=",
            "<meta a='",
            "<script>",
            "<script",
            "<style a=b>x",
            "<meta =a>",
            "&",
            "<meta a=&#x;>",
        ] {
            elements(html);
        }
        assert_eq!(unescaped("a &b &#xffffffff; &x; &"), "a &b &#xffffffff; &x; &");
    }
}
